"""What other programs rely on: the lines `match` prints, and the same rows in decisions.parquet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from cli.match import DECISION_KEYS
from tests.cli.running import child, ok
from tests.cli.town import MATCH, A, B, C, D, frozen

EXPECTED = [
    ("growth", A, None, "eligible", 10_000_000, [], []),
    ("growth", B, None, "ineligible", None, ["small"], []),
    ("growth", C, None, "undetermined", None, [], ["small"]),
    ("growth", D, None, "ineligible", None, ["clean"], []),
    ("new-drugs", A, "国药0001", "eligible", 1_000_000_000, [], []),
    ("new-drugs", A, "国药0002", "eligible", 330_000_000, [], []),
    ("new-drugs", B, "国药0003", "eligible", None, [], []),
    ("new-drugs", C, None, "ineligible", None, ["approved", "items"], []),
    ("new-drugs", D, None, "ineligible", None, ["approved", "items"], []),
]


def as_rows(rows: Sequence[tuple[object, ...]]) -> list[dict[str, object]]:
    return [dict(zip(DECISION_KEYS, row, strict=True)) for row in rows]


def test_every_decision_is_one_line_with_exactly_the_promised_keys(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    done = child("match", "-w", folder, *MATCH, "--complete", "--format", "ndjson")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(tuple(line) == DECISION_KEYS for line in lines)
    assert sorted(lines, key=lambda line: (line["policy"], line["uscc"], line["item"] or "")) == as_rows(EXPECTED)
    (stored,) = (folder / "runs").glob("*/decisions.parquet")
    assert pl.read_parquet(stored).select(DECISION_KEYS).to_dicts() == lines


def test_without_complete_only_what_may_be_paid_is_printed(town: Path) -> None:
    rows = ok("match", "-w", town, *MATCH, "--format", "ndjson").rows
    assert {row["outcome"] for row in rows} == {"eligible", "undetermined"}


def test_notes_never_reach_stdout(town: Path) -> None:
    result = ok("match", "-w", town, *MATCH, "--format", "ndjson")
    assert "run " in result.err
    assert ok("match", "-q", "-w", town, *MATCH, "--format", "ndjson").err == ""


def test_json_is_one_array_of_the_same_rows(town: Path) -> None:
    rows = ok("match", "-w", town, *MATCH, "--format", "ndjson").rows
    assert json.loads(ok("match", "-w", town, *MATCH, "--format", "json").out) == rows


def test_csv_joins_lists_by_blanks(town: Path) -> None:
    lines = ok("match", "-w", town, *MATCH, "--format", "csv", "--complete", "--policy", "new-drugs").out.splitlines()
    assert lines[0] == ",".join(DECISION_KEYS)
    assert f"new-drugs,{D},,ineligible,,approved items," in lines


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_bytes_however_many_threads(town: Path, threads: int) -> None:
    command = ("match", "-q", "-w", town, *MATCH, "--complete", "--format", "ndjson")
    assert ok(*command, "--threads", threads).out == ok(*command).out


def test_the_workspace_may_be_named_before_the_command_or_by_the_environment(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ok("runs", "-w", town, "--format", "ndjson").out
    assert ok("-w", town, "runs", "--format", "ndjson").out == expected
    monkeypatch.setenv("MIANSHEN_WORKSPACE", str(town))
    assert ok("runs", "--format", "ndjson").out == expected
    monkeypatch.delenv("MIANSHEN_WORKSPACE")
    monkeypatch.chdir(town)
    assert ok("runs", "--format", "ndjson").out == expected
