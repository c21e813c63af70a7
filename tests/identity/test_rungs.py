"""Which spellings of a registered name link, on which rung, and which never do."""

import re
from collections.abc import Collection
from datetime import date
from itertools import product

import pytest

from enterprise_data.identity.rungs import RUNGS
from tests.identity.linking import Firm, Outcome, Row, link_rows
from tests.snapshot.city import uscc

QINGDAO, YANTAI, SHANDONG, WUHAN, BEIJING = "370200", "370600", "370000", "420100", "110000"

# The register's name (and region), the listed one (and the list's region), the rung that links it.
LINKS: dict[str, tuple[tuple[str, str | None], tuple[str, str | None], str]] = {
    "traditional": (("青岛丰泽园艺有限公司", None), ("青島豐澤園藝有限公司", None), "spelling"),
    "registered in traditional": (("青岛萬里貿易有限公司", None), ("青岛万里贸易有限公司", None), "spelling"),
    "brackets left out": (("青岛海丽（集团）有限公司", None), ("青岛海丽集团有限公司", None), "spelling"),
    "branch in brackets": (("青岛海丽有限公司平度分公司", None), ("青岛海丽有限公司（平度分公司）", None), "spelling"),
    "list number": (("青岛海丽有限公司", None), ("43.青岛海丽有限公司", None), "spelling"),
    "list number in brackets": (("青岛海丽有限公司", None), ("（30） 青岛海丽有限公司", None), "spelling"),
    "Chinese list number": (("青岛海丽有限公司", None), ("十二、青岛海丽有限公司", None), "spelling"),
    "number and space": (("青岛海丽有限公司", None), ("205 青岛海丽有限公司", None), "spelling"),
    "number and space before traditional": (("无锡海丽有限公司", None), ("12 無錫海麗有限公司", None), "spelling"),
    "circled number": (("青岛海丽有限公司", None), ("③青岛海丽有限公司", None), "spelling"),
    "number written apart": (("青岛海丽有限公司", None), ("2 3 . 青岛海丽有限公司", None), "spelling"),
    "stamp written apart": (("青岛海丽有限公司", None), ("青岛海丽有限公司（盖 章）", None), "spelling"),
    "stamp": (("青岛海丽有限公司", None), ("青岛海丽有限公司（盖章）", None), "spelling"),
    "stamp in traditional": (("青岛海丽有限公司", None), ("青島海麗有限公司（蓋章）", None), "spelling"),
    "remark on its state": (("青岛海丽有限公司", None), ("青岛海丽有限公司[已注销]", None), "spelling"),
    "quotes": (("青岛海丽有限公司", None), ("《青岛海丽有限公司》", None), "spelling"),
    "an apostrophe of a spreadsheet": (("青岛海丽有限公司", None), ("'青岛海丽有限公司", None), "spelling"),
    "number in digits": (("青岛海丽有限公司第十二分店", None), ("青岛海丽有限公司第12分店", None), "numerals"),
    "number in Chinese": (("青岛海丽有限公司第103分店", None), ("青岛海丽有限公司第一百零三分店", None), "numerals"),
    "number read digit by digit": (("青岛海丽第120分店", None), ("青岛海丽第一二〇分店", None), "numerals"),
    "责任 added": (("青岛海丽有限公司", None), ("青岛海丽有限责任公司", None), "form"),
    "责任 left out, before a branch": (("青岛海丽有限责任公司分店", None), ("青岛海丽有限公司分店", None), "form"),
    "sole trader's mark": (("平度市小山杂货店（个体工商户）", None), ("平度市小山杂货店", None), "form"),
    "wrong letter in the form": (("青岛海丽有限公司", None), ("青岛海丽有险公司", None), "mended_form"),
    "letter missing in the form": (("青岛海丽有限公司", None), ("青岛海丽限公司", None), "mended_form"),
    "letter doubled in the form": (("青岛海丽有限公司", None), ("青岛海丽有有限公司", None), "mended_form"),
    "letters swapped in the form": (("青岛海丽有限公司", None), ("青岛海丽有公限司", None), "mended_form"),
    "slip in a cooperative's form": (
        ("平度小山农民专业合作社", None),
        ("平度小山农民专业合合作社", None),
        "mended_form",
    ),
    "市 left out": (("青岛市海丽有限公司", None), ("青岛海丽有限公司", None), "place"),
    "市 added": (("青岛海丽有限公司", None), ("青岛市海丽有限公司", None), "place"),
    "place in brackets": (("青岛海丽机械有限公司", None), ("海丽（青岛）机械有限公司", None), "place"),
    "place in brackets anywhere": (("青岛海丽机械有限公司", None), ("海丽机（青岛）械有限公司", None), "place"),
    "place out of brackets": (("东方海丽（江苏）机械有限公司", None), ("江苏东方海丽机械有限公司", None), "place"),
    "abolished county-level city": (("吴江市达方电器有限公司", None), ("吴江达方电器有限公司", None), "place"),
    "a mining district that became another": (
        ("包头市石拐矿区海丽有限公司", None),
        ("包头市石拐区海丽有限公司", None),
        "place",
    ),
    "former name of a district": (("长春市二道河子区海丽有限公司", None), ("长春市二道区海丽有限公司", None), "place"),
    "autonomous prefecture for short": (
        ("恩施土家族苗族自治州海丽有限公司", None),
        ("恩施州海丽有限公司", None),
        "place",
    ),
    "place word of several provinces, in the list's": (
        ("朝阳市海丽有限公司", "211300"),
        ("朝阳海丽有限公司", "210000"),
        "place",
    ),
    "a letter by choice, in traditional": (("青岛泽昇有限公司", None), ("青島澤昇有限公司", None), "spelling"),
    "a letter of both scripts, in traditional": (
        ("青岛于氏贸易有限公司", None),
        ("青島於氏貿易有限公司", None),
        "spelling",
    ),
    "district of several cities, in its city's list": (
        ("徐州市鼓楼区海丽有限公司", "320300"),
        ("鼓楼区海丽有限公司", "320300"),
        "outer_place",
    ),
    "city of which districts elsewhere have the name": (
        ("西安海丽有限公司", None),
        ("陕西西安海丽有限公司", None),
        "outer_place",
    ),
    "place of the firm's own word before a bracket": (
        ("广州海丽（青岛）有限公司", None),
        ("广州海丽（青岛市）有限公司", None),
        "place",
    ),
    "province left out, in the list of a city in it": (
        ("山东海丽有限公司", QINGDAO),
        ("海丽有限公司", QINGDAO),
        "listed_region",
    ),
    "a shop of the list's own city": (("小山超市", QINGDAO), ("小山超市 ", "370203"), "name"),
    "province added": (("青岛海丽有限公司", None), ("山东省青岛海丽有限公司", None), "outer_place"),
    "province left out": (("山东青岛海丽有限公司", None), ("青岛市海丽有限公司", None), "outer_place"),
    "province and city added": (("即墨海丽有限公司", None), ("山东省青岛市即墨海丽有限公司", None), "outer_place"),
    "place left out, in the city's own list": (
        ("青岛海丽有限公司", QINGDAO),
        ("海丽有限公司", QINGDAO),
        "listed_region",
    ),
    "place left out, in a district's list": (
        ("青岛市市南区海丽有限公司", "370202"),
        ("海丽有限公司", "370203"),
        "listed_region",
    ),
    "place left out, in a municipality's list": (
        ("北京海丽有限公司", "110108"),
        ("海丽有限公司", BEIJING),
        "listed_region",
    ),
}

