"""Instalments that were begun: what was paid is not due again, and a repealed policy still pays the rest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import matcher
from matcher.explain.text import lines
from matcher.run.store import Run
from tests.cli.town import write
from tests.settlement.city import PAID, A, B, C, matched, policy

PARTS = """\
award: {amount: 1万元}
payout:
  instalments:
    - {share: 40%}
    - {share: 60%, after: 12 months}
"""
OLD = policy("old", PARTS).replace("2021..2030", "2021..2024").replace("status: in_force", "status: repealed")
NEW = policy("new", "award: {amount: 5万元}\nsupersedes: [old]\n").replace("2021..2030", "2025..2030")
FIRST = f"{A},old,,2024,4000,2025-01-20"


def states(run: Run) -> dict[str, list[str]]:
    """Return the state of each part by firm."""
    found: dict[str, list[str]] = {}
    for row in run.instalments.collect().iter_rows(named=True):
        found.setdefault({A: "A", B: "B", C: "C"}[row["uscc"]], []).append(row["state"])
    return found


def later(folder: Path, paid: list[str], delivered: date = date(2025, 12, 31)) -> Run:
    """Match 2024 again a year later, with these past payments delivered on a day."""
    rows = "".join(line + "," * (PAID.count(",") - line.count(",")) + "\n" for line in paid)
    matcher.load(folder, "payments", write(folder, "in/payments.csv", PAID + rows), delivered)
    matcher.freeze(folder)
    return matcher.match(folder, period="2024", as_of="2025-12-31")


def test_a_repealed_policy_pays_the_rest_of_what_it_began_and_nothing_new(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    begun = matched(folder, {"old": OLD.replace("repealed", "in_force"), "new": NEW})
    assert states(begun) == {firm: ["due", "later"] for firm in "ABC"}
    write(folder, "policies/old.yaml", OLD)
    assert states(matcher.match(folder, period="2024", as_of="2024-12-31")) == {}
    run = later(folder, [FIRST])
    assert states(run) == {"A": ["paid", "due"]}
    (old,) = run.manifest.policies
    assert (old.policy, old.eligible, old.amount_fen) == ("old", 1, 1_000_000)
    told = "\n".join(lines(matcher.explain(folder, A, ["old"])))
    assert "instalment 1: 4,000元 on 2024-12-31: paid before" in told
    assert "✓ 政策废止前已开始分期兑付  [started]" in told
    assert "old" in {
        skipped.policy for skipped in matcher.match(folder, period="2025", as_of="2025-12-31").manifest.skipped
    }


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ([], {}),
        ([FIRST, FIRST.replace("4000", "6000")], {"A": ["paid", "paid"]}),
        ([FIRST.replace("4000", "4500")], {"A": ["paid", "open"]}),  # not a part as it is today
        ([FIRST.replace("4000", "3999.99")], {"A": ["open", "due"]}),
        ([f"{FIRST},2025-06-01"], {}),  # recovered
        ([FIRST.replace("old", "new")], {}),
        ([FIRST.replace("old", "文old")], {}),  # it may have been for something else: undetermined
        ([FIRST, FIRST.replace("old", "文old")], {"A": ["paid", "open"]}),
        ([FIRST.replace("2024", "2023")], {}),
    ],
)
def test_what_counts_as_begun(paid: list[str], expected: dict[str, list[str]], tmp_path: Path) -> None:
    matched(tmp_path / "w", {"old": OLD})
    assert states(later(tmp_path / "w", paid)) == expected


def test_without_the_newest_payments_the_rest_is_open(tmp_path: Path) -> None:
    matched(tmp_path / "w", {"old": OLD})
    assert states(later(tmp_path / "w", [FIRST], date(2025, 3, 1))) == {"A": ["paid", "open"]}


def test_a_part_that_was_paid_is_not_due_again_under_a_policy_in_force(tmp_path: Path) -> None:
    run = matched(tmp_path / "w", {"old": policy("old", PARTS)}, f"{A},old,,2024,4000,2024-12-20\n")
    assert states(run) == {"A": ["paid", "later"], "B": ["due", "later"], "C": ["due", "later"]}


ITEMS = """\
award:
  for_each: {rows: drugs where approved_on during period, item: approval_no}
  amount: 1万元
  claim: per item
payout: {instalments: [{share: 40%}, {share: 60%, after: 12 months}]}
"""


@pytest.mark.parametrize(
    ("item", "expected"),
    [("甲", ["paid", "later", "due", "later"]), ("", ["open"] * 4), ("丙", ["due", "later", "due", "later"])],
)
def test_parts_of_items_are_paid_by_item(item: str, expected: list[str], tmp_path: Path) -> None:
    drugs = f"统一社会信用代码,批准文号,批准日期,创新药\n{A},甲,2024-03-01,是\n{A},乙,2024-03-01,是\n"
    paid = f"{A},old,,2024,4000,2024-12-20,,{item}\n"
    run = matched(tmp_path / "w", {"old": policy("old", ITEMS)}, paid, more={"drugs": drugs})
    rows = run.instalments.collect().sort("item", "part", descending=[True, False])
    assert rows["state"].to_list() == expected
