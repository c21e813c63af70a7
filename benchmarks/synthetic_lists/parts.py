"""What the name of a synthetic firm is made of, as columns, each a function of the firm's number."""

from __future__ import annotations

import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists.names import (
    BRACKET_AT_END,
    BRACKET_INSIDE,
    CITY,
    CITY_AND_COUNTY,
    CITY_FULL,
    COMPANY,
    COOPERATIVE,
    COUNTY,
    COUNTY_FULL,
    FACTORY,
    NO_PLACE,
    PROVINCE,
    PROVINCE_AND_CITY,
    PROVINCE_FULL,
    SHOP,
    STATE,
    branched,
)
from synthetic_lists.words import SYLLABLES, TRADES, places, words

_STYLES = (
    [CITY] * 37 + [CITY_FULL] * 20 + [COUNTY_FULL] * 14 + [COUNTY] * 5 + [PROVINCE] * 10 + [PROVINCE_FULL] * 3
    + [CITY_AND_COUNTY] * 4 + [PROVINCE_AND_CITY] * 2 + [BRACKET_INSIDE] * 2 + [BRACKET_AT_END] * 2 + [NO_PLACE]
)  # fmt: skip
_LOCAL_STYLES = [COUNTY_FULL] * 8 + [CITY_FULL] * 2 + [CITY_AND_COUNTY] * 2 + [PROVINCE_FULL]

_KINDS = [COMPANY] * 78 + [FACTORY] * 4 + [COOPERATIVE] * 6 + [SHOP] * 5 + [STATE] * 7
_FORMS = (
    ["有限公司"] * 80
    + ["有限责任公司"] * 11
    + ["股份有限公司"] * 3
    + ["公司"] * 2
    + ["中心", "事务所", "工作室", "研究院"]
)

# Of a hundred firms these have a relative among the forty before them: same words in another place, other trade,
# one character different, a branch, another level (湖北省…, 武汉市…), another number.
_OTHER_PLACE, _OTHER_TRADE, _ONE_CHARACTER, _BRANCH, _OTHER_LEVEL, _OTHER_NUMBER, _ALONE = range(7)
_KIN = (
    [_OTHER_PLACE] * 8 + [_OTHER_TRADE] * 5 + [_ONE_CHARACTER] * 5 + [_BRANCH] * 8 + [_OTHER_LEVEL] * 3
    + [_OTHER_NUMBER] * 4 + [_ALONE] * 67
)  # fmt: skip


_HUB = 200  # one firm in so many is a chain with many branches


def parts(seed: int, numbers: pl.DataFrame) -> pl.DataFrame:
    """Add the parts of the names of the firms in column `number`, and `seat`, the county where each is registered."""
    own = Draws(seed, pl.col("number"))
    shift = own.between(1, 40, "kin-shift")
    free = (pl.col("number") % _HUB != 0) & (pl.col("number") >= shift)
    frame = numbers.with_columns(kin=pl.when(free).then(_one_of(_KIN, own, "kin")).otherwise(_ALONE))
    of_hub = (pl.col("kin") == _BRANCH) & own.chance(500_000, "of-hub")
    frame = frame.with_columns(
        like=pl.when(pl.col("kin") == _ALONE)
        .then("number")
        .otherwise(pl.col("number") - pl.when(of_hub).then(pl.col("number") % _HUB).otherwise(shift))
    )
    like = Draws(seed, pl.col("like"))
    frame = frame.with_columns(
        kind=_one_of(_KINDS, like, "kind"),
        county=_county(_draws_of(seed, _OTHER_PLACE)),
        seat=_county(_draws_of(seed, _OTHER_PLACE, _BRANCH)),
        brand=_brand(like, own),
        digits=like.chance(150_000, "digits"),
        form=like.pick(_FORMS, "form"),
        group=pl.when(like.chance(35_000, "group")).then(like.pick(["集团", "集团", "(集团)"], "group-form")),
    )
    return _with_branch(own, _by_kind(like, _draws_of(seed, _OTHER_TRADE), _draws_of(seed, _OTHER_LEVEL), own, frame))