NEVER: dict[str, tuple[tuple[str, str | None], tuple[str, str | None]]] = {
    "one character in the brand": (("青岛海丽有限公司", None), ("青岛海利有限公司", None)),
    "another number": (("青岛海丽第三分店", None), ("青岛海丽第七分店", None)),
    "two numbers and one": (("青岛三一机械厂", None), ("青岛三十一机械厂", None)),
    "branch for parent": (("青岛海丽有限公司", None), ("青岛海丽有限公司平度分公司", None)),
    "parent for branch": (("青岛海丽有限公司平度分公司", None), ("青岛海丽有限公司", None)),
    "joint stock for limited": (("青岛海丽有限公司", None), ("青岛海丽股份有限公司", None)),
    "group left out": (("青岛海丽集团有限公司", None), ("青岛海丽有限公司", None)),
    "form left out": (("青岛海丽有限公司", None), ("青岛海丽", None)),
    "last letter missing: more may be": (("青岛海丽有限公司", None), ("青岛海丽有限公", None)),
    "slip outside the form": (("青岛海丽贸易有限公司", None), ("青岛海丽易贸有限公司", None)),
    "a farmers' cooperative is not a professional one": (("海丽农专业合作社", None), ("海丽农农业合作社", None)),
    "another city": (("青岛海丽有限公司", None), ("烟台海丽有限公司", None)),
    "prefecture for its city": (("恩施州海丽有限公司", None), ("恩施市海丽有限公司", None)),
    "province for the city of its name": (("吉林省海丽有限公司", None), ("吉林市海丽有限公司", None)),
    "trade and form alone, kind of place open": (("靖安县粮食购销公司", None), ("靖安粮食购销公司", None)),
    "trade and form alone, province added": (("梅州轻工业品进出口公司", None), ("广东省梅州轻工业品进出口公司", None)),
    "place word of several provinces, no region": (("朝阳市海丽有限公司", None), ("朝阳海丽有限公司", None)),
    "a district's name inside a brand": (("大连金安投资有限公司", None), ("大连和顺投资有限公司", None)),
    "the list is another province's": (("青岛市海丽有限公司", QINGDAO), ("青岛海丽有限公司", WUHAN)),
    "place left out, no region": (("青岛海丽有限公司", QINGDAO), ("海丽有限公司", None)),
    "place left out, in the province's list": (("青岛海丽有限公司", QINGDAO), ("海丽有限公司", SHANDONG)),
    "place left out, in another city's list": (("青岛海丽有限公司", QINGDAO), ("海丽有限公司", YANTAI)),
    "place left out, trade and form alone": (("青岛粮食购销公司", QINGDAO), ("粮食购销公司", QINGDAO)),
    "place left out, the register does not say where": (("青岛海丽有限公司", None), ("海丽有限公司", QINGDAO)),
    "nothing beside the place": (("青岛公司", None), ("青岛市公司", None)),
    "subsidiary in brackets for a firm of that place": (
        ("北京海丽科技有限公司", None),
        ("杭州海丽（北京）科技有限公司", None),
    ),
    "the same the other way": (("杭州海丽（北京）科技有限公司", None), ("北京海丽科技有限公司", None)),
    "subsidiary of a whole place": (("青岛海丽有限公司", None), ("上海市海丽（青岛）有限公司", None)),
    "subsidiary inside the province": (("青岛海丽有限公司", None), ("山东海丽（青岛）有限公司", None)),
    "branch in brackets for a subsidiary's branch": (
        ("青岛海丽（烟台）有限公司分公司", None),
        ("青岛海丽有限公司（烟台）分公司", None),
    ),
    "district of one name in another city": (("南京市鼓楼区海丽有限公司", None), ("徐州市鼓楼区海丽有限公司", None)),
    "district of one name in another province": (
        ("北京市朝阳区海丽有限公司", None),
        ("长春市朝阳区海丽有限公司", None),
    ),
    "district for the city of its name": (("北京朝阳海丽有限公司", None), ("朝阳海丽有限公司", None)),
    "district of several cities, in another's list": (
        ("徐州市鼓楼区海丽有限公司", "320300"),
        ("鼓楼区海丽有限公司", "320100"),
    ),
    "place word of several provinces in the register": (("通州海丽有限公司", "110112"), ("通州市海丽有限公司", None)),
    "province for the city of its name, 省 left out": (("吉林市海丽有限公司", None), ("吉林海丽有限公司", None)),
    "province for a district of its name": (("河北海丽有限公司", None), ("天津市河北海丽有限公司", None)),
    "county for the city of its name": (("长沙县海丽有限公司", None), ("长沙海丽有限公司", None)),
    "district whose name begins another's": (("白云鄂博矿区海丽有限公司", None), ("白云区海丽有限公司", None)),
    "district for the prefecture of its name": (("广安地区海丽有限公司", None), ("广安区海丽有限公司", None)),
    "city or county of one name": (("伊宁县海丽有限公司", None), ("伊宁海丽有限公司", None)),
    "place left out of another city's name": (("烟台海丽有限公司", QINGDAO), ("海丽有限公司", QINGDAO)),
    "a parent elsewhere for its subsidiary": (("上海海丽（青岛）有限公司", QINGDAO), ("上海海丽有限公司", QINGDAO)),
    "a shop of another city": (("小山超市", QINGDAO), ("小山超市", WUHAN)),
    "a shop of another city in the province": (("小山超市", QINGDAO), ("小山超市", YANTAI)),
    "a branch for a slip in the form": (("青岛海丽有限公司", None), ("青岛海丽有限分公司", None)),
    "a branch for a slip in the long form": (("青岛海丽有限责任公司", None), ("青岛海丽有限责任分公司", None)),
    "a letter of the name before the form": (("青岛农机有限公司", None), ("青岛农机厂限公司", None)),
    "forestry for the form": (("平度金丰林专业合作社", None), ("平度金丰林业合作社", None)),
    "private characters": (("青岛海\ue001有限公司", None), ("青岛海\ue002有限公司", None)),
    "vowel signs": (("青岛\u0f40\u0f72有限公司", None), ("青岛\u0f40\u0f74有限公司", None)),
    "hidden letters": (("青岛王副食店", None), ("青岛王**副食店", None)),
    "a letter that could not be written": (("青岛海有限公司", None), ("青岛海□有限公司", None)),
    "a letter that could not be read": (("青岛海有限公司", None), ("青岛海\ufffd有限公司", None)),
    "a plus": (("青岛11有限公司", None), ("青岛1+1有限公司", None)),
    "a dash between digits": (("青岛711便利店", None), ("青岛7-11便利店", None)),
    "a dot between digits in front": (("15消费中心", None), ("3.15消费中心", None)),
    "a variant letter by choice": (("青岛日升有限公司", None), ("青岛日昇有限公司", None)),
    "the same in traditional": (("青岛泽升有限公司", None), ("青島澤昇有限公司", None)),
    "a letter of both scripts": (("青岛于氏餐馆", None), ("青岛於氏餐馆", None)),
    "a firm that begins with digits and a space": (("同城海丽有限公司", None), ("58 同城海丽有限公司", None)),
    "a firm that begins with digits": (("3M海丽有限公司", None), ("M海丽有限公司", None)),
}


