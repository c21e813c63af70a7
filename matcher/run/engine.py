"""Deciding every policy of a plan for every firm of a snapshot, in DuckDB.

Facts are built once. Each policy then reads its stretch of the facts table and turns it into patterns of truths;
the few distinct patterns are judged in Python, and the firms whose pattern is to be kept are written down. The
connection ends up with these tables, which `matcher.run.store` writes out:

    facts       firm_no, region, f0, f1_low, f1_high, ...   every fact, one row a firm
    kept        policy_no, firm_no, pattern_no              every decision that is stored
    awards      policy_no, firm_no, item, counts, amount_fen
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb
from sqlglot import exp

from enterprise_data.snapshot.snapshot import Snapshot
from matcher.coverage import Feed, Feeds
from matcher.outcomes import Outcome, Verdict, verdict
from matcher.plan import BoundPolicy, Plan
from matcher.run.patterns import Pattern, pattern_query, truths, words
from matcher.run.scope import Regions
from matcher.sql.awards import ELIGIBLE, firm_award, item_award
from matcher.sql.build import column, named, number
from matcher.sql.compile import Compiler
from matcher.sql.facts import FactBuilder, FactTable
from matcher.sql.relations import table_of

Progress = Callable[[str, int, int], None]  # what is being done, how much of it, out of how much


def unseen(what: str, done: int, of: int) -> None:
    """Show no progress."""


def feeds_of(snapshot: Snapshot) -> Feeds:
    """Return the state of each dataset of a snapshot."""
    datasets = snapshot.manifest.datasets
    return {name: Feed(entry.data_date, entry.uncertain_rows > 0) for name, entry in datasets.items()}


def attach(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Make the files of a snapshot known as `firms` and `rows_<dataset>`."""
    paths = {table_of(name): snapshot.dir / entry.file for name, entry in snapshot.manifest.datasets.items()}
    for name, path in {"firms": snapshot.firms_path, **paths}.items():
        connection.read_parquet(str(path)).create_view(name)


@dataclass
class Engine:
    """Decides one plan over one connection; `complete` keeps every decision, not only those that may matter."""

    plan: Plan
    feeds: Feeds
    connection: duckdb.DuckDBPyConnection
    complete: bool = False
    patterns: list[Pattern] = field(default_factory=list)

    def run(self, progress: Progress) -> FactTable:
        """Build the facts, decide all policies and compute awards; return where each fact rests."""
        progress("facts", 0, 1)
        facts = self._facts()
        regions = Regions.of(self.connection)
        compiler = Compiler(facts.columns)
        self._prepare()
        for policy_no, policy in enumerate(self.plan.policies):
            progress(policy.id, policy_no, len(self.plan.policies))
            found = self._decided(policy_no, policy, regions, compiler)
            self.patterns += found
            self._keep(found)
            self._award(policy_no, policy, found, facts)
        progress("decided", len(self.plan.policies), len(self.plan.policies))
        return facts

    def _facts(self) -> FactTable:
        builder = FactBuilder(self.plan.catalogue, self.feeds, self.plan.context.as_of)
        table = builder.plan(self.plan.facts())
        self._execute(exp.Create(this=exp.to_table("facts"), kind="TABLE", expression=table.query, replace=True))
        return table

    def _prepare(self) -> None:
        for table in (_KEPT, _AWARDS):
            self.connection.execute(table)

    def _decided(self, policy_no: int, policy: BoundPolicy, regions: Regions, compiler: Compiler) -> list[Pattern]:
        """Lay down the pattern of each firm in scope as the table `pattern`; return the distinct ones, judged."""
        terms = [leaf.term for leaf in policy.leaves]
        query = pattern_query(terms, regions.scope(policy.scope), compiler)
        if query is None:
            return []
        self._execute(exp.Create(this=exp.to_table("pattern"), kind="TABLE", expression=query, replace=True))
        names = [column(f"w{word}") for word in range(words(len(terms)))]
        counted = exp.select(*names, exp.Count(this=exp.Star())).from_("pattern").group_by(*names).order_by(*names)
        rows = self.connection.execute(counted.sql("duckdb", copy=False)).fetchall()
        start = len(self.patterns)
        return [self._judged(start + i, policy_no, policy, row) for i, row in enumerate(rows)]

    def _judged(self, pattern_no: int, policy_no: int, policy: BoundPolicy, row: tuple[int, ...]) -> Pattern:
        *pattern, firms = row
        leaves = truths(pattern, len(policy.leaves))
        found = verdict(policy, leaves)
        assert found is not None  # firms out of scope are in no stretch
        return Pattern(pattern_no, policy_no, tuple(pattern), leaves, found, firms, self.complete or _matters(found))

    def _keep(self, found: Sequence[Pattern]) -> None:
        """Write down the firms whose pattern is to be stored."""
        kept = [pattern for pattern in found if pattern.kept]
        if not kept:
            return
        names = [f"w{word}" for word in range(len(kept[0].words))]
        judged = exp.values(
            [(pattern.policy_no, pattern.number, *pattern.words) for pattern in kept],
            alias="judged",
            columns=["policy_no", "pattern_no", *names],
        )
        rows = (
            exp.select(column("policy_no"), column("firm_no"), column("pattern_no"))
            .from_("pattern")
            .join(judged, using=[*names], copy=False)
        )
        self._execute(exp.insert(rows, "kept"))

    def _award(self, policy_no: int, policy: BoundPolicy, found: Sequence[Pattern], facts: FactTable) -> None:
        """Compute what the eligible firms of a policy are due."""
        eligible = [pattern.number for pattern in found if pattern.verdict.outcome is Outcome.ELIGIBLE]
        if policy.award is None or not eligible:
            return
        chosen = exp.select(column("firm_no")).from_("kept").where(exp.column("pattern_no").isin(*eligible))
        self._execute(exp.Create(this=exp.to_table(ELIGIBLE), kind="TABLE", expression=chosen, replace=True))
        due = (
            firm_award(policy.award, facts.columns)
            if policy.award.items is None
            else item_award(policy.award, facts.columns, self.plan.catalogue)
        )
        source = due.subquery("due", copy=False)
        rows = exp.select(named(number(policy_no), "policy_no"), "due.*").from_(source, copy=False)
        self._execute(exp.insert(rows, "awards"))

    def _execute(self, query: exp.Expression) -> None:
        self.connection.execute(query.sql("duckdb", copy=False))


_KEPT = "CREATE OR REPLACE TABLE kept (policy_no SMALLINT, firm_no INTEGER, pattern_no INTEGER)"
_AWARDS = (
    "CREATE OR REPLACE TABLE awards "
    "(policy_no SMALLINT, firm_no INTEGER, item VARCHAR, counts BOOLEAN, amount_fen BIGINT)"
)


def _matters(found: Verdict) -> bool:
    return found.outcome is not Outcome.INELIGIBLE or found.near_miss
