"""The change in words: what is added, removed and changed, with values; what only looks different is not told."""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.workspace import Workspace
from matcher.simulate.differences import Difference, differences
from matcher.simulate.versions import read_version
from tests.cli.running import mianshen, ok
from tests.cli.town import GROWTH, bare, frozen, write

CHANGES: dict[str, tuple[tuple[str, str], list[Difference]]] = {
    "a literal": (
        ("<= 2亿元", "<= 30000万元"),
        [Difference("conditions", "small", "changed", "when", "turnover.revenue[period - 1] <= 2亿元",
                    "turnover.revenue[period - 1] <= 30000万元", (("2亿元", "3亿元"),))],
    ),
    "another operator": (
        ("<= 2亿元", "< 2亿元"),
        [Difference("conditions", "small", "changed", "when", "turnover.revenue[period - 1] <= 2亿元",
                    "turnover.revenue[period - 1] < 2亿元")],
    ),
    "written otherwise": (("<= 2亿元", " ≤  20000万元"), []),
    "the clause": (
        ("clause: 第一条", "clause: 第三条"),
        [Difference("conditions", "small", "changed", "clause", "第一条", "第三条")],
    ),
    "a condition less": (
        ("  - {id: clean, text: 未失信, clause: 第二条, when: not exists(blacklist)}\n", ""),
        [Difference("conditions", "clean", "removed", "text", "未失信", None),
         Difference("conditions", "clean", "removed", "clause", "第二条", None),
         Difference("conditions", "clean", "removed", "when", "not exists(blacklist)", None)],
    ),
    "the amount": (
        ("amount: 10万元", "amount: 12万元"),
        [Difference("award", None, "changed", "amount", "10万元", "12万元", (("10万元", "12万元"),))],
    ),
    "a cap more": (
        ("amount: 10万元", "amount: 10万元, cap: {per_period: 15万元}"),
        [Difference("award", None, "added", "cap.per_period", None, "15万元")],
    ),
    "scope and dates": (
        ('{periods: "2020..2030"}', '{periods: "2025..", region: 山东省, except: [青岛市]}'),
        [Difference("applies", None, "removed", "rule", "2020..2030 everywhere", None),
         Difference("applies", None, "added", "rule", None, "2025.. 山东省 except 青岛市")],
    ),
    "its standing": (
        ("status: in_force", "status: draft"),
        [Difference("policy", None, "changed", "status", "in_force", "draft")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_told_and_nothing_else(name: str, tmp_path: Path) -> None:
    (old, new), expected = CHANGES[name]
    space = Workspace.open(bare(tmp_path / "w"))
    assert old in GROWTH
    file = write(tmp_path, "growth.yaml", GROWTH.replace(old, new))
    catalogue = space.catalogue()
    before = read_version(space, catalogue, space.policy_dir / "growth.yaml")
    assert differences(before, read_version(space, catalogue, file), catalogue) == expected


def test_the_command_shows_words_and_then_the_effect(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    file = write(tmp_path, "growth.yaml", GROWTH.replace("2亿元", "3亿元").replace("10万元", "8万元"))
    shown = ok("policy", "diff", "-w", folder, "growth", file).out
    assert "when: 2亿元 → 3亿元" in shown
    assert "amount: 10万元 → 8万元" in shown
    simulated = ("--effect", "--period", "2024", "--as-of", "2024-12-31")
    effect = ok("policy", "diff", "-w", folder, "growth", file, *simulated).out
    assert effect.startswith(shown)
    assert "gains" in effect
    assert ok("policy", "diff", "-w", folder, "growth", "growth").out == "growth\n  nothing changes\n"
    rows = ok("policy", "diff", "-w", folder, "growth", file, "--format", "ndjson").rows
    assert [row["values"] for row in rows] == [[], ["2亿元 → 3亿元"], ["10万元 → 8万元"]]
    for wrong in (("--effect",), (*simulated, "--format", "csv")):
        assert mianshen("policy", "diff", "-w", folder, "growth", file, *wrong).code == 2
