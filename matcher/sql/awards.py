"""Awards in SQL: the steps of `matcher.awards` for all eligible firms of a policy at once, in integer fen."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError
from matcher.sql.aggregates import MOST_ROWS
from matcher.sql.build import (
    Expr,
    all_hold,
    case,
    cast,
    cast_or_null,
    column,
    is_null,
    named,
    negated,
    number,
    paren,
    some_hold,
    text,
)
from matcher.sql.columns import Columns
from matcher.sql.compile import Compiler
from matcher.sql.exact import Ratio, Whole, compared, rounded_to
from matcher.sql.numbers import certain, chosen
from matcher.sql.pieces import PieceQuery
from matcher.sql.relations import relation, table_of
from matcher.sql.row_columns import RowColumns
from policies.language import terms as t
from policies.policy import Award, Items

STANDING = "standing"  # whose item it is, where items count once across firms (see `matcher.sql.first_items`)
ELIGIBLE = "eligible"  # the table of eligible firms (`firm_no`) that the queries read


def firm_award(award: Award, facts: Columns) -> exp.Select:
    """Return `firm_no, item, counts, amount_fen` for an award per firm; NULL fen is unknown."""
    compiler = Compiler(facts)
    amount = _not_negative(certain(compiler.compile(award.amount)))
    limits = _caps(award, compiler)
    for limit in limits:
        amount = _least(amount, limit)
    fen = _rounded(award, amount, limits)
    return (
        exp.select(column("firm_no", "facts"), named(cast(exp.null(), "VARCHAR"), "item"), named(exp.true(), "counts"))
        .select(named(fen, "amount_fen"), copy=False)
        .from_("facts")
        .join(ELIGIBLE, using="firm_no", copy=False)
    )


def item_award(award: Award, facts: Columns, catalogue: Catalogue) -> exp.Select:
    """Return `firm_no, item, counts, amount_fen` for an award per item, one row an item.

    Raises:
        MianshenError: when an item's amount divides by a fact, which no sum over items could keep exact.
    """
    assert award.items is not None
    dataset = catalogue.datasets[award.items.dataset]
    rows = RowColumns(dataset, facts)
    compiler = Compiler(rows)
    limit = _limit(award.item_cap, compiler) if award.item_cap is not None else None
    amount = _not_negative(certain(compiler.compile(award.amount)))
    amount = _least(amount, limit) if limit else amount
    if amount.denominator is not None:
        raise MianshenError("an item's amount divides by a fact of the firm: round it, as in round(x / y, 2)")
    table = table_of(dataset.dataset)
    counts = item_counts(award.items, catalogue)
    item_rows = (
        exp.select(column("firm_no", table), named(item_key(award.items), "item"))
        .select(named(counts, "counts"), named(amount.numerator.expr, "numerator"), copy=False)
        .from_(table)
        .join(ELIGIBLE, using="firm_no", copy=False)
        .join("facts", using="firm_no", copy=False)
    )
    exact = Ratio(Whole(column("exact"), amount.numerator.bound), None, amount.scale)
    items = _one_row_an_item(item_rows)
    return _shared_out(award, _firsts(items) if award.items.first_by else items, exact, Compiler(facts))


def item_key(items: Items) -> Expr:
    """Return an item's key as text, empty where it has none."""
    key = cast(column(items.item_field, table_of(items.dataset)), "VARCHAR")
    return exp.Coalesce(this=key, expressions=[exp.Literal.string("")])


def item_counts(items: Items, catalogue: Catalogue) -> Expr:
    """Return whether a row of the items' dataset counts; one without a key only may."""
    dataset = catalogue.datasets[items.dataset]
    counts = PieceQuery(dataset, relation(dataset), RowColumns(dataset), has_uncertain_rows=True).truth(items.where)
    keyless = is_null(column(items.item_field, table_of(items.dataset)))
    return all_hold(counts, case((keyless, exp.null()), otherwise=exp.true()))


def _firsts(items: exp.Select) -> exp.Select:
    """Leave nothing to items that count for another firm, and open those of which that cannot be told."""
    lost = exp.Is(this=column("is_first"), expression=exp.false())
    exact = case((lost, number(0)), otherwise=column("exact"))
    counts = case((negated(is_null(column("is_first"))), column("counts")))
    return (
        exp.select(column("firm_no"), column("item"), named(counts, "counts"), named(exact, "exact"))
        .from_(items.subquery("merged", copy=False), copy=False)
        .join(STANDING, using=["firm_no", "item"], join_type="left", copy=False)
    )


