"""The tables a settlement works on, all in one DuckDB session.

It reads
    awards        policy_no, firm_no, item, counts, amount_fen     what each award comes to by itself
    open_awards   policy_no, firm_no                               undetermined decisions: what may come to be due
    paid_before   policy_no, firm_no, what, fen                    past payments that a step deducts; NULL is unknown
    paid_items    policy_no, firm_no, item, fen, in_top_up         each past payment to others of a group by item: fen
                                                                   NULL may be one, item '' does not say for what
    paid_own      the same                                         each past payment of this very award
    ranks         policy_no, firm_no, rank                         by what a budget line serves firms; NULL is unknown
    firms         firm_no, uscc                                    ties are broken by code, never by number

and keeps
    due      row_id, policy_no, firm_no, uscc, item, fen, most, is_open, level
    cuts     step, policy_no, firm_no, item, rule, before_fen, after_fen, why, other

A row of `due` is an award or one of its items. `fen` NULL is held: due, and not known how much. `is_open` marks what
may yet come to be due; it is never paid, and only kept for what it could take from others: at most `most` (NULL: no
bound). Awards that have nothing to do with others never come here. `taken_off` (policy_no, firm_no, what, fen) is what
an earlier step took off already of the past payments that a later one deducts.
"""

from __future__ import annotations

import duckdb

from matcher.settlement.members import Members
from matcher.sql.rows_in import insert_rows

CREATE = """
    CREATE OR REPLACE TABLE open_awards (policy_no SMALLINT, firm_no INTEGER);
    CREATE OR REPLACE TABLE paid_before (policy_no SMALLINT, firm_no INTEGER, what VARCHAR, fen HUGEINT);
    CREATE OR REPLACE TABLE paid_items (policy_no SMALLINT, firm_no INTEGER, item VARCHAR, fen HUGEINT,
        in_top_up BOOLEAN);
    CREATE OR REPLACE TABLE paid_own (policy_no SMALLINT, firm_no INTEGER, item VARCHAR, fen HUGEINT,
        in_top_up BOOLEAN);
    CREATE OR REPLACE TABLE taken_off (policy_no SMALLINT, firm_no INTEGER, what VARCHAR, fen HUGEINT);
    CREATE OR REPLACE TABLE ranks (policy_no SMALLINT, firm_no INTEGER, rank HUGEINT);
    CREATE OR REPLACE TABLE cuts (step INTEGER, policy_no SMALLINT, firm_no INTEGER, item VARCHAR, rule VARCHAR,
        before_fen BIGINT, after_fen BIGINT, why VARCHAR, other VARCHAR);
"""

_MEMBERS = """
    CREATE OR REPLACE TEMP TABLE settling (policy_no SMALLINT, policy VARCHAR, unit BIGINT, most BIGINT,
        level SMALLINT);
    CREATE OR REPLACE TEMP TABLE exclusive_members (policy_no SMALLINT, grp VARCHAR, rank INTEGER, by_item BOOLEAN);
    CREATE OR REPLACE TEMP TABLE cap_members (policy_no SMALLINT, cap VARCHAR, place INTEGER);
    CREATE OR REPLACE TEMP TABLE budget_members (policy_no SMALLINT, line VARCHAR);
    CREATE OR REPLACE TEMP TABLE derived_members (policy_no SMALLINT, base VARCHAR, base_no SMALLINT,
        numerator HUGEINT, denominator HUGEINT, mode VARCHAR);
    CREATE OR REPLACE TEMP TABLE budget_lines (line VARCHAR, when_short VARCHAR, amount_fen BIGINT, unit BIGINT,
        ranked BOOLEAN, highest BOOLEAN);
"""

_DUE = """
    CREATE OR REPLACE TABLE due AS
    SELECT row_number() OVER () AS row_id, a.*, s.most, s.level, f.uscc
    FROM (
        SELECT policy_no, firm_no, item, amount_fen AS fen, FALSE AS is_open FROM awards WHERE counts
        UNION ALL
        SELECT policy_no, firm_no, item, NULL, TRUE FROM awards WHERE counts IS NULL
        UNION ALL
        SELECT policy_no, firm_no, NULL, NULL, TRUE FROM open_awards
    ) a
    JOIN settling s USING (policy_no)
    JOIN firms f USING (firm_no)
"""


def lay_down(connection: duckdb.DuckDBPyConnection, members: Members) -> None:
    """Bring the members and everything that is or may be due into tables."""
    connection.execute(_MEMBERS)
    for table, rows in members.tables().items():
        insert_rows(connection, table, rows)
    connection.execute(_DUE)


_APPLY = """
    INSERT INTO cuts
    SELECT ?, d.policy_no, d.firm_no, d.item, c.rule, d.fen, c.after_fen, c.why, c.other
    FROM changed c JOIN due d USING (row_id);
"""
_UPDATE = "UPDATE due SET fen = c.after_fen FROM changed c WHERE c.row_id = due.row_id"


def apply_changes(connection: duckdb.DuckDBPyConnection, step: int) -> None:
    """Write down what the table `changed` (row_id, rule, after_fen, why, other) says, and do it."""
    connection.execute(_APPLY, [step])
    connection.execute(_UPDATE)
