"""What a settlement needs of each policy beside its awards: what is open, what was paid before, by what firms rank."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError
from matcher.coverage import Feeds
from matcher.plan import EXCLUSIVE_ITEMS, OWN, TOP_UP, BoundPolicy
from matcher.sql.awards import ELIGIBLE
from matcher.sql.build import Expr, cast, column, named, number, select, text
from matcher.sql.columns import Columns, Ends
from matcher.sql.compile import Compiler
from matcher.sql.exact import Ratio, rounded_to
from matcher.sql.item_payments import item_payments
from matcher.sql.numbers import certain
from policies.language import terms as t

_EACH_PAYMENT = {EXCLUSIVE_ITEMS: "paid_items", OWN: "paid_own"}


def open_awards(policy_no: int, where: Expr) -> exp.Expression:
    """Return the statement that notes the firms of a policy whose decision is open."""
    open_ones = select([named(number(policy_no), "policy_no"), column("firm_no")], exp.to_table("kept"), where=where)
    return exp.insert(open_ones, "open_awards")


def inputs(
    policy_no: int, policy: BoundPolicy, facts: Columns, catalogue: Catalogue, feeds: Feeds
) -> Iterator[exp.Expression]:
    """Yield the statements that note, for the eligible firms of a policy, past payments and ranks."""
    compiler = Compiler(facts)
    for what, term in policy.paid.items():
        ends: Ends = compiler.compile(term)
        # Where the payments themselves are noted, they tell what is sure: in all, only the most they come to matters.
        paid: Ratio = ends.high if what in _EACH_PAYMENT else certain(ends)
        yield _noted("paid_before", policy_no, {"what": text(what), "fen": cast(paid.numerator.expr, "HUGEINT")})
        if what in _EACH_PAYMENT and isinstance(term, t.Aggregate) and term.dataset in feeds:
            dataset = catalogue.datasets[term.dataset]
            payments = item_payments(policy_no, term, policy.paid.get(TOP_UP), dataset)
            yield exp.insert(payments, _EACH_PAYMENT[what])
    if policy.award is not None and policy.award.share_of is not None:
        for name, cap in (("cap", policy.award.cap), ("lifetime", policy.award.lifetime)):
            if cap is not None:
                limit = rounded_to(certain(compiler.compile(cap)), Fraction(1), "down")
                fen = cast(limit.numerator.expr, "HUGEINT")
                yield _noted("paid_before", policy_no, {"what": text(f"limit:{name}"), "fen": fen})
    for place, part in enumerate(policy.instalments, start=1):
        if part.when is not None:
            values = {"part": number(place), "holds": compiler.condition(part.when)}
            yield _noted("conditions_met", policy_no, values)
    if policy.rank is not None:
        yield _noted("ranks", policy_no, {"rank": _ordinal(policy, policy.rank, compiler)})


def _noted(table: str, policy_no: int, values: dict[str, Expr]) -> exp.Expression:
    columns = [named(number(policy_no), "policy_no"), column("firm_no", "facts")]
    columns += [named(value, name) for name, value in values.items()]
    query = exp.select(*columns).from_("facts").join(ELIGIBLE, using="firm_no", copy=False)
    return exp.insert(query, table)


def _ordinal(policy: BoundPolicy, term: t.Term, compiler: Compiler) -> Expr:
    """Return whole numbers in the order of the values: they share one scale, and days are counted."""
    value = certain(compiler.compile(term))
    if not isinstance(value, Ratio):
        days = exp.Sub(this=value, expression=cast(text("1900-01-01"), "DATE"))
        return cast(exp.Paren(this=days), "HUGEINT")
    if value.denominator is not None:
        raise MianshenError(f"policy {policy.id}: `rank_by` divides by a fact of the firm: round it, as in round(x, 4)")
    return cast(value.numerator.expr, "HUGEINT")
