"""Taking in a run (导入结果): entitlements proposed, changed, withdrawn; never what is paid or on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import polars as pl
from sqlalchemy import ColumnElement, Connection, insert, select

from payouts.intake.differences import LINES, differences
from payouts.intake.intake import Intake
from payouts.intake.known import known
from payouts.intake.order import overtaken_of, refuse_older, refuse_overtaken, taken_before
from payouts.intake.past_holds import hold_for_the_past
from payouts.intake.rows import TOLD
from payouts.intake.run_file import DecidedPolicy, LeftOut, RunFile
from payouts.ledger.act import Act
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import entitlement, proposal, run, run_policy
from payouts.ledger.transfers import open_line
from payouts.workflow.current import has_live_payment
from payouts.workflow.holds import REFUSED_BEFORE, RUN_DIFFERS, place

_AT_ONCE = 10_000  # ids in one statement
_KEY = ("id", "policy", "period", "uscc", "item", "part")
# Outcome to the state that it leads to; others leave the state alone.
_INTO = {"changed": "proposed", "undetermined": "undetermined", "withdrawn": "withdrawn"}
_COMES_BACK = ("changed", "undetermined")
_WHY = {
    "amount": "it says another amount than before",
    "determined": "it knows the amount now",
    "listed_again": "it lists it again",
    "undetermined": "it leaves a condition or the amount open",
    "not_listed": "it no longer lists it",
}


def take_in(connection: Connection, taken: RunFile, act: Act, reviewed: Collection[str] = ()) -> Intake:
    """Take in what a run says is due; taking in the same run again changes nothing.

    A policy that a safety gate stopped is left out unless it is among `reviewed`: somebody looked, and `act` says why.

    Raises:
        MianshenError: a later run was taken in for one of its policies and the period; or one as of the same day, this
            is not the last that was made, and the act does not say why it counts; or it was taken in before, and
            another run after it, so that the ledger does not say any more what it says.
    """
    before, overtaken = taken_before(connection, taken.id), overtaken_of(connection, taken)
    stopped = [policy for policy in taken.policies if policy.stopped and policy.policy not in {*reviewed, *before}]
    left_out = [LeftOut(policy.policy, f"stopped by a safety gate: {policy.stopped}") for policy in stopped]
    left_out += [LeftOut(name, f"run {later} was taken in for it after this one") for name, later in overtaken.items()]
    fresh = [policy for policy in taken.policies if policy not in stopped and policy.policy not in before]
    refuse_older(connection, taken, fresh, act)
    if not fresh:
        refuse_overtaken(taken, overtaken)
    same = before - overtaken.keys()
    lines = pl.concat([_new_lines(connection, taken, fresh), _as_before(taken, same)])
    _write_run(connection, taken, fresh, act)
    _write_lines(connection, taken, lines, act.because(act.reason or f"run {taken.id}"))
    _hold_differing(connection, taken, lines, act)
    _hold_refused(connection, taken, lines, act)
    hold_for_the_past(connection, taken, fresh, lines, act)
    names = tuple(policy.policy for policy in fresh)
    return Intake(taken.id, names, tuple(sorted(same)), (*taken.left_out, *left_out), lines)


def _new_lines(connection: Connection, taken: RunFile, fresh: Sequence[DecidedPolicy]) -> pl.DataFrame:
    names = [policy.policy for policy in fresh]
    rows = taken.rows.filter(pl.col("policy").is_in(names))
    once = [policy.policy for policy in fresh if policy.once]
    return differences(rows, known(connection, fresh, taken.period), taken.period, once, taken.past.codes)


def _as_before(taken: RunFile, before: Collection[str]) -> pl.DataFrame:
    """Return the rows of policies that were taken in of this very run before: nothing becomes of them."""
    rows = taken.rows.filter(pl.col("policy").is_in(list(before)))
    told = rows.with_columns(
        state=pl.lit(""), before_fen="amount_fen", paid_fen=pl.lit(None), outcome=pl.lit("unchanged"), cause=pl.lit("")
    )
    return told.select(pl.col(name).cast(kind) for name, kind in LINES.items())


def _write_run(connection: Connection, taken: RunFile, fresh: Sequence[DecidedPolicy], act: Act) -> None:
    if connection.execute(select(run.c.id).where(run.c.id == taken.id)).first() is None:
        told = {"id": taken.id, "period": taken.period, "as_of": taken.as_of, "snapshot_id": taken.snapshot_id}
        by = {"folder": taken.folder, "taken_at": act.at, "taken_by": act.actor}
        connection.execute(insert(run), [{**told, **by}])
    by = {"run_id": taken.id, "taken_at": act.at, "taken_by": act.actor, "reason": act.reason}
    rows = [{**by, "policy": policy.policy, "policy_sha256": policy.sha256} for policy in fresh]
    if rows:
        connection.execute(insert(run_policy), rows)
    for policy in {policy.line: policy for policy in fresh}.values():
        open_line(connection, policy.line, policy.line_title)


def _write_lines(connection: Connection, taken: RunFile, lines: pl.DataFrame, act: Act) -> None:
    """Begin what is new, write proposals of all that changed, and move what was known."""
    new = lines.filter(pl.col("cause") == "new")
    for state, open_ in (("proposed", False), ("undetermined", True)):
        rows = new.filter(pl.col("amount_fen").is_null() == open_).select(_KEY).to_dicts()
        begin(connection, entitlement, state, rows, act.because(act.reason, "new"))
    said = lines.filter(pl.col("outcome").is_in(["new", "changed", "undetermined", "revised"]))
    told = said.select(pl.col("id").alias("entitlement_id"), *TOLD, "amount_fen", pl.lit(taken.id).alias("run_id"))
    if told.height:
        connection.execute(insert(proposal), told.to_dicts())
    moving = lines.filter(pl.col("outcome").is_in(list(_INTO)) & (pl.col("state") != "")).with_columns(
        into=pl.col("outcome").replace_strict(_INTO, default="")
    )
    for (into, cause), group in moving.filter(pl.col("state") != pl.col("into")).group_by(
        "into", "cause", maintain_order=True
    ):
        reason = act.because(f"run {taken.id}: {_WHY[str(cause)]}", str(cause))
        for ids in _some(group):
            move(connection, entitlement, ids, str(into), reason)


def _some(lines: pl.DataFrame) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together find the entitlements of all lines, each a statement's fill."""
    for part in lines.iter_slices(_AT_ONCE):
        yield entitlement.c.id.in_(part["id"].to_list())


def _hold_differing(connection: Connection, taken: RunFile, lines: pl.DataFrame, act: Act) -> None:
    """Hold what the run would not pay as it is paid or on its way: a person looks before it is sent, or sent again.

    A payment may come back, by the bank's word or two officers', and its entitlement still says what was due before
    this run.
    """
    for ids in _some(lines.filter(outcome="paid_differs")):
        detail = (
            f"run {taken.id} says something else than what is paid; should that come back, take in a match of a later "
            "day for the new amount: lifting this hold alone pays the old one again"
        )
        place(connection, ids & has_live_payment(), RUN_DIFFERS, detail, act)


def _hold_refused(connection: Connection, taken: RunFile, lines: pl.DataFrame, act: Act) -> None:
    """Hold what was refused before and is listed again: somebody has to see that what was wrong has been mended."""
    detail = f"it was refused before, and run {taken.id} lists it again: see `mianshen payout show` for why"
    for ids in _some(lines.filter((pl.col("state") == "refused") & pl.col("outcome").is_in(list(_COMES_BACK)))):
        place(connection, ids, REFUSED_BEFORE, detail, act)
