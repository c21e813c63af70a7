"""Which names of the register a listed name is equal to, on which rung (`rungs.py`) and under which key."""

from __future__ import annotations

import duckdb

from enterprise_data.identity.rungs import AS_BRANCH, LIKE_OWN, NOT_ELSEWHERE, OWN_SPELLINGS, RUNGS

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

# Equal names, and all that rungs want of the two names themselves; `listed` is a rowid.
_EQUAL = """
SELECT {index} AS rung, k.rowid AS listed, k.{listed} AS key, n.name
FROM listed_names k JOIN known_names n ON n.{known} = k.{listed}
WHERE {is_name} AND ({names})
"""

# What rungs want of row and firm is asked of the few names that are equal at all.
_BORNE = """
SELECT r.row_no, {place} AS rung, e.key, b.firm_no, b.is_current, ({in_force}) AS in_force,
       CASE e.rung {links} END AS links
FROM equal_names e
JOIN listed_names k ON k.rowid = e.listed
JOIN known_names n ON n.name = e.name
JOIN unclear r ON r.name = k.raw
JOIN bearers b ON b.name = e.name
JOIN firms f ON f.firm_no = b.firm_no
WHERE CASE e.rung {agrees} END
"""


def match_names(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `name_matches` of the rows of `unclear`: the first rung on which any firm is, and rivals.

    Columns: `row_no`, `rung` (index into `RUNGS`, or `AS_BRANCH`), `key` (the text that was equal), `firm_no`,
    `is_current` (of the firm's name), `in_force` (true, false or null: unknown), `is_first` (whether this links on
    the row's first rung; where that is none of a name's own spellings, all others are kept as well). Reads
    `listed_names`, `known_names`, `bearers`, `firms`.
    """
    con.execute(f"CREATE TEMP TABLE equal_names AS {_equal_names()}")
    con.execute(
        f"CREATE TEMP TABLE name_matches AS WITH borne AS ({_borne_names()}) {_MATCHES}",
        {"own_spellings": OWN_SPELLINGS},
    )
    con.execute("DROP TABLE equal_names")


def _equal_names() -> str:
    """The query for `equal_names(rung, listed, key, name)`."""
    rungs = (
        _EQUAL.format(index=index, listed=rung.listed, known=rung.known, is_name=_IS_NAME, names=rung.names)
        for index, rung in enumerate(RUNGS)
    )
    return " UNION ALL ".join(rungs)


def _borne_names() -> str:
    """The query for all matches."""
    agrees = "".join(f" WHEN {index} THEN {rung.when}" for index, rung in enumerate(RUNGS))
    links = "".join(f" WHEN {index} THEN coalesce({rung.links}, FALSE)" for index, rung in enumerate(RUNGS))
    return _BORNE.format(place=_PLACE_IN_LADDER, in_force=_IN_FORCE, links=links, agrees=agrees)
