"""What holds, as Parquet tables for the linker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from enterprise_data.identity.journal.facts import BranchOf, Decision, FormerName, Link, Recorded, Succession
from enterprise_data.identity.journal.ledger import Active

DECISIONS = "decisions.parquet"
FORMER_NAMES = "former_names.parquet"
SUCCESSIONS = "successions.parquet"
BRANCHES = "branches.parquet"

_KEYS = ("uscc", "organisation_code", "registration_no", "name")
_DECISIONS = {
    **dict.fromkeys(("dataset", *_KEYS, "firm_uscc"), pl.String()),
    "first_day": pl.Date(),
    "last_day": pl.Date(),
    "fact_id": pl.Int64(),
}
_FORMER_NAMES = {
    "firm_uscc": pl.String(),
    "former_name": pl.String(),
    "since": pl.Date(),
    "until": pl.Date(),
    "fact_id": pl.Int64(),
}
_SUCCESSIONS = {
    "old_code": pl.String(),
    "old_name": pl.String(),
    "firm_uscc": pl.String(),
    "effective_on": pl.Date(),
    "kind": pl.String(),
    "fact_id": pl.Int64(),
}
_BRANCHES = {
    **dict.fromkeys(("firm_uscc", "firm_name", "parent_uscc", "parent_name"), pl.String()),
    "since": pl.Date(),
    "until": pl.Date(),
    "never": pl.Boolean(),
    "fact_id": pl.Int64(),
}


def decisions(active: Active) -> pl.DataFrame:
    """Return the decisions in force.

    `dataset`, the four keys as delivered, `firm_uscc` (null: no firm), `first_day` and `last_day` of the rows that the
    person saw (null: not known), `fact_id`.
    """
    rows = []
    for fact in active.decisions:
        what = fact.what
        if isinstance(what, Decision):
            firm = what.firm if isinstance(what, Link) else None
            seen = {"first_day": what.first_day, "last_day": what.last_day}
            rows.append(what.subject.model_dump() | seen | {"firm_uscc": firm, "fact_id": fact.id})
    return _frame(rows, _DECISIONS)


def former_names(active: Active) -> pl.DataFrame:
    """Return the corrected former names: `firm_uscc`, `former_name`, `since` (null: not known), `until`, `fact_id`."""
    return _said(active, FormerName, _FORMER_NAMES, firm="firm_uscc", name="former_name")


def successions(active: Active) -> pl.DataFrame:
    """Return the corrected successions: `old_code`, `old_name`, `firm_uscc`, `effective_on`, `kind`, `fact_id`."""
    return _said(active, Succession, _SUCCESSIONS, firm="firm_uscc", how="kind")


def branches(active: Active) -> pl.DataFrame:
    """Return what was said of firms and parents.

    `firm_uscc`, `parent_uscc`, `firm_name` and `parent_name` (null: not known) as the register called them, `since` and
    `until` (null: to this day), `never`: was no branch of it at all, `fact_id`.
    """
    return _said(active, BranchOf, _BRANCHES, firm="firm_uscc", parent="parent_uscc")


def write_tables(active: Active, folder: Path) -> None:
    """Write the four tables into a folder, sorted by `fact_id`; those without rows have their columns all the same."""
    decisions(active).write_parquet(folder / DECISIONS)
    former_names(active).write_parquet(folder / FORMER_NAMES)
    successions(active).write_parquet(folder / SUCCESSIONS)
    branches(active).write_parquet(folder / BRANCHES)


def _said(active: Active, kind: type[Recorded], schema: Mapping[str, pl.DataType], **renamed: str) -> pl.DataFrame:
    """Return the corrections of a kind, a line each; a field is a column of its name, or of the one it is given."""
    rows = [
        {renamed.get(name, name): value for name, value in fact.what.model_dump(exclude={"kind"}).items()}
        | {"fact_id": fact.id}
        for fact in active.corrections
        if isinstance(fact.what, kind)
    ]
    return _frame(rows, schema)


def _frame(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema))
