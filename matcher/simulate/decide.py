"""Deciding several versions of a policy at once, and laying down what each means for each firm.

The connection ends up with the engine's tables and
    stands    version, firm_no, outcome, fen, held, open_items, possible_fen, not_computable
              eligible and undetermined firms: what is sure, and what an undetermined firm would get
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.session import session
from matcher.coverage import Feeds
from matcher.outcomes import Outcome
from matcher.plan import Plan
from matcher.run.engine import Engine, Progress, attach, unseen
from matcher.run.patterns import Pattern
from matcher.simulate.baseline import Pairs
from matcher.simulate.binding import Bound
from matcher.simulate.ground import Ground
from matcher.sql.awards import firm_award, item_award
from matcher.sql.build import named, number
from matcher.sql.columns import Columns
from matcher.sql.rows_in import insert_rows
from policies.policy import Award


@dataclass(frozen=True)
class Decided:
    """What was decided; `patterns` holds those of each version, by its place, and nothing for one that is idle."""

    connection: duckdb.DuckDBPyConnection
    plan: Plan
    numbers: Mapping[int, int]  # the place of a version → its policy_no; versions that are idle have none
    patterns: Sequence[Sequence[Pattern]]
    facts: Columns
    feeds: Feeds

    def award(self, place: int) -> Award | None:
        """Return the bound award of a version; None without one, or where the version decides nobody."""
        return self.plan.policies[self.numbers[place]].award if place in self.numbers else None

    def suppose(self, place: int) -> bool:
        """Fill the table `supposed` with what a version would award the firms of the table `eligible`.

        False, and nothing is there, without an award or where its items were never delivered.
        """
        award = self.award(place)
        self.connection.execute(_SUPPOSED)
        if award is None or (award.items is not None and award.items.dataset not in self.feeds):
            return False
        query = _due(award, self.facts, self.plan).subquery("due")
        rows = exp.select(named(number(place), "version"), "due.*").from_(query)
        self.connection.execute(exp.insert(rows, "supposed").sql("duckdb"))
        return True


_SUPPOSED = (
    "CREATE OR REPLACE TEMP TABLE supposed "
    "(version SMALLINT, firm_no INTEGER, item VARCHAR, counts BOOLEAN, amount_fen BIGINT)"
)


def _due(award: Award, facts: Columns, plan: Plan) -> exp.Select:
    return firm_award(award, facts) if award.items is None else item_award(award, facts, plan.catalogue)


@contextmanager
def decided(
    ground: Ground,
    versions: Sequence[Bound],
    threads: int | None = None,
    progress: Progress = unseen,
    differing: Pairs | None = None,
) -> Iterator[Decided]:
    """Decide versions over their facts, in a session that ends with the block.

    With pairs of conditions, and facts that were kept, only firms for which a pair comes out differently are decided.

    Raises:
        MianshenError: the snapshot's files are not what was sealed.
    """
    progress("verifying", 0, 1)
    ground.verify()
    with (
        tempfile.TemporaryDirectory(prefix="mianshen-") as folder,
        session(Path(folder) / "spill", threads) as connection,
    ):
        attach(connection, ground.snapshot)
        engine = Engine(ground.plan, ground.feeds, connection, known=ground.known(differing))
        facts = engine.run(progress)
        if ground.rows is None:
            ground.kept.keep(connection)
        by_version: list[list[Pattern]] = [[] for _ in versions]
        places = {no: place for place, no in ground.numbers.items()}
        for pattern in engine.patterns:
            by_version[places[pattern.policy_no]].append(pattern)
        found = Decided(connection, ground.plan, ground.numbers, by_version, facts.columns, ground.feeds)
        _lay_down(found, engine.patterns)
        yield found


def _lay_down(found: Decided, patterns: Sequence[Pattern]) -> None:
    connection = found.connection
    connection.execute(_TABLES)
    insert_rows(connection, "version_numbers", [(no, place) for place, no in found.numbers.items()])
    kept = [(p.policy_no, *p.words, p.verdict.outcome.value) for p in patterns if p.kept]
    insert_rows(connection, "judged", kept)
    connection.execute(_STANDS)
    for place in found.numbers:
        if any(p.verdict.outcome is Outcome.UNDETERMINED for p in found.patterns[place]):
            connection.execute(_OPEN_FIRMS, [place])
            found.suppose(place)
            connection.execute(_NOTE_POSSIBLE, [place])


_TABLES = """
    CREATE TEMP TABLE version_numbers (policy_no SMALLINT, version SMALLINT);
    CREATE TEMP TABLE judged (policy_no SMALLINT, w0 BIGINT, w1 BIGINT, outcome VARCHAR);
"""
_STANDS = """
    CREATE TABLE stands AS
    SELECT n.version, k.firm_no, j.outcome, a.fen, coalesce(a.held, 0) > 0 AS held,
           coalesce(a.open_items, 0) AS open_items, NULL::BIGINT AS possible_fen, FALSE AS not_computable
    FROM kept k
    JOIN judged j USING (policy_no, w0, w1)
    JOIN version_numbers n USING (policy_no)
    LEFT JOIN (
        SELECT policy_no, firm_no, sum(amount_fen) FILTER (counts)::BIGINT AS fen,
               count(*) FILTER (counts AND amount_fen IS NULL) AS held, count(*) FILTER (counts IS NULL) AS open_items
        FROM awards GROUP BY policy_no, firm_no
    ) a ON a.policy_no = k.policy_no AND a.firm_no = k.firm_no
    WHERE j.outcome <> 'ineligible'
"""
_OPEN_FIRMS = """
    CREATE OR REPLACE TABLE eligible AS SELECT firm_no FROM stands WHERE version = ? AND outcome = 'undetermined'
"""
# A firm without any item that it might be paid for has an amount that nobody can tell yet.
_NOTE_POSSIBLE = """
    UPDATE stands SET possible_fen = p.fen, not_computable = p.unknown
    FROM (
        SELECT firm_no, sum(amount_fen)::BIGINT AS fen,
               count(amount_fen) < count(*) AS unknown
        FROM eligible LEFT JOIN (SELECT * FROM supposed WHERE counts IS NOT FALSE) s USING (firm_no) GROUP BY firm_no
    ) p
    WHERE stands.version = ? AND stands.firm_no = p.firm_no
"""
