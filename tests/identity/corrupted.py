"""Realistic names made of parts, and spellings of them as lists corrupt them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

# Place words with their region: cities, counties of one name, provinces, words that brands use, none.
PLACES = {
    "青岛": "370200",
    "青岛市": "370200",
    "烟台": "370600",
    "山东省": "370000",
    "山东青岛": "370200",
    "南京市鼓楼区": "320106",
    "徐州市鼓楼区": "320302",
    "鼓楼区": "320106",
    "北京市朝阳区": "110105",
    "长春市朝阳区": "220104",
    "朝阳": "211300",
    "吉林省": "220000",
    "吉林市": "220200",
    "吉林": "220000",
    "恩施州": "422800",
    "恩施市": "422801",
    "长沙": "430100",
    "长沙县": "430121",
    "杭州": "330100",
    "东方": "460400",
    "": "370200",
}
BRANDS = ("海丽", "三一", "九九", "东方海", "平安", "于氏", "昇泰", "大有", "1919")
TRADES = ("科技", "贸易", "农机", "农机厂", "第二机械", "")
FORMS = (
    "有限公司",
    "有限责任公司",
    "股份有限公司",
    "厂",
    "商店",
    "农民专业合作社",
    "中心（有限合伙）",
    "有限公司工会委员会",
)
BRANCHES = ("", "", "", "烟台分公司", "第三分店", "第十三分店", "（平度）分公司")


@st.composite
def named(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a name with the region of its bearer."""
    place = draw(st.sampled_from(sorted(PLACES)))
    brand, trade, form, branch = (draw(st.sampled_from(words)) for words in (BRANDS, TRADES, FORMS, BRANCHES))
    if place and draw(st.booleans()):
        leading = draw(st.sampled_from(("", "", "杭州", "山东")))
        return f"{leading}{brand}（{place}）{trade}{form}{branch}", PLACES[place]
    return f"{place}{brand}{trade}{form}{branch}", PLACES[place]


def _replaced(old: str, new: str) -> Callable[[str, Random], str]:
    return lambda name, _: name.replace(old, new)


def _as_written(name: str, _: Random) -> str:
    return name


def _number_in_digits(name: str, _: Random) -> str:
    return name.replace("第十三", "第13").replace("第三", "第3").replace("第二", "第2")


def _other_number(name: str, random: Random) -> str:
    return name.replace("第三", random.choice(("第七", "第十三", "第3")))


def _marked(name: str, random: Random) -> str:
    return (
        random.choice(("1.", "（3）", "五、", "12 ", "①", "★")) + name + random.choice(("", "（盖章）", "（已注销）"))
    )


def _slip(name: str, random: Random) -> str:
    return name.replace(
        "有限公司", random.choice(("限公司", "有公司", "有险公司", "有限分公司", "有有限公司", "有公限司"))
    )


def _without_place(name: str, _: Random) -> str:
    longest = max((place for place in PLACES if name.startswith(place)), key=len)
    return name.removeprefix(longest)


def _place_in_brackets(name: str, random: Random) -> str:
    rest = _without_place(name, random)
    place = name.removesuffix(rest)
    return f"{rest[:2]}（{place}）{rest[2:]}" if place else name


CORRUPTIONS: tuple[Callable[[str, Random], str], ...] = (
    _as_written,
    _number_in_digits,
    _other_number,
    _marked,
    _slip,
    _without_place,
    _place_in_brackets,
    _replaced("（", "("),
    _replaced("有限责任公司", "有限公司"),
    _replaced("有限公司", "有限责任公司"),
    _replaced("市", ""),
    _replaced("省", ""),
    _replaced("（", " "),
    _replaced("贸", "貿"),
)


@st.composite
def spelled(draw: st.DrawFn, known: list[str]) -> str:
    """Draw a name of `known` or another, corrupted once or twice."""
    name = draw(st.sampled_from(known) | named().map(lambda pair: pair[0])) if known else draw(named())[0]
    random = draw(st.randoms(use_true_random=False))
    for corrupt in draw(st.lists(st.sampled_from(CORRUPTIONS), min_size=1, max_size=2)):
        name = corrupt(name, random)
    return name
