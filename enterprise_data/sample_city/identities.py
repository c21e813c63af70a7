"""Who a firm is: its codes, its place, its line of business and its name, all from its number."""

from __future__ import annotations

from datetime import date

import polars as pl

from enterprise_data.sample_city.draws import Draws
from enterprise_data.sample_city.uscc import with_codes
from enterprise_data.sample_city.world import World, industries, places

_SYLLABLES = (
    "恒瑞鑫隆泰昌盛源丰润嘉禾宏远博达信诚永康安顺汇通华茂金海天宇东方明德正和兴旺凯捷奥美佳利富强新锐智联云帆启航"
    "领先卓越德馨雅致朗晟睿哲翰林松柏鹏程万里百川长青玉石晶莹蓝湾桥星辰光影力维格思途景善品优良吉祥如意"
)
_WORDS = len(set(_SYLLABLES))
_TRADES_EACH = 6
_NUMERALS = [f"第{number}" for number in "一一二二二三三四五六七八九"]
# Two syllables for one name in a hundred or so, three for the others; times the words for a trade.
_NAMES = (_WORDS**2 + _WORDS**3) * _TRADES_EACH
_NAME_STEP = 104_395_301

_LEGAL_FORMS = (
    ["有限责任公司"] * 63
    + ["股份有限公司"] * 2
    + ["个人独资企业"] * 4
    + ["合伙企业"] * 2
    + ["农民专业合作社"] * 3
    + ["个体工商户"] * 25
    + ["集体所有制企业"]
)
_FOUNDED = (
    (0, date(1984, 3, 1)), (60_000, date(1998, 1, 1)), (250_000, date(2009, 1, 1)), (450_000, date(2014, 6, 1)),
    (700_000, date(2018, 9, 1)), (900_000, date(2022, 3, 1)), (1_000_000, date(2025, 5, 31)),
)  # fmt: skip
_EPOCH = date(1970, 1, 1)
_NEW_CODE = date(2015, 10, 1)  # from this day on firms are founded with the unified code


def identities(world: World, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return who the firms of the column `number` are.

    Numbers from `world.firms` on belong to firms that the register does not have; they differ from all others.
    One firm in a thousand bears another's whole name, and often stands in another district.
    """
    draws = world.draws()
    shift = draws.between(1, 50, "namesake")
    twin = draws.chance(1_000, "has-namesake") & (pl.col("number") >= shift)
    bearer = numbers.with_columns(name_number=pl.when(twin).then(pl.col("number") - shift).otherwise("number"))
    like = world.draws("name_number")
    tables = industries(), places()
    firms = bearer.with_columns(
        place=pl.lit(tables[1].slots).gather(draws.below(len(tables[1].slots), "place")),
        line=pl.lit(tables[0].slots).gather(like.below(len(tables[0].slots), "line")),
        established_on=_founded(draws),
    ).with_columns(
        region=pl.lit(tables[1].code).gather("place"),
        industry=pl.lit(tables[0].code).gather("line"),
    )
    firms = firms.with_columns(legal_form=_legal_form(like)).with_columns(
        old_code=pl.col("established_on") < _NEW_CODE,
        code_kind=pl.col("legal_form").replace_strict({"个体工商户": "2", "农民专业合作社": "3"}, default="1"),
        code_district=pl.lit(tables[1].code).gather("place"),
    )
    named = firms.with_columns(name=name(world, "name_number"))
    return with_codes(named, world.seed % 1_000_003).drop("code_district", "code_kind", "old_code")


def _legal_form(like: Draws) -> pl.Expr:
    usual = like.pick(_LEGAL_FORMS, "legal-form")
    farms = pl.col("industry").str.starts_with("A")
    cooperative = pl.when(farms).then(pl.lit("农民专业合作社")).otherwise(pl.lit("有限责任公司"))
    return pl.when(usual == "农民专业合作社").then(cooperative).otherwise(usual)


def _founded(draws: Draws) -> pl.Expr:
    table = [(share, (day - _EPOCH).days) for share, day in _FOUNDED]
    return draws.quantile(table, "founded").cast(pl.Int32).cast(pl.Date)


def name(world: World, number: str) -> pl.Expr:
    """Return the name that a firm of this place, line and legal form bears by its name's number.

    Two numbers less than six million apart never give the same word and trade. A few names bear a numeral (第二).
    """
    like = world.draws(number)
    index = (pl.col(number) * _NAME_STEP + world.seed % 1_000_003) % _NAMES
    trade = pl.lit(industries().trades).gather(pl.col("line") * _TRADES_EACH + index % _TRADES_EACH)
    numeral = pl.when(like.chance(15_000, "numbered")).then(like.pick(_NUMERALS, "numeral")).otherwise(pl.lit(""))
    core = _word(index // _TRADES_EACH) + numeral + trade
    city = pl.lit(places().city).gather("place")
    form = like.below(100, "name-form")
    suffix = _suffix(like)
    return (
        pl.when(form < 68).then(city + core + suffix)
        .when(form < 84).then(pl.lit(places().district).gather("place") + core + suffix)
        .when(form < 96).then(pl.lit(places().province).gather("place") + core + suffix)
        .otherwise(core + "（" + city + "）" + suffix)
    )  # fmt: skip


def _word(index: pl.Expr) -> pl.Expr:
    letters = pl.lit(pl.Series(sorted(set(_SYLLABLES)), dtype=pl.String))
    two = letters.gather(index % _WORDS) + letters.gather(index // _WORDS % _WORDS)
    third = letters.gather((index // _WORDS**2 - 1).clip(0) % _WORDS)
    return pl.when(index < _WORDS**2).then(two).otherwise(two + third)


def _suffix(like: Draws) -> pl.Expr:
    choices = {
        "有限责任公司": ["有限公司"] * 15 + ["有限责任公司"],
        "股份有限公司": ["股份有限公司"],
        "个人独资企业": ["中心", "服务部", "厂"],
        "合伙企业": ["合伙企业（有限合伙）", "中心（普通合伙）"],
        "农民专业合作社": ["农民专业合作社"],
        "个体工商户": ["店", "经营部", "商行", "工作室", "门市部"],
        "集体所有制企业": ["总公司"],
    }
    result = pl.lit("公司")
    for form, endings in choices.items():
        result = pl.when(pl.col("legal_form") == form).then(like.pick(endings, "ending")).otherwise(result)
    return result
