"""Budget lines of a policy file: the amount, by what firms are served, and what one period leaves to another."""

from __future__ import annotations

from enterprise_data.declarations.strict_yaml import YamlPath
from enterprise_data.periods import Period, PeriodKind
from policies.award_form import Budget
from policies.language.terms import Kind
from policies.policy import BudgetLine, Carried
from policies.reader import MONEY, Reader


def compile_budget(budget: Budget | None, kind: PeriodKind, reader: Reader) -> BudgetLine | None:
    """Return the line of a policy that decides by periods of one kind; faults are kept by the reader."""
    if budget is None:
        return None
    fen = _fen(budget.amount, ("budget", "amount"), reader) if budget.amount is not None else None
    rank = reader.term(budget.rank_by, ("budget", "rank_by"), None) if budget.rank_by is not None else None
    if rank is not None and not rank.type.numeric and rank.type.kind is not Kind.DATE:
        message = f"`rank_by` is a {rank.type.kind.value}; firms are ranked by a number or a day"
        reader.problem("POL011", message, ("budget", "rank_by"))
    carried = tuple(_carried(budget, kind, reader))
    _check_left(fen, carried, reader)
    return BudgetLine(
        budget.line, fen, budget.when_short, rank, highest=budget.rank_order == "highest", carried=carried
    )


def _fen(text: str, path: YamlPath, reader: Reader) -> int | None:
    fen = reader.constant(text, path, MONEY)
    if fen is not None and fen <= 0:
        help_text = "write the amount, or leave it out while there is none"
        reader.problem("POL012", "a budget must be more than nothing", path, help_text)
    return None if fen is None else int(fen)


def _carried(budget: Budget, kind: PeriodKind, reader: Reader) -> list[Carried]:
    found = []
    for i, form in enumerate(budget.carried):
        path = ("budget", "carried", i)
        fen = _fen(form.amount, (*path, "amount"), reader)
        source, target = (
            _period(getattr(form, key), kind, (*path, key.rstrip("_")), reader) for key in ("from_", "to")
        )
        if source is None or target is None:
            continue
        if source == target:
            reader.problem("POL007", f"nothing is carried from {source} to itself", path, "name two periods")
        found.append(Carried(source, target, fen or 0))
    return found


def _period(text: str, kind: PeriodKind, path: YamlPath, reader: Reader) -> Period | None:
    try:
        period = Period.parse(text)
    except ValueError as error:
        reader.problem("POL007", str(error), path, "write one period, such as 2024")
        return None
    if period.kind is not kind:
        reader.problem("POL007", f"{period} is no period of this policy, which decides by {kind.value}", path)
        return None
    return period


def _check_left(fen: int | None, carried: tuple[Carried, ...], reader: Reader) -> None:
    """Keep a fault where more is carried away from a period than its own amount."""
    for source in sorted({each.source for each in carried}):
        away = sum(each.fen for each in carried if each.source == source)
        if fen is not None and away > fen:
            message = f"more is carried away from {source} than its {fen / 100:g} 元"
            reader.problem("POL012", message, ("budget", "carried"), "carry less")
