"""What a search of the bundled library finds first, however it is typed, and that nothing but the query decides it."""

from __future__ import annotations

import random
from datetime import date
from functools import cache

import pytest

from policies.load import BUNDLED, Library, load_library
from policies.model import PolicyKind, Status
from policies.search.filters import Filter, expiring
from policies.search.rank import Found, search
from policies.search.text import edits_to, plain, shortens, typed
from policies.search.vocabulary import topics, vocabulary
from tests.policies.writing import catalogue


@cache
def bundled() -> Library:
    return load_library(BUNDLED, catalogue())


def found(query: str, wanted: Filter | None = None) -> Found:
    return search([policy for policy in bundled().policies if (wanted or Filter()).passes(policy)], query)


def ids(result: Found) -> list[str]:
    return [hit.policy.id for hit in result.hits]


HIGHTECH = {"jn-zone-hightech-2020", "sd-small-to-hightech-2018", "sd-sme-to-hightech-2021", "ly-sme-hightech-2024"}
FIRST = {
    # words of the title, of a synonym, of a topic
    "研发 小微": {"sd-sme-to-hightech-2021"},
    "研究开发": {"research-deduction-2023"},
    "高企": HIGHTECH,
    "残保金": {"disabled-employment-fund-2023"},
    "机器换人": {"qd-industrial-robots-2021"},
    "首套": {"lc-first-sets-2019"},
    "援企稳岗": {"qd-job-stability-2020", "job-stability-2024", "jn-job-stability-2023"},
    "股改": {"jn-shareholding-reform-2018"},
    "大学生": {"sd-graduate-hiring-2022"},
    "四板": {"qd-regional-equity-2021", "wf-regional-equity-2021"},
    # document numbers, departments, ids, English
    "鲁科字〔2021〕48号": {"sd-sme-to-hightech-2021"},
    "鲁科字[2021]48": {"sd-sme-to-hightech-2021"},
    "山东省科学技术厅": {"sd-sme-to-hightech-2021", "sd-small-to-hightech-2018"},
    "gazelle unicorn": {"jn-gazelle-unicorn-2019"},
    "qd-neeq-listing-2021": {"qd-neeq-listing-2021"},
    # typed without blanks, wide, in traditional characters
    "青岛单项冠军奖励": {"qd-single-champion-2025", "qd-single-champion-2021"},
    "ＮＥＥＱ　青岛": {"qd-neeq-listing-2021"},
    "專精特新": {"ly-champion-giant-2024", "jn-specialised-2019", "yt-zone-specialised-2022"},
    # a character wrong, missing, too many, swapped
    "单向冠军 广东": {"gd-single-champion-2023"},
    "稳冈": {"qd-job-stability-2020", "job-stability-2024", "jn-job-stability-2023"},
    "瞪领": {"jn-gazelle-unicorn-2019", "zb-gazelle-2021"},
    "残疾人就业保证金": {"disabled-employment-fund-2023"},
    "小规模纳税增值税": {"small-scale-vat-2023"},
    "工业机机器人": {"qd-industrial-robots-2021"},
    "加计扣减": {"research-deduction-2023"},
    "计加扣除": {"research-deduction-2023"},
    "高技术企业": {
        "jn-zone-hightech-2020",
        "sd-small-to-hightech-2018",
        "sd-sme-to-hightech-2021",
        "ly-sme-hightech-2024",
    },
    "gazele": {"jn-gazelle-unicorn-2019", "zb-gazelle-2021"},
}


@pytest.mark.parametrize("query", FIRST)
def test_what_is_found_first(query: str) -> None:
    assert set(ids(found(query))[: len(FIRST[query])]) == FIRST[query]


@pytest.mark.parametrize("query", ["养老院", "xyzzy", "区块链元宇宙"])
def test_what_nothing_is_about_finds_nothing(query: str) -> None:
    assert ids(found(query)) == []


HOW = [
    ("小微", "sd-small-to-hightech-2018", ("title", "", "word", "小微")),
    ("残保金", "disabled-employment-fund-2023", ("title", "", "synonym", "残疾人就业保障金")),
    ("大学生", "sd-graduate-hiring-2022", ("topic", "高校毕业生", "word", "大学生")),
    ("绿色门槛", "sd-sme-to-hightech-2021", ("condition", "green-gate", "word", "绿色门槛")),
    ("瞪领", "zb-gazelle-2021", ("title", "", "mistyped", "瞪羚")),
    ("服务型造", "qd-service-manufacturing-2021", ("title", "", "shortened", "服务型造")),
]


