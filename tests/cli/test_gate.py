"""A safety gate stops a run: it is stored and explained, nothing is printed as data, and a person may accept it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from tests.cli.running import child, mianshen, ok
from tests.cli.town import GROWTH, MATCH, frozen, write

COMMAND = (*MATCH, "--format", "ndjson")


@pytest.fixture
def gated(tmp_path: Path) -> Path:
    """Give a workspace whose policy says it should take in no more than a tenth of the firms."""
    folder = frozen(tmp_path / "w")
    write(folder, "policies/growth.yaml", GROWTH + "max_share: 10%\n")
    return folder


def test_a_gate_stops_with_3_says_which_policy_share_and_limit_and_prints_no_data(gated: Path) -> None:
    done = child("match", "-w", gated, *COMMAND)
    assert done.returncode == ExitCode.STOPPED
    assert done.stdout == ""
    for part in ("growth", "1 of 4 firms", "0.2500", "0.1000", "--accept-gate", "mianshen runs"):
        assert part in done.stderr
    assert len(ok("runs", "-w", gated, "--format", "ndjson").rows) == 1


def test_an_accepted_gate_prints_the_decisions(gated: Path) -> None:
    result = ok("match", "-w", gated, *COMMAND, "--accept-gate")
    assert {row["policy"] for row in result.rows} == {"growth", "new-drugs"}
    assert "accepted: growth" in result.err


def test_the_workspace_may_set_the_limit_for_all(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    settings = folder / "mianshen.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("# max_share = 0.5", "max_share = 0.2"), encoding="utf-8")
    result = mianshen("match", "-w", folder, *COMMAND)
    assert result.code == ExitCode.STOPPED
    assert "max_share in mianshen.toml" in result.err