def _one_row_an_item(rows: exp.Select) -> exp.Select:
    """Merge rows of one key: they count if one surely does; amounts that differ leave the item's unknown.

    Rows without a key may each be an item, so together they come to their sum.
    """
    all_known = exp.EQ(this=exp.Count(this=exp.Star()), expression=exp.Count(this=column("numerator")))
    least, most = exp.Min(this=column("numerator")), exp.Max(this=column("numerator"))
    agreed = case((all_hold(all_known, exp.EQ(this=least, expression=most)), least.copy()))
    in_all = cast(exp.Sum(this=column("numerator")), "HUGEINT")
    keyless = exp.EQ(this=column("item"), expression=text(""))
    agreed = case((keyless, case((all_known.copy(), in_all))), otherwise=cast(agreed, "HUGEINT"))
    surely = exp.LogicalOr(this=paren(exp.Is(this=column("counts"), expression=exp.true())))
    counts = case((surely, exp.true()))
    not_out = negated(exp.Is(this=column("counts"), expression=exp.false()))
    return (
        exp.select(column("firm_no"), column("item"), named(counts, "counts"), named(agreed, "exact"))
        .from_(rows.where(exp.true(), copy=False).subquery("item_rows", copy=False), copy=False)
        .where(not_out, copy=False)
        .group_by(column("firm_no"), column("item"), copy=False)
    )


def _shared_out(award: Award, items: exp.Select, exact: Ratio, firm: Compiler) -> exp.Select:
    """Give each sure item, in the order of keys, what it adds to the firm's capped sum, then round it.

    Under a cap, an item of unknown amount leaves open what the items after it get. So does one that may count, unless
    they get the same whether it counts or not.
    """
    sure = _added(award, case((column("counts"), column("exact"))), exact, firm)
    added = rounded_to(sure, Fraction(award.rounding_quantum_fen), award.rounding_mode)
    is_settled: list[Expr] = [column("counts"), negated(is_null(column("exact")))]
    if award.cap is not None or award.lifetime is not None:
        none_unknown = exp.EQ(this=_unknown_before(), expression=number(0))
        is_settled += [none_unknown, compared(exp.EQ, sure, _added(award, column("exact"), exact, firm))]
    fen = case((all_hold(*is_settled), _fen(added)))
    return (
        exp.select(column("firm_no", "items"), column("item"), column("counts"), named(fen, "amount_fen"))
        .from_(items.subquery("items", copy=False), copy=False)
        .join("facts", using="firm_no", copy=False)
    )


def _added(award: Award, amount: Expr, exact: Ratio, firm: Compiler) -> Ratio:
    """Return what an item adds to the firm's capped sum of amounts."""
    bound = exact.numerator.bound * MOST_ROWS
    before, upto = (
        Ratio(Whole(cast(_sum_of_items(amount, included=included), "HUGEINT"), bound), None, exact.scale)
        for included in (False, True)
    )
    for cap in _caps(award, firm):
        before, upto = _least(before, cap), _least(upto, cap)
    return upto.minus(before)


def _unknown_before() -> Expr:
    """Return how many items of unknown amount come before this one."""
    return _sum_of_items(case((is_null(column("exact")), number(1)), otherwise=number(0)), included=False)


def _sum_of_items(value: Expr, *, included: bool) -> Expr:
    """Return the sum over the firm's items with smaller keys, this one included or not."""
    end = {"end": "CURRENT ROW"} if included else {"end": number(1), "end_side": "PRECEDING"}
    window = exp.Window(
        this=exp.Sum(this=value),
        partition_by=[column("firm_no", "items")],
        order=exp.Order(expressions=[column("item")]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", **end),
    )
    return exp.Coalesce(this=window, expressions=[number(0)])


def _caps(award: Award, compiler: Compiler) -> list[Ratio]:
    return [_limit(term, compiler) for term in (award.cap, award.lifetime) if term is not None]


def _limit(term: t.Term, compiler: Compiler) -> Ratio:
    limit: Ratio = certain(compiler.compile(term))
    return _not_negative(limit)


def _not_negative(amount: Ratio) -> Ratio:
    zero = Ratio.of(Fraction(0))
    if amount.constant is not None:
        return amount if amount.constant >= 0 else zero
    result: Ratio = chosen(paren(compared(exp.LT, amount, zero)), zero, amount)
    return result


def _least(amount: Ratio, limit: Ratio) -> Ratio:
    result: Ratio = chosen(paren(compared(exp.LTE, amount, limit)), amount, limit)
    return result


def _rounded(award: Award, amount: Ratio, limits: list[Ratio]) -> Expr:
    """Return whole fen; rounding never lifts an amount over a limit."""
    quantum = Fraction(award.rounding_quantum_fen)
    whole = rounded_to(amount, quantum, award.rounding_mode)
    if limits and award.rounding_mode != "down":
        over = some_hold(*(compared(exp.GT, whole, limit) for limit in limits))
        whole = chosen(over, rounded_to(amount, quantum, "down"), whole)
    return _fen(whole)


def _fen(whole: Ratio) -> Expr:
    """Return a whole amount in 64 bits; beyond them it is NULL and so held: one absurd firm must not stop the run."""
    fen = whole.numerator.expr
    return cast(fen, "BIGINT") if whole.numerator.fits_bigint else cast_or_null(fen, "BIGINT")
