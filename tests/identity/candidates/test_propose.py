"""The right firm comes first among those proposed, whatever was done to its name; and bad input proposes nothing."""

from __future__ import annotations

import tempfile
from itertools import pairwise, product
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprise_data.identity.candidates import propose as propose_module
from enterprise_data.identity.candidates.blocks import LONGEST, build_blocks, open_blocks, save_blocks
from enterprise_data.identity.candidates.propose import propose
from tests.identity.candidates.asking import Firm, Proposal, Row, answers, ask, fill_register, fill_rows

_TOWNS = (("武汉", "420100"), ("南京", "320100"), ("苏州", "320500"), ("成都", "510100"))
_BRANDS = ("中南", "金鑫", "恒际", "佳农", "三安", "双阳", "国威", "乐活", "江华", "智勇", "蓝山", "源泽", "鼎天")
_TRADES = ("健身", "商贸", "再生资源", "自动化控制", "农资", "物业管理", "广告", "电子科技")
# Every trade in every town under some brand, so that each row has firms near by that are not meant.
_CROWD = tuple(
    Firm((f"{town}{_BRANDS[(5 * place + 7 * trade) % 13]}{_TRADES[trade]}有限公司",), region)
    for place, (town, region) in enumerate(_TOWNS)
    for trade in range(len(_TRADES))
)
CITY = (
    *_CROWD,
    Firm(("武汉奕力飞扬健身有限公司",), "420106"),
    Firm(("南京维璟商贸有限公司", "南京丰裕土产公司"), "320102"),
    Firm(("成都维璟商贸有限公司",), "510104"),
    Firm(("苏州第三建筑有限公司",), "320500"),
    Firm(("中国银行股份有限公司启东支行",), "320600"),
    Firm(("无锡三五醇食品有限公司",), "320200"),
)
_NUMBER = {firm.names[0]: number for number, firm in enumerate(CITY)}


_MEANT = (
    ("武汉奕力飞扬健身有限公司", None, "武汉奕力飞扬健身有限公司", "same", True),
    ("武汉奕力飞扬", None, "武汉奕力飞扬健身有限公司", "shortened", True),
    ("武汉奕力飞扬健身有", None, "武汉奕力飞扬健身有限公司", "shortened", True),
    ("奕力飞扬健身", None, "武汉奕力飞扬健身有限公司", "shortened", True),
    ("武漢奕力飛揚健身有限公司", None, "武汉奕力飞扬健身有限公司", "spelling", True),
    ("武汉奕力扬飞健身有限公司", None, "武汉奕力飞扬健身有限公司", "transposed", True),
    ("武汉奕力飞杨健身有限公司", None, "武汉奕力飞扬健身有限公司", "one_character", True),
    ("武汉奕力飞扬健生有县公司", None, "武汉奕力飞扬健身有限公司", "two_characters", True),
    ("武汉奕飞扬健身有限公司", None, "武汉奕力飞扬健身有限公司", "character_missing", True),
    ("武汉奕力飞飞扬健身有限公司", None, "武汉奕力飞扬健身有限公司", "character_added", True),
    ("湖北省武汉市奕力飞扬健身有限公司", None, "武汉奕力飞扬健身有限公司", "place", True),
    ("奕力飞扬(武汉)健身有限公司", None, "武汉奕力飞扬健身有限公司", "place", True),
    ("武汉奕力飞扬健身有限责任公司", None, "武汉奕力飞扬健身有限公司", "form", True),
    ("武汉奕力飞扬健身股份有限公司", None, "武汉奕力飞扬健身有限公司", "form", True),
    ("奕力飞扬健身股份有限公司", None, "武汉奕力飞扬健身有限公司", "place_and_form", True),
    ("维璟商贸有限公司", "320100", "南京维璟商贸有限公司", "place", True),
    ("维璟商贸有限公司", "510000", "成都维璟商贸有限公司", "place", True),
    ("维璟商贸有限公司", "510104002", "成都维璟商贸有限公司", "place", True),
    # The list is of another city than the firm.
    ("奕力飞扬健身有限公司", "510100", "武汉奕力飞扬健身有限公司", "place", False),
    # A former name, and one with a slip in it.
    ("南京丰裕土产公司", None, "南京维璟商贸有限公司", "same", True),
    ("南京丰裕土广公司", None, "南京维璟商贸有限公司", "one_character", True),
    ("苏州第3建筑有限公司", None, "苏州第三建筑有限公司", "numeral", True),
    ("无锡35醇食品有限公司", None, "无锡三五醇食品有限公司", "numeral", True),
    # What is surely another firm leaves nobody's facts unknown.
    ("苏州第七建筑有限公司", None, "苏州第三建筑有限公司", "number", False),
    ("河南奕力飞扬健身有限公司", None, "武汉奕力飞扬健身有限公司", "other_place", False),
    ("武汉奕力飞扬健身有限公司汉南分公司", None, "武汉奕力飞扬健身有限公司", "branch_missing", False),
    ("中国银行股份有限公司", None, "中国银行股份有限公司启东支行", "branch_missing", False),
)


