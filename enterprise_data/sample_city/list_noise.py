"""How names on typed and copied lists differ from the register: one way of writing, one slip or liberty, or both."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from enterprise_data.sample_city.draws import Draws
from enterprise_data.sample_city.world import places

_COMPANY = r"(?:股份有限公司|有限责任公司|有限公司)$"
_SIMPLIFIED = list("东华兴远达诚顺汇凯丽强锐联云领马鹏长蓝桥维优业农产种厂总门务电机车贸图术医药设备运输务际劳经营区县")
_TRADITIONAL = list(
    "東華興遠達誠順匯凱麗強銳聯雲領馬鵬長藍橋維優業農產種廠總門務電機車貿圖術醫藥設備運輸務際勞經營區縣"
)
_NUMERALS = dict(zip("一二三四五六七八九", "123456789", strict=True))
# No name in the register has these, so that a slip of the hand never makes another firm's name.
SLIPS = list("圣垣囍喆淼堃赟翀")
# Nor these: with one of them in the place of another character it is another firm, which the register lacks.
OTHER_BRANDS = list("皓宸浩轩骏骁懋祺翊璟")
_BRANCHES = ["分公司", "第一分公司", "第二分公司", "开发区分公司", "高新区营业部", "青岛分公司", "北京分公司", "直营店"]


@dataclass(frozen=True)
class Noise:
    """One way to differ: `text` is the name so written, the name itself or null where it does not apply.

    `per_million` of the rows to which it may apply have it; `names_firm` is false when the name is then not that of
    the firm any more.
    """

    what: str
    per_million: int
    text: pl.Expr
    names_firm: bool = True


def writings(draws: Draws) -> tuple[Noise, ...]:
    """Return the ways of writing a name, of which a row has at most one; they read the column `name`."""
    name = pl.col("name")
    number = draws.between(1, 400, "list-number").cast(pl.String)
    split = draws.between(2, 5, "list-space")
    return (
        Noise(
            "list_number", 20_000, _one_of(draws, "numbering", number + ".", number + "、", "（" + number + "）") + name
        ),
        Noise("stamp", 12_000, name + draws.pick(["（盖章）", "(盖章)", "（公章）"], "list-stamp")),
        Noise("quotes", 8_000, _one_of(draws, "quoting", "“" + name + "”", '"' + name + '"', "《" + name + "》")),
        Noise(
            "spaces",
            25_000,
            _one_of(draws, "spacing", name + " ", "　" + name, name.str.head(split) + " " + name.str.slice(split)),
        ),
        Noise("half_width", 400_000, name.str.replace_many(["（", "）"], ["(", ")"])),
        Noise("brackets", 150_000, name.str.replace_many(["（", "）"], ["【", "】"])),
        Noise("traditional", 15_000, name.str.replace_many(_SIMPLIFIED, _TRADITIONAL)),
    )


def liberties(draws: Draws) -> tuple[Noise, ...]:
    """Return the slips and liberties, of which a row has at most one.

    They read the columns `name`, `city`, `district`, `province` (as names bear them), `former_name`,
    `former_reused`, `predecessor_name` and `name_stranger`.
    """
    name = pl.col("name")
    former = pl.when(~pl.col("former_reused")).then("former_name")
    wrong, other = draws.pick(SLIPS, "list-slip"), draws.pick(OTHER_BRANDS, "list-brand")
    short, form = name.str.replace(_COMPANY, ""), name.str.extract(f"({_COMPANY})")
    branch = name + draws.pick(_BRANCHES, "list-branch")
    return (
        Noise("form", 20_000, _form_swapped(name)),
        Noise("numeral", 300_000, _numerals(name)),
        Noise("place_suffix", 20_000, _suffix_changed(name)),
        Noise("province", 20_000, _with_province(name)),
        Noise("place_swapped", 12_000, _place_swapped(name)),
        Noise("place_left_out", 12_000, _without_place(name)),
        Noise("wrong_character", 8_000, _brand_with(wrong, name)),
        Noise("character_missing", 8_000, pl.when(~short.str.ends_with("）")).then(short.str.head(-1) + form)),
        Noise("truncated", 6_000, pl.when(short != name).then(name.str.head(-2))),
        Noise("former_name", 250_000, former),
        Noise("predecessor", 250_000, pl.col("predecessor_name")),
        Noise("branch", 10_000, pl.when(short != name).then(branch), names_firm=False),
        Noise("stranger", 25_000, pl.col("name_stranger"), names_firm=False),
        Noise("near_stranger", 8_000, _brand_with(other, name), names_firm=False),
    )  # fmt: skip


def _one_of(draws: Draws, what: str, *texts: pl.Expr) -> pl.Expr:
    which = draws.below(len(texts), f"list-{what}")
    result = texts[0]
    for index, text in enumerate(texts[1:], start=1):
        result = pl.when(which == index).then(text).otherwise(result)
    return result


def _form_swapped(name: pl.Expr) -> pl.Expr:
    limited = pl.when(~name.str.contains("股份有限公司$")).then(name.str.replace("有限公司$", "有限责任公司"))
    return (
        pl.when(name.str.ends_with("有限责任公司"))
        .then(name.str.replace("有限责任公司$", "有限公司"))
        .otherwise(limited)
    )


def _numerals(name: pl.Expr) -> pl.Expr:
    return name.str.replace_many([f"第{word}" for word in _NUMERALS], [f"第{digit}" for digit in _NUMERALS.values()])


def _suffix_changed(name: pl.Expr) -> pl.Expr:
    """Return 芝罘… for 芝罘区…, 烟台市… for 烟台…."""
    city, district = pl.col("city"), pl.col("district")
    of_city = name.str.starts_with(city) & ~name.str.starts_with(district)
    dropped = district.str.head(-1) + name.str.strip_prefix(district)
    short = (district.str.len_chars() > 2) & ~district.str.ends_with("开发区")
    return (
        pl.when(name.str.starts_with(district) & short).then(dropped)
        .when(of_city).then(city + "市" + name.str.strip_prefix(city))
    )  # fmt: skip


def _with_province(name: pl.Expr) -> pl.Expr:
    local = name.str.starts_with(pl.col("district")) | name.str.starts_with(pl.col("city"))
    return pl.when(local).then(pl.col("province") + "省" + name)


def _place_swapped(name: pl.Expr) -> pl.Expr:
    """Return 烟台恒瑞五金有限公司 for 恒瑞五金（烟台）有限公司, and the other way round."""
    city = pl.col("city")
    rest = name.str.strip_prefix(city)
    of_city = name.str.starts_with(city) & ~name.str.starts_with(pl.col("district"))
    core, form = rest.str.replace(_COMPANY, ""), rest.str.extract(f"({_COMPANY})")
    return (
        pl.when(name.str.contains(_bracketed_city())).then(city + name.str.replace(_bracketed_city(), ""))
        .when(of_city).then(core + "（" + city + "）" + form)
    )  # fmt: skip


def _brand_with(character: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Return the name with another second character of its brand."""
    leading = name.str.len_chars() - _without_place(name).str.len_chars()
    second = pl.when(name.str.contains(_bracketed_city())).then(1).otherwise(leading + 1)
    return name.str.head(second) + character + name.str.slice(second + 1)


def _bracketed_city() -> str:
    return f"（(?:{'|'.join(places().city.unique().sort())})）"


def _without_place(name: pl.Expr) -> pl.Expr:
    bare = name.str.replace(_bracketed_city(), "")
    for place in ("district", "city", "province"):
        bare = pl.when(bare == name).then(name.str.strip_prefix(pl.col(place))).otherwise(bare)
    return bare
