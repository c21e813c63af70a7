"""Whether those who signed stand by it still: a closed account signs nothing, and nobody in a role that was taken."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from payouts.ledger.tables import officer


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
