"""`mianshen payout budget`: what was granted, and what is left of it."""

from __future__ import annotations

import rich_click as click

from cli.acting import acting
from cli.money import money
from cli.options import common, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.payouts.yuan import Yuan
from cli.session import Session

_ACCOUNTS = ("available", "committed", "clearing", "paid", "receivable", "recovered")
_COLUMNS = (
    Column("line", "Line"),
    Column("title", "Title", wrap=True),
    money_column("granted", "Granted"),
    *(money_column(account, account.capitalize()) for account in _ACCOUNTS),
)


@click.command("budget")
@click.argument("line", required=False)
@click.option(
    "--grant", type=Yuan(below_zero=True), help="Grant so many yuan more to LINE; below zero: take them back."
)
@click.option("--new", is_flag=True, help="Make LINE: no run that was taken in names it.")
@click.option("--title", help="What a new line is for.  [default: its id]")
@click.option("--reason", default="", help="Why, such as the number of the document.")
@form_option
@common
@click.pass_obj
def command(
    session: Session, line: str | None, grant: int | None, title: str | None, reason: str, form: Format, *, new: bool
) -> None:
    """Show the lines of the budget, or grant money to a LINE (下达指标), and say what it had before and has now.

    Example: `mianshen payout budget qd-hightech --grant 30000000 --reason 青财指〔2024〕1号`
    """
    from enterprise_data.declarations.problems import MianshenError
    from payouts.ledger import transfers
    from payouts.overview import refuse_no_name, refuse_unknown_line

    with acting(session, "see" if grant is None else "grant") as officer:
        if grant is not None:
            if line is None or not grant:
                raise MianshenError("name a LINE, and an amount in yuan that is not zero")
            with officer.ledger.write() as connection:
                if new:
                    refuse_no_name(line)
                else:
                    refuse_unknown_line(connection, line)
                before = transfers.available(connection, line)
                transfers.grant(connection, line, title or line, grant, officer.act(reason))
            session.note(f"{line} had {money(before)} left, and has {money(before + grant)} now.")
        with officer.ledger.read() as connection:
            if line is not None:
                refuse_unknown_line(connection, line)
            balances = transfers.balances(connection)
            lines = [row for row in transfers.lines(connection) if line in (None, row[0])]
    write_rows(
        form,
        _COLUMNS,
        [
            {
                "line": id_,
                "title": told,
                "granted": -balances.get((id_, "appropriated"), 0),
                **{account: balances.get((id_, account), 0) for account in _ACCOUNTS},
            }
            for id_, told in lines
        ],
    )