# In one register every case has an own word in place of 海丽 and 小山, so that none is about the firm of another.
_OWN_WORDS = list(product("昕睿琪婷雯彤妍菲", "曦晗瑜萱琳璐珊娜"))


def _in_own_words(name: str, case: int) -> str:
    first, second = _OWN_WORDS[case]
    return re.sub("(?<!上)海", first, re.sub("[丽麗]", second, name.replace("小山", first + second)))


def _outcomes(cases: Collection[tuple[tuple[str, str | None], tuple[str, str | None]]], bearers: int) -> list[Outcome]:
    """Link the listed name of each case against a register in which so many firms bear the known one of each."""
    firms, rows = [], []
    for case, (known, listed) in enumerate(cases):
        numbers = range(case * bearers + 1, (case + 1) * bearers + 1)
        firms += [Firm(number, _in_own_words(known[0], case), region=known[1]) for number in numbers]
        rows.append(Row(_in_own_words(listed[0], case), region=listed[1]))
    return link_rows(firms, rows)


@pytest.fixture(scope="module")
def linked() -> dict[str, Outcome]:
    return dict(zip(LINKS, _outcomes([case[:2] for case in LINKS.values()], bearers=1), strict=True))


@pytest.fixture(scope="module")
def never_linked() -> dict[str, Outcome]:
    return dict(zip(NEVER, _outcomes(NEVER.values(), bearers=1), strict=True))


