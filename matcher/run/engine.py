"""Deciding every policy of a plan for every firm of a snapshot, in DuckDB.

Facts are built once, and so are the conditions that several policies share. Each policy then reads its stretch of
the facts table and groups it by patterns of truths; the few distinct patterns are judged in Python, and the firms
whose pattern is to be kept are written down. The connection ends up with these tables, which `matcher.run.files`
writes out:

    facts       firm_no, region, f0, f1_low, f1_high, ..., t0, ...   facts and shared conditions, one row a firm
    kept        policy_no, firm_no, w0, w1                           decisions that are stored, with their pattern
    awards      policy_no, firm_no, item, counts, amount_fen        after every step
    instalments policy_no, firm_no, item, part, amount_fen, due_on, state
    cuts        what each step of the settlement did (see `matcher.settlement.tables`)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
from sqlglot import exp

from enterprise_data.snapshot.snapshot import Snapshot
from matcher.bind import Undelivered
from matcher.coverage import Feed, Feeds
from matcher.outcomes import Outcome, Verdict, verdict
from matcher.plan import BoundPolicy, Plan, naming
from matcher.run.patterns import WORDS, Decider, Pattern, digit, truths_of, words_of
from matcher.run.scope import Regions
from matcher.run.settling import inputs, open_awards
from matcher.settlement import instalments, tables
from matcher.settlement.instalments import plan_instalments
from matcher.settlement.members import Members
from matcher.settlement.settle import settle
from matcher.sql.awards import ELIGIBLE, firm_award, item_award
from matcher.sql.build import Expr, all_hold, column, named, number, select
from matcher.sql.compile import Compiler
from matcher.sql.facts import FactBuilder, FactTable
from matcher.sql.first_items import CLAIMANTS, NOTE, STAND, claims
from matcher.sql.relations import table_of
from policies.language import terms as t
from policies.policy import Leaf

Progress = Callable[[str, int, int], None]  # what is being done, how much of it, out of how much


def unseen(what: str, done: int, of: int) -> None:
    """Show no progress."""


def feeds_of(snapshot: Snapshot) -> Feeds:
    """Return the state of each dataset of a snapshot."""
    datasets = snapshot.manifest.datasets
    return {name: Feed(entry.data_date, entry.uncertain_rows > 0) for name, entry in datasets.items()}


def undelivered_in(snapshot: Snapshot) -> Undelivered:
    """Return the fields of each dataset whose column the department left out."""
    return {name: entry.undelivered for name, entry in snapshot.manifest.datasets.items()}


def attach(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Make the files of a snapshot known as `firms` and `rows_<dataset>`."""
    paths = {table_of(name): snapshot.dir / entry.file for name, entry in snapshot.manifest.datasets.items()}
    for name, path in {"firms": snapshot.firms_path, **paths}.items():
        connection.read_parquet(str(path)).create_view(name)


