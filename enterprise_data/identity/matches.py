"""Which names of the register a listed name is equal to, on which rung (`rungs.py`) and under which key."""

from __future__ import annotations

from functools import lru_cache

import duckdb
from sqlglot import exp

from enterprise_data.identity.rungs import AS_BRANCH, LIKE_OWN, NOT_ELSEWHERE, OWN_SPELLINGS, RUNGS, Rung
from enterprise_data.queries import column, parsed

_PLACE_IN_LADDER = f"CASE WHEN b.as_branch THEN {AS_BRANCH} ELSE e.rung END"

# One character, a whole text, or nothing but a stamp is no name, even if the register has the same.
_IS_NAME = "length(k.name) BETWEEN 2 AND 500"

# Whether a name was in force at the row's day is itself true, false or unknown. Before the day on which a firm took
# its current name it is unknown as long as the list was made later: lists name firms as they were called, or as they
# are. A list that is older than the name means another firm.
_IN_FORCE = f"""
(b.sure AND (NOT b.as_branch OR e.rung < {LIKE_OWN} AND {NOT_ELSEWHERE}) OR NULL) AND CASE
    WHEN NOT b.is_current THEN (b.since IS NULL OR r.day >= b.since) AND r.day <= b.until
    WHEN b.since IS NULL OR r.day >= b.since THEN TRUE
    WHEN b.since > r.listed_on THEN FALSE
END
"""

# On a name's own spellings only the first rung counts; on later ones, whoever comes near as well counts against it.
_MATCHES = """
SELECT * EXCLUDE (links, first), links AND rung = first AS is_first
FROM (SELECT *, min(rung) FILTER (links) OVER (PARTITION BY row_no) AS first FROM borne)
WHERE (links AND rung = first) OR first >= $own_spellings
"""

_JOINED = {
    "listed_names AS k": "k.rowid = e.listed",
    "known_names AS n": "n.name = e.name",
    "unclear AS r": "r.name = k.raw",
    "bearers AS b": "b.name = e.name",
    "firms AS f": "f.firm_no = b.firm_no",
}


def match_names(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `name_matches` of the rows of `unclear`: the first rung on which any firm is, and rivals.

    Columns: `row_no`, `rung` (index into `RUNGS`, or `AS_BRANCH`), `key` (the text that was equal), `firm_no`,
    `is_current` (of the firm's name), `in_force` (true, false or null: unknown), `is_first` (whether this links on
    the row's first rung; where that is none of a name's own spellings, all others are kept as well). Reads
    `listed_names`, `known_names`, `bearers`, `firms`.
    """
    con.execute("CREATE TEMP TABLE equal_names AS " + _equal_names())
    matches = f"CREATE TEMP TABLE name_matches AS WITH borne AS ({_borne_names()})"
    con.execute(matches + _MATCHES, {"own_spellings": OWN_SPELLINGS})
    con.execute("DROP TABLE equal_names")


@lru_cache(maxsize=1)
def _equal_names() -> str:
    """The query for `equal_names(rung, listed, key, name)`: names that are equal on a rung; `listed` is a rowid."""
    rungs = (_equal(index, rung) for index, rung in enumerate(RUNGS))
    return exp.union(*rungs, distinct=False, copy=False).sql("duckdb", copy=False)


def _equal(index: int, rung: Rung) -> exp.Select:
    same_key = exp.EQ(this=column(rung.known, "n"), expression=column(rung.listed, "k"))
    return (
        exp.select(
            exp.alias_(exp.Literal.number(index), "rung", copy=False),
            exp.alias_(exp.column("rowid", "k"), "listed", copy=False),
            exp.alias_(column(rung.listed, "k"), "key", copy=False),
            exp.column("name", "n"),
        )
        .from_("listed_names AS k", copy=False)
        .join("known_names AS n", on=same_key, copy=False)
        .where(parsed(_IS_NAME), *_conditions(rung, names_alone=True), copy=False)
    )


@lru_cache(maxsize=1)
def _borne_names() -> str:
    """The query for all matches: what rungs want of row and firm is asked of the few names that are equal at all."""
    agrees, links = exp.Case(this=exp.column("rung", "e")), exp.Case(this=exp.column("rung", "e"))
    for index, rung in enumerate(RUNGS):
        wanted = exp.and_(*_conditions(rung, names_alone=False), copy=False)
        agrees = agrees.when(exp.Literal.number(index), wanted, copy=False)
        links = links.when(exp.Literal.number(index), parsed(f"coalesce({rung.links}, FALSE)"), copy=False)
    place = exp.alias_(parsed(_PLACE_IN_LADDER), "rung", copy=False)
    in_force = exp.alias_(parsed(_IN_FORCE), "in_force", copy=False)
    linking = exp.alias_(links, "links", copy=False)
    query = exp.select("r.row_no", place, "e.key", "b.firm_no", "b.is_current", in_force, linking)
    query.from_("equal_names AS e", copy=False)
    for table, on in _JOINED.items():
        query.join(table, on=on, copy=False)
    query.where(agrees, copy=False)
    return query.sql("duckdb", copy=False)


def _conditions(rung: Rung, *, names_alone: bool) -> list[exp.Expr]:
    """Return those conditions of a rung that speak of the two names alone, or all others."""
    when = parsed(rung.when)
    every = list(when.flatten()) if isinstance(when, exp.And) else [when]
    return [one for one in every if names_alone == ({each.table for each in one.find_all(exp.Column)} <= {"k", "n"})]
