"""Refusing a step that an entitlement's state does not allow, in words that say what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.tables import entitlement
from payouts.workflow.current import has_live_payment

AT_ONCE: Final = 10_000  # ids in one statement
_NEXT: Final = {
    "undetermined": "a condition or the amount is unknown; when the data are there, match again and take the run in",
    "proposed": "its department has to reconfirm it first",
    "reconfirmed": "it has to be published first",
    "published": "the firm's answer is awaited",
    "confirmed": "it can be paid",
    "declined": "the firm does not want it; an officer can reopen it with a reason",
    "lapsed": "the firm did not answer in time; an officer can reopen it with a reason",
    "refused": "the next run that lists it takes it up again",
    "withdrawn": "no run lists it any more; if that is wrong, correct the data and match again",
}


def among(ids: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together find these entitlements, each a statement's fill."""
    for start in range(0, len(ids), AT_ONCE):
        yield entitlement.c.id.in_(ids[start : start + AT_ONCE])


def of_firms(usccs: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together find the entitlements of these firms, each a statement's fill."""
    for start in range(0, len(usccs), AT_ONCE):
        yield entitlement.c.uscc.in_(usccs[start : start + AT_ONCE])


def require(connection: Connection, where: ColumnElement[bool], states: Collection[str], what: str) -> int:
    """Make sure that `where` finds entitlements, all in one of `states`; return how many.

    Raises:
        MianshenError: there are none, or one is in another state; `what` is the step, as in `cannot be confirmed`.
    """
    columns = (entitlement.c.id, entitlement.c.policy, entitlement.c.uscc, entitlement.c.state)
    other = select(*columns).where(where, entitlement.c.state.not_in(states)).order_by(entitlement.c.id).limit(1)
    found = connection.execute(other).first()
    if found is not None:
        raise MianshenError(
            f"entitlement {found.id} ({found.policy}, {found.uscc}) is {found.state} and cannot be {what}: "
            f"{_NEXT[found.state]}"
        )
    number = connection.execute(select(func.count()).select_from(entitlement).where(where)).scalar_one()
    if not number:
        raise MianshenError(f"no entitlement was found that could be {what}")
    return number


def require_each(connection: Connection, ids: Sequence[str], states: Collection[str], what: str) -> None:
    """Make sure that every one of these entitlements is there, and in one of `states`.

    Raises:
        MianshenError: one is not there, or in another state.
    """
    if not ids:
        raise MianshenError(f"no entitlement was named that should be {what}")
    parts = list(among(ids))
    known = {id_ for some in parts for id_ in connection.execute(select(entitlement.c.id).where(some)).scalars()}
    if missing := set(ids) - known:
        raise MianshenError(f"there is no entitlement {min(missing)}")
    for some in parts:
        require(connection, some, states, what)


def refuse_paid(connection: Connection, where: ColumnElement[bool], what: str) -> None:
    """Make sure that no payment of what `where` finds is on its way or paid.

    Raises:
        MianshenError: there is one; what is paid can only be asked back.
    """
    paid = select(entitlement.c.id).where(where, has_live_payment()).order_by(entitlement.c.id).limit(1)
    found = connection.execute(paid).scalar_one_or_none()
    if found is not None:
        raise MianshenError(
            f"entitlement {found} cannot be {what}: a payment of it is on its way or paid; "
            "pull it out of its batch, or ask the money back"
        )


def require_reason(act: Act, what: str) -> None:
    """Make sure that an act says why.

    Raises:
        MianshenError: it does not.
    """
    if not act.reason.strip():
        raise MianshenError(f"say why: {what} needs a reason")


def by_state(connection: Connection, where: ColumnElement[bool]) -> dict[str, int]:
    """Return how many entitlements that `where` finds are in each state."""
    query = select(entitlement.c.state, func.count().label("number")).where(where).group_by(entitlement.c.state)
    return {row.state: row.number for row in connection.execute(query.order_by(entitlement.c.state))}
