"""`policy show` as a guide: every section, in the words of a firm, for each bundled policy and each kind of term."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from cli.policy_guide import Guide
from cli.term_words import _RULES, Words
from enterprise_data.declarations.problems import Place
from enterprise_data.periods import PeriodKind
from policies.definition_files import definitions_in
from policies.language import terms as t
from policies.language.compile import compile_expression
from policies.language.scope import Scope
from policies.load import BUNDLED, Library, load_library
from tests.cli.running import ok
from tests.cli.test_policy_show import PAYMENTS
from tests.cli.town import GROWTH, bare, write
from tests.policies.writing import catalogue


@cache
def bundled() -> Library:
    return load_library(BUNDLED, catalogue())


def guide(policy: str) -> str:
    return "\n".join(Guide(bundled().policy(policy), bundled(), catalogue()).lines())


SECTIONS = ("能得到什么", "谁能得到", "由哪些数据判断", "何时何地适用", "向谁咨询", "依据")


@pytest.mark.parametrize("policy", [pytest.param(policy.id, id=policy.id) for policy in bundled().policies])
def test_every_bundled_policy_has_a_whole_guide(policy: str) -> None:
    text = guide(policy)
    parts = re.split(rf"^({'|'.join(SECTIONS)}) · .+$", text, flags=re.MULTILINE)
    assert tuple(parts[1::2]) == SECTIONS
    assert all(part.strip() for part in parts[2::2])
    for leaf in bundled().policy(policy).conditions.leaves():
        assert f"{leaf.text}（{leaf.clause}）  [{leaf.id}]" in text
    # Identifiers of the language belong below the guide, not in it.
    assert not re.search(r"\b(period|param|exists|within|where|as_of)\b", parts[2] + parts[4])


SAID = {
    "sd-sme-to-hightech-2021": [
        "10万元（100,000元）", "每户企业只享受一次", "奖励补助；施行中；每年判断一次",
        "即：有“高新技术企业认定”中的记录（发证日期在本年度内，且首次认定）",
        "数据：失业保险年度汇总（人力资源和社会保障局）",
        "不得有下列任一情形", "2021年1月1日至2024年12月31日，山东省的企业（青岛市除外）",
        "按转载核对，未见发文机关原文",
        "以下部门的数据已足够，企业不必再提交：",
    ],
    "qd-industrial-robots-2021": [
        "“设备投资核定”中的记录（所属期在本年度内）的工业机器人投资合计的20%", "每户企业每期最高100万元（1,000,000元）",
        "来源没有写明咨询电话；发文机关：青岛市人民政府",
    ],
    "sd-graduate-hiring-2022": ["每1人给1,000元，不足的部分不计"],
    "zb-three-years-2021": ["不能自动兑现，须由人判断：第三年", "部门已有以下数据：", "本年度前2年至本年度的每一期"],
    "qd-innovation-centre-2026-draft": ["征求意见稿，尚未施行，不参与匹配", "2026年1月1日至另有规定为止，青岛市的企业"],
    "zb-leap-growth-2021": ["主营业务收入比上年度主营业务收入的增长率超过10%"],
    "qd-single-champion-2025": ["取代：qd-single-champion-2021"],
    "qd-single-champion-2021": ["已被取代：qd-single-champion-2025"],
    "small-profit-income-tax-2023": ["税费减免；施行中", "全国的企业"],
}  # fmt: skip


@pytest.mark.parametrize("policy", SAID)
def test_what_a_guide_says(policy: str) -> None:
    missing = [said for said in SAID[policy] if said not in guide(policy)]
    assert missing == []


WORDED = {
    "tax.revenue[period - 1] between 1亿元 and 2亿元": (
        "上年度营业收入不低于1亿元，且上年度营业收入不超过2亿元"
    ),
    "tax.revenue[period - 1 year] = tax.revenue[2023]": "上年同期营业收入为2023营业收入",
    "not exists(penalties where decided_on during last 3 years)": (
        "没有“行政处罚”中的记录（处罚决定日期在比对截止日前3年内）"
    ),
    "registration.region within 青岛市 or registration.industry within industry C27": (
        "住所所在区划属于青岛市，或行业代码属于医药制造业"
    ),
    "whole(tax.revenue[period] / 1亿元) > 3": "本年度营业收入÷1亿元取整（舍去零头）超过3",
    "max(tax.revenue[period], 5元) >= abs(tax.revenue[period - 2])": None,
    "some y in period - 1..period: growth(tax.revenue, y) > 10%": None,
    "months_between(registration.established_on, as_of) >= 12": None,
    "registration.status in [\"存续\"] and good_standing": None,
}  # fmt: skip


@pytest.mark.parametrize("expression", WORDED)
def test_expressions_in_words(expression: str) -> None:
    scope = definitions_in(
        Scope(catalogue(), PeriodKind.YEAR, parameters=bundled().parameters.signatures()),
        bundled().definitions,
        PeriodKind.YEAR,
    )
    said = Words.of(bundled(), catalogue(), PeriodKind.YEAR).say(compile_expression(expression, Place(""), scope, None))
    assert not re.search(r"[a-z]{3,}", said), said
    if WORDED[expression]:
        assert said == WORDED[expression]


def test_every_kind_of_term_has_words() -> None:
    kinds = {kind for kind in vars(t).values() if isinstance(kind, type) and issubclass(kind, t.Term)} - {t.Term}
    assert kinds == set(_RULES)


PAYING = """\
budget: {line: 市级专项资金, amount: 3000万元, when_short: pro_rata}
payout:
  notice: 5 working days
  instalments:
    - {share: 60%}
    - {share: 40%, after: 12 months, when: not exists(blacklist)}
"""


def test_money_that_is_shared_and_paid_in_parts(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "catalog/payments.yaml", PAYMENTS.read_text(encoding="utf-8"))
    topped_up = GROWTH.replace("{amount: 10万元}", "{amount: 10万元, family: growth, top_up: {within: 3 years}}")
    write(folder, "policies/growth.yaml", topped_up + PAYING)
    said = [line.strip() for line in ok("policy", "show", "-w", folder, "growth").out.splitlines()]
    assert "资金来源：市级专项资金，每期3,000万元（30,000,000元）" in said
    assert "资金不足时按比例兑现" in said
    assert "扣除近36个月内同类政策已兑现的金额（补差）" in said
    assert "公示5个工作日后拨付" in said
    assert "第1期拨付60%" in said
    assert "第2期拨付40%（期末后12个月），条件是没有“失信名单”中的记录" in said


def test_money_that_is_carried_from_one_period_to_another(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    carried = "carried: [{from: 2024, to: 2023, amount: 120万元}, {from: 2022, to: 2023, amount: 30万元}]"
    line = f"budget: {{line: 专项资金, amount: 3000万元, when_short: carry_over, {carried}}}\n"
    write(folder, "policies/growth.yaml", GROWTH + line)
    said = [line.strip() for line in ok("policy", "show", "-w", folder, "growth").out.splitlines()]
    at = said.index("资金不足时余下的顺延至下一期")
    assert said[at + 1 : at + 3] == [
        "结转：2024期的资金中，120万元（1,200,000元）用于2023期",
        "结转：2022期的资金中，30万元（300,000元）用于2023期",
    ]


def test_below_the_guide_stand_the_rules_as_written_and_json_stays_data(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "policies/growth.yaml", GROWTH)
    lines = ok("policy", "show", "-w", folder, "growth").out.splitlines()
    assert "        即：上年度营业收入不超过2亿元" in lines
    assert lines.index("conditions") > lines.index("依据 · Source")
    assert "      turnover.revenue[period - 1] <= 2亿元" in lines
