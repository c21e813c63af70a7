"""What keeps decisions open: which dataset of which department, for how many firms."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from sqlglot import exp

from matcher.outcomes import Outcome
from matcher.plan import BoundLeaf, Plan, facts_in
from matcher.run.store import Run
from matcher.sql.build import Expr, column, is_null, named, some_hold, text
from matcher.sql.columns import Ends
from matcher.sql.exact import Ratio
from matcher.sql.facts import FactTable
from policies.language import terms as t


@dataclass(frozen=True)
class Blocking:
    """One dataset whose facts are unknown where a decision waits for them: `firms` of them, `decisions` in all."""

    dataset: str
    title: str
    department: str
    loaded: bool
    firms: int
    decisions: int
    policies: tuple[str, ...]


def blocking(run: Run, plan: Plan, table: FactTable, loaded: frozenset[str]) -> list[Blocking]:
    """Return what a run's undetermined decisions wait for, the dataset that blocks most firms first.

    `plan` and `table` are those of the run; `loaded` names the datasets its snapshot holds.
    """
    parts = [part for policy in plan.policies for leaf in policy.leaves for part in _waiting(policy.id, leaf, table)]
    if not parts:
        return []
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = query.union(part, distinct=False, copy=False)
    counted = f"""
        SELECT dataset, count(DISTINCT uscc), count(DISTINCT (uscc, policy)), list_sort(list(DISTINCT policy))
        FROM ({query.sql("duckdb")}) GROUP BY dataset ORDER BY 2 DESC, 1
    """  # noqa: S608  # built above
    with duckdb.connect() as connection:
        connection.read_parquet(str(run.dir / "facts.parquet")).create_view("facts")
        connection.read_parquet(str(run.dir / "decisions.parquet")).create_view("decisions")
        rows = connection.execute(counted).fetchall()
    return [_blocking(plan, loaded, row) for row in rows]


def _blocking(plan: Plan, loaded: frozenset[str], row: tuple[str, int, int, list[str]]) -> Blocking:
    name, firms, decisions, policies = row
    dataset = plan.catalogue.datasets[name]
    return Blocking(name, dataset.title.zh, dataset.department, name in loaded, firms, decisions, tuple(policies))


def _waiting(policy: str, leaf: BoundLeaf, table: FactTable) -> list[exp.Select]:
    """Return, for each fact of a leaf, the undetermined firms whose decision waits for the leaf and lacks the fact."""
    queries = []
    for fact in dict.fromkeys(facts_in(leaf.term)):
        if isinstance(fact, t.Defined):
            continue
        waits = exp.ArrayContains(this=column("unknown", "d"), expression=text(leaf.id))
        query = (
            exp.select(named(text(fact.dataset), "dataset"), column("uscc", "d"), column("policy", "d"))
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
