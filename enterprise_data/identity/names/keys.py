"""The keys of a name: texts that are equal for spellings of one name, each coarser than the one before.

| key | equal in spite of |
|---|---|
| `spelling` | script (traditional, simplified), brackets and other signs |
| `numerals` | 第十二 and 第12 |
| `form` | 有限责任公司 and 有限公司; 个体工商户 as a mark |
| `place` | 武汉市 and 武汉; a place in front or in brackets |
| `outer_place` | places that only say where the innermost one lies: 湖北省武汉市 and 武汉市 |
| `core` | all places |

Equality under a key is evidence only where one firm of the register has it; see `identity.rules`.
"""

from __future__ import annotations

import polars as pl

from enterprise_data.identity.names.branches import is_branch
from enterprise_data.identity.names.forms import with_equal_forms
from enterprise_data.identity.names.numerals import with_numerals
from enterprise_data.identity.names.places import with_places
from enterprise_data.identity.names.spelling import digits_apart, said, simplified
from enterprise_data.identity.names.trades import has_no_brand

KEYS = ("spelling", "numerals", "form", "place", "outer_place", "core")
_SHORTEST_CORE = 3


def with_keys(names: pl.DataFrame) -> pl.DataFrame:
    """Add the keys to normalised names in the column `name`; null gives null keys.

    Besides `KEYS` (String): `simple` (the name in simplified script, null where that is the name itself), `outer` (the
    places before the innermost), `place_kind` (what the innermost place is where it is given whole: 市, 地区),
    `ambiguous`, `several`, `finer`, `seats` (see `with_places`), `placed` (whether the name gives a place), `no_brand`,
    `is_branch` (Boolean). The keys from `place` on are null where so little remains beside the places that it says
    nothing, the first two also without a place.
    """
    # Neighbours in the alphabet begin with the same place, which is found faster then.
    simple = names.sort("name").with_columns(_simple=simplified(pl.col("name")))
    numbered = with_places(simple, "_simple").with_columns(_numbered=with_numerals(pl.col("_simple")))
    split = numbered.with_columns(
        spelling=_filled(said(digits_apart(pl.col("_simple")))),
        numerals=_filled(said(pl.col("_numbered"))),
        form=_filled(said(with_equal_forms(pl.col("_numbered")))),
        core=said(with_equal_forms(with_numerals(pl.col("core")))),
    )
    telling = pl.col("core").str.len_chars() >= _SHORTEST_CORE
    placed = pl.col("places").list.len() > 0
    innermost = pl.col("places").list.last().fill_null("")
    return split.with_columns(
        place=pl.when(telling & placed).then(pl.col("places").list.join("/") + "|" + pl.col("core")),
        outer_place=pl.when(telling & placed).then(innermost + "|" + pl.col("core")),
        outer=pl.col("places").list.head(pl.col("places").list.len().clip(1) - 1).list.join("/"),
        core=pl.when(telling).then("core"),
        placed=placed,
        no_brand=has_no_brand(pl.col("core")),
        is_branch=is_branch(pl.col("name")),
        simple=pl.when(pl.col("_simple") != pl.col("name")).then("_simple"),
    ).drop("_simple", "_numbered", "places")


def _filled(key: pl.Expr) -> pl.Expr:
    return key.replace("", None)