@dataclass
class Engine:
    """Decides one plan over one connection; `complete` keeps every decision, not only those that may matter.

    `known` selects the rows of the facts table (without shared conditions) where it was built before; only the firms
    in it are decided.
    """

    plan: Plan
    feeds: Feeds
    connection: duckdb.DuckDBPyConnection
    complete: bool = False
    known: exp.Query | None = None
    patterns: list[Pattern] = field(default_factory=list)

    def run(self, progress: Progress) -> FactTable:
        """Build the facts, decide all policies and compute awards; return where each fact rests."""
        progress("facts", 0, 1)
        shared = self._shared()
        facts = self._facts(shared)
        regions = Regions.of(self.connection)
        for table in (_KEPT, _AWARDS, tables.CREATE, instalments.CREATE):
            self.connection.execute(table)
        for policy_no, policy in enumerate(self.plan.policies):
            progress(policy.id, policy_no, len(self.plan.policies))
            scope = regions.scope(policy.scope)
            if scope:
                leaves = [leaf.term for leaf in policy.leaves]
                with naming(f"policy {policy.id}"):
                    found = self._decide(policy_no, policy, Decider(leaves, scope, Compiler(facts.columns), shared))
                    self._award(policy_no, policy, found, facts)
        progress("settling", 0, 1)
        settle(self.connection, Members.of(self.plan))
        plan_instalments(self.connection, self.plan.policies, self.plan.context.as_of)
        progress("decided", len(self.plan.policies), len(self.plan.policies))
        return facts

    def _shared(self) -> dict[t.Term, str]:
        """Name the conditions that more than one policy asks; each becomes a column of the facts table."""
        asked = Counter(leaf.term for policy in self.plan.policies for leaf in policy.leaves[1:])
        return {term: f"t{place}" for place, term in enumerate(term for term, times in asked.items() if times > 1)}

    def _facts(self, shared: Mapping[t.Term, str]) -> FactTable:
        builder = FactBuilder(self.plan.catalogue, self.feeds, self.plan.context.as_of)
        table = builder.plan(self.plan.facts())
        compiler = Compiler(table.columns)
        digits = [named(digit(compiler.condition(term)), name) for term, name in shared.items()]
        query = select([exp.Star(), *digits], (self.known or table.query).subquery("known"))
        query = query.order_by(column("firm_no"), copy=False)
        self._execute(exp.Create(this=exp.to_table("facts"), kind="TABLE", expression=query, replace=True))
        return table

    def _decide(self, policy_no: int, policy: BoundPolicy, decider: Decider) -> list[Pattern]:
        """Judge each distinct pattern that firms show, and write down the firms whose decision is to be kept."""
        rows = self.connection.execute(decider.patterns().sql("duckdb", copy=False)).fetchall()
        found = [self._judged(policy_no, policy, row) for row in rows]
        self.patterns += found
        kept = [pattern for pattern in found if pattern.kept]
        if kept:
            every = len(kept) == len(found)
            where = None if every else decider.few_false if _is_flat(policy) else _among(kept)
            self._execute(exp.insert(decider.firms(policy_no, where), "kept", copy=False))
        return found

    def _judged(self, policy_no: int, policy: BoundPolicy, row: tuple[int, ...]) -> Pattern:
        *digits, firms = row
        truths = truths_of(digits)
        found = verdict(policy, truths)
        assert found is not None  # firms out of scope are in no stretch
        return Pattern(policy_no, words_of(digits), truths, found, firms, self.complete or _matters(found))

    def _award(self, policy_no: int, policy: BoundPolicy, found: Sequence[Pattern], facts: FactTable) -> None:
        """Compute what the eligible firms of a policy are due, and note what settling it will need."""
        eligible = [pattern for pattern in found if pattern.verdict.outcome is Outcome.ELIGIBLE]
        undetermined = [pattern for pattern in found if pattern.verdict.outcome is Outcome.UNDETERMINED]
        own = exp.EQ(this=column("policy_no"), expression=number(policy_no))
        if undetermined and policy.award is not None:
            self._execute(open_awards(policy_no, all_hold(own, _among(undetermined))))
        if policy.award is None or not eligible:
            return
        chosen = select([column("firm_no")], exp.to_table("kept"), where=all_hold(own, _among(eligible)))
        self._execute(exp.Create(this=exp.to_table(ELIGIBLE), kind="TABLE", expression=chosen, replace=True))
        self._stand(policy_no, policy, own, [*eligible, *undetermined])
        due = (
            firm_award(policy.award, facts.columns)
            if policy.award.items is None
            else item_award(policy.award, facts.columns, self.plan.catalogue)
        )
        source = due.subquery("due", copy=False)
        rows = exp.select(named(number(policy_no), "policy_no"), "due.*").from_(source, copy=False)
        self._execute(exp.insert(rows, "awards"))
        for statement in inputs(policy_no, policy, facts.columns, self.plan.catalogue, self.feeds):
            self._execute(statement)

    def _stand(self, policy_no: int, policy: BoundPolicy, own: Expr, found: Sequence[Pattern]) -> None:
        """Find whose each item is, where items count once across the eligible and undetermined firms."""
        items = policy.award.items if policy.award is not None else None
        if items is None or items.first_by is None:
            return
        eligible = exp.In(this=column("firm_no"), query=exp.select("firm_no").from_(ELIGIBLE).subquery())
        claimants = select(
            [column("firm_no"), named(eligible, "eligible")], exp.to_table("kept"), where=all_hold(own, _among(found))
        )
        self._execute(exp.Create(this=exp.to_table(CLAIMANTS), kind="TABLE", expression=claimants, replace=True))
        claimed = claims(items, self.plan.catalogue)
        self._execute(exp.Create(this=exp.to_table("item_claims"), kind="TABLE", expression=claimed, replace=True))
        self.connection.execute(STAND)
        self.connection.execute(NOTE, [policy_no, items.first_by])

    def _execute(self, query: exp.Expression) -> None:
        self.connection.execute(query.sql("duckdb", copy=False))


_KEPT = "CREATE OR REPLACE TABLE kept (policy_no SMALLINT, firm_no INTEGER, w0 BIGINT, w1 BIGINT)"
_AWARDS = (
    "CREATE OR REPLACE TABLE awards "
    "(policy_no SMALLINT, firm_no INTEGER, item VARCHAR, counts BOOLEAN, amount_fen BIGINT)"
)


def _matters(found: Verdict) -> bool:
    return found.outcome is not Outcome.INELIGIBLE or found.near_miss


def _is_flat(policy: BoundPolicy) -> bool:
    """Return whether the policy has no groups: then what is kept is exactly what has at most one false leaf."""
    return all(isinstance(member, Leaf) for member in policy.policy.conditions.members)


def _among(patterns: Sequence[Pattern]) -> Expr:
    """Return whether a firm's words are those of one of the patterns."""
    words = exp.Tuple(expressions=[column(word) for word in WORDS])
    values = [exp.Tuple(expressions=[number(word) for word in pattern.words]) for pattern in patterns]
    return exp.In(this=words, expressions=values)
