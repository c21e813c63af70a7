"""`policy search`: what it prints in each form, what it filters, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from tests.cli.running import mianshen, ok
from tests.cli.town import DRUGS, GROWTH, bare, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = bare(tmp_path / "w")
    write(made, "policies/growth.yaml", GROWTH.replace('{periods: "2020..2030"}', "{periods: 2024, region: 青岛市}"))
    write(made, "policies/new-drugs.yaml", DRUGS)
    return made


def test_the_table_shows_what_matched_and_how_it_was_read(folder: Path) -> None:
    shown = ok("policy", "search", "-w", folder, "新药")
    assert "新药 in title" in shown.out
    assert "小企业" not in shown.out
    assert "1 found" in shown.err
    assert "新乐 (mistyped: 新药) in title" in ok("policy", "search", "-w", folder, "新乐").out
    assert "收入不超过 in condition: 上年收入不超过2亿元" in ok("policy", "search", "-w", folder, "收入不超过").out


def test_data_say_where_each_word_was_found(folder: Path) -> None:
    (row,) = json.loads(ok("policy", "search", "-w", folder, "收入不超过", "--format", "json").out)
    assert (row["policy"], row["last_day"], row["score"] > 0) == ("growth", "2024-12-31", True)
    assert row["matched"] == [
        {
            "word": "收入不超过",
            "part": "condition",
            "id": "small",
            "text": "上年收入不超过2亿元",
            "how": "word",
            "read": "收入不超过",
        }
    ]
    (line,) = csv.DictReader(io.StringIO(ok("policy", "search", "-w", folder, "收入不超过", "--format", "csv").out))
    assert (line["policy"], line["applies"]) == ("growth", "2024 青岛市")
    assert line["matched"] == "收入不超过 in condition: 上年收入不超过2亿元"


FILTERS = {
    ("--region", "济南市"): ["new-drugs"],
    ("--region", "市南区"): ["growth", "new-drugs"],
    ("--department", "某局"): ["growth", "new-drugs"],
    ("--department", "税务"): [],
    ("--kind", "right"): [],
    ("--status", "in_force"): ["growth", "new-drugs"],
    ("--expiring-within", "30", "--as-of", "2024-12-01"): ["growth"],
    ("--expiring-within", "29", "--as-of", "2024-12-01"): [],
    ("--limit", "1"): ["growth"],
}


@pytest.mark.parametrize("options", FILTERS)
def test_filters_work_without_words(folder: Path, options: tuple[str, ...]) -> None:
    rows = ok("policy", "search", "-w", folder, *options, "--format", "ndjson").rows
    assert [row["policy"] for row in rows] == FILTERS[options]


def test_what_was_left_out_is_said(folder: Path) -> None:
    assert "2 found, 1 shown (--limit)" in ok("policy", "search", "-w", folder, "奖励", "--limit", "1").err
    assert "no policy found" in ok("policy", "search", "-w", folder, "养老院").err


REFUSED = {
    ("--expiring-within", "30"): (ExitCode.USAGE, "belong together"),
    ("--as-of", "2024-12-01"): (ExitCode.USAGE, "belong together"),
    ("--expiring-within", "-1", "--as-of", "2024-12-01"): (ExitCode.USAGE, "-1 is not in the range"),
    ("--region", "青到市"): (ExitCode.PROBLEMS, "no region is called 青到市"),
    ("--status", "old"): (ExitCode.USAGE, "'old' is not one of"),
}


@pytest.mark.parametrize("options", REFUSED)
def test_what_is_refused(folder: Path, options: tuple[str, ...]) -> None:
    result = mianshen("policy", "search", "-w", folder, "奖励", *options)
    assert (result.code, result.out) == (REFUSED[options][0], "")
    assert REFUSED[options][1] in result.err