@pytest.fixture(scope="module")
def meant() -> list[list[Proposal]]:
    return ask(CITY, [Row(asked, region) for asked, region, *_ in _MEANT])


@pytest.mark.parametrize("number", range(len(_MEANT)), ids=[f"{row[0]}-{row[1]}" for row in _MEANT])
def test_the_firm_meant_comes_first(meant: list[list[Proposal]], number: int) -> None:
    first = meant[number][0]
    assert (CITY[first.firm].names[0], first.pattern, first.plausible) == _MEANT[number][2:]


def test_five_firms_each_once_by_falling_score() -> None:
    rows = [Row(firm.names[0][1:], firm.region) for firm in CITY]
    for proposals in ask(CITY, rows):
        assert 1 <= len(proposals) <= 5
        assert len({proposal.firm for proposal in proposals}) == len(proposals)
        assert all(better.score >= worse.score for better, worse in pairwise(proposals))


def test_firms_of_the_evidence_come_first_however_they_are_called() -> None:
    named, other = _NUMBER["武汉奕力飞扬健身有限公司"], _NUMBER["苏州第三建筑有限公司"]
    proposals = ask(
        CITY, [Row("武汉奕力飞扬健身公司", None, (other,)), Row(None, None, (other,)), Row("武", None, None)]
    )
    assert [proposals[0][0].firm, proposals[0][1].firm] == [other, named]
    assert proposals[0][0].score < proposals[0][1].score
    assert proposals[1] == [Proposal(other, None, 0, False, None)]
    assert proposals[2] == []


def test_a_firm_of_the_evidence_may_have_no_name() -> None:
    firms = [Firm(("南京维璟商贸有限公司",)), Firm(())]
    assert ask(firms, [Row("南京维璟商贸", None, (1,))])[0][0] == Proposal(1, None, 0, False, None)


def test_a_name_that_is_one_firm_s_own_is_no_slip_in_another_s() -> None:
    firms = [Firm(("南京坤诺智能科技有限公司",)), Firm(("南京坤宝智能科技有限公司",)), *CITY]
    own, slip = ask(firms, [Row("南京坤诺智能科技有限公司"), Row("南京坤话智能科技有限公司")])
    assert [(proposal.firm, proposal.pattern, proposal.plausible) for proposal in own[:2]] == [
        (0, "same", True),
        (1, "one_character", False),
    ]
    assert [proposal.plausible for proposal in slip] == [True, True]


def test_wrong_characters_that_others_have_side_by_side_do_not_hide_the_firm_meant() -> None:
    """What stands beside two wrong characters names four strangers, however rare it is: further blocks are asked."""
    meant, *others = [Firm(("青岛海川新泰国际商贸有限公司",)), Firm(("青岛海洋国际商贸有限公司",))]
    strangers = [Firm((f"济南{word}厂",)) for word in ("海犇", "犇新", "新羴", "羴国")]
    town = [Firm((f"济南{chr(0x5000 + number)}厂",)) for number in range(3000)]
    (found,) = ask([meant, *others, *strangers, *town], [Row("青岛海犇新羴国际商贸有限公司")])
    assert 0 in [proposal.firm for proposal in found]


def test_of_firms_with_one_name_those_of_the_region_come_first() -> None:
    firms = [Firm(("小吃店",), region) for region in ("110101", "320100", None, "320102", "320500", "420100")]
    assert [proposal.firm for proposal in ask(firms, [Row("小吃店", "320100")])[0]] == [1, 3, 0, 2, 4]


