"""Which of several runs counts: the one as of the latest day, and of one day the one that was taken in last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.run_file import DecidedPolicy, RunFile
from payouts.ledger.act import Act
from payouts.ledger.tables import run, run_policy


def taken_before(connection: Connection, run_id: str) -> set[str]:
    """Return the policies of a run that were taken in."""
    return set(connection.execute(select(run_policy.c.policy).where(run_policy.c.run_id == run_id)).scalars())


def refuse_older(connection: Connection, taken: RunFile, fresh: Sequence[DecidedPolicy], act: Act) -> None:
    """Refuse a run of an earlier day than one that was taken in.

    Of two runs as of one day, nothing in them says which is newer: the last that was made is taken, another one only
    for a reason.

    Raises:
        MianshenError: then.
    """
    query = (
        select(run_policy.c.policy, run.c.id, run.c.as_of)
        .join_from(run_policy, run, run.c.id == run_policy.c.run_id)
        .where(run.c.period == taken.period, run.c.as_of >= taken.as_of, run.c.id != taken.id)
        .where(run_policy.c.policy.in_([policy.policy for policy in fresh]))
        .order_by(run.c.as_of.desc(), run.c.id, run_policy.c.policy)
    )
    newer = connection.execute(query).first()
    if newer is None:
        return
    if newer.as_of > taken.as_of:
        raise MianshenError(
            f"run {taken.id} looks at {taken.period} as of {taken.as_of}, but for policy {newer.policy} run {newer.id} "
            f"as of {newer.as_of} was taken in; nothing was changed. Match {taken.period} again as of a later day"
        )
    if not taken.is_last and not act.reason.strip():
        raise MianshenError(
            f"run {taken.id} is not the last match, and for policy {newer.policy} run {newer.id} as of the same day, "
            f"{newer.as_of}, was taken in; nothing was changed. Take the last one, or say why this one counts: --reason"
        )


def overtaken_of(connection: Connection, taken: RunFile) -> dict[str, str]:
    """Return the policies of which a run was taken in before, and another of its period after it: which one, by policy.

    The id of a run follows from its inputs: a mistake that was taken in and undone gives the run before it once more.
    """
    own, later = run_policy.alias("own"), run_policy.alias("later")
    query = (
        select(own.c.policy, later.c.run_id)
        .join(later, (later.c.policy == own.c.policy) & (later.c.taken_at > own.c.taken_at))
        .join(run, run.c.id == later.c.run_id)
        .where(own.c.run_id == taken.id, later.c.run_id != taken.id, run.c.period == taken.period)
        .order_by(own.c.policy, later.c.taken_at)
    )
    return {policy: run_id for policy, run_id in connection.execute(query)}  # noqa: C416  # a row is no pair to `dict`


def refuse_overtaken(taken: RunFile, overtaken: Mapping[str, str]) -> None:
    """Refuse a run of which nothing is new, where the ledger says by now what a later one said.

    Raises:
        MianshenError: then; a match as of another day is another run, and can be taken in.
    """
    if overtaken:
        policy, later = next(iter(overtaken.items()))
        raise MianshenError(
            f"run {taken.id} was taken in before, and run {later} after it for policy {policy}: the ledger says what "
            f"that one says; nothing was changed. If {taken.id} is right, match {taken.period} again as of a later day "
            "than both, which makes a run of its own, and take that in"
        )
