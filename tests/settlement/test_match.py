"""Settled awards of a whole match: what policy files say is what is paid, explained and stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import matcher
from enterprise_data.declarations.problems import MianshenError
from matcher.explain.text import lines
from tests.cli.running import ok
from tests.settlement.city import CAP, A, B, C, D, due, matched, policy

GROUP = {
    "low": policy("low", "award: {amount: 1万元, exclusive: growth}\n"),
    "high": policy("high", "award: {amount: 3万元, exclusive: growth}\n", least="200万元"),
}


def test_the_highest_of_a_group_is_paid(tmp_path: Path) -> None:
    run = matched(tmp_path / "w", GROUP)
    expected = {("low", "A"): 10_000, ("low", "B"): 0, ("low", "C"): 0, ("high", "B"): 30_000, ("high", "C"): 30_000}
    assert due(run) == expected
    (low,) = [cut for cut in run.manifest.settlement if cut.policy == "low"]
    assert (low.step, low.rule, low.why, low.awards, low.cut_fen) == (5, "growth", "displaced", 2, 2_000_000)
    told = "\n".join(lines(matcher.explain(tmp_path / "w", B, ["low"])))
    assert "exclusive group growth: high awards more; 1万元 becomes 0元" in told
    assert "  outcome: eligible, 0元" in told


def test_what_others_of_the_group_paid_for_the_period_is_taken_off(tmp_path: Path) -> None:
    paid = f"{B},low,,2024,10000,2024-08-01\n{C},low,,2023,10000,2023-08-01\n"
    found = due(matched(tmp_path / "w", GROUP, paid))
    assert (found["high", "B"], found["high", "C"]) == (20_000, 30_000)


def test_without_the_history_no_award_of_a_group_is_paid(tmp_path: Path) -> None:
    run = matched(tmp_path / "w", GROUP, payments=False)
    assert due(run)["high", "B"] is None
    assert due(run)["low", "B"] == 0
    assert {result.policy: result.held for result in run.manifest.policies} == {"high": 2, "low": 1}


def test_the_known_award_is_paid_while_a_higher_one_is_open(tmp_path: Path) -> None:
    late = policy("late", "award: {amount: 9万元, exclusive: growth}\n").replace("period - 1", "period")
    run = matched(tmp_path / "w", {**GROUP, "late": late})
    assert due(run)["high", "B"] == 30_000
    told = "\n".join(lines(matcher.explain(tmp_path / "w", B, ["high"])))
    assert "the highest known award; late may yet award more" in told


def test_a_top_up_pays_what_exceeds_earlier_payments_of_the_family(tmp_path: Path) -> None:
    award = "award: {amount: 5万元, family: titles, since: 2021-01-01, top_up: {within: 3 years}}\n"
    paid = f"{A},other,titles,2023,20000,2023-08-01\n{B},other,titles,2021,20000,2021-08-01\n"
    found = due(matched(tmp_path / "w", {"title": policy("title", award)}, paid))
    assert found == {("title", "A"): 30_000, ("title", "B"): 50_000, ("title", "C"): 50_000}


def test_a_cap_over_several_policies_and_years(tmp_path: Path) -> None:
    files = {
        "one": policy("one", "award: {amount: 3万元, shared_caps: [total]}\n"),
        "two": policy("two", "award: {amount: 3万元, shared_caps: [total]}\n", least="200万元"),
        "caps/total": CAP.format(name="total", limit="7万元", span="lifetime") + "order: [two]\n",
    }
    paid = f"{A},one,,2023,50000,2023-08-01\n{B},two,,2022,30000,2022-08-01\n"
    run = matched(tmp_path / "w", files, paid)
    assert due(run) == {
        ("one", "A"): 20_000, ("one", "B"): 10_000, ("two", "B"): 30_000, ("one", "C"): 30_000, ("two", "C"): 30_000,
    }  # fmt: skip
    told = "\n".join(lines(matcher.explain(tmp_path / "w", A, ["one"])))
    assert "shared cap total: the cap is reached; 3万元 becomes 2万元" in told


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("when_short: pro_rata", [33_333, 33_333, 33_333]),
        ("when_short: pay_all", [50_000, 50_000, 0]),
        ("when_short: carry_over", [50_000, 50_000, 0]),
        ('when_short: rank, rank_by: "turnover.revenue[period - 1]"', [0, 50_000, 50_000]),
        ('when_short: rank, rank_by: "turnover.revenue[period - 1]", rank_order: lowest', [50_000, 50_000, 0]),
    ],
)
def test_a_budget_that_runs_short(rule: str, expected: list[int], tmp_path: Path) -> None:
    text = policy("grant", f"award: {{amount: 5万元}}\nbudget: {{line: 专项, amount: 10万元, {rule}}}\n")
    run = matched(tmp_path / "w", {"grant": text})
    found = due(run)
    assert sorted(found["grant", firm] or 0 for firm in "ABC") == sorted(expected)
    (line,) = run.manifest.budgets
    assert (line.claimed_fen, line.paid_fen, line.open) == (15_000_000, 10_000_000, 1)
    assert line.carried_over_fen == (5_000_000 if "carry_over" in rule else 0)
    if "pro_rata" not in rule:
        assert [found["grant", firm] for firm in "ABC"] == expected
    told = ok("runs", "last", "-w", tmp_path / "w").out
    assert "budget 专项: 10.00 万元 of 10.00 万元" in told


def test_what_belongs_together_is_not_matched_in_parts(tmp_path: Path) -> None:
    matched(tmp_path / "w", GROUP)
    with pytest.raises(MianshenError, match="group `growth` is shared with high, which this run leaves out"):
        matcher.match(tmp_path / "w", period="2024", as_of="2024-12-31", policies=["low"])


def test_the_order_of_policy_files_changes_nothing(tmp_path: Path) -> None:
    names = {"high": "a", "low": "z"}
    renamed = {new: GROUP[old].replace(f"policy: {old}", f"policy: {new}") for old, new in names.items()}
    found = due(matched(tmp_path / "w", renamed))
    assert {firm: fen for (name, firm), fen in found.items() if name == "a"} == {"B": 30_000, "C": 30_000}
    assert {firm: fen for (name, firm), fen in found.items() if name == "z"} == {"A": 10_000, "B": 0, "C": 0}


def test_a_share_of_what_another_policy_awards_after_all_its_steps(tmp_path: Path) -> None:
    files = {
        "province": policy("province", "award: {amount: 10万元}\nbudget: {line: 省, amount: 25万元}\n"),
        "city": policy("city", "award: {share: {of_award: province, rate: 50%}, cap: {per_period: 4万元}}\n"),
        "county": policy("county", "award: {share: {of_award: city, rate: 33%}, rounding: {to: 100元}}\n"),
    }
    run = matched(tmp_path / "w", files)
    found = due(run)
    assert [found["province", firm] for firm in "ABC"] == [100_000, 100_000, 0]  # the budget is spent
    assert [found["city", firm] for firm in "ABC"] == [40_000, 40_000, 0]
    assert [found["county", firm] for firm in "ABC"] == [13_200, 13_200, 0]
    told = "\n".join(lines(matcher.explain(tmp_path / "w", A, ["city"])))
    assert "share of province: 10万元 is awarded there; cut to the policy's cap; unknown becomes 4万元" in told


@pytest.mark.parametrize("cap", ["", ", cap: {per_period: 4万元}", ", cap: {lifetime: 4万元}"])
def test_a_share_of_what_is_not_known_is_held(cap: str, tmp_path: Path) -> None:
    files = {
        "province": policy("province", "award: {amount: 10万元}\n").replace("period - 1", "period"),
        "city": policy("city", f"award: {{share: {{of_award: province, rate: 50%}}{cap}}}\n"),
    }
    run = matched(tmp_path / "w", files)
    assert due(run) == {("city", "A"): None, ("city", "B"): None, ("city", "C"): None}
    (cut,) = run.manifest.settlement
    assert (cut.step, cut.rule, cut.why, cut.held) == (1, "province", "base_unknown", 3)
    with pytest.raises(MianshenError, match="city awards a share of what province does, which this run leaves out"):
        matcher.match(tmp_path / "w", period="2024", as_of="2024-12-31", policies=["city"])


PARTS = """\
award: {amount: 10000.01元}
payout:
  instalments:
    - {share: 40%}
    - {share: 30.5%, when: "turnover.revenue[period - 1] >= 200万元"}
    - {share: 29.5%, after: 1 year, when: "turnover.revenue[period] >= 0元"}
