"""The words by which names of firms and titles of lists speak of places: 武汉市 and 武汉, 恩施, 内蒙古, 吴江."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from enterprise_data.codes.regions import Regions, is_grouping, regions

_SCHEMA = {"word": pl.String, "prefix": pl.String, "whole": pl.Boolean, "in_force": pl.Boolean}
# The peoples whose names stand in those of autonomous regions, some of them also without 族.
_PEOPLES = (
    "蒙古族?|回族?|哈萨克族?|柯尔克孜族?|塔吉克族?|锡伯族?|维吾尔族?|鄂温克族?|藏族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|"
    "瑶族|白族|土家族|哈尼族|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|土族|达斡尔族|仫佬族|羌族|布朗族|"
    "撒拉族|毛南族|仡佬族|普米族|怒族|保安族|裕固族|独龙族|各族"
)
# Two characters remain in any case: 内蒙古, and 东乡 of the 东乡族 themselves.
_PEOPLES_REGION = re.compile(rf"(?P<place>.{{2,}}?)(?:{_PEOPLES})*族?(?:自治[区州县旗]|(?<=族)区)")
# A kind of district is part of its suffix, unless the word before it would be left with one character (清新区).
_ORDINARY = re.compile(r"(?P<place>.{2,}?)(?:地区|(?<=神农架)林区|[新矿特]区|[省市盟县旗区])")
_WITHOUT_SHORT_FORM = re.compile(r"群岛|海域$|委员会$|风景名胜区$")


@lru_cache(maxsize=1)
def place_words() -> pl.DataFrame:
    """Return the words for provinces, cities and counties, in force or abolished since 1993.

    Columns: `word`; `prefix`, that of GB/T 2260 (`37`, `3702`, `370202`); `whole`, true for a full name (武汉市) and
    false for the short form (武汉); `in_force`, false for what is only a former name or number. One row for each word
    and prefix, ordered by them. A word may stand for several places: 朝阳 is a city, two districts and a county. Of
    two nested regions that share a full name, as 嘉峪关市 does with its only county, there is only the coarser.
    """
    words = pl.DataFrame(list(_rows(regions())), schema=_SCHEMA, orient="row")
    return words.sort("word", "prefix", "whole", "in_force").unique(
        ["word", "prefix"], keep="last", maintain_order=True
    )


def short_form(name: str) -> str | None:
    """Return a region's name without the words for what kind of region it is; None if it is never called so.

    >>> short_form("恩施土家族苗族自治州"), short_form("武汉市"), short_form("蓟县")
    ('恩施', '武汉', None)
    """
    if _WITHOUT_SHORT_FORM.search(name):
        return None
    match = _PEOPLES_REGION.fullmatch(name) or _ORDINARY.fullmatch(name)
    return match["place"] if match else None


def _is_development_zone(prefix: str) -> bool:
    """Return whether the number is one of those (`370271`) that the table gives zones which are no districts."""
    return len(prefix) == len("370271") and prefix[4] == "7"


def _rows(table: Regions) -> Iterator[tuple[str, str, bool, bool]]:
    named = [(prefix, name, True) for prefix, name in table.names.items()]
    named += [(former.prefix, former.name, False) for former in table.former]
    for prefix, name, in_force in named:
        above = [table.name(prefix[:length]) for length in (2, 4) if length < len(prefix)]
        if is_grouping(name) or name in above:
            continue
        yield name, prefix, True, in_force
        # 兰州新区 is not called 兰州.
        short = None if _is_development_zone(prefix) else short_form(name)
        if short:
            yield short, prefix, False, in_force
