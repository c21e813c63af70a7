"""Awards of a policy file: every way to pay becomes one money term; limits and rounding stay beside it."""

from __future__ import annotations

import re
from fractions import Fraction

from enterprise_data.catalogue.model import Dataset, FieldType, Grain
from enterprise_data.declarations.problems import suggest
from policies.award_form import AwardForm, ForEach, RoundingForm, StepsForm
from policies.durations import months_of
from policies.floors import check_floors
from policies.history_form import check_history
from policies.language.terms import (
    BOOL,
    NUMBER,
    Arithmetic,
    Choose,
    Constant,
    Extreme,
    Rounded,
    Term,
)
from policies.policy import Award, Exclusive, Items, ShareOf, Tier, TopUp
from policies.reader import MONEY, SHARE, Reader

_ROWS = re.compile(r"\s*(?P<dataset>\w+)\s*(?:\bwhere\b(?P<filter>.*))?", re.DOTALL)


def compile_award(form: AwardForm, reader: Reader) -> Award:
    """Return the award; its amount is per item when `for_each` is given, and may then name the row's fields."""
    items = _items(form.for_each, reader) if form.for_each else None
    rows_of = items.dataset if items else None
    tiers = _tiers(form, reader, rows_of)
    check_history(form, reader)
    award = Award(
        items=items,
        amount=_chosen(tiers) if tiers else _amount(form, reader, rows_of),
        tiers=tiers,
        item_cap=_item_cap(form, reader, rows_of),
        cap=_cap(form, "per_period", reader),
        lifetime=_cap(form, "lifetime", reader),
        rounding_mode=form.rounding.mode,
        rounding_quantum_fen=_quantum(form.rounding, reader),
        claim=form.claim,
        family=form.family,
        since=form.since,
        exclusive=_exclusive(form),
        top_up=_top_up(form, reader),
        shared_caps=form.shared_caps,
        share_of=_share_of(form, reader),
        written=form,
    )
    check_floors(award, reader)
    return award


def _exclusive(form: AwardForm) -> Exclusive | None:
    group = form.exclusive
    return None if group is None else Exclusive(group.group, group.rank, by_item=group.by == "item")


def _share_of(form: AwardForm, reader: Reader) -> ShareOf | None:
    if form.share is None or form.share.of_award is None:
        return None
    rate = reader.constant(form.share.rate, ("award", "share", "rate"), SHARE)
    if rate is not None and rate <= 0:
        reader.problem("POL012", "a share must be more than nothing", ("award", "share", "rate"))
    return ShareOf(form.share.of_award, rate or Fraction(0))


def _top_up(form: AwardForm, reader: Reader) -> TopUp | None:
    if form.top_up is None or form.top_up.within is None:
        return None if form.top_up is None else TopUp()
    return TopUp(months_of(form.top_up.within, ("award", "top_up", "within"), reader))


def _amount(form: AwardForm, reader: Reader, rows_of: str | None) -> Term:
    if form.steps:
        return _steps(form.steps, reader, rows_of)
    if form.share and form.share.of_award is not None:
        return Constant(MONEY, None)  # until the other award is settled
    if form.share:
        path = ("award", "share")
        base = reader.term(form.share.of or "", (*path, "of"), MONEY, rows_of)
        rate = reader.term(form.share.rate, (*path, "rate"), SHARE, rows_of)
        return Arithmetic(MONEY, "*", base, rate)
    return reader.term(form.amount or "", ("award", "amount"), MONEY, rows_of)


def _tiers(form: AwardForm, reader: Reader, rows_of: str | None) -> tuple[Tier, ...]:
    tiers = []
    for i, tier in enumerate(form.tiers):
        path = ("award", "tiers", i)
        when = reader.term(tier.when, (*path, "when"), BOOL, rows_of)
        pay = reader.term(tier.pay, (*path, "pay"), MONEY, rows_of)
        tiers.append(Tier(tier.id or f"tier-{i + 1}", tier.text, when, pay))
    if len({tier.id for tier in tiers}) < len(tiers):
        reader.problem("POL004", "two tiers have the same id", ("award", "tiers"), "choose another id")
    return tuple(tiers)