"""


def test_instalments(tmp_path: Path) -> None:
    run = matched(tmp_path / "w", {"parts": policy("parts", PARTS)})
    rows = run.instalments.collect().rows()
    days = (date(2024, 12, 31), date(2024, 12, 31), date(2025, 12, 31))
    amounts = (400_001, 305_000, 295_000)  # the one fen that is left over goes where most of it was cut off
    assert [row[3:6] for row in rows] == [(i + 1, amounts[i], days[i]) for _ in "ABC" for i in range(3)]
    assert [row[6] for row in rows] == ["due", "refused", "later", "due", "due", "later", "due", "due", "later"]
    assert sum(amounts) == 1_000_001
    told = "\n".join(lines(matcher.explain(tmp_path / "w", A, ["parts"])))
    assert "instalment 2: 3,050元 on 2024-12-31: its condition does not hold" in told
    later = matcher.match(tmp_path / "w", period="2024", as_of="2025-12-31")
    assert set(later.instalments.collect()["state"]) == {"due", "refused", "open"}


DRUGS_HEAD = "统一社会信用代码,批准文号,批准日期,创新药\n"
ITEMS = """\
award:
  for_each: {rows: drugs where approved_on during period, item: approval_no, first_by: approved_on}
  amount: 1万元
  cap: {per_period: 1万元}
  claim: per item
