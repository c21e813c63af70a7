"""Money and tables for people; the start, completion and the quiet of the program."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cli.failures import counted
from cli.money import money
from cli.output import Column, Format, count_column, write_frame, write_rows, write_table
from cli.session import Session
from tests.cli.running import child, ok
from tests.cli.town import loaded


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (None, "—"),
        (0, "0.00 元"),
        (1, "0.01 元"),
        (-1, "-0.01 元"),
        (123_456, "1,234.56 元"),
        (999_999, "9,999.99 元"),
        (1_000_000, "1.00 万元"),
        (1_000_001, "10,000.01 元"),
        (1_010_000, "1.01 万元"),
        (1_661_000_000, "1,661.00 万元"),
        (-16_610_000_000, "-16,610.00 万元"),
    ],
)
def test_money_is_exact_for_people(fen: int | None, text: str) -> None:
    assert money(fen) == text


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_no_fen_is_ever_lost(fen: int) -> None:
    number, unit = money(fen).replace(",", "").split()
    whole, hundredths = number.removeprefix("-").split(".")
    value = (int(whole) * 100 + int(hundredths)) * {"元": 1, "万元": 10_000}[unit]
    assert (-value if number.startswith("-") else value) == fen


def test_numbers_are_worded() -> None:
    assert [counted(n, "firm") for n in (0, 1, 1200)] == ["0 firms", "1 firm", "1,200 firms"]


def test_chinese_columns_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    columns = (Column("name", "Name"), count_column("rows", "Rows"))
    write_table(columns, [{"name": "税务年度申报", "rows": 1234}, {"name": "tax", "rows": 5}])
    lines = capsys.readouterr().out.splitlines()
    assert cell_len(lines[2]) == cell_len(lines[3]) == cell_len(lines[0])


def test_a_pipe_has_no_width_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    write_table((Column("a", "A"), Column("b", "B", wrap=True)), [{"a": "一" * 40, "b": "two words " * 20}])
    Session().note("three words " * 20)
    written = capsys.readouterr()
    (row,) = written.out.splitlines()[2:]
    assert row.split() == ["一" * 40, *["two", "words"] * 20]
    assert "\x1b" not in written.out
    assert written.err == "three words " * 20 + "\n"


@pytest.mark.parametrize("rows", [0, 1, 250_001])
def test_a_frame_of_any_length_is_written_whole(rows: int, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    frame = pl.LazyFrame({"n": pl.int_range(rows, eager=True), "text": pl.repeat("a\n}", rows, eager=True)})
    for form, read in ((Format.NDJSON, pl.read_ndjson), (Format.JSON, pl.read_json), (Format.CSV, pl.read_csv)):
        write_frame(form, frame)
        written = capsysbinary.readouterr().out
        if rows:
            assert read(written).equals(frame.collect())
    assert written.splitlines()[0] == b"n,text"


def test_an_empty_json_array_is_an_array(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write_frame(Format.JSON, pl.LazyFrame({"n": pl.Series([], dtype=pl.Int64)}))
    assert b"".join(capsysbinary.readouterr().out.split()) == b"[]"


def test_help_needs_none_of_the_heavy_modules() -> None:
    heavy = "{'duckdb', 'polars', 'sqlalchemy', 'sqlglot', 'lark', 'openpyxl'}"
    program = f"import sys; from cli.main import run; run(['--help']); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_ask_this_program(shell: str) -> None:
    assert "_MIANSHEN_COMPLETE" in ok("completion", shell).out


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("data load tu", {"turnover"}),
        ("policy show g", {"growth"}),
        ("match --policy new", {"new-drugs"}),
        ("data lo", {"load"}),
        ("match --form", {"--format"}),
    ],
)
def test_datasets_and_policies_are_completed(tmp_path: Path, line: str, found: set[str]) -> None:
    folder = loaded(tmp_path / "w")
    (folder / "policies/broken.yaml").write_text("policy: [", encoding="utf-8")
    words = f"mianshen {line}"
    environment = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1), "MIANSHEN_WORKSPACE": str(folder)}
    done = child(_MIANSHEN_COMPLETE="bash_complete", **environment)
    assert {entry.split(",")[1] for entry in done.stdout.splitlines()} == found


def test_completion_outside_a_workspace_offers_nothing_and_fails_at_nothing(tmp_path: Path) -> None:
    environment = {"COMP_WORDS": "mianshen data load t", "COMP_CWORD": "3", "MIANSHEN_WORKSPACE": str(tmp_path)}
    done = child(_MIANSHEN_COMPLETE="bash_complete", **environment)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


@pytest.mark.parametrize("form", [Format.JSON, Format.NDJSON])
def test_days_are_written_wherever_they_stand(capsys: pytest.CaptureFixture[str], form: Format) -> None:
    write_rows(form, (Column("told", "Told"),), [{"told": [{"since": date(2015, 3, 1), "until": None}]}])
    found = json.loads(capsys.readouterr().out)
    wanted = {"told": [{"since": "2015-03-01", "until": None}]}
    assert found == ([wanted] if form is Format.JSON else wanted)
