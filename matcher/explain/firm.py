"""Explaining one firm, from a snapshot by the interpreter or from the evidence a run stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from enterprise_data.catalogue.model import Dataset, FieldType
from enterprise_data.codes import regions
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.firm_rows import firms_of, rows_of
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.context import Context
from matcher.explain.build import Explainer
from matcher.explain.model import FirmExplanation
from matcher.explain.open_rows import open_rows
from matcher.explain.settled import cuts_of, decided_of, parts_of, settled
from matcher.interpreter.aggregates import Row
from matcher.interpreter.rows import FirmFacts, FirmRows, RowFacts
from matcher.interpreter.stored import StoredFacts
from matcher.plan import Plan, plan
from matcher.run.engine import feeds_of, undelivered_in
from matcher.run.replan import replan
from matcher.run.store import Run
from policies.load import Library


def explain_from_snapshot(
    snapshot: Snapshot, library: Library, context: Context, uscc: str, policy_ids: Sequence[str] = ()
) -> FirmExplanation:
    """Explain one firm by the interpreter, for every policy in force or for the named ones.

    Raises:
        MianshenError: the register has no such firm, or there is no such policy.
    """
    firm = _firm(snapshot, uscc)
    planned = plan(library, snapshot.catalogue, context, policy_ids, undelivered_in(snapshot))
    rows = firm_rows(snapshot, firm)
    facts = RowFacts(snapshot.catalogue, feeds_of(snapshot), context.as_of, rows)
    return _explained(snapshot, planned, firm, facts, rows)


def explain_from_run(
    run: Run, snapshot: Snapshot, library: Library, uscc: str, policy_ids: Sequence[str] = ()
) -> FirmExplanation:
    """Explain one firm from what a run stored; firms of whom it stored no facts are decided again.

    Raises:
        MianshenError: the policies or the snapshot are not those of the run, or the firm is not in the register.
    """
    planned, table = replan(run, snapshot, library)
    firm = _firm(snapshot, uscc)
    stored = run.facts.filter(pl.col("firm_no") == firm["firm_no"]).collect()
    if stored.is_empty():
        return explain_from_snapshot(snapshot, library, planned.context, uscc, policy_ids)
    facts = StoredFacts(table.columns, stored.row(0, named=True), _stored_items(run, planned, uscc))
    chosen = [policy for policy in planned.policies if not policy_ids or policy.id in policy_ids]
    narrowed = replace(planned, policies=tuple(chosen))
    # What the stored facts were made of tells which rows leave them open, in the same words.
    explained = _explained(snapshot, narrowed, firm, facts, firm_rows(snapshot, firm))
    cuts, parts = cuts_of(run, firm["uscc"]), parts_of(run, firm["uscc"])
    decided = decided_of(run, firm["uscc"])
    after = tuple(settled(policy, cuts, parts, decided) for policy in explained.policies)
    return explained.model_copy(update={"policies": after})


def firm_rows(snapshot: Snapshot, firm: Mapping[str, Any]) -> FirmRows:
    """Return everything a snapshot holds of one firm, as the interpreter reads it."""
    frames = rows_of(snapshot, [firm["firm_no"]])
    return FirmRows(firm["region"], {name: frame.to_dicts() for name, frame in frames.items()})


def _firm(snapshot: Snapshot, uscc: str) -> dict[str, Any]:
    found = firms_of(snapshot, [uscc.strip().upper()])
    if found.is_empty():
        raise MianshenError(f"the register of snapshot {snapshot.id} has no firm with the code {uscc}")
    return found.row(0, named=True)


def _explained(
    snapshot: Snapshot, planned: Plan, firm: Mapping[str, Any], facts: FirmFacts, rows: FirmRows
) -> FirmExplanation:
    feeds = feeds_of(snapshot)
    explainer = Explainer(planned, feeds, facts, open_rows(snapshot, feeds, planned.context.as_of, rows))
    return FirmExplanation(
        uscc=firm["uscc"],
        name=firm["name"] or "",
        region=_region_name(firm["region"]),
        period=str(planned.context.period),
        as_of=planned.context.as_of,
        snapshot=snapshot.id,
        policies=tuple(explainer.policy(policy) for policy in planned.policies),
        skipped={skipped.policy: skipped.reason for skipped in planned.skipped},
    )


def _region_name(code: str | None) -> str:
    try:
        return regions.name_of(code) if code else "region unknown"
    except LookupError:
        return str(code)


def _stored_items(run: Run, planned: Plan, uscc: str) -> dict[str, list[Row]]:
    """Return the item rows a run stored for a firm, by dataset, each row once."""
    datasets = {p.id: p.award.items.dataset for p in planned.policies if p.award and p.award.items}
    items: dict[str, dict[int, Row]] = {}
    for row in run.items.filter(pl.col("uscc") == uscc).collect().iter_rows(named=True):
        name = datasets[row["policy"]]
        fields = dict(_at_rest(planned.catalogue.datasets[name], json.loads(row["fields"])))
        items.setdefault(name, {})[row["row_no"]] = {**fields, "belongs": row["belongs"]}
    return {name: [rows[number] for number in sorted(rows)] for name, rows in items.items()}


def _at_rest(dataset: Dataset, fields: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield the fields with the types they have at rest; JSON knows neither dates nor decimals."""
    for name, value in fields.items():
        kind = FieldType.DATE if name == "period" else dataset.fields[name].type
        if value is not None and kind is FieldType.DATE:
            yield name, date.fromisoformat(value)
        elif value is not None and kind in (FieldType.SHARE, FieldType.NUMBER):
            yield name, Decimal(str(value))
        else:
            yield name, value