"""


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("A", "甲", "2024-03-01"), ("B", "甲", "2024-03-02")], {("A", "甲"): 1, ("B", "甲"): 0}),
        ([("A", "甲", "2024-03-01"), ("B", "甲", "2024-03-01")], {("A", "甲"): "open", ("B", "甲"): "open"}),  # a tie
        ([("A", "甲", "2024-03-02"), ("D", "甲", "2024-03-01")], {("A", "甲"): "open"}),  # D may yet be eligible
        ([("A", "甲", "2024-03-01"), ("D", "甲", "2024-03-02")], {("A", "甲"): 1}),
        (  # what counts for another firm takes nothing from the cap
            [("A", "甲", "2024-03-02"), ("B", "甲", "2024-03-01"), ("A", "乙", "2024-03-05")],
            {("A", "甲"): 0, ("A", "乙"): 1, ("B", "甲"): 1},
        ),
        ([("A", "甲", "2023-03-01"), ("B", "甲", "2024-03-01")], {("B", "甲"): 1}),  # of another year: no claim
    ],
)
def test_an_item_counts_once_across_firms(rows: list[tuple[str, str, str]], expected: object, tmp_path: Path) -> None:
    codes = {"A": A, "B": B, "C": C, "D": D}
    text = DRUGS_HEAD + "".join(f"{codes[firm]},{item},{day},是\n" for firm, item, day in rows)
    run = matched(tmp_path / "w", {"new": policy("new", ITEMS)}, more={"drugs": text})
    names = {code: name for name, code in codes.items()}
    rows_found = [row for row in run.decisions.collect().iter_rows(named=True) if row["item"] is not None]
    found = {(names[row["uscc"]], row["item"]): _wan(row) for row in rows_found}
    assert found == expected
    told = "\n".join(lines(matcher.explain(tmp_path / "w", A, ["new"])))
    if found.get(("A", "甲")) == 0:
        assert "item, first by approved_on: it counts for another firm, which comes first" in told
    if found.get(("A", "甲")) == "open":
        assert "due for 甲: undetermined, whether it counts is unknown" in told


def _wan(row: dict[str, Any]) -> int | str:
    """Return what is due in 万元, or that it is open."""
    return "open" if row["outcome"] == "undetermined" else row["amount_fen"] // 1_000_000
