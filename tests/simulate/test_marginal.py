"""What a condition does by itself is what the file without it says."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.funnel_picture import drawn
from matcher.simulate.compare import simulate
from matcher.simulate.marginal import conditions
from tests.cli.running import ok
from tests.matcher.workspaces import CONTEXT
from tests.simulate.test_compare import Frozen, edited

LINES = {
    "revenue": '  - {id: revenue, text: 收入不低于100万元, clause: 第一条, when: "tax.revenue[period] >= 100万元"}\n',
    "fast": '      - {id: fast, text: 增长20%, clause: 第二条, when: "growth(tax.revenue, period) >= 20%"}\n',
    "exporter": "      - {id: exporter, text: 出口企业, clause: 第二条, when: reg.exporter}\n",
    "grave": (
        "  - none:\n"
        '      - {id: grave, text: 三年内有重大处罚, clause: 第三条, when: exists(pen where level = "重大" and on during last 3 years)}\n'  # noqa: E501
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_leaving_out_a_condition_is_what_the_file_without_it_says(name: str, town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    file = space.policy_dir / "growth.yaml"
    found = conditions(space, snapshot, file, CONTEXT)
    (effect,) = [effect for effect in found.effects if effect.condition == name]
    without = simulate(space, snapshot, edited(space, "growth", tmp_path, (LINES[name], "")), CONTEXT, against=file)
    counts = without.counts()
    assert (effect.more_eligible, effect.fewer_eligible) == (counts.get("gains", 0), counts.get("loses", 0))
    before, after = without.totals_before, without.totals_after
    assert found.totals == before
    assert effect.more_undetermined == after.undetermined - before.undetermined
    assert effect.more_fen - effect.fewer_fen == after.lower_fen - before.lower_fen


def test_the_funnel_ends_with_the_outcomes(town: Frozen) -> None:
    space, snapshot = town
    for policy in ("growth", "patent-prize", "months"):
        found = conditions(space, snapshot, space.policy_dir / f"{policy}.yaml", CONTEXT)
        left = [step.sure + step.open for step in found.funnel]
        assert left == sorted(left, reverse=True)
        assert left[0] == found.totals.in_scope
        assert (found.funnel[-1].sure, found.funnel[-1].open) == (found.totals.eligible, found.totals.undetermined)
        texts = ["".join(node.itertext()) for node in ElementTree.fromstring(drawn(found)).iter()]
        assert any(f"{found.totals.eligible:,} 家" in text for text in texts)


def test_the_command(town: Frozen, tmp_path: Path) -> None:
    given = ("simulate", "-w", town[0].root, "growth", "--period", "2024", "--as-of", "2024-12-31", "--conditions")
    picture = tmp_path / "funnel.svg"
    rows = ok(*given, "--svg", picture, "--format", "ndjson").rows
    assert [row["condition"] for row in rows] == ["revenue", "fast", "exporter", "grave"]
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert "The firms left after each condition:" in ok(*given).out
