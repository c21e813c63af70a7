"""One pass over the rows of a dataset: the pieces of all its facts, one row a firm.

Three stages, each a subquery of the next: per row, whether it counts and its value (`rows`); where a fact wants the
latest row, the firm's last sure day beside it (`dated`); and the filtered aggregates by firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from enterprise_data.catalogue.model import Dataset
from matcher.coverage import Window, time_field
from matcher.sql.aggregates import PIECES, RowTruth, over
from matcher.sql.build import Expr, all_hold, case, cast, column, is_true, named, paren, text
from matcher.sql.columns import Ends
from matcher.sql.compile import Compiler
from matcher.sql.exact import Ratio
from matcher.sql.relations import Relation, table_of
from matcher.sql.row_columns import RowColumns
from policies.language import terms as t


@dataclass
class PieceQuery:
    """Collects the columns of the three stages for one dataset."""

    dataset: Dataset
    relation: Relation
    rows: RowColumns
    has_uncertain_rows: bool
    per_row: list[Expr] = field(default_factory=list)
    dated: list[Expr] = field(default_factory=list)
    per_firm: list[Expr] = field(default_factory=list)

    def add(self, name: str, term: t.Fact | t.Aggregate) -> dict[str, Expr]:
        """Add what `term` needs under column names that begin with `name`; return its pieces by their role."""
        pieces = self._fact(name, term) if isinstance(term, t.Fact) else self._aggregate(name, term)
        self.per_firm += [named(expr, f"{name}_{role}") for role, expr in pieces.items()]
        return {role: column(f"{name}_{role}", self.alias) for role in pieces}

    def add_filled(self, name: str, window: Window) -> Expr:
        """Add how many of a window's periods have a sure row; return the column."""
        period = column("period", table_of(self.dataset.dataset))
        within = exp.Between(this=period, low=_day(window.first), high=_day(window.last))
        here = self._row(f"{name}_within", all_hold(within, is_true(self._belongs())))
        self.per_firm.append(named(over(exp.Count(this=exp.Star()), here), f"{name}_filled"))
        return column(f"{name}_filled", self.alias)

    @property
    def alias(self) -> str:
        """Return the name under which the result is joined to the firms."""
        return f"of_{self.dataset.dataset}"

    def query(self) -> exp.Select:
        """Return the query: the relation's key, then the pieces."""
        key = self.relation.key
        rows = exp.select(column(key, table_of(self.dataset.dataset)), *self.per_row).from_(self.relation.source)
        if self.dated:
            rows = exp.select("*", *self.dated).from_(rows.subquery("rows", copy=False))
        return (
            exp.select(column(key), *self.per_firm)
            .from_(rows.subquery("dated", copy=False))
            .group_by(column(key), copy=False)
        )

    def _fact(self, name: str, term: t.Fact) -> Mapping[str, Expr]:
        where: Expr = exp.true()
        if term.period is not None and term.period.fixed is not None:
            period = column("period", table_of(self.dataset.dataset))
            where = exp.EQ(this=period, expression=_day(term.period.fixed.first_day))
        here = self._row(f"{name}_here", where)
        value = self._row(f"{name}_value", self.value_of(term.field))
        pieces: dict[str, Expr] = {"value": over(exp.AnyValue(this=value), here)}
        if self.has_uncertain_rows:
            sure = self._row(f"{name}_belongs", self._belongs())
            pieces["rows"] = over(exp.Count(this=exp.Star()), here.copy())
            pieces["sure"] = over(exp.LogicalAnd(this=is_true(sure)), here.copy())
        return pieces

    def _aggregate(self, name: str, term: t.Aggregate) -> Mapping[str, Expr]:
        truth = self._row(f"{name}_counts", self.truth(term.where))
        value = None if term.field is None else self._row(f"{name}_value", self.value_of(term.field))
        if term.function != "latest":
            return PIECES[term.function](RowTruth(truth, value))
        day = self._row(f"{name}_day", column(str(time_field(self.dataset)), table_of(self.dataset.dataset)))
        sure_day = case((truth.copy(), day.copy()))
        last = exp.Window(this=exp.Max(this=sure_day), partition_by=[column(self.relation.key)])
        self.dated.append(named(last, f"{name}_last"))
        return PIECES["latest"](RowTruth(truth, value, day, column(f"{name}_last")))

    def truth(self, where: t.Term | None) -> Expr:
        """Return whether a row counts: TRUE surely, NULL possibly (its filter is unknown or it may be another's)."""
        belongs = self._belongs()
        if where is None:
            return belongs
        return all_hold(paren(Compiler(self.rows).condition(where)), belongs)

    def value_of(self, name: str) -> Expr:
        """Return the field of a row: decimals as scaled integers, everything else as it rests."""
        value = self.rows.of(t.RowField(t.NUMBER, self.dataset.dataset, name))
        rest: Expr = value.low if isinstance(value, Ends) else value
        return rest.numerator.expr if isinstance(rest, Ratio) else rest

    def _belongs(self) -> Expr:
        return column("belongs", table_of(self.dataset.dataset))

    def _row(self, name: str, expr: Expr) -> Expr:
        self.per_row.append(named(expr, name))
        return column(name)


def _day(day: date) -> Expr:
    return cast(text(day.isoformat()), "DATE")
