"""The page for auditors lists what the ledger has: tables, transfers, states, guards, and tests that are there."""

from __future__ import annotations

import re

from payouts.ledger.guards import guards
from payouts.ledger.states import GRAPHS, TRANSFERS
from payouts.ledger.tables import METADATA
from payouts.ledger.triggers import fixed_columns
from tests.docs.pages import ROOT, read

PAGE = "docs/ledger.md"


def rows(heading: str) -> list[list[str]]:
    section = read(PAGE).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in lines]


def test_every_table_is_listed_with_what_may_change() -> None:
    may_change = {table.name: len(fixed_columns(table)) < len(table.columns) for table in METADATA.sorted_tables}
    assert {row[0]: bool(row[2]) for row in rows("Tables")} == may_change


OF_EACH_KIND = {"begins", "moves", "begins_told", "moves_told"}


def test_every_transfer_is_listed() -> None:
    assert [(row[0], (row[1], row[2])) for row in rows("Books")] == list(TRANSFERS.items())


def test_every_state_is_listed() -> None:
    told = [tuple(row) for row in rows("States")]
    assert told == [
        (kind, before or "—", ", ".join(after)) for kind, graph in GRAPHS.items() for before, after in graph.items()
    ]


def test_every_guard_is_listed() -> None:
    said = [(one.table, one.message) for one in guards() if one.name not in OF_EACH_KIND]
    assert [tuple(row) for row in rows("Guards")] == sorted(said)


def test_the_tests_that_are_named_are_there() -> None:
    named = set(re.findall(r"tests/payouts/[\w/]+(?:\.py)?", read(PAGE)))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert [row[0] for row in rows("Invariants")] == [f"I{number}" for number in range(1, 12)]
