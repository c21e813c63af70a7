"""Whether those who signed stand by it still: a closed account signs nothing, and nobody in a role that was taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, Select, select

from payouts.ledger.tables import event, officer


def unfit(connection: Connection, signed: Mapping[str, str]) -> dict[str, str]:
    """Return of those who signed (officer → role) who could not sign so now, and why in words, by their ids."""
    query = select(officer.c.id, officer.c.roles, officer.c.disabled_at).where(officer.c.id.in_(sorted(signed)))
    found = {row.id: row for row in connection.execute(query)}
    told: dict[str, str] = {}
    for one, role in sorted(signed.items()):
        if one not in found or found[one].disabled_at is not None:
            told[one] = f"{one} signed as {role}, and has no open account any more"
        elif role not in found[one].roles.split():
            told[one] = f"{one} signed as {role}, and is {found[one].roles.replace(' ', ' and ')} now"
    return told


class Given(NamedTuple):
    """That an officer was entered, got a role, a password or codes, or was closed (`state`); `what` in words."""

    at: str
    giver: str
    officer: str
    state: str
    what: str


def given(connection: Connection) -> list[Given]:
    """Return what became of officers' accounts, the oldest first."""
    return _given(connection, select(*_TOLD).where(event.c.kind == "officer"))


def given_by_others(connection: Connection, officers: Collection[str], since: str) -> list[Given]:
    """Return what these officers got from others at or since an instant, the oldest first."""
    by_others = (event.c.subject.in_(sorted(officers))) & (event.c.actor != event.c.subject)
    query = select(*_TOLD).where(event.c.kind == "officer", event.c.to_state == "open", event.c.at >= since, by_others)
    return _given(connection, query)


_TOLD = (event.c.at, event.c.actor, event.c.subject, event.c.to_state, event.c.reason)


def _given(connection: Connection, query: Select[str, str, str, str, str]) -> list[Given]:
    return [Given._make(row) for row in connection.execute(query.order_by(event.c.seq))]
