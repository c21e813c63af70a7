"""What `mianshen simulate` shows of a change: totals, kinds of change, breakdowns, firms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cli.failures import counted
from cli.money import money
from cli.output import (
    Column,
    Format,
    Row,
    count_column,
    money_column,
    write_frame,
    write_json,
    write_lines,
    write_table,
)

if TYPE_CHECKING:
    from cli.session import Session
    from matcher.simulate.compare import Simulation
    from matcher.simulate.sums import Totals

_FIRMS_SHOWN = 10
_COUNTS = (
    ("in_scope", "firms in scope"),
    ("eligible", "eligible"),
    ("undetermined", "undetermined"),
    ("ineligible", "ineligible"),
)
_GROUP_COLUMNS = (
    Column("name", "", wrap=True),
    count_column("gains", "Gain"),
    count_column("loses", "Lose"),
    count_column("changed", "Other amount"),
    money_column("before_fen", "Before"),
    money_column("after_fen", "After"),
    Column("difference_fen", "Difference", lambda fen: signed(fen, money), "right"),
)
_FIRM_COLUMNS = (
    Column("change", "Change"),
    Column("uscc", "Firm"),
    Column("name", "Name", wrap=True),
    money_column("before_fen", "Before"),
    money_column("after_fen", "After"),
)
_TOTAL_COLUMNS = tuple(
    Column(key, heading, align="right" if key != "what" else "left")
    for key, heading in (("what", ""), ("before", "Before"), ("after", "After"), ("difference", "Difference"))
)


def signed(value: int, written: Callable[[int], str]) -> str:
    """Return a difference with its sign; nothing is written as it is."""
    return ("+" if value > 0 else "") + written(value)


def write_simulation(form: Format, found: Simulation, session: Session) -> None:
    """Write a simulation: all of it as tables or JSON, the firms concerned in the other formats."""
    for note in found.notes:
        session.note(f"note: {note}")
    if form is Format.JSON:
        write_json(document(found))
    elif form is not Format.TABLE:
        write_frame(form, found.firms.lazy())
    else:
        _write_tables(found)


def _write_tables(found: Simulation) -> None:
    compared = f"compared with {found.before}" if found.before else "compared with no policy"
    title = f"{found.policy}, {compared}: period {found.context.period}, as of {found.context.as_of}"
    write_lines([title, ""])
    write_table(_TOTAL_COLUMNS, list(_total_rows(found.totals_before, found.totals_after)))
    write_lines(["", *_cost_lines(found.totals_after)])
    if found.firms.is_empty():
        write_lines(["No firm gains, loses or is paid another amount."])
        return
    counts: list[Row] = [{"change": kind, "firms": firms} for kind, firms in found.counts().items()]
    write_lines([""])
    write_table((Column("change", "Change"), Column("means", "Means"), count_column("firms", "Firms")), _meant(counts))
    for by in dict.fromkeys(group.by for group in found.groups):
        rows = [asdict(g) | {"difference_fen": g.difference_fen} for g in found.groups if g.by == by and _moves(g)]
        if rows:
            write_lines(["", f"By {by}, where something changes:"])
            write_table(_GROUP_COLUMNS, rows)
    shown = found.firms.head(_FIRMS_SHOWN)
    write_lines(["", _firms_line(found.firms.height)])
    write_table(_FIRM_COLUMNS, shown.to_dicts())


def _firms_line(firms: int) -> str:
    if firms <= _FIRMS_SHOWN:
        return "The firms:"
    return f"The first {_FIRMS_SHOWN} of {counted(firms, 'firm')}; --format csv has them all:"


def _moves(group: Any) -> bool:
    return bool(group.gains or group.loses or group.changed or group.difference_fen)


def _meant(rows: list[Row]) -> list[Row]:
    from matcher.simulate.changes import MEANINGS

    return [{**row, "means": MEANINGS[row["change"]]} for row in rows]


def _total_rows(before: Totals, after: Totals) -> Iterator[Row]:
    for key, what in _COUNTS:
        yield _total_row(what, getattr(before, key), getattr(after, key), lambda value: f"{value:,}")
    yield _total_row("lower cost: sure", before.lower_fen, after.lower_fen, money)
    yield _total_row("upper cost: with undetermined firms", before.upper_fen, after.upper_fen, money)
    if before.not_computable or after.not_computable:
        yield _total_row(
            "firms whose amount cannot be told", before.not_computable, after.not_computable, lambda value: f"{value:,}"
        )
        if before.bound_fen is not None and after.bound_fen is not None:
            yield _total_row("upper cost with them at the most", before.bound_fen, after.bound_fen, money)


def _total_row(what: str, before: int, after: int, written: Callable[[int], str]) -> Row:
    difference = signed(after - before, written)
    return {"what": what, "before": written(before), "after": written(after), "difference": difference}


def _cost_lines(after: Totals) -> Iterator[str]:
    """Yield what the costs leave out, in words."""
    if after.not_computable:
        firms = counted(after.not_computable, "firm")
        known = (
            "the last line takes them at the most that the award can come to"
            if after.bound_fen is not None
            else "nothing in the award bounds it, so the upper cost is no bound"
        )
        yield f"What {firms} would get cannot be told ({after.held:,} of them eligible and held): {known}."
    elif after.undetermined:
        yield f"Between the two costs lie {counted(after.undetermined, 'undetermined firm')}."
    else:
        yield "Nothing is undetermined: the cost is sure."


def document(found: Simulation) -> dict[str, Any]:
    """Return a simulation as data."""
    return {
        "policy": found.policy,
        "against": found.before,
        "snapshot": found.snapshot,
        "period": str(found.context.period),
        "as_of": found.context.as_of,
        "before": found.totals_before.as_row(),
        "after": found.totals_after.as_row(),
        "changes": found.counts(),
        "groups": [asdict(group) for group in found.groups],
        "notes": list(found.notes),
        "firms": found.firms.to_dicts(),
    }
