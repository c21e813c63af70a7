"""Running worked cases: both evaluators must say what the case expects, and thereby the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import duckdb

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset
from matcher.bind import Binder
from matcher.context import Context
from matcher.coverage import Feed, Feeds
from matcher.explain.values import money
from matcher.interpreter.rows import FirmRows
from matcher.plan import Plan, bind_policy
from matcher.trial import Answer, as_settled, by_interpreter, by_sql, steps_that_cut
from policies.cases import Case
from policies.load import Library
from policies.policy import Policy

_EVALUATORS = ("interpreter", "SQL")
_STEPS = {5: "exclusive", 6: "top_up", 7: "shared_cap", 8: "budget"}


def check_case(case: Case, policy: Policy, library: Library, catalogue: Catalogue) -> list[str]:
    """Return how the answers differ from what the case expects, one line each; empty when both are right."""
    seen = Catalogue({name: _as_covered(dataset, case) for name, dataset in catalogue.datasets.items()})
    context = Context(case.period, case.as_of)
    binder = Binder(context, library.definition_terms, library.parameters)
    together = library.together
    plan = Plan(context, seen, (bind_policy(policy, seen, binder, together),), (), together=together)
    feeds = _feeds(case, seen)
    firm = _firm(case, seen)
    with duckdb.connect(config={"threads": 1}) as connection:
        by_rows = by_sql(connection, plan, feeds, [firm])
        answers = (as_settled(connection, by_interpreter(plan, feeds, [firm])), by_rows)
        cut = {name for step, name in _STEPS.items() if step in steps_that_cut(connection)}
    expected = cut if case.cuts is None else case.cuts
    return [*_unless_same("cuts", sorted(expected), sorted(cut)), *_of_both(case, answers)]


def _of_both(case: Case, answers: Sequence[Sequence[Answer]]) -> list[str]:
    return [
        f"{evaluator}: {difference}"
        for evaluator, found in zip(_EVALUATORS, answers, strict=True)
        for difference in _differences(case, found)
    ]


def _as_covered(dataset: Dataset, case: Case) -> Dataset:
    """Return the dataset as the case sees it: its firm stands where data are covered unless the case says otherwise."""
    covers = case.covers.get(dataset.dataset) or dataset.covers.model_copy(update={"region": None})
    return dataset.model_copy(update={"covers": covers})


def _feeds(case: Case, catalogue: Catalogue) -> Feeds:
    """Return fresh feeds for every dataset, but for the missing and the stale ones."""
    return {
        name: Feed(case.as_of - timedelta(days=(dataset.max_age or 0) + 1 if name in case.stale else 0))
        for name, dataset in catalogue.datasets.items()
        if name not in case.missing
    }


def _firm(case: Case, catalogue: Catalogue) -> FirmRows:
    rows = {name: [row.at_rest() for row in of_dataset] for name, of_dataset in case.rows.items()}
    register = catalogue.register
    own = rows.get(register.dataset, [])
    region = own[0].get(register.home_region or "") if len(own) == 1 else None
    return FirmRows(region if isinstance(region, str) else None, rows)


def _differences(case: Case, answers: Sequence[Answer]) -> Iterator[str]:
    found = answers[0] if answers else Answer(case.name, 0, "ineligible", ("applies",), (), ())
    yield from _unless_same("outcome", case.outcome, found.outcome)
    yield from _unless_same("failed", sorted(case.failed), sorted(found.failed))
    yield from _unless_same("unknown", sorted(case.unknown), sorted(found.unknown))
    sure = [due for due in found.due if due.counts]
    held = any(due.fen is None for due in sure)
    yield from _unless_same("amount unknown", case.amount_unknown, held)
    if case.amount_fen is not None and not held:
        yield from _unless_same("amount", money(case.amount_fen), money(sum(due.fen or 0 for due in sure)))
    if case.item_amounts_fen:
        items = {due.item: money(due.fen) for due in sure if due.fen is not None}
        yield from _unless_same("items", {i: money(fen) for i, fen in case.item_amounts_fen.items()}, items)


def _unless_same(what: str, expected: object, found: object) -> Iterator[str]:
    if expected != found:
        yield f"{what} should be {expected}, is {found}"
