"""What keeps decisions open: which dataset of which department, why, and for how many firms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import duckdb
from sqlglot import exp

from enterprise_data.identity.wording import NOT_ABOUT_FIRMS
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.coverage import is_fresh
from matcher.outcomes import Outcome
from matcher.plan import BoundLeaf, Plan, facts_in
from matcher.run.engine import feeds_of
from matcher.run.store import Run
from matcher.sql.build import Expr, column, is_null, named, some_hold, text
from matcher.sql.columns import Ends
from matcher.sql.exact import Ratio
from matcher.sql.facts import FactTable
from policies.language import terms as t


class Cause(StrEnum):
    """Why a dataset does not say what a decision asks; it tells who can mend it."""

    NEVER_LOADED = "never loaded"
    STALE = "too old"
    NOT_LINKED = "rows not linked to one firm"
    MISSING = "rows or values missing"


@dataclass(frozen=True)
class Blocking:
    """One dataset whose facts are unknown where a decision waits for them: `firms` of them, `decisions` in all.

    A firm counts under one cause of a dataset: `NOT_LINKED` if the dataset has a row that may be this firm's or
    another's, of whatever period.
    """

    dataset: str
    title: str
    department: str
    cause: Cause
    firms: int
    decisions: int
    policies: tuple[str, ...]


_COUNTED = """
    SELECT w.dataset, o.firm_no IS NOT NULL AS in_doubt, count(DISTINCT uscc), count(DISTINCT (uscc, policy)),
           list_sort(list(DISTINCT policy))
    FROM waiting w LEFT JOIN open_rows o ON o.dataset = w.dataset AND o.firm_no = w.firm_no
    GROUP BY ALL ORDER BY 3 DESC, 1, 2
"""


def blocking(run: Run, plan: Plan, table: FactTable, snapshot: Snapshot) -> list[Blocking]:
    """Return what a run's undetermined decisions wait for, the dataset and cause that block most firms first.

    `plan`, `table` and `snapshot` are those of the run.
    """
    parts = [part for policy in plan.policies for leaf in policy.leaves for part in _waiting(policy.id, leaf, table)]
    if not parts:
        return []
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = query.union(part, distinct=False, copy=False)
    with duckdb.connect() as connection:
        connection.read_parquet(str(run.dir / "facts.parquet")).create_view("facts")
        connection.read_parquet(str(run.dir / "decisions.parquet")).create_view("decisions")
        connection.sql(query.sql("duckdb")).create_view("waiting")
        _find_open_rows(connection, plan, snapshot)
        rows = connection.execute(_COUNTED).fetchall()
    return [_blocking(plan, snapshot, row) for row in rows]


def _find_open_rows(connection: duckdb.DuckDBPyConnection, plan: Plan, snapshot: Snapshot) -> None:
    """Make the table `open_rows(dataset, firm_no)` of firms whose row, or another's, a dataset may have."""
    connection.execute("CREATE TABLE open_rows (dataset VARCHAR, firm_no INTEGER)")
    for name in sorted(plan.datasets()):
        held = snapshot.dataset(name)
        if held is None or not held.uncertain_rows or not _fresh(plan, snapshot, name):
            continue
        query = """
            INSERT INTO open_rows SELECT DISTINCT $dataset, firm_no FROM read_parquet($file)
            WHERE belongs IS NULL AND NOT list_contains($not_about_firms, linked_by)
        """
        file = str(snapshot.dir / held.file)
        connection.execute(query, {"dataset": name, "file": file, "not_about_firms": list(NOT_ABOUT_FIRMS)})


def _fresh(plan: Plan, snapshot: Snapshot, dataset: str) -> bool:
    return is_fresh(plan.catalogue.datasets[dataset], feeds_of(snapshot), plan.context.as_of)


def _blocking(plan: Plan, snapshot: Snapshot, row: tuple[str, bool, int, int, list[str]]) -> Blocking:
    name, in_doubt, firms, decisions, policies = row
    if snapshot.dataset(name) is None:
        cause = Cause.NEVER_LOADED
    elif not _fresh(plan, snapshot, name):
        cause = Cause.STALE
    else:
        cause = Cause.NOT_LINKED if in_doubt else Cause.MISSING
    dataset = plan.catalogue.datasets[name]
    return Blocking(name, dataset.title.zh, dataset.department, cause, firms, decisions, tuple(policies))


def _waiting(policy: str, leaf: BoundLeaf, table: FactTable) -> list[exp.Select]:
    """Return, for each fact of a leaf, the undetermined firms whose decision waits for the leaf and lacks the fact."""
    queries = []
    for fact in dict.fromkeys(facts_in(leaf.term)):
        if isinstance(fact, t.Defined):
            continue
        waits = exp.ArrayContains(this=column("unknown", "d"), expression=text(leaf.id))
        query = (
            exp.select(named(text(fact.dataset), "dataset"), column("uscc", "d"), column("policy", "d"))
            .select(column("firm_no", "f"))
            .from_(exp.to_table("decisions").as_("d"))
            .join(exp.to_table("facts").as_("f"), on="d.uscc = f.uscc")
            .where(exp.column("policy", table="d").eq(policy), waits, _unknown(table.columns.of(fact)))
            .where(exp.column("outcome", table="d").eq(Outcome.UNDETERMINED.value))
        )
        queries.append(query)
    return queries


def _unknown(value: object) -> Expr:
    """Return whether a stored fact has no certain value."""
    if not isinstance(value, Ends):
        assert isinstance(value, Expr)
        return is_null(value)
    low, high = _stored(value.low), _stored(value.high)
    if value.certain:
        return is_null(low)
    return some_hold(is_null(low), is_null(high), exp.NEQ(this=low, expression=high))


def _stored(end: object) -> Expr:
    rest = end.numerator.expr if isinstance(end, Ratio) else end
    assert isinstance(rest, Expr)
    return rest
