"""Where everything stands: entitlements by what has become of them, with their money, and each line of the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, String, Subquery, case, func, literal, select

from payouts.ledger.tables import entitlement, hold, objection, payment, proposal, recovery, transfer
from payouts.ledger.transfers import balances

# The order of the funnel; `held` goes on with the code of the hold, as in `held:no_account`.
STAGES: Final = (
    "undetermined",
    "proposed",
    "reconfirmed",
    "published",
    "confirmed",
    "objected",
    "held",
    "declined",
    "lapsed",
    "refused",
    "withdrawn",
    "batched",
    "sent",
    "unknown",
    "paid",
    "returned",
    "recovered",
)
_STANDING = ("proposed", "reconfirmed", "published", "confirmed")


@dataclass(frozen=True)
class Stage:
    """Entitlements of one policy and line of the budget that stand at one stage; `fen` is what is known of them."""

    policy: str
    line: str
    stage: str
    entitlements: int
    fen: int


@dataclass(frozen=True)
class Status:
    """The funnel, every entitlement in exactly one stage; and by (line, account) what the books say, in fen."""

    stages: Sequence[Stage]
    balances: Mapping[tuple[str, str], int]

    def total(self, stage: str) -> tuple[int, int]:
        """Return how many entitlements stand at a stage (`held`: by whatever code), and their fen."""
        found = [one for one in self.stages if stage in (one.stage, one.stage.partition(":")[0])]
        return sum(one.entitlements for one in found), sum(one.fen for one in found)


def status(connection: Connection, where: ColumnElement[bool] | None = None) -> Status:
    """Return where the entitlements stand that `where` (a condition on `entitlement`) finds; all, without it.

    A live payment says more than its entitlement, an open objection more than a hold, and a hold more than the state.
    What came back and waits for its reissue is `returned`; what was asked back and has come whole is `recovered`.
    """
    newest = select(func.max(proposal.c.id).label("id")).group_by(proposal.c.entitlement_id).subquery()
    paid, held, open_objection = _live(), _held(), _objected()
    stage = _stage(paid, held, open_objection)
    fen = func.coalesce(func.sum(func.coalesce(paid.c.amount_fen, proposal.c.amount_fen)), 0)
    query = (
        select(entitlement.c.policy, proposal.c.line, stage.label("stage"), func.count(), fen)
        .join_from(entitlement, proposal, proposal.c.entitlement_id == entitlement.c.id)
        .join(newest, newest.c.id == proposal.c.id)
        .join(paid, paid.c.entitlement_id == entitlement.c.id, isouter=True)
        .join(held, held.c.entitlement_id == entitlement.c.id, isouter=True)
        .join(open_objection, open_objection.c.entitlement_id == entitlement.c.id, isouter=True)
        .where(*([] if where is None else [where]))
        .group_by(entitlement.c.policy, proposal.c.line, stage)
    )
    stages = [Stage(policy, line, at, int(n), int(sum_)) for policy, line, at, n, sum_ in connection.execute(query)]
    return Status(sorted(stages, key=_place), balances(connection))


def _stage(paid: Subquery, held: Subquery, objected: Subquery) -> ColumnElement[str]:
    standing = entitlement.c.state.in_(_STANDING)
    return case(
        (paid.c.back_fen >= paid.c.amount_fen, "recovered"),
        (paid.c.state.is_not(None), paid.c.state),
        (standing & objected.c.entitlement_id.is_not(None), "objected"),
        (standing & (held.c.returned == 1), "returned"),
        (standing & held.c.code.is_not(None), literal("held:", String) + held.c.code),
        else_=entitlement.c.state,
    )


def _live() -> Subquery:
    """Return the live payment of each entitlement that has one, and how much of it came back from the firm."""
    back = (
        select(func.coalesce(func.sum(transfer.c.fen), 0))
        .join_from(transfer, recovery, transfer.c.recovery_id == recovery.c.id)
        .where(recovery.c.payment_id == payment.c.id, recovery.c.kind == "principal", transfer.c.kind == "recover")
    )
    columns = (payment.c.entitlement_id, payment.c.state, payment.c.amount_fen)
    live = payment.c.state.not_in(("voided", "returned"))
    return select(*columns, back.scalar_subquery().label("back_fen")).where(live).subquery()


def _held() -> Subquery:
    """Return by entitlement one code of its open holds, and whether one is that its payment came back."""
    returned = func.max(case((hold.c.code == "returned", 1), else_=0)).label("returned")
    columns = (hold.c.entitlement_id, func.min(hold.c.code).label("code"), returned)
    return select(*columns).where(hold.c.state == "placed").group_by(hold.c.entitlement_id).subquery()


def _objected() -> Subquery:
    return select(objection.c.entitlement_id).where(objection.c.state == "open").distinct().subquery()


def _place(one: Stage) -> tuple[str, str, int, str]:
    return one.policy, one.line, STAGES.index(one.stage.partition(":")[0]), one.stage
