"""The facts table: every fact that any policy asks for, built once, one row a firm, in the order of the snapshot.

Each dataset is read in one pass. Columns are named by position, `f0`, `f1_low`, `f1_high`, …; `FactColumns` tells the
compiler which term rests where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations.problems import MianshenError
from matcher.coverage import Closed, Feeds, closed_world, is_fresh
from matcher.interpreter.evaluate import has_bounds
from matcher.interpreter.rows import HOME_REGION
from matcher.plan import FactTerm
from matcher.sql.aggregates import ENDS, PIECES, Finish, RowTruth, closed_only
from matcher.sql.build import Expr, all_hold, case, cast, column, named, number, some_hold
from matcher.sql.columns import Ends, point, stored
from matcher.sql.compile import Compiler, unknown
from matcher.sql.exact import Ratio, Whole
from matcher.sql.logic import between, spans
from matcher.sql.pieces import PieceQuery
from matcher.sql.relations import FIRMS, relation
from matcher.sql.row_columns import RowColumns
from matcher.sql.streaks import streaks
from matcher.walk import every_term
from policies.language import terms as t

Delivered = t.Fact | t.Aggregate


@dataclass(frozen=True)
class FactColumns:
    """Where each fact rests in the facts table (see `Columns`)."""

    values: Mapping[FactTerm, Any]

    def of(self, term: t.Fact | t.Aggregate | t.RowField | t.Defined) -> Any:
        """Return the columns of a fact."""
        if isinstance(term, t.RowField):
            if term == HOME_REGION:
                return column("region")
            raise MianshenError(f"`{term.field}` of {term.dataset} has a value only within a row")
        return self.values[term]


@dataclass(frozen=True)
class FactTable:
    """The query that builds the facts table (`firm_no`, `region`, the facts) and where each fact rests in it."""

    query: exp.Select
    columns: FactColumns
    names: Mapping[FactTerm, str]


@dataclass(frozen=True)
class FactBuilder:
    """Plans the facts table for one snapshot and as-of date."""

    catalogue: Catalogue
    feeds: Feeds
    as_of: date

    def plan(self, terms: Iterable[FactTerm]) -> FactTable:
        """Return the facts table for the terms, each once; a definition comes after the facts it is made of."""
        names = {term: f"f{place}" for place, term in enumerate(dict.fromkeys(terms))}
        values: dict[FactTerm, Any] = {}
        query = self._delivered(names, values)
        for defined in _by_depth(names):
            query = _with_definitions(query, {term: names[term] for term in defined}, values)
        return FactTable(query.order_by(column("firm_no"), copy=False), FactColumns(values), names)

    def _delivered(self, names: Mapping[FactTerm, str], values: dict[FactTerm, Any]) -> exp.Select:
        """Select the facts that come straight from datasets."""
        by_dataset: dict[str, list[Delivered]] = {}
        for term in names:
            if not isinstance(term, t.Defined):
                by_dataset.setdefault(term.dataset, []).append(term)
        query = exp.select(column("firm_no", FIRMS), column("region", FIRMS)).from_(FIRMS)
        for name, wanted in by_dataset.items():
            dataset = self.catalogue.datasets[name]
            query, pieces = self._joined(query, dataset, {term: names[term] for term in wanted})
            for term in wanted:
                columns, values[term] = laid_down(names[term], self._value(dataset, term, pieces.get(term)))
                query = query.select(*columns, copy=False)
        return query

    def _joined(
        self, query: exp.Select, dataset: Dataset, names: Mapping[Delivered, str]
    ) -> tuple[exp.Select, dict[Delivered, Mapping[str, Expr]]]:
        """Join the pieces of one dataset's facts to the firms; a dataset never loaded has none."""
        feed = self.feeds.get(dataset.dataset)
        if feed is None:
            return query, {}
        source = PieceQuery(dataset, relation(dataset), RowColumns(dataset), feed.has_uncertain_rows)
        pieces: dict[Delivered, Mapping[str, Expr]] = {}
        for term, name in names.items():
            if isinstance(term, t.Aggregate) and term.function == "streak":
                runs = streaks(dataset, source.truth(term.where), f"{name}_sure", f"{name}_all")
                query = query.join(
                    runs.subquery(name, copy=False),
                    on=_same_firm(name, "firm_no"),
                    join_type="left",
                    copy=False,
                )
                pieces[term] = {role: column(f"{name}_{role}", name) for role in ("sure", "all")}
            else:
                pieces[term] = source.add(name, term)
            window = self._closed(dataset, term).window if isinstance(term, t.Aggregate) else None
            if window is not None:
                pieces[term] = {**pieces[term], "filled": source.add_filled(name, window)}
        if source.per_firm:
            on = _same_firm(source.alias, source.relation.key, source.relation.firms_key)
            query = query.join(source.query().subquery(source.alias, copy=False), on=on, join_type="left", copy=False)
        return query, pieces

    def _value(self, dataset: Dataset, term: Delivered, pieces: Mapping[str, Expr] | None) -> Any:
        if isinstance(term, t.Aggregate):
            known = pieces or no_rows(term.function)
            return ENDS[term.function](known, self._finish(dataset, term, known.get("filled")))
        if pieces is None or not is_fresh(dataset, self.feeds, self.as_of):
            return unknown(term.type)
        value = pieces["value"]
        if "rows" in pieces:
            one = exp.EQ(this=pieces["rows"], expression=number(1))
            value = case((all_hold(one, pieces["sure"]), value))
        return _resting(dataset, term, value)

    def _closed(self, dataset: Dataset, term: t.Aggregate) -> Closed:
        return closed_world(term, dataset, self.feeds, self.as_of)

    def _finish(self, dataset: Dataset, term: t.Aggregate, filled: Expr | None) -> Finish:
        template = _template(dataset, term.field)
        return Finish(
            dataset=dataset,
            field=term.field or "",
            value=template,
            bounded=has_bounds(term.type),
            typed=partial(_typed, template, term.type),
            closed=partial(closed_only, self._closed(dataset, term), filled, _firm_within),
        )


