"""Run a script of `benchmarks/` as a user does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def run_script(name: str, *arguments: str | Path) -> str:
    """Return what the script prints; its failure fails the test, with what it said."""
    command = [sys.executable, "-W", "error", str(BENCHMARKS / name), *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def make_data(out: Path, *, firms: int, rows: int, seed: int = 1) -> Path:
    """Make a synthetic register and lists in a folder; return it."""
    run_script("linking_data.py", out, "--firms", str(firms), "--rows", str(rows), "--seed", str(seed))
    return out
