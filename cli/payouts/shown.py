"""What the commands of `mianshen payout` show alike: instants as days and hours in China, sections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from cli.output import Column, Row, write_lines, write_table

SHOWN = 20
_CHINA = timezone(timedelta(hours=8))


def moment(at: str) -> str:
    """Return an instant of the ledger as day and time in China; empty for none.

    >>> moment("2024-03-01T08:00:00.000000Z")
    '2024-03-01 16:00:00'
    """
    return f"{datetime.fromisoformat(at).astimezone(_CHINA):%Y-%m-%d %H:%M:%S}" if at else ""


def moment_column(key: str, heading: str) -> Column:
    """Return a column of instants; machines get them as the ledger has them, in UTC."""
    return Column(key, heading, lambda value: moment(value or ""))


def section(heading: str, columns: Sequence[Column], rows: Sequence[Row], shown: int = SHOWN) -> None:
    """Write a table under a heading, cut after so many rows; nothing where there are no rows."""
    if not rows:
        return
    cut = f"the first {shown} of {len(rows):,}" if len(rows) > shown else ""
    write_lines(["", ": ".join(filter(None, (heading, cut)))] if heading or cut else [""])
    write_table(columns, rows[:shown])
