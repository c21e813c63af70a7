"""What `mianshen simulate --vary` shows: a row a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import Column, Format, Row, count_column, money_column, write_lines, write_rows

if TYPE_CHECKING:
    from cli.session import Session
    from matcher.simulate.sweep import Sweep

_COLUMNS = (
    Column("value", "Value", align="right"),
    Column("own", "", lambda own: "in the file" if own else ""),
    count_column("eligible", "Eligible"),
    count_column("undetermined", "Undetermined"),
    money_column("lower_fen", "Lower cost: sure"),
    money_column("upper_fen", "Upper cost"),
    count_column("not_computable", "Amount not told"),
    money_column("bound_fen", "At most"),
)


def write_sweep(form: Format, sweep: Sweep, session: Session) -> None:
    """Write a sweep; `At most` takes firms whose amount cannot be told at the most that the award can come to."""
    for note in sweep.notes:
        session.note(f"note: {note}")
    rows: list[Row] = [{"value": point.written, "own": point.own} | point.totals.as_row() for point in sweep.points]
    if form is Format.TABLE:
        context = sweep.context
        write_lines([f"{sweep.policy}, {sweep.varied}: period {context.period}, as of {context.as_of}", ""])
    write_rows(form, _COLUMNS, rows)
