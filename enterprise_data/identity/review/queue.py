"""The queue: the unlinked rows of a snapshot by subject, ordered by what is at stake, marked where decided."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.identity.journal.facts import Decision
from enterprise_data.identity.journal.ledger import Active, Ledger
from enterprise_data.identity.review.entries import NO_PATTERN, Entry, State
from enterprise_data.identity.review.kinship import gather_kinships
from enterprise_data.identity.wording import NOT_ABOUT_FIRMS
from enterprise_data.session import session

# Not asked are rows that are unlinked for what they say, not for whom they name, and those of the register, of former
# names and of successions, which tell what firms there are before anything is decided.
_ROWS = """
CREATE TEMP TABLE asked AS
SELECT *, substr(sha256(concat(
           strlen(dataset)::VARCHAR || ':' || dataset,
           coalesce(strlen(uscc)::VARCHAR || ':' || uscc, '-'),
           coalesce(strlen(organisation_code)::VARCHAR || ':' || organisation_code, '-'),
           coalesce(strlen(registration_no)::VARCHAR || ':' || registration_no, '-'),
           coalesce(strlen(name)::VARCHAR || ':' || name, '-'))), 1, 24) AS id
FROM read_parquet($unlinked) WHERE list_contains($asked, dataset) AND NOT list_contains($not_about_firms, reason)
"""

_SUBJECTS = """
CREATE TEMP TABLE subjects AS
SELECT id, min(dataset) AS dataset, min(uscc) AS uscc, min(organisation_code) AS organisation_code,
       min(registration_no) AS registration_no, min(name) AS name,
       count(*) AS rows, list(row_no ORDER BY row_no)[:5] AS row_nos, arg_min(reason, row_no) AS reason,
       bool_or(reason = 'decision_outdated') AS is_outdated,
       min(day) AS first_day, max(day) AS last_day, arg_min(region, row_no) AS region
FROM asked GROUP BY id
"""

# A subject's rows may have different candidates, by their days and regions: each firm counts with its best score.
_CANDIDATES = """
CREATE TEMP TABLE candidates AS
SELECT id, list(
           {'uscc': uscc, 'name': name, 'near_name': near_name, 'region': region, 'score': score, 'pattern': pattern,
            'plausible': plausible, 'kinships': kinships}
           ORDER BY score DESC, best_rank, uscc)[:5] AS candidates
FROM (
    SELECT a.id, c.firm_no, max(c.score) AS score, min(c.rank) AS best_rank, bool_or(c.plausible) AS plausible,
           arg_max(c.name, (c.score, -c.rank, -c.row_no)) AS near_name,
           coalesce(arg_max(c.pattern, (c.score, -c.rank, -c.row_no)), 'other') AS pattern
    FROM read_parquet($candidates) c JOIN asked a USING (dataset, row_no)
    GROUP BY a.id, c.firm_no
)
JOIN read_parquet($firms) USING (firm_no)
LEFT JOIN kinships USING (firm_no)
GROUP BY id
"""

# A decision that the snapshot used and found outdated is to be made anew; one made since is not. Rows without
# candidates leave no firm's facts open, so they can wait.
_QUEUE = """
SELECT s.id, s.dataset, s.uscc, s.organisation_code, s.registration_no, s.name, s.rows, s.row_nos, s.reason,
       s.first_day, s.last_day, s.region,
       coalesce(w.negative, FALSE) AS negative, coalesce(w.stake, 0) AS stake,
       coalesce(c.candidates, []) AS candidates,
       c.candidates[1].score - coalesce(c.candidates[2].score, 0) AS margin,
       coalesce(c.candidates[1].pattern, $no_pattern) AS pattern,
       CASE WHEN d.fact_id IS NULL OR (s.is_outdated AND list_contains($used, d.fact_id)) THEN 'open' ELSE d.state
       END AS state,
       d.fact_id
FROM subjects s
LEFT JOIN candidates c USING (id)
LEFT JOIN (SELECT unnest($datasets) AS dataset, unnest($negative) AS negative, unnest($stakes) AS stake) w
       USING (dataset)
LEFT JOIN read_parquet($decided) d
       ON d.dataset = s.dataset AND d.uscc IS NOT DISTINCT FROM s.uscc
      AND d.organisation_code IS NOT DISTINCT FROM s.organisation_code
      AND d.registration_no IS NOT DISTINCT FROM s.registration_no AND d.name IS NOT DISTINCT FROM s.name
