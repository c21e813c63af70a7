"""Why a fact is not known for sure, in words that say which department can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Absence, Dataset
from matcher.coverage import Feeds, closed_world, first_day_asked, is_fresh
from policies.language import terms as t

NOTHING_CERTAIN = "no certain value delivered: a row or field is missing, or a row may be another firm's"


def with_open_rows(why: str, rows: int) -> str:
    """Return a reason, with the rows that may be the firm's; they are the reason where there was no better one."""
    if not rows:
        return why
    may_be = "a row may be this firm's" if rows == 1 else f"{rows:,} rows may be this firm's"
    return may_be if why == NOTHING_CERTAIN else f"{why}; {may_be}"


@dataclass(frozen=True)
class Reasons:
    """Tells why facts are unknown, from the catalogue and the state of the feeds alone."""

    catalogue: Catalogue
    feeds: Feeds
    as_of: date

    def why(self, fact: t.Fact | t.Aggregate, region: str | None) -> str:
        """Return why a fact has no certain value for a firm of this region."""
        dataset = self.catalogue.datasets[fact.dataset]
        if dataset.dataset not in self.feeds:
            return "was never loaded"
        if not is_fresh(dataset, self.feeds, self.as_of):
            day = self.feeds[dataset.dataset].data_date
            return f"data of {day} are older than the {dataset.max_age} days allowed at {self.as_of}"
        if isinstance(fact, t.Aggregate):
            missing = self._not_closed(fact, dataset, region)
            if missing:
                return missing
        return NOTHING_CERTAIN

    def _not_closed(self, fact: t.Aggregate, dataset: Dataset, region: str | None) -> str:
        if closed_world(fact, dataset, self.feeds, self.as_of).holds_in(region):
            return ""
        covers = dataset.covers
        if dataset.absence is Absence.UNKNOWN:
            return "no row does not mean no: the list is not complete by nature"
        if not covers.complete:
            return "the department does not supply all rows"
        first = first_day_asked(fact, dataset)
        if covers.from_ is not None and (first is None or first < covers.from_):
            since = first or "the beginning"
            return f"data begin on {covers.from_}, the condition asks from {since}"
        return f"covers only {covers.region}"
