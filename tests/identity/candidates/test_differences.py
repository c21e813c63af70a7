"""What a clerk is told of two names."""

from __future__ import annotations

from enterprise_data.identity.candidates.differences import Difference, compare, compare_all
from enterprise_data.identity.candidates.patterns import PATTERNS

_OF_EACH = {
    "same": ("南京维璟商贸有限公司", "南京维璟商贸有限公司"),
    "spelling": ("南京維璟商貿有限公司", "南京维璟商贸有限公司"),
    "numeral": ("荣氏商贸有限公司第12分公司", "荣氏商贸有限公司第十二分公司"),
    "number": ("荣氏商贸有限公司第12分公司", "荣氏商贸有限公司第二十分公司"),
    "branch_missing": ("荣氏商贸有限公司", "荣氏商贸有限公司第二十分公司"),
    "other_place": ("徐州维璟商贸有限公司", "南京维璟商贸有限公司"),
    "place": ("江苏省南京市维璟商贸有限公司", "南京维璟商贸有限公司"),
    "form": ("南京维璟商贸厂", "南京维璟商贸有限公司"),
    "place_and_form": ("维璟商贸厂", "南京维璟商贸有限公司"),
    "one_character": ("南京维境商贸有限公司", "南京维璟商贸有限公司"),
    "transposed": ("南京璟维商贸有限公司", "南京维璟商贸有限公司"),
    "character_missing": ("南京维商贸有限公司", "南京维璟商贸有限公司"),
    "character_added": ("南京维璟璟商贸有限公司", "南京维璟商贸有限公司"),
    "two_characters": ("南京维境商茂科技有限公司", "南京维璟商贸科技有限公司"),
    "shortened": ("南京维璟商贸", "南京维璟商贸有限公司"),
    "other": ("南京维璟商贸有限公司", "成都乐活餐饮管理有限公司"),
}


_AT_BORDERS = (
    # The places of branches count, and so do places inside others.
    ("中国建设银行股份有限公司南康支行", "中国建设银行股份有限公司赣州支行", "other"),
    ("中国银行股份有限公司泰州分行", "中国银行股份有限公司徐州分行", "other_place"),
    ("江苏维璟商贸有限公司", "南京维璟商贸有限公司", "place"),
    # A place word may be the firm's own: 双阳 is a district elsewhere.
    ("双阳机床有限公司", "南通双阳机床有限公司", "place"),
    # Without a word of its own, a name without its place says nothing.
    ("粮食购销公司", "靖安县粮食购销公司", "other"),
    # Two slips in the word that tells the firm from others make another firm.
    ("南京永泰商贸科技有限公司", "南京维璟商贸科技有限公司", "other"),
    ("南京维境商贸科枝有限公司", "南京维璟商贸科技有限公司", "two_characters"),
    ("贵阳银行股份有限公司红岩支行", "贵阳银行股份有限公司直属支行", "other"),
    ("贵阳银行股份有线公司红石支行", "贵阳银行股份有限公司红岩支行", "two_characters"),
    # A slip and another place within the same province.
    ("陕西正安房地产开发有限公司", "延安正远房地产开发有限公司", "other"),
    ("山煤国际能源连云港有限公司", "山煤国际能源集团连云港有限公司", "form"),
    # The second of two numbers.
    ("宝一堂大药房连锁有限公司九店", "宝一堂大药房连锁有限公司一店", "number"),
    # A number on one side alone may be a slip.
    ("西安市房地产经营公司", "西安市房地产经营三公司", "character_missing"),
    # Cut off within a branch; but a parent is no cut branch.
    ("陆良县大莫古供销合作社滥泥", "陆良县大莫古供销合作社滥泥沟购销店", "shortened"),
    ("陆良县大莫古供销合作社", "陆良县大莫古供销合作社滥泥沟购销店", "branch_missing"),
)


def test_each_pattern() -> None:
    assert _OF_EACH.keys() == PATTERNS.keys()
    assert [compared.pattern for compared in compare_all(list(_OF_EACH.values()))] == list(_OF_EACH)


def test_patterns_at_their_borders() -> None:
    compared = compare_all([(left, right) for left, right, _ in _AT_BORDERS])
    assert [(each.left, each.right, each.pattern) for each in compared] == list(_AT_BORDERS)


def test_parts_that_agree_and_differ() -> None:
    compared = compare("湖北省武汉市金鑫再生资源有限责任公司阳逻第三经营部", "武汉金鑫再生资源有限公司阳逻第七经营部")
    assert compared.agreeing == {"brand": "金鑫", "trade": "再生资源"}
    assert compared.differing == (
        Difference("place", "湖北 武汉", "武汉"),
        Difference("number", "3", "7"),
        Difference("form", "有限责任公司", "有限公司"),
        Difference("branch", "阳逻第三经营部", "阳逻第七经营部"),
    )


def test_sentences_say_the_pattern_and_the_parts() -> None:
    compared = compare("维璟商贸有限公司", "南京维璟商贸有限公司")
    assert compared.sentence == "only the place is left out or written otherwise; place: none / 南京"
    assert compared.sentence_zh == "只是行政区划的写法或有无不同；行政区划：无 / 南京"


def test_any_text_can_be_compared() -> None:
    texts, name = ["", "公", "\x00", "()", "🏭", "南" * 10_000, "%s{}\\1$1"], "南京维璟商贸有限公司"
    assert {compared.pattern for compared in compare_all([(text, name) for text in texts])} == {"other"}
    assert {compared.pattern for compared in compare_all([(name, text) for text in texts])} == {"other"}
    assert {compared.pattern for compared in compare_all([(text, text) for text in texts])} == {"same"}


def test_nothing_to_compare() -> None:
    assert compare_all([]) == []
