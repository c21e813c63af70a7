from pathlib import Path

import pytest

from tests.policies.writing import award_text, faults, library, policy, policy_text

GOOD = policy_text()

# What is changed in a good policy, and the only fault that must come of it.
FAULTS = [
    ("kind: award", "kind: awrd", "POL001 `kind`: Input should be 'award', 'reduction', 'right' or 'qualification'"),
    ("status: in_force", "status: current", "POL001 `status`: Input should be"),
    ("policy: trial", "policy: Trial 1", "POL001 `policy`: `Trial 1` is not an id"),
    ("policy: trial\n", "policy: other\n", "POL002 the file is `trial.yaml`, the policy `other`"),
    ("checked: unverified", "checked: yes", "POL001 `checked`: Input should be 'issuer', 'mirror' or 'unverified'"),
    ("{zh: 试验}", "{zh: 试验, eng: trial}", "POL001 unknown key `eng` / did you mean `en`?"),
    ("clause: 第一条, ", "", "POL001 `clause` is missing / add it"),
    ("id: sales", "id: applies", "POL005 the id `applies` is the engine's own"),
    ('periods: "2021..2024"', "periods: 2021至2024", "POL007 '2021至2024' is not a period"),
    ('"2021..2024"', '"2024..2021"', "POL007 2021 lies before 2024"),
    ('"2021..2024", region', "2021-03, region", "POL007 2021-03 is shorter than this policy's period, a year"),
    ("region: 山东省", "region: 山冬省", "POL008 no region is called 山冬省."),
    ("region: 山东省}", "region: 山东省, except: [南京市]}", "POL008 `南京市` does not lie in `山东省`"),
    ("period: year", "period: decade", "POL001 `period`: Input should be"),
    ("<= 2亿元", "<= 2亿人", "LANG"),
    ("award: {amount: 10万元}", "", "POL001 `kind: award` needs an `award`"),
    (
        "{amount: 10万元}",
        "{amount: 10万元, tiers: [{when: 1 = 1, pay: 1元}]}",
        "POL001 `award`: an award has exactly one",
    ),
    ("amount: 10万元", "amount: 10万元, item_cap: 1元", "POL001 `award`: `item_cap` limits each item"),
    ("amount: 10万元}", "amount: 10万元, claim: per item}", "POL001 `award`: `claim: per item` needs `for_each`"),
    ("amount: 10万元}\n", "amount: 10万元, claim: twice}\n", "POL001 `claim`: Input should be"),
    ("{amount: ", "{rounding: {to: 0.001元}, amount: ", "POL012 an amount is rounded to whole fen"),
]


@pytest.mark.parametrize(("change", "instead", "expected"), FAULTS)
def test_one_fault_is_told_once(change: str, instead: str, expected: str, tmp_path: Path) -> None:
    assert change in GOOD
    found = [fault for fault in faults(tmp_path, trial=GOOD.replace(change, instead)) if "POL101" not in fault]
    assert len(found) == 1, found
    assert expected in found[0]


def test_a_good_policy_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, trial=GOOD) == []


def test_later_parts_are_kept_as_declared(tmp_path: Path) -> None:
    text = award_text("{amount: 10万元, claim: once, exclusive: family}") + (
        "budget: {line: 专项资金, amount: 3000万元, when_short: pro_rata}\n"
        "payout: {notice: 5 working days, confirm: account, instalments: [{share: 40%}, {share: 60%, after: 1 year}]}\n"
        "max_share: 20%\nsupersedes: [old-one]\n"
    )
    found = policy(tmp_path, text)
    assert found.budget is not None
    assert found.budget.when_short == "pro_rata"
    assert found.payout is not None
    assert [part.share for part in found.payout.instalments] == ["40%", "60%"]
    assert str(found.max_share) == "1/5"
    assert found.supersedes == ("old-one",)


@pytest.mark.parametrize("spelling", ["per period", "per_period"])
def test_claim_has_two_spellings_and_one_meaning(spelling: str, tmp_path: Path) -> None:
    award = policy(tmp_path, award_text(f"{{amount: 10万元, claim: {spelling}}}")).award
    assert award is not None
    assert award.claim == "per_period"


def test_what_needs_judgement_is_not_matched_and_says_why(tmp_path: Path) -> None:
    text = policy_text().replace("period: year", "period: year\nautomatic: false\nreason: 择优")
    assert not policy(tmp_path, text).matchable
    assert "needs a `reason`" in faults(tmp_path / "b", trial=text.replace("reason: 择优", ""))[0]


@pytest.mark.parametrize("status", ["draft", "suspended", "repealed"])
def test_only_a_policy_in_force_is_matched(status: str, tmp_path: Path) -> None:
    assert policy(tmp_path, policy_text()).matchable
    assert not policy(tmp_path / "b", policy_text().replace("in_force", status)).matchable


def test_a_policy_without_service_gets_a_warning(tmp_path: Path) -> None:
    text = policy_text().replace("service: {office: 某局}\n", "")
    assert faults(tmp_path, trial=text) == []
    assert [w.code for w in library(tmp_path, trial=text).warnings] == ["POL101"]


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [("2021..2024", "2021", "2024"), ("2025..", "2025", "None"), ('"2024"', "2024", "2024"), ("2024", "2024", "2024")],
)
def test_periods_of_application(written: str, first: str, last: str, tmp_path: Path) -> None:
    rule = policy(tmp_path, policy_text().replace('"2021..2024"', written)).applies[0]
    assert (str(rule.first), str(rule.last)) == (first, last)


def test_years_of_application_in_a_quarterly_policy(tmp_path: Path) -> None:
    text = policy_text(
        conditions="""conditions: [{id: a, text: t, clause: c, when: "output.output_value[period] >= 1亿元"}]\n""",
        period="quarter",
    )
    rule = policy(tmp_path, text).applies[0]
    assert (str(rule.first), str(rule.last)) == ("2021Q1", "2024Q4")
    assert rule.covers(rule.first)
    assert not rule.covers(rule.first - 1)


def test_regions_become_prefixes(tmp_path: Path) -> None:
    rule = policy(tmp_path, policy_text().replace("山东省}", "山东省, except: [青岛市]}")).applies[0]
    assert (rule.region_prefixes, rule.except_prefixes) == (("37",), ("3702",))
