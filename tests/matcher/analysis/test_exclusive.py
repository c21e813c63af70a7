"""Two exclusive policies: the one that never pays is named, with a firm that is paid more by the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matcher.analysis.asking import found_in, policy_text

SMALL, LARGE = "tax.revenue[period] >= 1000万元", "tax.revenue[period] >= 500万元"
GROUP = "award: {{amount: {amount}, exclusive: group-a{more}}}\n"


def written(name: str, condition: str, amount: str, more: str = "") -> str:
    text = policy_text(name, [condition])
    return text.replace("award: {amount: 1万元}\n", GROUP.format(amount=amount, more=more))


@pytest.mark.parametrize(
    ("other", "amount", "more", "codes"),
    [
        (LARGE, "20万元", "", ["LOG008"]),
        (SMALL, "20万元", "", ["LOG008"]),
        (LARGE, "5万元", "", []),  # pays less
        (LARGE, "10万元", "", []),  # a tie is decided by rank
        ("tax.revenue[period] >= 2000万元", "20万元", "", []),  # leaves firms to this one
        (LARGE, "20万元", ", claim: once, family: group-a", []),  # may have been claimed before
        (LARGE, "20万元", ", cap: {per_period: 30万元}", []),  # what a cap leaves is not worked out
    ],
)
def test_a_policy_that_never_pays(other: str, amount: str, more: str, codes: list[str], tmp_path: Path) -> None:
    found = found_in(tmp_path, mine=written("mine", SMALL, "10万元"), rival=written("rival", other, amount, more))
    assert [one.problem.code for one in found if one.policy == "mine"] == codes
    for one in found:
        assert one.finding.witness is not None
        assert "`rival`" in one.problem.message


def test_policies_of_other_groups_are_not_compared(tmp_path: Path) -> None:
    rival = written("rival", LARGE, "20万元").replace("group-a", "group-b")
    assert found_in(tmp_path, mine=written("mine", SMALL, "10万元"), rival=rival) == []
