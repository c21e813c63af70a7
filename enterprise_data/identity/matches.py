"""Which names of the register a listed name is equal to, and under which key: the rungs that `rules.py` climbs.

A rung compares one key of the listed name with one of the register's. The rungs are ordered: each forgives more than
those before, so that the first one on which any firm bears the name decides who may be meant. Whatever else a rung
wants of a pair is its condition, over `r` (the row: day, region), `k` (the listed name's keys), `n` (the register's
name) and `f` (its firm).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import duckdb
from sqlglot import exp

from enterprise_data.queries import column, parsed


@dataclass(frozen=True)
class Rung:
    """One comparison of names: `listed` and `known` are key columns, `when` a further condition on the pair."""

    name: str
    listed: str
    known: str
    when: str = "TRUE"


# A list that says where its firms are must not contradict where the register has the firm: the province counts.
_SAME_PROVINCE = "left(r.region, 2) = left(f.region, 2)"
_NOT_ELSEWHERE = f"coalesce({_SAME_PROVINCE}, TRUE)"
# 恩施市 and 恩施州, 吉林省 and 吉林市 are different places; 吉林 is the province.
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
# 南京市鼓楼区 is not 徐州市鼓楼区, and 鼓楼区 alone may be either.
_OUTER_AGREE = (
    "(contains(k.outer, n.outer) OR contains(n.outer, k.outer))"
    f" AND (NOT (k.several OR n.several) OR coalesce({_IN_LISTED_CITY}, FALSE))"
)
# The place that is left out is the list's own city, one inside it, or its province: 烟台 is not left out in 青岛.
_LISTED_PLACE = (
    f"(contains(n.seats, '/' || {_LISTED_CITY} || '/') OR contains(n.seats, '/' || left(r.region, 2) || '/'))"
)

RUNGS = (
    # The registered name itself, but for width, spaces and the kind of brackets.
    Rung("name", "as_written", "name", _PLACED_OR_NEAR),
    Rung("spelling", "spelling", "spelling", _PLACED_OR_NEAR),
    Rung("numerals", "numerals", "numerals", _PLACED_OR_NEAR),
    Rung("form", "form", "form", _PLACED_OR_NEAR),
    # The same of what a misspelt organisation form was meant as.
    Rung("mended_form", "form", "form", f"k.is_mended AND {_PLACED_OR_NEAR}"),
    Rung("place", "place", "place", f"{_KINDS_AGREE} AND {_KIND_KNOWN} AND {_NOT_ELSEWHERE}"),
    Rung(
        "outer_place",
        "outer_place",
        "outer_place",
        f"NOT k.no_brand AND {_OUTER_AGREE} AND {_KINDS_AGREE} AND {_KIND_KNOWN} AND {_NOT_ELSEWHERE}",
    ),
    # The list's own place is left out: the whole listed name is what the register's has beside its place.
    Rung(
        "listed_region",
        "form",
        "core",
        f"n.placed AND NOT k.placed AND NOT n.no_brand AND {_IN_LISTED_CITY} AND {_LISTED_PLACE}",
    ),
)

# The place in the ladder, below all rungs, of names that a branch has from its parent. There all rungs are one: two
# branches whose names differ by a sign are two. Only the first ones link; the others tell who may be meant.
AS_BRANCH = len(RUNGS)
_LIKE_OWN = 1 + next(index for index, rung in enumerate(RUNGS) if rung.name == "form")
_PLACE_IN_LADDER = f"CASE WHEN b.as_branch THEN {AS_BRANCH} ELSE e.rung END"

# One character, a whole text, or nothing but a stamp is no name, even if the register has the same.
_IS_NAME = "length(k.name) BETWEEN 2 AND 500"

# Whether a name was in force at the row's day is itself true, false or unknown. Before the day on which a firm took
# its current name it is unknown as long as the list was made later: lists name firms as they were called, or as they
# are. A list that is older than the name means another firm.
_IN_FORCE = f"""
(b.sure AND (NOT b.as_branch OR e.rung < {_LIKE_OWN} AND {_NOT_ELSEWHERE}) OR NULL) AND CASE
    WHEN NOT b.is_current THEN (b.since IS NULL OR r.day >= b.since) AND r.day <= b.until
    WHEN b.since IS NULL OR r.day >= b.since THEN TRUE
    WHEN b.since > r.listed_on THEN FALSE
END
"""


def match_names(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `name_matches` of the rows of `unclear`, each with its first rung on which any firm is.

    Columns: `row_no`, `rung` (index into `RUNGS`, or `AS_BRANCH`), `key` (the text that was equal), `firm_no`,
    `is_current` (of the firm's name), `in_force` (true, false or null: unknown). Reads `listed_names`, `known_names`,
    `bearers`, `firms`.
    """
    con.execute("CREATE TEMP TABLE equal_names AS " + _equal_names())
    con.execute("CREATE TEMP TABLE name_matches AS " + _borne_names())
    con.execute("DROP TABLE equal_names")


@lru_cache(maxsize=1)
def _equal_names() -> str:
    """The query for `equal_names(rung, listed, key, name)`: names that are equal on a rung; `listed` is a rowid."""
    return exp.union(*(_equal(index, rung) for index, rung in enumerate(RUNGS)), distinct=False).sql("duckdb")


def _equal(index: int, rung: Rung) -> exp.Select:
    mended = exp.column("is_mended", "k")
    return (
        exp.select(
            exp.alias_(exp.Literal.number(index), "rung"),
            exp.alias_(exp.column("rowid", "k"), "listed"),
            exp.alias_(column(rung.listed, "k"), "key"),
            exp.column("name", "n"),
        )
        .from_("listed_names AS k")
        .join("known_names AS n", on=exp.EQ(this=column(rung.known, "n"), expression=column(rung.listed, "k")))
        .where(parsed(_IS_NAME), *_conditions(rung, names_alone=True))
        .where(mended if "is_mended" in rung.when else exp.not_(mended))
    )


@lru_cache(maxsize=1)
def _borne_names() -> str:
    """The query for the matches: what rungs want of row and firm is asked of the few names that are equal at all."""
    agrees = exp.Case(this=exp.column("rung", "e"))
    for index, rung in enumerate(RUNGS):
        wanted = exp.and_(*_conditions(rung, names_alone=False), copy=False)
        agrees = agrees.when(exp.Literal.number(index), wanted, copy=False)
    place = parsed(_PLACE_IN_LADDER)
    return (
        exp.select("r.row_no", exp.alias_(place, "rung"), "e.key", "b.firm_no", "b.is_current")
        .select(exp.alias_(parsed(_IN_FORCE), "in_force"))
        .from_("equal_names AS e")
        .join("listed_names AS k", on="k.rowid = e.listed")
        .join("known_names AS n", on="n.name = e.name")
        .join("unclear AS r", on="r.name = k.raw")
        .join("bearers AS b", on="b.name = e.name")
        .join("firms AS f", on="f.firm_no = b.firm_no")
        .where(agrees)
        .qualify(parsed(f"{_PLACE_IN_LADDER} = min({_PLACE_IN_LADDER}) OVER (PARTITION BY r.row_no)"))
        .sql("duckdb")
    )


def _conditions(rung: Rung, *, names_alone: bool) -> list[exp.Expr]:
    """Return those conditions of a rung that speak of the two names alone, or all others."""
    when = parsed(rung.when)
    every = list(when.flatten()) if isinstance(when, exp.And) else [when]
    return [one for one in every if names_alone == ({each.table for each in one.find_all(exp.Column)} <= {"k", "n"})]
