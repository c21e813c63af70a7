"""Bad input of every kind: a message with the place and the remedy, exit code 1, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from cli.exit_codes import ExitCode
from tests.cli.running import Result, mianshen, ok
from tests.cli.town import CATALOGUE, DRUGS, FILES, GROWTH, MATCH, A, bare, loaded, write


def bad(*arguments: object) -> Result:
    """Run a command line that must fail for a fault in its input, and say so on stderr alone."""
    result = mianshen(*arguments)
    assert result.code == ExitCode.PROBLEMS, result
    assert result.out == ""
    assert "Traceback" not in result.err
    assert "internal error" not in result.err
    return result


def parquet(path: Path, text: bytes = b"PAR1 not really PAR1") -> Path:
    path.write_bytes(text)
    return path


def sheet(path: Path) -> Path:
    book = Workbook()
    book.active.append(["统一社会信用代码", "无关"])  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(path)
    return path


SOURCES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no such file": (lambda folder: folder / "none.csv", "there is no file"),
    "a form nobody reads": (lambda folder: write(folder, "x.pdf", "%PDF"), "use .csv"),
    "an empty file": (lambda folder: write(folder, "x.csv", ""), "empty"),
    "headings that do not fit": (lambda folder: write(folder, "x.csv", "甲,乙\n1,2\n"), "turnover"),
    "bytes of no encoding": (lambda folder: parquet(folder / "x.csv", b"\xff\xfe\x00\xd8\x00\n"), "x.csv"),
    "a broken Parquet file": (lambda folder: parquet(folder / "x.parquet"), "x.parquet"),
    "a broken workbook": (lambda folder: parquet(folder / "x.xlsx", b"PK\x03\x04 broken"), "x.xlsx"),
    "a workbook without the columns": (lambda folder: sheet(folder / "x.xlsx"), "x.xlsx"),
    "broken JSON lines": (lambda folder: write(folder, "x.jsonl", '{"统一社会信用代码": \n'), "x.jsonl"),
}


@pytest.mark.parametrize("fault", SOURCES)
def test_a_file_that_cannot_be_loaded_leaves_the_delivery_in_force(fault: str, tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    ok("data", "load", "-w", folder, "turnover", write(tmp_path, "t.csv", FILES["turnover"]))
    before = ok("data", "status", "-w", folder, "--format", "ndjson").out
    make, said = SOURCES[fault]
    assert said in bad("data", "load", "-w", folder, "turnover", make(tmp_path)).err
    assert ok("data", "status", "-w", folder, "--format", "ndjson").out == before


def test_a_truncated_parquet_file_is_named(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"uscc": [A], "revenue": [1.0]}).write_parquet(whole)
    half = parquet(tmp_path / "half.parquet", whole.read_bytes()[:-20])
    assert "half.parquet" in bad("data", "load", "-w", folder, "turnover", half).err


def test_bad_codes_dates_and_numbers_are_rejected_row_by_row_with_place_and_reason(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    text = f"统一社会信用代码,年度,营业收入（万元）\n{A},2023,1\n{A[:-1]},2023,1\n{A},2o22,1\n{A},2021,many\n"
    said = ok("data", "load", "-w", folder, "turnover", write(tmp_path, "t.csv", text)).err
    assert "1 row loaded, 3 rejected, of 4 read" in said
    assert "mianshen data rejects" in said
    faults = ok("data", "rejects", "-w", folder, "turnover", "--format", "ndjson").rows
    assert {(fault["row_no"], fault["code"]) for fault in faults} == {
        (2, "bad_uscc"),
        (3, "bad_period"),
        (4, "not_a_number"),
    }


def test_an_unknown_dataset_is_answered_with_a_near_one(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    source = write(tmp_path, "t.csv", FILES["turnover"])
    assert "did you mean `turnover`" in bad("data", "load", "-w", folder, "turnovr", source).err
    assert "did you mean `turnover`" in bad("data", "catalog", "-w", folder, "turnovr").err


def test_faulty_yaml_is_shown_with_line_caret_and_help(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "catalog/turnover.yaml", CATALOGUE["turnover"].replace("unit: 万元", "unit: 公斤"))
    said = bad("data", "catalog", "-w", folder).err
    assert "turnover.yaml:9:" in said
    assert "^^^" in said


def test_every_problem_of_every_policy_is_reported_at_once(tmp_path: Path) -> None:
    folder = loaded(tmp_path / "w")
    ok("data", "freeze", "-w", folder, "-q")
    write(folder, "policies/growth.yaml", GROWTH.replace('2亿元"', '20000"').replace("blacklist)", "blacklst)"))
    write(folder, "policies/new-drugs.yaml", DRUGS + "extra: 1\n")
    for command in (("policy", "check"), ("match", *MATCH), ("policy", "list")):
        said = bad(*command, "-w", folder).err
        assert "growth.yaml:11:" in said
        assert "did you mean `blacklist`" in said
        assert "new-drugs.yaml:" in said
        assert "3 errors" in said
    assert ok("runs", "-w", folder, "--format", "ndjson").rows == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy: [", "growth.yaml"),
        ("a: 1\na: 2\n", "growth.yaml:2:1"),
        ("a: &x 1\n", "growth.yaml:1:"),
        ("", "growth"),
    ],
)
def test_yaml_that_is_no_strict_yaml_is_reported_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "policies/growth.yaml", text)
    assert said in bad("policy", "check", "-w", folder).err


def test_broken_settings_are_shown_with_their_place(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "mianshen.toml", "[match]\nmax_shar = 0.5\n")
    assert "mianshen.toml:2:1" in bad("runs", "-w", folder).err


def test_no_workspace_no_snapshot_no_run_no_firm_say_what_to_do(tmp_path: Path, town: Path) -> None:
    assert "mianshen init" in bad("match", "-w", tmp_path, *MATCH).err
    folder = bare(tmp_path / "w")
    assert "mianshen data freeze" in bad("match", "-w", folder, *MATCH).err
    assert "mianshen data load firms FILE" in bad("data", "freeze", "-w", folder).err
    assert "mianshen match" in bad("explain", "-w", folder, A).err
    assert "no firm with the code" in bad("explain", "-w", town, "91370200MA3C6D1E2X").err
    assert "no policy `growht`; did you mean `growth`" in bad("match", "-w", town, *MATCH, "--policy", "growht").err
    assert "begins with `zz`" in bad("runs", "-w", town, "zz").err
    assert "nothing was changed" in bad("init", town).err


@pytest.mark.parametrize(
    "arguments",
    [
        ("match", "--period", "2024Q5", "--as-of", "2024-12-31"),
        ("match", "--period", "2024", "--as-of", "2024-02-30"),
        ("match", "--period", "2024"),
        ("data", "load", "turnover"),
        ("data", "load", "turnover", "--query", "SELECT 1"),
        ("explain", A, "--period", "2024"),
        ("nonsense",),
        ("runs", "--format", "xml"),
    ],
)
def test_a_wrong_command_line_leaves_with_2_and_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    result = mianshen(*arguments)
    assert result.code == ExitCode.USAGE
    assert "Error" in result.err
    assert result.out == ""


def test_an_altered_snapshot_is_never_matched(tmp_path: Path) -> None:
    folder = loaded(tmp_path / "w")
    snapshot = ok("data", "freeze", "-w", folder).out.strip()
    manifest = folder / "data/snapshots" / snapshot / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"rows":4', '"rows":5'), encoding="utf-8")
    assert "not what was sealed" in bad("match", "-w", folder, *MATCH).err