def _chosen(tiers: tuple[Tier, ...]) -> Term:
    """Return the first tier that holds, as nested choices; nothing when none does."""
    amount: Term = Constant(MONEY, Fraction(0))
    for tier in reversed(tiers):
        amount = Choose(MONEY, tier.when, tier.pay, amount)
    return amount


def _steps(form: StepsForm, reader: Reader, rows_of: str | None) -> Term:
    path = ("award", "steps")
    of = reader.term(form.of, (*path, "of"), None, rows_of)
    each = reader.term(form.each, (*path, "each"), of.type if of.type.numeric else None, rows_of)
    pay = reader.term(form.pay, (*path, "pay"), MONEY, rows_of)
    if not of.type.numeric:
        reader.problem("POL011", f"`of` is a {of.type.kind.value}; steps are counted in a number", (*path, "of"))
    if isinstance(each, Constant) and isinstance(each.value, Fraction) and each.value <= 0:
        reader.problem("POL012", "a step must be more than nothing", (*path, "each"), "write a positive value")
    steps: Term = Arithmetic(NUMBER, "/", of, each)
    if form.whole:
        steps = Rounded(NUMBER, "down", steps, Fraction(1))
    return Arithmetic(MONEY, "*", pay, Extreme(NUMBER, "max", (steps, Constant(NUMBER, Fraction(0)))))


def _items(form: ForEach, reader: Reader) -> Items | None:
    path = ("award", "for_each", "rows")
    match = _ROWS.fullmatch(form.rows)
    dataset = reader.scope.catalogue.find(match["dataset"]) if match else None
    if match is None or dataset is None:
        word = match["dataset"] if match else form.rows
        help_text = suggest(word, reader.scope.catalogue.datasets) or "write `dataset where filter`"
        reader.problem("POL013", f"`{word}` is not a dataset", path, help_text)
        return None
    if dataset.grain is Grain.REGION:
        reader.problem("POL013", f"the rows of `{dataset.dataset}` belong to regions, not to firms", path)
    name = reader.scope.catalogue.field_name(dataset.dataset, form.item)
    if name is None:
        message = f"`{dataset.dataset}` has no field `{form.item}`"
        reader.problem("POL014", message, ("award", "for_each", "item"), suggest(form.item, dataset.fields))
    where = None
    if match["filter"] is not None:
        where = reader.term(form.rows, path, BOOL, dataset.dataset, match.start("filter"))
    return Items(dataset.dataset, where, name or form.item, _first_by(form, dataset, reader))


def _first_by(form: ForEach, dataset: Dataset, reader: Reader) -> str | None:
    if form.first_by is None:
        return None
    path = ("award", "for_each", "first_by")
    name = reader.scope.catalogue.field_name(dataset.dataset, form.first_by)
    if name is None:
        message = f"`{dataset.dataset}` has no field `{form.first_by}`"
        reader.problem("POL014", message, path, suggest(form.first_by, dataset.fields))
    elif dataset.fields[name].type not in (FieldType.DATE, FieldType.COUNT, FieldType.NUMBER, FieldType.MONEY):
        reader.problem("POL011", f"`{form.first_by}` is neither a day nor a number: who is first?", path)
    return name


def _item_cap(form: AwardForm, reader: Reader, rows_of: str | None) -> Term | None:
    if form.item_cap is None:
        return None
    return reader.term(form.item_cap, ("award", "item_cap"), MONEY, rows_of)


def _cap(form: AwardForm, span: str, reader: Reader) -> Term | None:
    written = getattr(form.cap, span, None)
    return None if written is None else reader.term(written, ("award", "cap", span), MONEY)


def _quantum(form: RoundingForm, reader: Reader) -> int:
    path = ("award", "rounding", "to")
    fen = reader.constant(form.to, path, MONEY)
    if fen is not None and (fen.denominator != 1 or fen < 1):
        reader.problem("POL012", "an amount is rounded to whole fen", path, "write 0.01元, 1元, 100元 or 1万元")
    return max(1, int(fen or 1))