@pytest.fixture(scope="module")
def shared() -> dict[str, Outcome]:
    return dict(zip(LINKS, _outcomes([case[:2] for case in LINKS.values()], bearers=2), strict=True))


@pytest.mark.parametrize("case", LINKS)
def test_a_spelling_links_on_its_rung(case: str, linked: dict[str, Outcome]) -> None:
    assert linked[case] == Outcome(list(LINKS).index(case) + 1, LINKS[case][2])


@pytest.mark.parametrize("case", NEVER)
def test_another_name_never_links(case: str, never_linked: dict[str, Outcome]) -> None:
    assert never_linked[case] == Outcome(None, "unknown_name")


@pytest.mark.parametrize("case", LINKS)
def test_a_spelling_that_two_firms_share_links_neither(case: str, shared: dict[str, Outcome]) -> None:
    first = 2 * list(LINKS).index(case) + 1
    assert shared[case] == Outcome(None, "ambiguous_name", (first, first + 1))


def test_every_rung_is_shown() -> None:
    assert {rung for *_, rung in LINKS.values()} | {"name"} == {rung.name for rung in RUNGS}


def test_the_first_rung_with_a_bearer_decides() -> None:
    """Exactly so is one firm called; but for 责任 another, which must not make the first one doubtful."""
    firms = [Firm(1, "青岛海丽有限公司"), Firm(2, "青岛海丽有限责任公司")]
    rows = [Row("青岛海丽有限公司"), Row("青島海麗有限責任公司"), Row("青岛市海丽有限公司")]
    assert link_rows(firms, rows) == [
        Outcome(1, "name"),
        Outcome(2, "spelling"),
        Outcome(None, "ambiguous_name", (1, 2)),
    ]


