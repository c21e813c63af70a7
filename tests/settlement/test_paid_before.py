"""What was paid before is taken off once, and only where it concerns the award."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settlement.city import A, due, matched, policy

TITLE = "award: {amount: 5万元, family: titles, since: 2023-01-01, top_up: {within: 3 years}}\n"
HIGH = "award: {amount: 3万元, family: titles, since: 2021-01-01, top_up: {within: 3 years}, exclusive: growth}\n"
LOW = "award: {amount: 1万元, family: titles, exclusive: growth}\n"
PARTS = """\
award: {amount: 1万元, claim: once}
payout:
  instalments:
    - {share: 40%}
    - {share: 60%, after: 12 months}
"""
GROUP = {"award": HIGH, "low": LOW}


@pytest.mark.parametrize(
    ("awards", "paid", "yuan"),
    [
        ({"award": TITLE}, f"{A},other,titles,2022,20000,2022-12-31\n", 50_000),  # within 3 years, but before `since`
        ({"award": TITLE}, f"{A},other,titles,2023,20000,2023-01-01\n", 30_000),
        (GROUP, f"{A},low,titles,2024,10000,2024-08-01\n", 20_000),  # of the group and of the family: taken off once
        (GROUP, f"{A},low,titles,2023,10000,2023-08-01\n", 20_000),  # of another period: the family's alone
        (GROUP, f"{A},low,titles,2024,10000,2024-08-01\n{A},other,titles,2023,5000,2023-08-01\n", 15_000),
        (GROUP, f"{A},low,,2024,10000,2023-12-20\n", 20_000),  # ahead of the period, for it
        (GROUP, f"{A},low,别的,2023,10000,2023-12-20\n", 30_000),
        ({"award": PARTS}, f"{A},award,,2024,4000,2024-12-20\n", 10_000),  # the first part: the second is still due
        ({"award": PARTS}, f"{A},award,,2023,4000,2024-03-20\n", None),
    ],
)
def test_what_was_paid_before(awards: dict[str, str], paid: str, yuan: int | None, tmp_path: Path) -> None:
    found = due(matched(tmp_path / "w", {name: policy(name, award) for name, award in awards.items()}, paid))
    assert found.get(("award", "A")) == yuan
