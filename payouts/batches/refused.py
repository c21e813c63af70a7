"""What the database refuses, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.guards import guards

# The longest first: some are part of others.
_SAID = sorted((guard.message for guard in guards()), key=len, reverse=True)
# A unique index says what it is in SQLite by its columns, in PostgreSQL by its name.
_SECOND = ("payment.entitlement_id", "uq_payment_live")
_SIGNED_BEFORE = ("approval.batch_id", "uq_approval", "pk_approval")


@contextmanager
def plainly() -> Iterator[None]:
    """Turn a refusal by one of the ledger's own rules into a `MianshenError`; other faults stay what they are."""
    try:
        yield
    except DBAPIError as error:
        said = _rule(str(error.orig))
        if said is None:
            raise
        raise MianshenError(f"{said}; nothing was changed") from error


def _rule(told: str) -> str | None:
    found = next((message for message in _SAID if message in told), None)
    if found is not None:
        return found
    if any(word in told for word in _SECOND):
        return "an entitlement has a payment already that was neither voided nor returned"
    if any(word in told for word in _SIGNED_BEFORE):
        return "this officer, or another in the same role, has signed already"
    return None
