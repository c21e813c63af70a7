"""Rows that may be a firm's, since nobody knows whose they are: which they are, and what settling each would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.identity.wording import REASONS, REJECTED
from enterprise_data.snapshot.dataset_file import CONFLICT
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.coverage import Feeds, is_fresh
from matcher.decide import decide
from matcher.explain.model import OpenRowLine
from matcher.explain.values import due
from matcher.interpreter.aggregates import Row
from matcher.interpreter.rows import FirmRows, RowFacts
from matcher.plan import BoundPolicy
from policies.language import terms as t

_KEYS = ("name", "uscc", "organisation_code", "registration_no")
# What a row is besides what it says.
_PLACING = ("row_no", "belongs", "linked_by")


@dataclass(frozen=True)
class OpenRows:
    """The rows of one firm, among them those that may be another's; `keys` are theirs as delivered."""

    catalogue: Catalogue
    feeds: Feeds
    as_of: date
    firm: FirmRows
    keys: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)

    def behind(self, fact: t.Fact | t.Aggregate) -> list[Row]:
        """Return the open rows that a fact would count, or take its value from; none where the data are too old."""
        dataset = self.catalogue.datasets[fact.dataset]
        if not self.keys or dataset.grain is Grain.REGION or not is_fresh(dataset, self.feeds, self.as_of):
            return []
        if isinstance(fact, t.Aggregate):
            rows = [row for row, _ in self._facts(self.firm).rows_that_count(fact.dataset, fact.where)]
        else:
            rows = list(self.firm.rows.get(fact.dataset, ()))
        if isinstance(fact, t.Fact) and fact.period is not None and fact.period.fixed is not None:
            rows = [row for row in rows if row["period"] == fact.period.fixed.first_day]
        return [row for row in rows if row["belongs"] is None]

    def line(self, policy: BoundPolicy, dataset: str, row: Row) -> OpenRowLine:
        """Return what there is to say of an open row to whoever asks about a policy."""
        declared = self.catalogue.datasets[dataset]
        delivered = self.keys.get((dataset, row["row_no"]), {})
        now = self._decision(policy, self.firm)
        theirs, others = (self._decision(policy, self._settled(declared, row, theirs=is_)) for is_ in (True, False))
        return OpenRowLine(
            dataset=dataset,
            title=declared.title.zh,
            department=declared.department,
            row_no=row["row_no"],
            called=" ".join(str(delivered[key]) for key in _KEYS if delivered.get(key)),
            reason=row["linked_by"],
            why=REASONS[row["linked_by"]].means.en,
            settle=_settle(declared, row["linked_by"]),
            if_theirs=theirs,
            if_not=others,
            could_change=now not in (theirs, others) or theirs != others,
        )

    def _facts(self, firm: FirmRows) -> RowFacts:
        return RowFacts(self.catalogue, self.feeds, self.as_of, firm)

    def _decision(self, policy: BoundPolicy, firm: FirmRows) -> str:
        decision = decide(policy, self._facts(firm))
        if decision is None:
            return "not applicable"
        return decision.verdict.outcome.value + due((p.counts, p.fen) for p in decision.payments)

    def _settled(self, dataset: Dataset, row: Row, *, theirs: bool) -> FirmRows:
        """Return the firm's rows once it is known whether an open one is the firm's, or of rivals the right one."""
        others = [other for other in self.firm.rows[dataset.dataset] if other["row_no"] != row["row_no"]]
        rivals = [other for other in others if _contradicts(other, row)]
        if theirs:
            others = [other for other in others if other not in rivals]
            repeated = dataset.grain is not Grain.EVENT and any(_same(other, row) for other in others)
            others += [] if repeated else [{**row, "belongs": True}]
        elif len(rivals) == 1:
            others = [{**other, "belongs": True} if other is rivals[0] else other for other in others]
        return replace(self.firm, rows={**self.firm.rows, dataset.dataset: others})


def open_rows(snapshot: Snapshot, feeds: Feeds, as_of: date, firm: FirmRows) -> OpenRows:
    """Return the open rows among those that a snapshot holds of a firm."""
    found = dict(_unresolved(firm))
    if not found:
        return OpenRows(snapshot.catalogue, feeds, as_of, firm)
    numbers = sorted({number for of_dataset in found.values() for number in of_dataset})
    rows = pl.scan_parquet(snapshot.unlinked_path, glob=False).filter(
        pl.col("dataset").is_in(sorted(found)), pl.col("row_no").is_in(numbers)
    )
    keys = {(row["dataset"], row["row_no"]): row for row in rows.collect().iter_rows(named=True)}
    return OpenRows(snapshot.catalogue, feeds, as_of, firm, keys)


def _unresolved(firm: FirmRows) -> Iterator[tuple[str, list[int]]]:
    for name, rows in firm.rows.items():
        if numbers := [row["row_no"] for row in rows if row.get("belongs", True) is None]:
            yield name, numbers


def _contradicts(other: Row, row: Row) -> bool:
    """Whether two rows are rivals: of one firm and period, of which at most one is right."""
    return other["linked_by"] == row["linked_by"] == CONFLICT and other.get("period") == row.get("period")


def _same(other: Row, row: Row) -> bool:
    """Whether a sure row says already what an open one says."""
    said = row.keys() - _PLACING
    return bool(other["belongs"]) and all(other[key] == row[key] for key in said)


def _settle(dataset: Dataset, reason: str) -> str:
    """Return what to do; people decide about rows of lists, not about those that say what firms there are."""
    name = dataset.dataset
    if REASONS[reason].about_firm and dataset.is_decidable:
        return f"`mianshen data review --dataset {name} --reason {reason}`"
    if reason == REJECTED:
        return f"correct the row, see `mianshen data rejects {name}`, and load it again"
    return f"correct the rows and load them again: `mianshen data load {name} FILE`"
