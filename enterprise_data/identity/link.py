"""Link the rows of one delivery: each goes to its firm, or to the unlinked ones with a reason and candidates."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.evidence import drop_evidence, gather_evidence
from enterprise_data.identity.proposals import propose_firms
from enterprise_data.identity.rules import CODE_RULES, proposal, reason
from enterprise_data.identity.rungs import AS_BRANCH

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
       _name AS name, _day AS day, _listed_on AS listed_on, _region AS region, _doubtful AS doubtful
FROM sighted WHERE NOT is_plain
"""

# By what rule each row would link to which firm, and what forbids it.
_JUDGED = """
CREATE TEMP TABLE judged AS
SELECT row_no, rule, firm, {reason} AS reason,
       CASE WHEN rung IS NOT NULL AND usccs = 0 THEN key ELSE coalesce(code, key) END AS key,
       list_sort(list_distinct(flatten([
           uscc_firms, organisation_firms, registration_firms, misread_firms, predecessor_firms, bearers, rivals
       ]))) AS candidates,
       coalesce(rule IN {code_rules} AND len(agreeing) = 0 AND form IS NOT NULL, FALSE) AS by_code_alone,
       coalesce(rung = {as_branch}, FALSE) AS as_branch
FROM (SELECT *, {firm} AS firm FROM (SELECT *, {rule} AS rule FROM evidence))
"""

# What a person decided about a row like this stands, unless the evidence now says otherwise. Where the day matters, as
# names pass from firm to firm, the decision is about the days that the person saw. A doubtful row is of the firm it
# links to, or of its candidates, but never surely counts.
_RESOLVED = """
CREATE TEMP TABLE resolved AS
SELECT row_no, uscc, organisation_code, registration_no, name, day, region,
       CASE WHEN reason IS NULL THEN rule END AS rule,
       CASE WHEN reason IS NULL THEN key END AS key,
       CASE WHEN reason IS NULL THEN firm END AS firm_no,
       reason, candidates,
       reason IS NULL AND by_code_alone AS by_code_alone, as_branch
FROM (
    SELECT u.*,
           CASE WHEN d.reason IS NULL THEN d.rule ELSE 'decided' END AS rule,
           CASE WHEN d.reason IS NULL THEN d.key END AS key,
           coalesce(CASE WHEN d.reason IS NULL THEN d.firm END, p.firm_no) AS firm,
           CASE
               WHEN u.doubtful THEN 'rejected_when_loaded'
               WHEN p.fact_id IS NULL THEN d.reason
               WHEN d.reason IS NULL AND d.firm IS DISTINCT FROM p.firm_no THEN 'decision_outdated'
               WHEN p.no_firm THEN 'decided_none'
               WHEN p.firm_no IS NULL THEN 'decision_outdated'
           END AS reason,
           CASE
               WHEN p.no_firm AND d.reason IS NOT NULL THEN []
               WHEN p.firm_no IS NOT NULL AND d.reason IS NOT NULL THEN [p.firm_no]
               WHEN d.reason IS NULL THEN list_sort(list_distinct([d.firm, p.firm_no]))
               ELSE d.candidates
           END AS candidates,
           d.by_code_alone AND p.fact_id IS NULL AS by_code_alone, d.as_branch
    FROM unclear u
    JOIN judged d USING (row_no)
    LEFT JOIN decisions p
        ON p.dataset = $dataset
       AND p.uscc IS NOT DISTINCT FROM u.uscc
       AND p.organisation_code IS NOT DISTINCT FROM u.organisation_code
       AND p.registration_no IS NOT DISTINCT FROM u.registration_no
       AND p.name IS NOT DISTINCT FROM u.name
       AND (
           coalesce(u.day BETWEEN p.first_day AND p.last_day, TRUE)
           OR d.reason NOT IN ('ambiguous_name', 'uncertain_name', 'former_name_out_of_date')
       )
)
"""

_PLACED = """
CREATE TEMP TABLE placed AS
SELECT row_no, firm_no, TRUE AS belongs, rule AS linked_by FROM resolved WHERE reason IS NULL
UNION ALL
SELECT row_no, unnest(candidates), NULL, reason FROM resolved WHERE reason IS NOT NULL
"""


def link(
    con: duckdb.DuckDBPyConnection, folder: Path, *, registration_nos: bool, dataset: str = "", propose: bool = True
) -> None:
    """Link the rows of the view `delivered(row_no, _<each key>, _day, _listed_on, _region, _doubtful, ...)`.

    Makes the view `plain`, those rows that link at first sight, with `firm_no` and `linked_by`; for all others the
    tables `resolved(row_no, <keys>, day, region, rule, key, firm_no, reason, candidates, by_code_alone, as_branch)`, a
    line for each row, `proposed` (see `propose_firms`), and `placed(row_no, firm_no, belongs, linked_by)`, a line for
    each row and firm. Rows without candidates are in `resolved` alone. `dataset` says whose people's decisions apply;
    `propose=False` leaves `proposed` empty.
    """
    for statement in (_SIGHTED, _PLAIN, _UNCLEAR):
        con.execute(statement)
    gather_evidence(con, folder, registration_nos=registration_nos)
    rule, firm = proposal()
    code_rules = tuple(rule.name for rule in CODE_RULES)
    con.execute(_JUDGED.format(rule=rule, firm=firm, reason=reason(), code_rules=code_rules, as_branch=AS_BRANCH))
    drop_evidence(con)
    con.execute(_RESOLVED, {"dataset": dataset})
    con.execute("DROP TABLE judged")
    propose_firms(con, folder, wanted=propose)
    con.execute(_PLACED)


def forget_links(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the tables that `link` made, so that the next delivery can be linked."""
    for table in ("unclear", "listed_names", "resolved", "proposed", "placed"):
        con.execute(f"DROP TABLE {table}")
