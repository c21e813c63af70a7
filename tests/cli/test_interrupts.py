"""Ctrl-C, a full disk, a closed pipe and a bug: the state before stays whole, and the exit code says what it was."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import duckdb
import polars as pl
import pytest

from cli.exit_codes import ExitCode
from cli.session import Session, Step
from tests.cli.running import PROGRAM, mianshen, ok
from tests.cli.town import FILES, MATCH, A, bare, frozen, write

STATUS = ("data", "status", "--format", "ndjson")


def whole(folder: Path) -> list[Path]:
    """Return every file of the workspace; drafts and locks are not part of its state."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def test_ctrl_c_in_mid_load_leaves_the_delivery_in_force(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    ok("data", "load", "-w", folder, "turnover", write(tmp_path, "t.csv", FILES["turnover"]))
    before, state = ok(*STATUS, "-w", folder).out, whole(folder)
    big = tmp_path / "big.csv"
    rows = pl.DataFrame({"统一社会信用代码": A, "年度": pl.int_range(1_000_000, eager=True) % 9 + 2015})
    rows.with_columns(pl.lit(1).alias("营业收入（万元）")).write_csv(big)
    command = [str(PROGRAM), "data", "load", "-w", str(folder), "turnover", str(big)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        _wait_for(folder / "data/deliveries/turnover", ".draft-*/*")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, said
    assert "what was there before is whole" in said
    assert "Traceback" not in said
    assert ok(*STATUS, "-w", folder).out == before
    assert whole(folder) == state


def _wait_for(folder: Path, pattern: str) -> None:
    deadline = time.monotonic() + 60
    while not any(folder.glob(pattern)):
        assert time.monotonic() < deadline, f"nothing like {pattern} in {folder}"
        time.sleep(0.01)


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Let the third sign of progress of the next command raise what the list holds."""
    errors: list[BaseException] = []

    @contextmanager
    def progress(_: Session) -> Iterator[Step]:
        seen = 0

        def step(_what: str, _done: int = 0, _of: int = 0, /) -> None:
            nonlocal seen
            seen += 1
            if errors and seen == 3:
                raise errors[0]

        yield step

    monkeypatch.setattr(Session, "progress", progress)
    return errors


FAULTS = {
    "ctrl-c": (KeyboardInterrupt(), ExitCode.INTERRUPTED, "interrupted"),
    "ctrl-c within DuckDB": (duckdb.InterruptException("INTERRUPT Error: Interrupted!"), ExitCode.INTERRUPTED, "inter"),
    "ctrl-c within a relation": (RuntimeError("Query interrupted"), ExitCode.INTERRUPTED, "interrupted"),
    "a full disk": (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), ExitCode.PROBLEMS, "No space left"),
    "no memory": (MemoryError(), ExitCode.PROBLEMS, "not enough memory"),
    "no memory within DuckDB": (duckdb.OutOfMemoryException("full"), ExitCode.PROBLEMS, "nothing was changed"),
    "a bug": (AssertionError("this cannot be"), ExitCode.INTERNAL, "internal error: AssertionError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_match_that_breaks_off_leaves_no_run_and_keeps_those_there_were(
    tmp_path: Path, fault: str, raising: list[BaseException]
) -> None:
    error, code, said = FAULTS[fault]
    folder = frozen(tmp_path / "w")
    before = whole(folder)
    raising.append(error)
    result = mianshen("match", "-w", folder, *MATCH)
    assert result.code == code, result
    assert said in result.err
    assert "Traceback" not in result.err
    assert whole(folder) == before


def test_a_freeze_that_breaks_off_leaves_the_snapshot_in_force(tmp_path: Path, raising: list[BaseException]) -> None:
    folder = frozen(tmp_path / "w")
    ok("data", "load", "-w", folder, "turnover", write(tmp_path, "t.csv", f"统一社会信用代码,年度\n{A},2023\n"))
    before = whole(folder)
    raising.append(KeyboardInterrupt())
    assert mianshen("data", "freeze", "-w", folder).code == ExitCode.INTERRUPTED
    assert whole(folder) == before


def test_a_bug_owns_up_and_shows_its_traceback_only_when_asked(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> NoReturn:
        raise ZeroDivisionError("1 / 0")

    monkeypatch.setattr("cli.runs.write_rows", broken)
    result = mianshen("runs", "-w", town)
    assert result.code == ExitCode.INTERNAL
    assert "MIANSHEN_DEBUG=1" in result.err
    assert "Traceback" not in result.err
    monkeypatch.setenv("MIANSHEN_DEBUG", "1")
    assert "Traceback" in mianshen("runs", "-w", town).err


@pytest.mark.parametrize("form", ["ndjson", "csv", "json"])
def test_a_closed_pipe_is_quiet(town: Path, form: str) -> None:
    command = [str(PROGRAM), "policy", "schema"] if form == "json" else [str(PROGRAM), "match", *MATCH, "-q"]
    command += [] if form == "json" else ["-w", str(town), "--format", form]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == ExitCode.PIPE_CLOSED
