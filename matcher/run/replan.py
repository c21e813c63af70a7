"""The plan of a stored run, made again from the same snapshot and policies."""

from __future__ import annotations

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.context import Context
from matcher.plan import Plan, plan
from matcher.run.engine import feeds_of, undelivered_in
from matcher.run.store import Run
from matcher.sql.facts import FactBuilder, FactTable
from policies.load import Library


def replan(run: Run, snapshot: Snapshot, library: Library) -> tuple[Plan, FactTable]:
    """Return the run's plan and where each fact rests in its facts.parquet.

    Raises:
        MianshenError: the snapshot or the policies are not those of the run.
    """
    inputs = run.manifest.inputs
    if inputs.snapshot != snapshot.id:
        raise MianshenError(f"run {run.id} decided snapshot {inputs.snapshot}, this is {snapshot.id}")
    if inputs.files != dict(library.sha256):
        raise MianshenError(f"the policies have changed since run {run.id}; match again, or bring its policies back")
    context = Context(Period.parse(inputs.period), inputs.as_of)
    planned = plan(library, snapshot.catalogue, context, inputs.only, undelivered_in(snapshot))
    return planned, FactBuilder(snapshot.catalogue, feeds_of(snapshot), context.as_of).plan(planned.facts())
