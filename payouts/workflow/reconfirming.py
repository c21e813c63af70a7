"""Reconfirmation (复核): the owning department stands by what the match proposed; a machine's list is a proposal."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, spot_check
from payouts.workflow.current import proposed_after
from payouts.workflow.sampling import last_sample, open_checks
from payouts.workflow.standing import refuse_paid, require, require_reason

_REFUSABLE = ("proposed", "reconfirmed", "published", "confirmed")


@dataclass(frozen=True)
class Reconfirmed:
    """How many were reconfirmed, and how many proposals came after the sample and need one of their own."""

    entitlements: int
    later: int


def reconfirm(connection: Connection, policy: str, act: Act, *, despite: str = "") -> Reconfirmed:
    """Reconfirm every proposal of a policy that its last sample could have drawn.

    `despite` is why the department stands by the rest although the last sample showed a wrong one.

    Raises:
        MianshenError: nothing is proposed, no sample was drawn of it, a drawn one was not checked, or the last sample
            had a wrong one and neither another was drawn nor a reason is given.
    """
    proposed = (entitlement.c.policy == policy) & (entitlement.c.state == "proposed")
    number = _count(connection, proposed)
    if not number:
        raise MianshenError(f"policy {policy} has nothing proposed to reconfirm; take a run in first")
    drawn = last_sample(connection, policy)
    covered = proposed & ~proposed_after(drawn[1] if drawn else 0)
    later = number - _count(connection, covered)
    if drawn is None or later == number:
        raise MianshenError(f"no sample of the {number} proposals of policy {policy} was drawn; draw one and check it")
    if waiting := open_checks(connection, policy):
        raise MianshenError(
            f"{len(waiting)} of the sample of policy {policy} are not checked yet, such as {waiting[0]}; record each"
        )
    wrong = select(spot_check.c.id).where(spot_check.c.sample_id == drawn[0], spot_check.c.state == "wrong")
    unseen = _count(connection, covered & ~_found_right())
    if unseen and not despite.strip() and (found := len(connection.execute(wrong).all())):
        raise MianshenError(
            f"{found} of the last sample of policy {policy} were wrong: draw another sample of the {unseen} that "
            "nobody has looked at, or say why the department stands by them all the same"
        )
    by = act.because(despite, "despite") if despite.strip() else act
    return Reconfirmed(move(connection, entitlement, covered, "reconfirmed", by), later)


def refuse(connection: Connection, entitlement_id: str, act: Act) -> None:
    """Refuse one entitlement on behalf of its department; the next run that lists it takes it up again.

    Raises:
        MianshenError: its state does not allow that, a payment is on its way or paid, or no reason is given.
    """
    require_reason(act, "a refusal")
    own = entitlement.c.id == entitlement_id
    require(connection, own, _REFUSABLE, "refused")
    refuse_paid(connection, own, "refused")
    move(connection, entitlement, own, "refused", act)


def _found_right() -> ColumnElement[bool]:
    """Say whether a spot check found the proposal right as it is now."""
    right = (spot_check.c.entitlement_id == entitlement.c.id) & (spot_check.c.state == "ok")
    return (
        select(spot_check.c.id).where(right, ~proposed_after(spot_check.c.proposal_id)).correlate(entitlement).exists()
    )


def _count(connection: Connection, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(entitlement).where(where)).scalar_one()