def _draws_of(seed: int, *kin: int) -> Draws:
    """Return draws by the firm's own number if it differs from its relative in just this, else by the relative's."""
    return Draws(seed, pl.when(pl.col("kin").is_in(kin)).then("number").otherwise("like"))


def _one_of(values: list[int], draws: Draws, what: str) -> pl.Expr:
    return pl.lit(pl.Series(values, dtype=pl.Int8)).gather(draws.below(len(values), what))


def _county(draws: Draws) -> pl.Expr:
    slots = places().slots
    return pl.lit(slots).gather(draws.below(len(slots), "county")).cast(pl.Int32)


def _brand(like: Draws, own: Draws) -> pl.Expr:
    length = like.below(100, "brand-length")
    changed = pl.when(pl.col("kin") == _ONE_CHARACTER).then(own.below(2, "changed"))
    characters = [
        pl.when(changed == place).then(own.pick(SYLLABLES, "other")).otherwise(like.pick(SYLLABLES, f"brand-{place}"))
        for place in range(4)
    ]
    longer = [
        pl.when(length >= least).then(characters[place]).otherwise(pl.lit("")) for place, least in ((2, 66), (3, 90))
    ]
    latin = like.pick(list("ABCDEFGHJKLMNPRSTW"), "latin-1") + like.pick(list("ACEGIKMOSTX"), "latin-2")
    return pl.when(length == 99).then(latin + characters[0]).otherwise(pl.concat_str(*characters[:2], *longer))


def _by_kind(like: Draws, of_trade: Draws, of_level: Draws, own: Draws, frame: pl.DataFrame) -> pl.DataFrame:
    """Add what depends on the kind of firm: trade, number, form, group, street, style."""
    kind = pl.col("kind")
    trades = {
        COMPANY: TRADES,
        FACTORY: words("factories"),
        COOPERATIVE: words("farming"),
        SHOP: words("shops"),
        STATE: words("public"),
    }
    forms = {
        FACTORY: ["厂"],
        COOPERATIVE: ["专业合作社", "农民专业合作社"],
        SHOP: [""],
        STATE: ["公司", "公司", "总公司", "有限公司"],
    }
    company_style, local_style = _one_of(_STYLES, of_level, "style"), _one_of(_LOCAL_STYLES, of_level, "style")
    numbered = like.below(100, "numbered") < pl.when(kind == STATE).then(30).otherwise(2)
    table = places()
    first, count = table.of("first_street", "county"), table.of("street_count", "county")
    street = pl.lit(table.streets).gather(first + like.below(1 << 20, "street") % count)
    has_street = kind.is_in([COOPERATIVE, SHOP, STATE]) & like.chance(300_000, "has-street")
    return frame.with_columns(
        trade=_chosen(kind, {k: of_trade.pick(choice, f"trade-{k}") for k, choice in trades.items()}),
        form=pl.coalesce(_chosen(kind, {k: like.pick(choice, f"form-{k}") for k, choice in forms.items()}), "form"),
        counted=pl.when(pl.col("kin") == _OTHER_NUMBER).then(own.between(1, 12, "counted"))
        .when(numbered).then(like.between(1, 12, "counted")).otherwise(0),
        group=pl.when(kind == COMPANY).then("group").fill_null(""),
        brand=pl.when(kind == STATE).then(pl.lit("")).otherwise("brand"),
        street=pl.when(has_street).then(street).otherwise(pl.lit("")),
        style=pl.when(kind == COMPANY).then(company_style).otherwise(local_style),
    )  # fmt: skip


def _chosen(kind: pl.Expr, texts: dict[int, pl.Expr]) -> pl.Expr:
    return pl.coalesce(pl.when(kind == number).then(text) for number, text in texts.items())


def _with_branch(own: Draws, frame: pl.DataFrame) -> pl.DataFrame:
    is_branch = (pl.col("kin") == _BRANCH) & ~pl.col("kind").is_in([COOPERATIVE, SHOP])
    return branched(own, frame.with_columns(is_branch=is_branch)).drop("kin", "like")