@pytest.mark.parametrize(("query", "policy", "expected"), HOW)
def test_which_part_matched_and_how_the_word_was_read(
    query: str, policy: str, expected: tuple[str, str, str, str]
) -> None:
    (match,) = next(hit for hit in found(query).hits if hit.policy.id == policy).matches
    assert (match.part, match.of, match.how, match.read) == expected


def test_more_words_come_first_and_less_than_half_of_them_is_left_out() -> None:
    both, one = (len(hit.matches) for hit in (found("研发 小微").hits[0], found("研发 小微").hits[-1]))
    assert (both, one) == (2, 1)
    assert all(len(hit.matches) >= 2 for hit in found("研发 小微 青岛").hits)


def test_the_order_depends_on_the_query_alone() -> None:
    shuffled = list(bundled().policies)
    random.Random(7).shuffle(shuffled)
    for query in ("奖励", "小微 青岛", "单向冠军", ""):
        assert ids(search(shuffled, query)) == ids(found(query))
    assert ids(found("")) == sorted(ids(found("")), key=lambda name: (bundled().policy(name).status == "draft", name))


FILTERS = {
    "a region, the larger ones it lies in and its parts": (
        Filter(region="3702"), "单项冠军 城阳",
        {"qd-single-champion-2021", "cy-industry-entry-2020"}, {"sd-sme-to-hightech-2021", "jn-single-champion-2019"},
    ),
    "a department that answers for it": (
        Filter(department="人力资源"), "", {"sd-graduate-hiring-2022", "job-stability-2024"}, {"qd-neeq-listing-2021"},
    ),
    "a kind": (Filter(kind=PolicyKind.REDUCTION), "", {"small-scale-vat-2023"}, {"qd-neeq-listing-2021"}),
    "a status": (Filter(status=Status.DRAFT), "", {"qd-innovation-centre-2026-draft"}, {"small-scale-vat-2023"}),
    "an end": (
        Filter(ends_between=expiring(31, date(2026, 12, 1))), "", {"qd-service-leader-2024"},
        {"small-scale-vat-2023", "qd-innovation-centre-2026-draft", "research-deduction-2023"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_filters(name: str) -> None:
    wanted, query, kept, left_out = FILTERS[name]
    assert kept <= set(ids(search([p for p in bundled().policies if wanted.passes(p)], query)))
    assert not left_out & {policy.id for policy in bundled().policies if wanted.passes(policy)}


def test_both_ends_of_the_days_count() -> None:
    def ending(days: int, as_of: date) -> bool:
        return Filter(ends_between=expiring(days, as_of)).passes(bundled().policy("qd-service-leader-2024"))

    assert ending(0, date(2026, 12, 31))
    assert ending(1, date(2026, 12, 30))
    assert not ending(0, date(2026, 12, 30))
    assert not ending(9, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("word", "text", "edits"),
    [("单项冠军", "制造业单项冠军奖励", 0), ("单向冠军", "制造业单项冠军奖励", 1), ("单冠军", "制造业单项冠军", 1),
     ("冠单项军", "制造业单项冠军", None), ("单项", "单向", None), ("hihgtech", "first hightech", 1)],
)  # fmt: skip
def test_edits(word: str, text: str, edits: int | None) -> None:
    assert edits_to(word, text) == edits


def test_one_spelling() -> None:
    assert plain("鲁科字〔2021〕48号") == plain("鲁科字[2021] 48号") == "鲁科字202148号"
    assert plain("High-Tech  Firms（首次）") == "high tech firms首次"
    assert typed(" 研發，High-Tech　小微 ") == ["研发", "high", "tech", "小微"]
    assert shortens("高新企业", "高新技术企业")
    assert not shortens("高企", "高新技术企业")


def test_the_words_of_the_field_are_cited_and_read_things_that_exist() -> None:
    known = {*catalogue().datasets, *bundled().definitions}
    for topic in topics():
        assert set(topic.reads) <= known, topic.topic
        assert len(set(map(plain, topic.words))) == len(topic.words), topic.topic
        assert topic.source
    assert len({topic.topic for topic in topics()}) == len(topics())


def test_a_word_is_cut_only_where_known_words_begin_and_end() -> None:
    words = vocabulary(["青岛"])
    assert words.pieces("青岛小微企业升级") == ["青岛", "小微企业", "升级"]
    assert words.pieces("绿色门槛") == ["绿色门槛"]