def _by_depth(terms: Iterable[FactTerm]) -> list[list[t.Defined]]:
    """Return the definitions in layers, each made only of facts and of definitions in earlier layers."""
    depths: dict[t.Defined, int] = {}
    for term in terms:
        if isinstance(term, t.Defined):
            inner = [depths[part] for part in every_term(term.body) if isinstance(part, t.Defined)]
            depths[term] = 1 + max(inner, default=0)
    return [[term for term, own in depths.items() if own == depth] for depth in sorted(set(depths.values()))]


def _with_definitions(query: exp.Select, names: Mapping[t.Defined, str], values: dict[FactTerm, Any]) -> exp.Select:
    """Select the columns so far and those of a layer of definitions, each worked out once."""
    compiler = Compiler(FactColumns(dict(values)))
    columns: list[Expr] = []
    for term, name in names.items():
        own, values[term] = laid_down(name, compiler.compile(term.body))
        columns += own
    return exp.select("*", *columns).from_(query.subquery("known", copy=False), copy=False)


def no_rows(function: str) -> Mapping[str, Expr]:
    """Return the pieces of an aggregate over a dataset that was never loaded: NULL, as for a firm without rows."""
    if function == "streak":
        function = "count"
    here = exp.null()
    return {role: exp.null() for role in PIECES[function](RowTruth(here, here, here, here))}


def laid_down(name: str, value: Any) -> tuple[list[Expr], Any]:
    """Return the columns in which a value rests under `name`, and the same value read back from these columns."""
    if not isinstance(value, Ends):
        return [named(value, name)], column(name)
    if value.certain:
        columns, low = _end(name, value.low)
        return columns, point(low)
    (low_columns, low), (high_columns, high) = (
        _end(f"{name}_low", value.low),
        _end(f"{name}_high", value.high),
    )
    return low_columns + high_columns, Ends(low, high)


def _end(name: str, end: Any) -> tuple[list[Expr], Any]:
    if not isinstance(end, Ratio):
        return [named(cast(end, "DATE"), name)], column(name)
    columns = [named(_integer(end.numerator), name)]
    if end.denominator is None:
        return columns, replace(end, numerator=Whole(column(name), end.numerator.bound))
    divisor = f"{name}_per"
    columns.append(named(_integer(end.denominator), divisor))
    numerator, denominator = (
        Whole(column(name), end.numerator.bound),
        Whole(column(divisor), end.denominator.bound),
    )
    return columns, Ratio(numerator, denominator, end.scale)


def _integer(number: Whole) -> Expr:
    return cast(number.expr, "BIGINT" if number.fits_bigint else "HUGEINT")


def _same_firm(alias: str, key: str, firms_key: str = "firm_no") -> Expr:
    return exp.EQ(this=column(key, alias), expression=column(firms_key, FIRMS))


def _template(dataset: Dataset, field: str | None) -> Ratio:
    value = None if field is None else stored(dataset.fields[field], column("value"))
    return value.low if isinstance(value, Ends) and isinstance(value.low, Ratio) else Ratio.of(Fraction(0))


def _typed(template: Ratio, type_: t.Type, expr: Expr) -> Any:
    if type_.kind is t.Kind.DATE or not has_bounds(type_):
        return expr
    return Ratio(Whole(expr, template.numerator.bound), None, template.scale)


def _resting(dataset: Dataset, term: t.Fact, expr: Expr) -> Any:
    """Return a looked-up value, whose decimals the row stage has already made whole."""
    value = stored(dataset.fields[term.field], expr)
    if not isinstance(value, Ends):
        return value
    return point(_typed(_template(dataset, term.field), term.type, expr))


def _firm_within(prefix: str) -> Expr:
    ranges = [between(column("region", FIRMS), *span) for span in spans((prefix,))]
    return some_hold(*ranges)
