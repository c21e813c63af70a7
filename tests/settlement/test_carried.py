"""Budgets that carry over: what one period leaves to another, in either direction, and never twice."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcher
from matcher.run.store import Run
from tests.cli.town import write
from tests.settlement.city import A, B, C, due, matched, policy

TURNOVER = "统一社会信用代码,年度,营业收入（万元）\n" + "".join(
    f"{firm},{year},100\n" for firm in (A, B, C) for year in (2023, 2024)
)


def grant(carried: str = "") -> str:
    """Return a policy that pays 5万元 to a firm, out of 10万元 a year."""
    more = f", carried: [{carried}]" if carried else ""
    line = f"budget: {{line: 专项, amount: 10万元, when_short: carry_over{more}}}\n"
    return policy("grant", "award: {amount: 5万元}\n" + line)


def paid(run: Run) -> str:
    """Return the firms that are paid."""
    return "".join(sorted(firm for (_, firm), yuan in due(run).items() if yuan))


@pytest.mark.parametrize(
    ("carried", "run_of", "firms", "amount", "left"),
    [
        ("", ("2024", "2025-03-01"), "AB", 10, 5),
        ("{from: 2025, to: 2024, amount: 5万元}", ("2024", "2024-12-31"), "AB", 10, 5),  # 2025 has not begun
        ("{from: 2025, to: 2024, amount: 5万元}", ("2024", "2025-01-01"), "ABC", 15, 0),
        ("{from: 2025, to: 2024, amount: 5万元}", ("2025", "2025-01-01"), "A", 5, 10),
        ("{from: 2025, to: 2024, amount: 10万元}", ("2025", "2025-01-01"), "", 0, 15),
        ("{from: 2023, to: 2024, amount: 5万元}", ("2024", "2024-12-31"), "ABC", 15, 0),  # what 2023 had left
        ("{from: 2022, to: 2023, amount: 5万元}", ("2024", "2024-12-31"), "AB", 10, 5),
        (
            "{from: 2023, to: 2024, amount: 2万元}, {from: 2025, to: 2024, amount: 3万元}",
            ("2024", "2025-01-01"), "ABC", 15, 0,
        ),
    ],
)  # fmt: skip
def test_what_is_carried_between_periods(
    carried: str, run_of: tuple[str, str], firms: str, tmp_path: Path, *, amount: int, left: int
) -> None:
    matched(tmp_path / "w", {"grant": grant()}, more={"turnover": TURNOVER})
    write(tmp_path / "w", "policies/grant.yaml", grant(carried))
    run = matcher.match(tmp_path / "w", period=run_of[0], as_of=run_of[1])
    (line,) = run.manifest.budgets
    assert (paid(run), line.amount_fen, line.carried_over_fen) == (firms, amount * 1_000_000, left * 1_000_000)
    assert line.paid_fen <= amount * 1_000_000


def test_who_was_paid_keeps_the_place_when_another_comes_first(tmp_path: Path) -> None:
    files = {"grant": policy("grant", "award: {amount: 5万元}\nbudget: {line: 专项, amount: 10万元}\n")}
    past = f"{B},grant,,2024,50000,2024-12-20\n{C},grant,,2024,50000,2024-12-20\n"
    run = matched(tmp_path / "w", files, past)  # A was open when B and C were paid
    assert paid(run) == "BC"
