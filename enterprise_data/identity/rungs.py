"""The rungs of the ladder that `rules.py` climbs: ways in which a listed name may be equal to one of the register's.

A rung compares one key of the listed name with one of the register's. The rungs are ordered: each forgives more than
those before, and the first one on which any firm bears the name is the one that may link. Whatever else a rung wants of
a pair are its conditions in SQL, over `k` (the listed name's keys) and `n` (the register's name), then also over `r`
(the row: day, region) and `f` (the name's firm).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rung:
    """One comparison of names: `listed` and `known` are key columns, `names` and `when` further conditions.

    `names` is about the two names alone, `when` about row and firm as well. Where `links` is not true besides, the pair
    makes no link, but may keep another firm from having one.
    """

    name: str
    listed: str
    known: str
    names: str
    when: str
    links: str = "TRUE"


# A list that says where its firms are must not contradict where the register has the firm: the province counts.
_SAME_PROVINCE = "left(r.region, 2) = left(f.region, 2)"
NOT_ELSEWHERE = f"coalesce({_SAME_PROVINCE}, TRUE)"
# 恩施市 and 恩施州, 吉林省 and 吉林市 are different places; 吉林 is the province, but may have been said of the city.
_KINDS_FIT = "coalesce(k.place_kind = n.place_kind, TRUE)"
_KINDS_AGREE = "coalesce(k.place_kind = n.place_kind, NOT (k.finer OR n.finer))"
# Where one name leaves the kind of its place open, a name of trade and form alone is too common, and a place word that
# several provinces have needs the list's own region.
_KIND_KNOWN = (
    "(k.place_kind IS NOT DISTINCT FROM n.place_kind"
    f" OR (NOT k.no_brand AND (NOT (k.ambiguous OR n.ambiguous) OR coalesce({_SAME_PROVINCE}, FALSE))))"
)
# A list of one city leaves its own place out of names. Municipalities (直辖市) are cities; counties right below a
# province (省直辖县, third and fourth digit 90) stand for themselves.
CITY = (
    "CASE WHEN left({0}, 2) IN ('11', '12', '31', '50') THEN left({0}, 2)"
    " WHEN substr({0}, 3, 2) = '90' THEN left({0}, 6)"
    " WHEN substr({0}, 3, 2) <> '00' THEN left({0}, 4) END"
)
_LISTED_CITY = CITY.format("r.region")
_IN_LISTED_CITY = f"{_LISTED_CITY} = {CITY.format('f.region')}"
# A name without a place, such as a shop's, recurs from city to city.
_PLACED_OR_NEAR = f"(n.placed OR coalesce({_IN_LISTED_CITY}, {_SAME_PROVINCE}, TRUE))"
_OUTER_AGREE = "(contains(k.outer, n.outer) OR contains(n.outer, k.outer))"
# 南京市鼓楼区 is not 徐州市鼓楼区, and 鼓楼区 alone may be either; 江苏省京口区 and 镇江市京口区 are one.
_ONE_PLACE = "NOT (k.several OR n.several)"
_OUTER_FIT = f"({_OUTER_AGREE} OR {_ONE_PLACE})"
_OUTER_KNOWN = f"{_OUTER_AGREE} AND ({_ONE_PLACE} OR coalesce({_IN_LISTED_CITY}, FALSE))"
# The place that is left out is the list's own city, one inside it, or its province: 烟台 is not left out in 青岛.
_LISTED_PLACE = (
    f"(contains(n.seats, '/' || {_LISTED_CITY} || '/') OR contains(n.seats, '/' || left(r.region, 2) || '/'))"
)

# What a misspelt organisation form was meant as is looked for beside the name as it stands, and links on one rung only.
_AS_IT_STANDS = "NOT k.is_mended"

RUNGS = (
    # The registered name itself, but for width, spaces and the kind of brackets.
    Rung("name", "as_written", "name", _AS_IT_STANDS, _PLACED_OR_NEAR),
    Rung("spelling", "spelling", "spelling", _AS_IT_STANDS, _PLACED_OR_NEAR),
    Rung("numerals", "numerals", "numerals", _AS_IT_STANDS, _PLACED_OR_NEAR),
    Rung("form", "form", "form", _AS_IT_STANDS, _PLACED_OR_NEAR),
    Rung("mended_form", "form", "form", "k.is_mended", _PLACED_OR_NEAR),
    Rung(
        "place",
        "place",
        "place",
        _KINDS_FIT,
        NOT_ELSEWHERE,
        f"{_AS_IT_STANDS} AND {_KINDS_AGREE} AND {_KIND_KNOWN}",
    ),
    Rung(
        "outer_place",
        "outer_place",
        "outer_place",
        f"{_OUTER_FIT} AND {_KINDS_FIT}",
        NOT_ELSEWHERE,
        f"{_AS_IT_STANDS} AND NOT k.no_brand AND {_OUTER_KNOWN} AND {_KINDS_AGREE} AND {_KIND_KNOWN}",
    ),
    # The list's own place is left out: the whole listed name is what the register's has beside its place.
    Rung(
        "listed_region",
        "form",
        "core",
        "n.placed AND NOT k.placed AND NOT n.no_brand",
        f"{_IN_LISTED_CITY} AND {_LISTED_PLACE}",
        _AS_IT_STANDS,
    ),
)

# The place in the ladder, below all rungs, of names that a branch has from its parent. There all rungs are one: two
# branches whose names differ by a sign are two. Only the first ones link; the others tell who may be meant.
AS_BRANCH = len(RUNGS)
LIKE_OWN = 1 + next(index for index, rung in enumerate(RUNGS) if rung.name == "form")
# On the rungs before this one a name is the firm's own, however many others come close to it. From here on, nobody else
# may come near on any rung: 山东省青岛市海丽 is nobody's where there are 山东青岛海丽 and 青岛市海丽.
OWN_SPELLINGS = 1 + next(index for index, rung in enumerate(RUNGS) if rung.name == "spelling")
