from fractions import Fraction
from pathlib import Path

import pytest

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import ProblemsFound
from policies.language.terms import Arithmetic, Choose, Constant, Extreme, Fact, Rounded, RowField
from policies.load import load_library
from policies.policy import Award
from tests.policies.writing import award_text, catalogue, faults, policy, policy_text

TEN_THOUSAND_YUAN = 1_000_000  # fen


def award(folder: Path, text: str) -> Award:
    found = policy(folder, award_text(text)).award
    assert found is not None
    return found


def test_flat_amount_is_in_fen(tmp_path: Path) -> None:
    found = award(tmp_path, "amount: 10万元")
    assert isinstance(found.amount, Constant)
    assert found.amount.value == 10 * TEN_THOUSAND_YUAN
    assert (found.rounding_mode, found.rounding_quantum_fen, found.claim) == ("down", 1, "per_period")


def test_tiers_are_nested_choices_that_end_in_nothing(tmp_path: Path) -> None:
    found = award(
        tmp_path,
        """
        tiers:
          - {id: big, text: 一档, when: "tax.revenue[period] >= 10亿元", pay: 100万元}
          - {when: "tax.revenue[period] >= 1亿元", pay: 50万元}
        """,
    )
    first = found.amount
    assert isinstance(first, Choose)
    second = first.otherwise
    assert isinstance(second, Choose)
    assert second.otherwise == Constant(first.type, Fraction(0))
    assert [tier.id for tier in found.tiers] == ["big", "tier-2"]
    assert (first.condition, first.then) == (found.tiers[0].when, found.tiers[0].pay)


@pytest.mark.parametrize("whole", [True, False])
def test_steps_are_whole_or_pro_rata_and_never_negative(whole: bool, tmp_path: Path) -> None:
    found = award(
        tmp_path,
        f"""
        steps:
          of: tax.revenue[period] - tax.revenue[period - 1]
          each: 1000万元
          pay: 1万元
          whole: {str(whole).lower()}
        """,
    ).amount
    assert isinstance(found, Arithmetic)
    assert found.left == Constant(found.type, Fraction(TEN_THOUSAND_YUAN))
    steps = found.right
    assert isinstance(steps, Extreme)
    assert (steps.function, steps.members[1]) == ("max", Constant(steps.type, Fraction(0)))
    assert isinstance(steps.members[0], Rounded if whole else Arithmetic)


def test_share_of_a_fact(tmp_path: Path) -> None:
    found = award(tmp_path, 'share: {of: "tax.revenue[period]", rate: 5.5%}').amount
    assert isinstance(found, Arithmetic)
    assert isinstance(found.left, Fact)
    assert isinstance(found.right, Constant)
    assert found.right.value == Fraction(11, 200)


def test_items_see_the_fields_of_their_row(tmp_path: Path) -> None:
    found = award(
        tmp_path,
        """
        for_each: {rows: "专利", item: 专利号}
        amount: if kind = "发明" then 1万元 else 1000元
        item_cap: 5000元
        cap: {per_period: 20万元}
        claim: per item
        rounding: {mode: half_up, to: 100元}
        """.replace('专利"', 'patents where granted_on during period"'),
    )
    assert found.items is not None
    assert (found.items.dataset, found.items.item_field) == ("patents", "patent_no")
    assert found.items.where is not None
    assert isinstance(found.amount, Choose)
    assert RowField in {type(part) for part in vars(found.amount.condition).values()}
    assert (found.rounding_mode, found.rounding_quantum_fen) == ("half_up", 10_000)
    assert isinstance(found.cap, Constant)
    assert found.cap.value == 20 * TEN_THOUSAND_YUAN


def test_items_without_a_filter_and_by_chinese_title(tmp_path: Path) -> None:
    items = award(tmp_path, "for_each: {rows: 授权专利, item: patent_no}\namount: 1元").items
    assert items is not None
    assert (items.dataset, items.where) == ("patents", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount: 10万", "LANG"),
        ("amount: 10", "LANG"),
        ("amount: 10%", "LANG"),
        ("for_each: {rows: patnts where kind = 1, item: patent_no}\namount: 1元", "POL013 `patnts` is not a dataset"),
        ("for_each: {rows: city, item: region}\namount: 1元", "POL013 the rows of `city` belong to regions"),
        ("for_each: {rows: patents, item: patent_no, first_by: granted}\namount: 1元", "POL014 `patents` has no field"),
        ("for_each: {rows: patents, item: patent_no, first_by: kind}\namount: 1元", "POL011 `kind` is neither a day"),
        ("for_each: {rows: patents, item: patent}\namount: 1元", "`patents` has no field `patent` / did you mean"),
        ('steps: {of: "tax.revenue[period]", each: 0元, pay: 1元, whole: true}', "POL012 a step must be more"),
        ('steps: {of: "registration.status", each: 1元, pay: 1元, whole: true}', "POL011 `of` is a text"),
        ('steps: {of: "tax.revenue[period]", each: 10人, pay: 1元, whole: true}', "LANG"),
        ('share: {of: "tax.revenue[period]", rate: 5元}', "LANG"),
        ("amount: 1元\nrounding: {to: 1元 + 1元}", "POL010 `1元 + 1元` must be a plain value"),
        ("tiers: [{id: a, when: 1元 = 1元, pay: 1元}, {id: a, when: 1元 = 2元, pay: 2元}]", "POL004 two tiers"),
    ],
)  # fmt: skip
def test_faults_of_awards(text: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, trial=award_text(text))
    assert any(expected in fault for fault in found), found


def test_a_fault_in_the_filter_of_items_points_at_its_word(tmp_path: Path) -> None:
    rows = "  for_each: {rows: patents where grantd_on during period, item: patent_no}\n"
    text = award_text("amount: 1元") + rows
    line = text.splitlines().index(rows.rstrip()) + 1
    column = rows.index("grantd_on") + 1
    assert faults(tmp_path, trial=text)[0].startswith(f"trial.yaml:{line}:{column} LANG")


def test_faults_of_a_folded_filter_point_at_their_own_line(tmp_path: Path) -> None:
    text = award_text(
        "amount: 1元\nfor_each:\n  item: patent_no\n  rows: >-\n"
        "    patents where granted_on during period\n    and knd = 1"
    )
    line = next(i for i, line in enumerate(text.splitlines(), 1) if "knd" in line)
    column = text.splitlines()[line - 1].index("knd") + 1
    assert faults(tmp_path, trial=text)[0].startswith(f"trial.yaml:{line}:{column} LANG")


@pytest.mark.parametrize(
    ("award", "key"), [("{amount: 1元, claim: once}", "claim"), ("{amount: 1元, cap: {lifetime: 5元}}", "lifetime")]
)
def test_what_depends_on_past_payments_needs_them_declared(award: str, key: str, tmp_path: Path) -> None:
    text = policy_text(award=f"award: {award}\n")
    assert faults(tmp_path, trial=text) == []
    others = {name: dataset for name, dataset in catalogue().datasets.items() if name != "payments"}
    with pytest.raises(ProblemsFound) as raised:
        load_library([tmp_path / "policies"], Catalogue(others))
    (found,) = raised.value.problems
    assert (found.code, f"`{key}` depends on past payments" in found.message) == ("POL050", True)
    assert found.place.line == text.splitlines().index(f"award: {award}") + 1