# Two firms of the register, and a listed name that is neither's own but comes near to both, on two rungs.
BETWEEN: dict[str, tuple[str, str, str]] = {
    "form, then place": ("青岛海丽有限责任公司", "海丽（青岛）有限公司", "青岛海丽有限公司"),
    "numerals, then form": ("青岛海丽第十二有限公司", "青岛海丽第十二有限责任公司", "青岛海丽第12有限公司"),
    "place, then outer place": ("山东青岛海丽有限公司", "青岛市海丽有限公司", "山东省青岛市海丽有限公司"),
    "place in brackets, then outer place": ("青岛海丽有限公司", "山东青岛海丽有限公司", "海丽（青岛）有限公司"),
    "misspelt form, then place": ("青岛海丽有限责任公司", "海丽（青岛）有限公司", "青岛海丽有险公司"),
    "misspelt form, then the list's own place": ("海丽有限责任公司", "青岛海丽有限公司", "海丽有险公司"),
    "place, then outer place of a name without brand": ("青岛市平度种子公司", "平度种子公司", "青岛平度种子公司"),
    "place in brackets, then place of a city or district": (
        "海丽（西安）有限公司",
        "西安市海丽有限公司",
        "西安海丽有限公司",
    ),
    "form, then the list's own place": ("海丽有限责任公司", "青岛海丽有限公司", "海丽有限公司"),
}


@pytest.mark.parametrize("case", BETWEEN)
def test_a_name_that_is_no_firms_own_links_to_none_of_two(case: str) -> None:
    first, second, listed = BETWEEN[case]
    region = QINGDAO if "青岛" in first + second else None
    firms = [Firm(1, first, region=region), Firm(2, second, region=region)]
    row = Row(listed, region=region)
    assert link_rows(firms, [row]) == [Outcome(None, "ambiguous_name", (1, 2))]
    assert link_rows(firms[:1], [row])[0].firm == 1


def test_a_rival_must_have_borne_its_name_on_that_day() -> None:
    firms = [
        Firm(1, "青岛海丽有限责任公司"),
        Firm(2, "青岛新名有限公司", former=(("海丽（青岛）有限公司", date(2020, 1, 1)),)),
    ]
    rows = [Row("青岛海丽有限公司", day=date(2022, 6, 1)), Row("青岛海丽有限公司", day=date(2019, 6, 1))]
    assert link_rows(firms, rows) == [Outcome(1, "form"), Outcome(None, "ambiguous_name", (1, 2))]


def test_what_an_earlier_rung_has_that_is_out_of_date_is_not_what_links() -> None:
    given_up = (("朝阳市海丽有限公司", date(2014, 1, 1)),)
    row = Row("朝阳海丽有限公司", day=date(2022, 6, 1))
    assert link_rows([Firm(1, "辽宁朝阳海丽有限公司", former=given_up)], [row]) == [Outcome(1, "outer_place")]


def test_a_code_tells_a_firm_from_its_rival_but_not_a_rival_from_the_firm() -> None:
    firms = [Firm(1, "青岛海丽有限责任公司"), Firm(2, "海丽（青岛）有限公司")]
    rows = [Row("青岛海丽有限公司", uscc(1)), Row("青岛海丽有限公司", uscc(2))]
    assert link_rows(firms, rows) == [
        Outcome(1, "uscc_and_name"),
        Outcome(None, "code_and_name_disagree", (1, 2)),
    ]
