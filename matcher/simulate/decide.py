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
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.coverage import Feeds
from matcher.outcomes import Outcome
from matcher.plan import Plan
from matcher.run.engine import Engine, Progress, attach, feeds_of, unseen
from matcher.run.patterns import Pattern
from matcher.simulate.binding import Bound, Setting
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

    def suppose(self, place: int) -> bool:
        """Fill the table `supposed` with what a version would award the firms of the table `eligible`.

        False, and nothing is there, without an award or where its items were never delivered.
        """
        award = self.plan.policies[self.numbers[place]].award
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
    snapshot: Snapshot,
    setting: Setting,
    versions: Sequence[Bound],
    threads: int | None = None,
    progress: Progress = unseen,
) -> Iterator[Decided]:
    """Decide versions over one facts table, in a session that ends with the block; nothing stays on disk.

    Raises:
        MianshenError: the snapshot's files are not what was sealed.
    """
    deciding = [place for place, version in enumerate(versions) if version.idle is None]
    numbers = {place: no for no, place in enumerate(deciding)}
    plan = Plan(setting.context, setting.catalogue, tuple(versions[place].policy for place in numbers), ())
    progress("verifying", 0, 1)
    snapshot.verify_datasets({snapshot.catalogue.register.dataset, *plan.datasets()})
    with (
        tempfile.TemporaryDirectory(prefix="mianshen-") as folder,
        session(Path(folder) / "spill", threads) as connection,
    ):
        attach(connection, snapshot)
        feeds = feeds_of(snapshot)
        engine = Engine(plan, feeds, connection)
        facts = engine.run(progress).columns
        by_version: list[list[Pattern]] = [[] for _ in versions]
        places = {no: place for place, no in numbers.items()}
        for pattern in engine.patterns:
            by_version[places[pattern.policy_no]].append(pattern)
        found = Decided(connection, plan, numbers, by_version, facts, feeds)
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
