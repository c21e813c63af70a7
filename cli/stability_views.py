"""What `mianshen simulate --last` shows: a row a snapshot."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cli.output import Column, Format, Row, count_column, money_column, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.simulate.stability import Moment

_COLUMNS = (
    Column("snapshot", "Snapshot"),
    Column("data_date", "Data of"),
    count_column("eligible", "Eligible"),
    count_column("undetermined", "Undetermined"),
    money_column("lower_fen", "Lower cost: sure"),
    money_column("upper_fen", "Upper cost"),
    count_column("gained", "Gained"),
    count_column("lost", "Lost"),
    count_column("changed", "Other amount"),
)


def write_stability(form: Format, moments: Sequence[Moment]) -> None:
    """Write a policy's firms and costs snapshot by snapshot."""
    rows: list[Row] = [asdict(moment) | moment.totals.as_row() for moment in moments]
    write_rows(form, _COLUMNS, rows)
