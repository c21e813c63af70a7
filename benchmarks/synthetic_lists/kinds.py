"""The kinds of rows, with their shares: harmless spellings, spoilt ones, rows about other firms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists import rewrites, strangers
from synthetic_lists.names import (
    BRACKET_AT_END,
    BRACKET_INSIDE,
    CITY,
    CITY_FULL,
    COMPANY,
    COOPERATIVE,
    COUNTY,
    COUNTY_FULL,
    LIMITED,
    NO_PLACE,
    PROVINCE,
    PROVINCE_FULL,
    SHOP,
    STATE,
)
from synthetic_lists.sample import Sample
from synthetic_lists.spoil import code_formatted, code_misread, code_mistyped
from synthetic_lists.words import places

_ANY = pl.lit(value=True) & pl.col("number").is_not_null()
_FRONT = pl.col("style").is_in([CITY, CITY_FULL, COUNTY, COUNTY_FULL])
_BRANDED = pl.col("kind") != STATE


@dataclass(frozen=True)
class Kind:
    """One way in which rows come; `pool` chooses the firms that can come so, `noise` is put on top of the text.

    `expected` is what a linker ought to make of such rows, unless `make` says otherwise for some. `is_stranger`: the
    rows are about firms that the register lacks. `pool_has_the_name`: the name is meant to be another firm's too.
    """

    name: str
    weight: int
    expected: str
    make: Callable[[Sample], pl.DataFrame]
    pool: pl.Expr = _ANY
    noise: tuple[str, ...] = ()
    may_be_noisy: bool = True
    is_stranger: bool = False
    pool_has_the_name: bool = False
    detail: str | None = None


def _drawn(code: Callable[[Draws], pl.Expr]) -> Callable[[Sample], pl.Expr]:
    return lambda sample: code(sample.draws)


_OTHER_STYLE = {CITY: CITY_FULL, CITY_FULL: CITY, COUNTY: COUNTY_FULL, COUNTY_FULL: COUNTY, PROVINCE: PROVINCE_FULL,
                PROVINCE_FULL: PROVINCE}  # fmt: skip
_INTO_BRACKETS = {CITY: BRACKET_AT_END, BRACKET_INSIDE: CITY, BRACKET_AT_END: CITY}
_LIMITED, _COMPANY = pl.col("limited"), pl.col("kind") == COMPANY
# Without 区 the name of a district is seldom that of a place (西湖, 河北).
_DISTRICT = pl.col("is_branch") | places().of("county_full", "seat").str.ends_with("区")
_SUFFIXED = pl.col("style").is_in(list(_OTHER_STYLE)) & ~(pl.col("style").is_in([COUNTY, COUNTY_FULL]) & _DISTRICT)
_SWAPPED = pl.col("style").is_in(list(_INTO_BRACKETS)) & _COMPANY
_PARENT = ~pl.col("is_branch") & ~pl.col("kind").is_in([COOPERATIVE, SHOP])
_WITH_BRACKETS = pl.col("plain").str.contains("(", literal=True)
_WITH_LATIN = pl.col("plain").str.contains("[0-9A-Z]")
_OTHER_GROUP = pl.col("group").replace(["集团", "(集团)"], ["(集团)", "集团"])
_RENAMED = pl.col("former_name").is_not_null() & ~pl.col("reuses")

KINDS = (
    Kind("exact", 40, "link", rewrites.as_is, may_be_noisy=False),
    Kind("brackets", 30, "link", rewrites.as_is, pool=_WITH_BRACKETS, noise=("brackets",)),
    Kind("spaces", 35, "link", rewrites.as_is, noise=("spaces",)),
    Kind("traditional", 30, "link", rewrites.as_is, noise=("traditional",)),
    Kind("list_marks", 30, "link", rewrites.as_is, noise=("marks",)),
    Kind("several", 40, "link", rewrites.as_is, noise=("traditional", "marks", "spaces")),
    Kind("full_width", 8, "link", rewrites.as_is, pool=_WITH_LATIN, noise=("full_width",)),
    Kind("numeral_form", 20, "link", rewrites.same_key(digits=~pl.col("digits")), pool=pl.col("numbered")),
    Kind("org_form", 40, "link", rewrites.same_key(form=pl.col("form").replace(LIMITED, LIMITED[::-1])), pool=_LIMITED),
    Kind("group_brackets", 10, "link", rewrites.same_key(group=_OTHER_GROUP), pool=pl.col("grouped")),
    Kind("place_suffix", 45, "link", rewrites.same_key(style=pl.col("style").replace(_OTHER_STYLE)), pool=_SUFFIXED),
    Kind("province_added", 30, "link", rewrites.with_province, pool=_FRONT),
    Kind("bracket_place", 30, "link", rewrites.same_key(style=pl.col("style").replace(_INTO_BRACKETS)), pool=_SWAPPED),
    Kind("place_omitted_hint", 35, "link", rewrites.place_omitted(hinted=True), pool=_FRONT & _BRANDED),
    Kind("former_name", 35, "link", rewrites.former_name, pool=_RENAMED, pool_has_the_name=True),
    Kind("former_name_reused", 12, "link", rewrites.former_name_reused, pool=pl.col("reuses"), pool_has_the_name=True),
    Kind("code", 20, "link", rewrites.coded(rewrites.uscc, rewrites.as_is)),
    Kind("code_formatting", 15, "link", rewrites.coded(_drawn(code_formatted), rewrites.as_is)),
    Kind("code_noisy_name", 15, "link", rewrites.coded(rewrites.uscc, rewrites.typo)),
    Kind("organisation_code", 12, "link", rewrites.coded(rewrites.organisation_code, rewrites.as_is)),
    Kind("code_misread", 15, "link", rewrites.coded(_drawn(code_misread), rewrites.as_is)),
    Kind("typo_in_form", 35, "link", rewrites.form_typo, pool=_LIMITED),
    Kind("code_digit_typo", 12, "link_or_review", rewrites.coded(_drawn(code_mistyped), rewrites.as_is)),
    Kind("code_renamed", 8, "link_or_review", rewrites.coded(rewrites.uscc, rewrites.unlisted_former_name),
         detail="the code is right, the name is a former one that no register lists"),
    Kind("place_omitted", 20, "review", rewrites.place_omitted(hinted=False), pool=_FRONT & _BRANDED),
    Kind("joint_stock", 15, "review", rewrites.changed(form=pl.lit("股份有限公司")), pool=_LIMITED),
    Kind("group_dropped", 5, "review", rewrites.changed(group=pl.lit("")), pool=pl.col("grouped")),
    Kind("typo_in_name", 90, "review", rewrites.typo),
    Kind("truncated", 20, "review", rewrites.cut_off),
    Kind("abbreviated", 25, "review", rewrites.abbreviated, pool=_LIMITED),
    Kind("code_of_another", 18, "review", rewrites.code_of_another, pool_has_the_name=True,
         detail="the code of another firm"),
    Kind("code_of_parent", 12, "review", rewrites.code_of_parent, pool=pl.col("has_parent"), pool_has_the_name=True,
         detail="the parent's code on a branch's row"),
    Kind("neg_one_character", 90, "none", strangers.stranger(brand=strangers.other_character), pool=_BRANDED,
         is_stranger=True),
    Kind("neg_number_sibling", 15, "none", strangers.other_numbers, pool=pl.col("numbered"), is_stranger=True),
    Kind("neg_other_place", 60, "none", strangers.other_place, pool=pl.col("style") != NO_PLACE, is_stranger=True),
    Kind("neg_level_sibling", 25, "none", strangers.other_level, pool=strangers.WITH_LEVEL, is_stranger=True),
    Kind("neg_same_brand", 40, "none", strangers.stranger(trade=strangers.other_trade), pool=_COMPANY,
         is_stranger=True),
    Kind("neg_branch", 40, "none", strangers.branch_of, pool=_PARENT, is_stranger=True),
    Kind("neg_parent", 15, "none", strangers.parent_of, pool=~pl.col("has_parent"), is_stranger=True),
    Kind("neg_other_form", 20, "none", strangers.stranger(form=strangers.other_form), pool=_LIMITED, is_stranger=True),
    Kind("neg_random", 60, "none", strangers.random, is_stranger=True),
    Kind("neg_valid_code", 10, "none", strangers.unknown_code, pool=_BRANDED, is_stranger=True),
)  # fmt: skip
