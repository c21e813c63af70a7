"""What `mianshen simulate --conditions` shows: what each condition does by itself, and the funnel of all."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cli.money import money
from cli.output import Column, Format, Row, count_column, write_json, write_lines, write_rows, write_table
from cli.simulate_views import signed

if TYPE_CHECKING:
    from cli.session import Session
    from matcher.simulate.marginal import Conditions

_EFFECT_COLUMNS = (
    Column("condition", "Without"),
    Column("text", "Text", wrap=True),
    Column("more_eligible", "Eligible", lambda firms: signed(firms, _count), "right"),
    Column("fewer_eligible", "", lambda firms: signed(-firms, _count) if firms else "", "right"),
    Column("more_undetermined", "Undetermined", lambda firms: signed(firms, _count), "right"),
    Column("more_fen", "Lower cost", lambda fen: signed(fen, money), "right"),
    Column("fewer_fen", "", lambda fen: signed(-fen, money) if fen else "", "right"),
    Column("not_computable", "Amount not told", lambda firms: f"{firms:,}" if firms else "", "right"),
)
_FUNNEL_COLUMNS = (
    Column("condition", "After"),
    Column("text", "Text", wrap=True),
    count_column("sure", "Surely in"),
    count_column("open", "Open"),
)


def _count(firms: int) -> str:
    return f"{firms:,}"


def write_conditions(form: Format, found: Conditions, session: Session) -> None:
    """Write both tables, or all of it as JSON; the other formats have the conditions."""
    for note in found.notes:
        session.note(f"note: {note}")
    effects: list[Row] = [asdict(effect) for effect in found.effects]
    funnel: list[Row] = [asdict(step) for step in found.funnel]
    if form is Format.JSON:
        context = {"period": str(found.context.period), "as_of": found.context.as_of, "snapshot": found.snapshot}
        totals = found.totals.as_row()
        write_json({"policy": found.policy, **context, "totals": totals, "conditions": effects, "funnel": funnel})
    elif form is not Format.TABLE:
        write_rows(form, _EFFECT_COLUMNS, effects)
    else:
        context_line = f"period {found.context.period}, as of {found.context.as_of}"
        sums = f"{found.totals.eligible:,} eligible, {money(found.totals.lower_fen)} sure"
        write_lines([f"{found.policy}, {context_line}: {sums}", "", "If one condition were left out:"])
        write_table(_EFFECT_COLUMNS, effects)
        write_lines(["", "The firms left after each condition:"])
        write_table(_FUNNEL_COLUMNS, funnel)