ORDER BY len(candidates) = 0, negative DESC, stake DESC, margin DESC, len(candidates), s.dataset, s.row_nos[1]
"""

_DECIDED_FILE = "decided.parquet"
_DECIDED = {
    **dict.fromkeys(("dataset", "uscc", "organisation_code", "registration_no", "name", "state"), pl.String),
    "fact_id": pl.Int64,
}


@dataclass(frozen=True)
class Sources:
    """The files of one snapshot that the queue is made of, by what they hold."""

    unlinked: Path
    candidates: Path
    firms: Path
    register_sha256: str
    used: Active = field(default_factory=Active)
    """The decisions and corrections that the snapshot was linked with."""
    relations: Mapping[str, Path] = field(default_factory=dict)
    """The linked rows of relations, by dataset."""

    def firms_among(self, usccs: Sequence[str]) -> dict[str, str | None]:
        """Return the names of those firms that the register has, by USCC."""
        wanted = pl.scan_parquet(self.firms, glob=False).filter(pl.col("uscc").is_in(sorted(set(usccs))))
        return dict(wanted.select("uscc", "name").collect().iter_rows())


@dataclass(frozen=True)
class Queue:
    """Entries in the order in which they should be decided, one a row; `Entry` says what the columns hold."""

    frame: pl.DataFrame
    sources: Sources

    def __len__(self) -> int:
        """Return how many entries there are."""
        return self.frame.height

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in order."""
        return map(Entry.of, self.frame.iter_rows(named=True))

    def chosen(
        self,
        *,
        dataset: str | None = None,
        reason: str | None = None,
        pattern: str | None = None,
        states: Sequence[State] = (State.OPEN,),
        limit: int | None = None,
    ) -> Queue:
        """Return only the entries that fit; None: any."""
        wanted = {"dataset": dataset, "reason": reason, "pattern": pattern}
        fits = [pl.col(name) == value for name, value in wanted.items() if value is not None]
        frame = self.frame.filter(pl.col("state").is_in([state.value for state in states]), *fits)
        return Queue(frame if limit is None else frame.head(limit), self.sources)

    def patterns(self) -> pl.DataFrame:
        """Return `pattern`, its `entries` and their `rows`, the most frequent first."""
        grouped = self.frame.group_by("pattern").agg(entries=pl.len().cast(pl.Int64), rows=pl.col("rows").sum())
        return grouped.sort(pl.col("entries"), "pattern", descending=[True, False])


def build_queue(sources: Sources, catalogue: Catalogue, ledger: Ledger, stakes: Mapping[str, int]) -> Queue:
    """Return the queue of a snapshot; `stakes` is what is at stake in a dataset, in fen."""
    with tempfile.TemporaryDirectory(prefix="mianshen-review-") as folder:
        spill = Path(folder) / "spill"
        spill.mkdir()
        _decided(ledger).write_parquet(spill / _DECIDED_FILE)
        with session(spill) as con:
            return Queue(_build(con, sources, spill, catalogue, stakes), sources)


def _build(
    con: duckdb.DuckDBPyConnection,
    sources: Sources,
    spill: Path,
    catalogue: Catalogue,
    stakes: Mapping[str, int],
) -> pl.DataFrame:
    firms = str(sources.firms)
    asked = [name for name, dataset in catalogue.datasets.items() if dataset.is_decidable]
    rows = {"unlinked": str(sources.unlinked), "asked": asked, "not_about_firms": list(NOT_ABOUT_FIRMS)}
    con.execute(_ROWS, rows)
    con.execute(_SUBJECTS)
    con.read_parquet(firms).create_view("firms")
    gather_kinships(con, sources.relations, catalogue.datasets, sources.used, spill)
    con.execute(_CANDIDATES, {"candidates": str(sources.candidates), "firms": firms})
    parameters = {
        "datasets": list(catalogue.datasets),
        "negative": [dataset.negative for dataset in catalogue.datasets.values()],
        "stakes": [stakes.get(name, 0) for name in catalogue.datasets],
        "decided": str(spill / _DECIDED_FILE),
        "used": [fact.id for fact in sources.used.decisions],
        "no_pattern": NO_PATTERN,
    }
    return pl.DataFrame(con.sql(_QUEUE, params=parameters))


def _decided(ledger: Ledger) -> pl.DataFrame:
    """Return the live decisions, in force or waiting, by subject."""
    holds = ledger.active()
    marked = [(State.DECIDED, fact) for fact in holds.decisions] + [(State.WAITING, fact) for fact in holds.waiting]
    rows: list[dict[str, Any]] = [
        fact.what.subject.model_dump() | {"state": state.value, "fact_id": fact.id}
        for state, fact in marked
        if isinstance(fact.what, Decision)
    ]
    return pl.DataFrame(rows, schema=_DECIDED)
