"""`mianshen officer`: who may pay, check and approve, and logging in."""

from __future__ import annotations

import getpass

import rich_click as click

from cli.acting import acting, forget_token, keep_token, opened, time_of
from cli.options import common, form_option
from cli.output import Column, Format, write_rows
from cli.payouts.shown import moment_column
from cli.session import Session

_COLUMNS = (
    Column("id", "Id"),
    Column("name", "Name"),
    Column("roles", "Roles", wrap=True),
    Column("created_at", "Since", lambda value: str(value)[:10]),
    Column("created_by", "Entered by"),
    Column("disabled_at", "Closed", lambda value: str(value)[:10] if value else ""),
)
_LOG = (
    moment_column("at", "At"),
    Column("giver", "By"),
    Column("officer", "Officer"),
    Column("state", "Account"),
    Column("what", "What", wrap=True),
)


@click.group("officer")
@common
def command() -> None:
    """Keep the officers' accounts (经办、复核、审批人员), and log in.

    The first officer to be entered is the admin, who enters all others and pays nothing.
    """


@command.command("add")
@click.argument("officer")
@click.option("--name", required=True, help="The officer's name.")
@click.option("--roles", required=True, help="Of maker, checker, approver, department; or admin; or auditor.")
@click.password_option(help="The first password.  [default: asked for]")
@common
@click.pass_obj
def add(session: Session, officer: str, name: str, roles: str, password: str) -> None:
    """Enter an officer with the id OFFICER; says the secret of the one-time codes, once.

    Example: `mianshen officer add lihua --name 李华 --roles "maker department"`
    """
    from enterprise_data.declarations.problems import MianshenError
    from payouts.ledger.act import Act, instant
    from payouts.officers.accounts import Officer, add_officer, has_officers
    from payouts.officers.passwords import enrolment
    from payouts.officers.roles import Role, parse_roles

    new = Officer(officer, name, parse_roles(roles))
    with opened(session, make=True) as (workspace, ledger):
        with ledger.read() as connection:
            is_first = not has_officers(connection)
        if is_first:
            if new.roles != (Role.ADMIN,):
                raise MianshenError("the first officer is the admin: enter one with --roles admin, then log in as them")
            act = Act(officer, instant(time_of(workspace)), "the first officer")
        else:
            with acting(session, "keep_officers") as keeper:
                act = keeper.act()
        with ledger.write() as connection:
            secret = add_officer(connection, new, password, act)
    session.note(f"{officer} is entered. For one-time codes, give this to their authenticator; it is not shown again:")
    click.echo(enrolment(secret, officer))


@command.command("login")
@click.argument("officer", default=getpass.getuser)
@click.option("--password", help="[default: asked for]")
@click.option("--code", help="The one-time code.  [default: asked for]")
@click.option("--show-token", is_flag=True, help="Write the token for $MIANSHEN_TOKEN instead of keeping it.")
@common
@click.pass_obj
def login(session: Session, officer: str, password: str | None, code: str | None, *, show_token: bool) -> None:
    """Log in for eight hours, by password and one-time code.

    Example: `mianshen officer login lihua`
    """
    from payouts.officers.logins import Credentials, log_in, refused

    password = password or click.prompt("Password", hide_input=True)
    code = code or click.prompt("One-time code")
    with opened(session) as (workspace, ledger):
        with ledger.write() as connection:
            token = log_in(connection, Credentials(officer, password, code), time_of(workspace))
        if token is None:
            raise refused()
        if show_token:
            click.echo(token)
        else:
            keep_token(workspace, token)
            session.note(f"{officer} is logged in for eight hours.")


@command.command("logout")
@common
@click.pass_obj
def logout(session: Session) -> None:
    """End the login of this user of the machine.

    Example: `mianshen officer logout`
    """
    from payouts.officers.logins import log_out

    with opened(session) as (workspace, ledger):
        token = forget_token(workspace)
        if token is not None:
            with ledger.write() as connection:
                log_out(connection, token, time_of(workspace))
    session.note("Logged out." if token else "Nobody was logged in.")


@command.command("list")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format) -> None:
    """List the officers, also those whose accounts are closed.

    Example: `mianshen officer list`
    """
    from sqlalchemy import select

    from payouts.ledger.tables import officer

    with acting(session, "see") as seer, seer.ledger.read() as connection:
        chosen = select(*(officer.c[column.key] for column in _COLUMNS)).order_by(officer.c.id)
        rows = [dict(row) for row in connection.execute(chosen).mappings()]
    write_rows(form, _COLUMNS, rows)


@command.command("log")
@form_option
@common
@click.pass_obj
def log(session: Session, form: Format) -> None:
    """List who entered and closed officers, and gave them roles, passwords and codes, the oldest first.

    Example: `mianshen officer log`
    """
    from payouts.ledger.signers import given

    with acting(session, "see") as seer, seer.ledger.read() as connection:
        rows = [one._asdict() for one in given(connection)]
    write_rows(form, _LOG, rows)


@command.command("roles")
@click.argument("officer")
@click.argument("roles")
@common
@click.pass_obj
def roles_(session: Session, officer: str, roles: str) -> None:
    """Give an officer other roles.

    Example: `mianshen officer roles lihua "maker department"`
    """
    from payouts.officers.accounts import set_roles

    with acting(session, "keep_officers") as keeper, keeper.ledger.write() as connection:
        set_roles(connection, officer, roles, keeper.act())
    session.note(f"{officer} is now {roles}.")


@command.command("password")
@click.argument("officer")
@click.option("--new-codes", is_flag=True, help="Make a new secret of one-time codes as well, for a lost telephone.")
@click.password_option(help="The new password.  [default: asked for]")
@common
@click.pass_obj
def password_(session: Session, officer: str, password: str, *, new_codes: bool) -> None:
    """Give an officer a new password; only an admin can.

    Example: `mianshen officer password lihua --new-codes`
    """
    from payouts.officers.accounts import renew_codes, set_password
    from payouts.officers.passwords import enrolment

    with acting(session, "keep_officers") as keeper, keeper.ledger.write() as connection:
        set_password(connection, officer, password, keeper.act())
        secret = renew_codes(connection, officer, keeper.act()) if new_codes else None
    session.note(f"{officer} has a new password.")
    if secret:
        click.echo(enrolment(secret, officer))


@command.command("close")
@click.argument("officer")
@common
@click.pass_obj
def close(session: Session, officer: str) -> None:
    """Close an officer's account; what they did stays attributed to them.

    Example: `mianshen officer close lihua`
    """
    from payouts.officers.accounts import close_account

    with acting(session, "keep_officers") as keeper, keeper.ledger.write() as connection:
        close_account(connection, officer, keeper.act())
    session.note(f"The account of {officer} is closed.")
