"""Link the rows of one delivery: each goes to its firm, or to the unlinked ones with a reason and candidates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.identity.evidence import drop_evidence, gather_evidence
from enterprise_data.identity.rules import proposal, reason
from enterprise_data.queries import parsed

# A row whose code and name are letter for letter the register's needs no closer look, and nearly all are such.
_SIGHTED = """
CREATE OR REPLACE TEMP VIEW sighted AS
SELECT d.*, f.firm_no,
       NOT d._doubtful
       AND f.firm_no IS NOT NULL
       AND coalesce(d._name = f.raw_name, d._name IS NULL)
       AND coalesce(d._organisation_code = substr(f.uscc, 9, 9), d._organisation_code IS NULL)
       AND coalesce(d._registration_no = f.registration_no, d._registration_no IS NULL) AS is_plain
FROM delivered d LEFT JOIN firms f ON d._uscc = f.uscc
"""

_PLAIN = """
CREATE OR REPLACE TEMP VIEW plain AS
SELECT *, CASE WHEN _name IS NULL THEN 'uscc' ELSE 'uscc_and_name' END AS linked_by
FROM sighted WHERE is_plain
"""

_UNCLEAR = """
CREATE TEMP TABLE unclear AS
SELECT row_no, _uscc AS uscc, _organisation_code AS organisation_code, _registration_no AS registration_no,
       _name AS name, _day AS day, _doubtful AS doubtful
FROM sighted WHERE NOT is_plain
"""

_CANDIDATES = (
    "list_sort(list_distinct(list_concat(list_concat(uscc_firms, organisation_firms), "
    "list_concat(registration_firms, bearers))))"
)

# A doubtful row is of the firm it links to, or of its candidates, but never surely counts.
_RESOLVED = """
CREATE TEMP TABLE resolved AS
SELECT u.row_no, u.uscc, u.organisation_code, u.registration_no, u.name,
       CASE WHEN NOT u.doubtful AND d.reason IS NULL THEN d.rule END AS rule,
       CASE WHEN NOT u.doubtful AND d.reason IS NULL THEN d.firm END AS firm_no,
       CASE WHEN u.doubtful THEN 'rejected_when_loaded' ELSE d.reason END AS reason,
       CASE WHEN d.reason IS NULL THEN [d.firm] ELSE d.candidates END AS candidates
FROM unclear u JOIN decided d USING (row_no)
"""

_PLACED = """
CREATE TEMP TABLE placed AS
SELECT row_no, firm_no, TRUE AS belongs, rule AS linked_by FROM resolved WHERE reason IS NULL
UNION ALL
SELECT row_no, unnest(candidates), NULL, reason FROM resolved WHERE reason IS NOT NULL
"""


def link(con: duckdb.DuckDBPyConnection, folder: Path, *, registration_nos: bool) -> None:
    """Link the rows of the view `delivered(row_no, _<each key>, _day, _doubtful, ...)`.

    Makes the view `plain`, those rows that link at first sight, with `firm_no` and `linked_by`; for all others the
    tables `resolved(row_no, <keys>, rule, firm_no, reason, candidates)`, a line for each row, and `placed(row_no,
    firm_no, belongs, linked_by)`, a line for each row and firm. Rows without candidates are in `resolved` alone.
    """
    for statement in (_SIGHTED, _PLAIN, _UNCLEAR):
        con.execute(statement)
    gather_evidence(con, folder, registration_nos=registration_nos)
    con.execute(_decisions())
    drop_evidence(con)
    con.execute(_RESOLVED)
    con.execute("DROP TABLE decided")
    con.execute(_PLACED)


def forget_links(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the tables that `link` made, so that the next delivery can be linked."""
    for statement in ("DROP TABLE unclear", "DROP TABLE resolved", "DROP TABLE placed"):
        con.execute(statement)


@lru_cache(maxsize=1)
def _decisions() -> str:
    rule, firm = proposal()
    proposed = exp.select("*", exp.alias_(rule, "rule"), exp.alias_(firm, "firm")).from_("evidence")
    candidates = parsed(_CANDIDATES)
    decided = exp.select("row_no", "rule", "firm", exp.alias_(reason(), "reason"), exp.alias_(candidates, "candidates"))
    query = decided.from_(proposed.subquery("proposed"))
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    table = exp.Create(this=exp.to_table("decided"), kind="TABLE", expression=query, properties=temporary)
    return table.sql("duckdb")
