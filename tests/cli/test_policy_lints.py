"""`policy check` tells of transitions, expiry, readiness and fair competition, each at its place; docs/lints.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from tests.cli.running import mianshen, ok
from tests.cli.town import GROWTH, bare, write

OLD = GROWTH.replace('"2020..2030"', '"2020..2023"')
NEW = GROWTH.replace("policy: growth", "policy: growth-2025\nsupersedes: [growth]").replace('"2020..2030"', '"2025.."')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = bare(tmp_path / "w")
    write(made, "policies/growth.yaml", OLD)
    return made


def test_a_gap_is_a_warning_at_the_link(folder: Path) -> None:
    file = write(folder, "policies/growth-2025.yaml", NEW)
    said = ok("policy", "check", "-w", folder).err
    message = "a gap after `growth`: from 2024-01-01 to 2024-12-31 neither applies everywhere"
    assert f"{file}:2:14: warning[POL112]: {message}" in said
    assert "3 files checked: 1 warning" in said
    assert "POL112" in ok("policy", "check", "-w", folder, "growth-2025").err
    assert "1 file checked: no problems" in ok("policy", "check", "-w", folder, "growth").err
    assert ok("policy", "check", "-w", folder, "--quiet").err == ""


def test_unknown_and_circular_supersessions_are_errors(folder: Path) -> None:
    write(folder, "policies/growth-2025.yaml", NEW.replace("[growth]", "[grwth]"))
    unknown = mianshen("policy", "check", "-w", folder)
    assert unknown.code == ExitCode.PROBLEMS
    assert "error[POL110]: supersedes `grwth`, which is no policy" in unknown.err
    assert "did you mean `growth`" in unknown.err
    write(folder, "policies/growth-2025.yaml", NEW)
    write(folder, "policies/growth.yaml", OLD.replace("policy: growth", "policy: growth\nsupersedes: [growth-2025]"))
    circle = mianshen("policy", "check", "-w", folder)
    assert circle.code == ExitCode.PROBLEMS
    assert "error[POL111]: policies supersede each other in a circle: growth → growth-2025 → growth" in circle.err


def test_a_broken_successor_does_not_make_its_predecessor_unknown(folder: Path) -> None:
    write(folder, "policies/growth-2025.yaml", NEW)
    write(folder, "policies/growth.yaml", OLD.replace("revenue", "revenu"))
    assert "POL110" not in mianshen("policy", "check", "-w", folder).err


def test_expiry_is_told_for_a_day_only(folder: Path) -> None:
    assert "no problems" in ok("policy", "check", "-w", folder).err
    assert "no problems" in ok("policy", "check", "-w", folder, "--as-of", "2023-08-01").err
    told = ok("policy", "check", "-w", folder, "--as-of", "2023-12-01").err
    assert "warning[POL121]: ends on 2023-12-31, 30 days after 2023-12-01, and no policy in force follows it" in told
    longer = ok("policy", "check", "-w", folder, "--as-of", "2023-08-01", "--ends-within", "200").err
    assert "152 days after 2023-08-01" in longer
    write(folder, "policies/growth-2025.yaml", NEW.replace("2025..", "2023.."))
    both = ok("policy", "check", "-w", folder, "--as-of", "2023-12-01").err
    assert "superseded by `growth-2025`, and on 2023-12-01 still in force everywhere" in both
    assert "POL121" not in both


def test_judgement_words_stop_an_automatic_policy(folder: Path) -> None:
    file = write(folder, "policies/growth.yaml", OLD.replace("上年收入不超过2亿元", "择优支持"))
    result = mianshen("policy", "check", "-w", folder)
    assert result.code == ExitCode.PROBLEMS
    assert f"{file}:11:23: error[POL131]: `择优` leaves a decision to a person" in result.err
