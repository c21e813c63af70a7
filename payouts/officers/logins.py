"""Logging in: a password and a one-time code give a token, whose hash the ledger keeps for some hours."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import instant
from payouts.ledger.tables import login, officer
from payouts.officers.accounts import Officer, existing
from payouts.officers.passwords import NOBODY, is_password, matching_step

_LASTS = timedelta(hours=8)
_MOST_FAILURES = 5
_LOCKED = timedelta(minutes=15)
# One sentence for every reason, so that nobody learns which ids there are.
_REFUSED = "the id, the password or the one-time code is wrong, or the account is closed or locked for a while"


@dataclass(frozen=True)
class Credentials:
    """What an officer types."""

    officer: str
    password: str
    code: str


def log_in(connection: Connection, given: Credentials, now: datetime) -> str | None:
    """Return a token for some hours, or None where the credentials are not right.

    The failure is written down, so the caller must commit in either case. After five in a row the account is locked
    for fifteen minutes.
    """
    row = connection.execute(select(officer).where(officer.c.id == given.officer)).mappings().first()
    right = is_password(given.password, row["password_hash"] if row else NOBODY)
    if row is None or row["disabled_at"] is not None or (row["locked_until"] or "") > instant(now):
        return None
    step = matching_step(row["totp_secret"], given.code, now, row["totp_step"]) if right else None
    mine = update(officer).where(officer.c.id == row["id"])
    if step is None:
        failures = row["failures"] + 1
        locked = instant(now + _LOCKED) if failures % _MOST_FAILURES == 0 else None
        connection.execute(mine.values(failures=failures, locked_until=locked))
        return None
    connection.execute(mine.values(failures=0, locked_until=None, totp_step=step))
    token = secrets.token_urlsafe(32)
    told = {"token_sha256": _hash(token), "officer_id": row["id"], "at": instant(now)}
    connection.execute(insert(login), [{**told, "expires_at": instant(now + _LASTS)}])
    return token


def refused() -> MianshenError:
    """Return the error for credentials that are not right."""
    return MianshenError(_REFUSED)


def who_is(connection: Connection, token: str, now: datetime) -> Officer:
    """Return the officer whose token this is.

    Raises:
        MianshenError: it is unknown, has ended, or the account was closed.
    """
    told = select(login.c.officer_id).where(
        login.c.token_sha256 == _hash(token), login.c.expires_at > instant(now), login.c.ended_at.is_(None)
    )
    found = connection.execute(told).scalar()
    if found is None:
        raise MianshenError("not logged in, or no longer: run `mianshen officer login`")
    return existing(connection, found)


def log_out(connection: Connection, token: str, now: datetime) -> None:
    """End a token."""
    connection.execute(
        update(login)
        .where(login.c.token_sha256 == _hash(token), login.c.ended_at.is_(None))
        .values(ended_at=instant(now.astimezone(UTC)))
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
