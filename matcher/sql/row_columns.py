"""The columns of one dataset's rows, for filters and for items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations.problems import MianshenError
from matcher.sql.build import column
from matcher.sql.columns import Columns, point, stored
from matcher.sql.relations import table_of
from policies.language import terms as t


@dataclass(frozen=True)
class RowColumns:
    """Fields of the row at hand; `beyond` answers facts of the firm where the place allows them (see `Columns`)."""

    dataset: Dataset
    beyond: Columns | None = None

    def of(self, term: t.Fact | t.Aggregate | t.RowField | t.Defined) -> Any:
        """Return where a field of the row, or a fact of its firm, rests."""
        if isinstance(term, t.RowField):
            rest = column(term.field, table_of(self.dataset.dataset))
            return point(rest) if term.field == "period" else stored(self.dataset.fields[term.field], rest)
        if self.beyond is None:
            raise MianshenError(f"a filter over {self.dataset.dataset} may use only the fields of its rows")
        return self.beyond.of(term)
