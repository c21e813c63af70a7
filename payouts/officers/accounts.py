"""Officers' accounts: entering, changing and closing them, and reading who somebody is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.moves import record
from payouts.ledger.tables import login, officer
from payouts.officers.passwords import hash_password, new_secret
from payouts.officers.roles import Role, may, parse_roles, who_may

_CHANGED = ("open", "open")
MACHINE = "machine"


@dataclass(frozen=True)
class Officer:
    """A person whose word the ledger takes, for as long as the account is open."""

    id: str
    name: str
    roles: tuple[Role, ...]

    def require(self, act: str) -> None:
        """Refuse an act that no role of the officer may do.

        Raises:
            MianshenError: then.
        """
        if not may(self.roles, act):
            raise MianshenError(
                f"{self.id} may not do this ({act}): it takes the role {who_may(act)}, and {self.id} is "
                f"{' and '.join(self.roles)}; nothing was changed"
            )


def add_officer(connection: Connection, new: Officer, password: str, act: Act) -> str:
    """Enter an officer; return the secret of their one-time codes, which is shown once.

    Raises:
        MianshenError: the id is taken or not plain, or the password is too weak.
    """
    # One spelling: `Lihua` and `lihua` would be two officers, and one person the maker and the checker.
    if not new.id.isascii() or new.id != new.id.lower() or not new.id.replace("-", "").replace(".", "").isalnum():
        raise MianshenError(f"'{new.id}' is no id for an officer: use letters a-z, digits, '-' and '.'")
    if new.id == MACHINE:
        raise MianshenError(f"{MACHINE} is what acts of no person are written down under; choose another id")
    if _row(connection, new.id) is not None:
        raise MianshenError(f"there is an officer {new.id} already; nothing was changed")
    secret = new_secret()
    row = {"id": new.id, "name": new.name, "roles": " ".join(parse_roles(" ".join(new.roles))), "totp_secret": secret}
    row |= {"password_hash": hash_password(password, new.id), "created_at": act.at, "created_by": act.actor}
    connection.execute(insert(officer), [{**row, "totp_step": 0, "failures": 0}])
    record(connection, "officer", new.id, ("", "open"), act.because(f"entered as {row['roles']}"))
    return secret


def set_password(connection: Connection, officer_id: str, password: str, act: Act) -> None:
    """Give an officer a new password; a lock after wrong ones is lifted, and every login ends."""
    found = existing(connection, officer_id)
    _change(connection, found.id, password_hash=hash_password(password, found.id), failures=0, locked_until=None)
    _end_logins(connection, found.id, act)
    record(connection, "officer", found.id, _CHANGED, act.because("a new password"))


def renew_codes(connection: Connection, officer_id: str, act: Act) -> str:
    """Give an officer a new secret for one-time codes, for a lost telephone; return it. Every login ends."""
    secret = new_secret()
    _change(connection, existing(connection, officer_id).id, totp_secret=secret, totp_step=0)
    _end_logins(connection, officer_id, act)
    record(connection, "officer", officer_id, _CHANGED, act.because("a new secret of one-time codes"))
    return secret


def set_roles(connection: Connection, officer_id: str, words: str, act: Act) -> None:
    """Change what an officer is.

    Raises:
        MianshenError: there is no such officer or role, it is the only admin, or the actor's own account.
    """
    roles = parse_roles(words)
    if Role.ADMIN not in roles:
        _keep_an_admin(connection, officer_id)
    if act.actor == officer_id:
        raise MianshenError(f"{officer_id} cannot change their own roles; another admin must; nothing was changed")
    _change(connection, existing(connection, officer_id).id, roles=" ".join(roles))
    record(connection, "officer", officer_id, _CHANGED, act.because(f"now {' and '.join(roles)}"))


def close_account(connection: Connection, officer_id: str, act: Act) -> None:
    """Close an officer's account; what they did stays, and their logins end."""
    _keep_an_admin(connection, officer_id)
    _change(connection, existing(connection, officer_id).id, disabled_at=act.at)
    record(connection, "officer", officer_id, ("open", "closed"), act)


def existing(connection: Connection, officer_id: str) -> Officer:
    """Return an officer whose account is open.

    Raises:
        MianshenError: there is none of that id, or the account was closed.
    """
    row = _row(connection, officer_id)
    if row is None or row["disabled_at"] is not None:
        raise MianshenError(f"there is no officer {officer_id} with an open account: see `mianshen officer list`")
    return Officer(row["id"], row["name"], parse_roles(row["roles"]))


def has_officers(connection: Connection) -> bool:
    """Return whether anybody was entered; the first to be entered keeps the accounts of all others."""
    return connection.execute(select(officer.c.id).limit(1)).first() is not None


def _keep_an_admin(connection: Connection, officer_id: str) -> None:
    open_accounts = select(officer.c.id).where(officer.c.disabled_at.is_(None), officer.c.roles == Role.ADMIN.value)
    if set(connection.execute(open_accounts).scalars()) == {officer_id}:
        raise MianshenError(f"{officer_id} is the only admin: enter another one first; nothing was changed")


def _change(connection: Connection, officer_id: str, **values: object) -> None:
    connection.execute(update(officer).where(officer.c.id == officer_id).values(**values))


def _end_logins(connection: Connection, officer_id: str, act: Act) -> None:
    mine = (login.c.officer_id == officer_id) & login.c.ended_at.is_(None)
    connection.execute(update(login).where(mine).values(ended_at=act.at))


def _row(connection: Connection, officer_id: str) -> RowMapping | None:
    return connection.execute(select(officer).where(officer.c.id == officer_id)).mappings().first()