_BAD = (
    None,
    "",
    "公",
    "有",
    "南" * 10_000,
    "\x00",
    "\x00\x01\x02\x1b[31m",
    "å\x8d\x97äº¬ç»´ç\x92\x9f",
    "�����",
    "()",
    "((((",
    ")南京(",
    "<1><2>",
    "%_'\"\\;--",
    "🏭🏭",
    "𠮷野家𠮷",
)


def test_bad_names_crash_nothing_and_make_nobody_plausible() -> None:
    *of_bad, of_good = ask(CITY, [*map(Row, _BAD), Row("武汉奕力飞扬")])
    for bad, proposals in zip(_BAD, of_bad, strict=True):
        assert not any(proposal.plausible for proposal in proposals), bad
        assert (bad is not None and 2 <= len(bad) <= 500) or not proposals, bad
    assert of_good[0].plausible


def test_bad_names_in_the_register_disturb_no_other() -> None:
    bad = ["\x00", "(", "🏭", "\x1b[31m", "南" * 150]
    firms = [Firm(("武汉奕力飞扬健身有限公司",)), *(Firm((text, f"{text}南京维璟商贸有限公司")) for text in bad)]
    proposals = ask(firms, [Row("武汉奕力飞扬健身有限公司"), *map(Row, bad)])
    assert proposals[0][0] == Proposal(0, "武汉奕力飞扬健身有限公司", 100, True, "same")


def test_a_text_behind_the_name_is_cut() -> None:
    long = "武汉奕力飞扬健身有限公司" + "（地址：武汉市江岸区某某路一号）" * 10
    assert len(long) > LONGEST
    assert ask(CITY, [Row(long)])[0][0].firm == _NUMBER["武汉奕力飞扬健身有限公司"]


def test_nothing_is_proposed_from_an_empty_register_or_for_no_rows() -> None:
    assert ask([], [Row("武汉奕力飞扬")]) == [[]]
    assert ask(CITY, []) == []


def test_order_and_threads_change_nothing() -> None:
    rows = [Row(firm.names[0][at:], region) for firm in CITY for at in (0, 1, 2) for region in (None, "320000")]
    rows += rows[:20]
    once = ask(CITY, rows, threads=1)
    assert ask(CITY, rows, threads=4, backwards=True) == once
    assert once[-20:] == once[:20]


def test_the_same_name_is_found_among_many_that_hold_the_same_pairs() -> None:
    names = ["山".join(letters) for letters in product("东泰", repeat=7) if len(set(letters)) == 2]
    assert len(names) > 100
    for name in (names[0], names[-1]):
        (proposals,) = ask([Firm((one,)) for one in names], [Row(name)])
        assert (proposals[0].name, proposals[0].score, proposals[0].pattern) == (name, 100, "same")


def test_slices_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row(firm.names[0][at:], region) for firm in CITY for at in (0, 2) for region in (None, "320000")]
    whole = ask(CITY, rows)
    monkeypatch.setattr(propose_module, "_SLICE", 40)
    assert ask(CITY, rows) == whole


def test_saved_blocks_propose_the_same(tmp_path: Path) -> None:
    rows = [Row(firm.names[0][1:]) for firm in CITY]
    with duckdb.connect() as con:
        fill_register(con, tmp_path, CITY, backwards=False)
        build_blocks(con)
        save_blocks(con, tmp_path)
    with duckdb.connect() as con, tempfile.TemporaryDirectory() as folder:
        fill_register(con, Path(folder), CITY, backwards=False)
        fill_rows(con, Path(folder), rows, backwards=False)
        open_blocks(con, tmp_path)
        propose(con, Path(folder))
        assert answers(con, len(rows)) == ask(CITY, rows)


_CHARACTERS = st.text(st.sampled_from("南京武汉维璟金鑫商贸科技第三7有限公司厂(),·A國国"), min_size=2, max_size=14)


@settings(max_examples=12)
@given(st.lists(_CHARACTERS, min_size=1, max_size=30, unique=True))
def test_a_row_with_a_firm_s_own_name_finds_that_firm_first(names: list[str]) -> None:
    firms = [Firm((name,)) for name in names]
    for number, proposals in enumerate(ask(firms, [Row(name) for name in names])):
        assert proposals[0] == Proposal(number, names[number], 100, True, "same")
