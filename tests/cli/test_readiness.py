"""What no machine may decide is told by `policy check` and left out by `match`; what has no source is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import mianshen, ok
from tests.cli.town import FILES, GROWTH, MATCH, frozen, write

JUDGED = GROWTH.replace("上年收入不超过2亿元", "择优支持")
LATER = GROWTH.replace("policy: growth", "policy: growth-2\nsupersedes: [growth]")


def left_out(folder: Path) -> dict[str, str]:
    """Match, and return the policies left out with their reasons, as the command shows them."""
    shown = ok("match", "-w", folder, *MATCH, "--accept-gate").out
    return dict(line.strip().split(": ", 1) for line in shown.splitlines() if line.startswith("  growth"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"growth": GROWTH}, {}),
        (
            {"growth": JUDGED},
            {"growth": "POL131: `择优` leaves a decision to a person, so the policy is never automatic"},
        ),
        (
            {"growth": GROWTH, "growth-2": LATER.replace("[growth]", "[grwth]")},
            {"growth-2": "POL110: supersedes `grwth`, which is no policy"},
        ),
        (
            {"growth": GROWTH.replace("policy: growth", "policy: growth\nsupersedes: [growth-2]"), "growth-2": LATER},
            dict.fromkeys(
                ("growth", "growth-2"),
                "POL111: policies supersede each other in a circle: growth → growth-2 → growth",
            ),
        ),
    ],
)
def test_a_match_leaves_out_what_is_not_ready(files: dict[str, str], expected: dict[str, str], tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    for name, text in files.items():
        write(folder, f"policies/{name}.yaml", text)
    assert left_out(folder) == expected
    decided = {row["policy"] for row in ok("match", "-w", folder, *MATCH, "--accept-gate", "--format", "ndjson").rows}
    assert decided & expected.keys() == set()
    assert decided == {*files, "new-drugs"} - expected.keys()


def test_a_simulation_of_words_of_judgement_decides_nobody(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    draft = write(tmp_path, "growth.yaml", JUDGED)
    said = ok("simulate", "-w", folder, draft, *MATCH).err
    assert "growth decides nobody: POL131: `择优`" in said
    other = write(tmp_path, "growth-2.yaml", LATER.replace("[growth]", "[grwth]"))
    assert "decides nobody" not in ok("simulate", "-w", folder, other, *MATCH).err


SOURCELESS = "`{}` has no source: `{}` ({}, {}) was never loaded"


def test_a_fact_without_a_source_is_a_warning_once_something_is_frozen(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    assert "POL132" not in ok("policy", "check", "-w", folder).err
    write(folder, "catalog/grants.yaml", GRANTS)
    text = GROWTH.replace(
        "when: not exists(blacklist)", 'when: "not exists(blacklist) and (not exists(grants) or exists(grants))"'
    )
    file = write(folder, "policies/growth.yaml", text)
    told = ok("policy", "check", "-w", folder).err
    assert told.count("POL132") == 1
    assert f"{file}:12:48: warning[POL132]: {SOURCELESS.format('clean', 'grants', '扶持项目', '发改委')}" in told
    assert "mianshen data load grants" in told
    ok("data", "freeze", "-q", "-w", folder)  # until here the snapshot did not even know the dataset
    assert ok("policy", "check", "-w", folder).err == told
    for status in ("suspended", "repealed"):
        write(folder, "policies/growth.yaml", text.replace("status: in_force", f"status: {status}"))
        assert "POL132" not in mianshen("policy", "check", "-w", folder).err


def test_a_column_that_was_not_delivered_is_no_source(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    lines = FILES["drugs"].splitlines()
    without = "\n".join(line.rsplit(",", 1)[0] for line in lines) + "\n"
    source = write(folder, "in/drugs.csv", without)
    ok("data", "load", "-q", "-w", folder, "drugs", source, "--data-date", "2024-12-31")
    ok("data", "freeze", "-q", "-w", folder)
    told = ok("policy", "check", "-w", folder).err
    assert "warning[POL132]: the award has no source: the deliveries of `drugs` (新药批准) have no column" in told


GRANTS = """\
dataset: grants
title: {zh: 扶持项目}
department: 发改委
grain: event
key: [uscc]
dated_by: granted_on
absence: none
fields:
  granted_on: {type: date, label: 批准日期}
"""
