"""The small town with rows that no rule linked: a snapshot whose queue is written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from enterprise_data.snapshot.snapshot import current_snapshot
from enterprise_data.workspace import Workspace
from tests.cli.town import frozen
from tests.review.files import Unlinked, write_files

ROWS = (
    Unlinked("blacklist", 2, "甲有限公刊", [(0, 95.0, "one_character"), (1, 80.0, "other")]),
    Unlinked("drugs", 5, "乙公司", [(1, 90.0, "shortened")]),
    Unlinked("drugs", 6, "丁公司", [(3, 88.0, "shortened"), (0, 20.0, "other")]),
    Unlinked("drugs", 7, "丙公司", [(2, 90.0, "shortened"), (3, 90.0, "shortened")]),
    Unlinked("turnover", 9, "戊有限公司", reason="code_not_in_register", uscc="91370200MA3C6D1E2X"),
)


def waiting_town(folder: Path, rows: Sequence[Unlinked] = ROWS) -> Path:
    """Make the town, frozen, with just these rows in its queue."""
    put_queue(frozen(folder), rows)
    return folder


def put_queue(folder: Path, rows: Sequence[Unlinked]) -> None:
    """Put rows in the place of those that the snapshot in force could not link."""
    snapshot = current_snapshot(Workspace.open(folder))
    assert snapshot is not None
    aside = folder / "aside"
    aside.mkdir(exist_ok=True)
    firms = pl.read_parquet(snapshot.firms_path).select("firm_no", "uscc", "name", "region").rows()
    written = write_files(aside, rows, firms)
    written.unlinked.replace(snapshot.unlinked_path)
    written.candidates.replace(snapshot.candidates_path)
