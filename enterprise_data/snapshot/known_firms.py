"""What linking has to know of firms before rows can be linked by name, and whence it comes."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset, FirmKey
from enterprise_data.identity.branches import add_branches
from enterprise_data.identity.candidates.blocks import build_blocks
from enterprise_data.identity.journal.facts import Decision, Fact
from enterprise_data.identity.journal.ledger import Active
from enterprise_data.identity.journal.tables import BRANCHES, DECISIONS, FORMER_NAMES, SUCCESSIONS, write_tables
from enterprise_data.identity.known_names import keep_known_names
from enterprise_data.identity.register import add_former_names, add_names, add_predecessors, build_register
from enterprise_data.identity.relations import add_said, start_relations
from enterprise_data.queries import column, run

# A split leaves open which part took over what.
_SPLIT = "分立"

_FORMER_ROWS = """
CREATE TEMP TABLE former_rows (firm_no INTEGER, former_name VARCHAR, since DATE, until DATE, belongs BOOLEAN)
"""
_PREDECESSOR_ROWS = """
CREATE TEMP TABLE predecessor_rows (firm_no INTEGER, code VARCHAR, name VARCHAR, effective_on DATE, belongs BOOLEAN)
"""
_CORRECTED_NAMES = """
INSERT INTO former_rows
SELECT f.firm_no, c.former_name, c.since, c.until, TRUE
FROM read_parquet($file) c JOIN firms f ON f.uscc = c.firm_uscc
"""
_CORRECTED_SUCCESSIONS = """
INSERT INTO predecessor_rows
SELECT f.firm_no, c.old_code, c.old_name, c.effective_on, TRUE
FROM read_parquet($file) c JOIN firms f ON f.uscc = c.firm_uscc
WHERE c.kind <> $split
"""
_DECISIONS = """
INSERT INTO decisions
SELECT d.dataset, d.uscc, d.organisation_code, d.registration_no, d.name, d.first_day, d.last_day,
       f.firm_no, d.firm_uscc IS NULL, d.fact_id
FROM read_parquet($file) d LEFT JOIN firms f ON f.uscc = d.firm_uscc
"""


def read_register(con: duckdb.DuckDBPyConnection, register: Dataset, spill: Path, kept: Path) -> None:
    """Read the firms of the register from `delivered`; `kept` holds the keys of names from earlier freezes."""
    region = column(register.home_region) if register.home_region else exp.cast(exp.null(), "VARCHAR")
    keys = [exp.alias_(column(f"_{key.value}"), key.value) for key in FirmKey]
    rows = exp.select("row_no", *keys, exp.alias_(region, "region"), "_doubtful AS doubtful").from_("delivered")
    run(con, rows).create_view("register_rows", replace=True)
    build_register(con, spill, kept)
    con.execute(_FORMER_ROWS)
    con.execute(_PREDECESSOR_ROWS)
    start_relations(con)


def read_former_names(con: duckdb.DuckDBPyConnection, dataset: Dataset, file: Path) -> None:
    """Read former names from the linked rows of their dataset."""
    since = column("used_from") if "used_from" in dataset.fields else exp.cast(exp.null(), "DATE")
    con.read_parquet(str(file)).create_view("renamings", replace=True)
    rows = exp.select("firm_no", "former_name", exp.alias_(since, "since"), "until", "belongs").from_("renamings")
    run(con, rows).insert_into("former_rows")


def read_successions(con: duckdb.DuckDBPyConnection, dataset: Dataset, file: Path) -> None:
    """Read from the linked rows of their dataset who took over from whom."""
    name = column("predecessor_name") if "predecessor_name" in dataset.fields else exp.cast(exp.null(), "VARCHAR")
    con.read_parquet(str(file)).create_view("takeovers", replace=True)
    rows = exp.select("firm_no", "predecessor_code", name, "effective_on", "belongs").from_("takeovers")
    if "kind" in dataset.fields:
        rows = rows.where(column("kind").neq(exp.convert(_SPLIT)))
    run(con, rows).insert_into("predecessor_rows")


def read_relations(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Read from `delivered` who is whose branch or subsidiary, as it stands there: nothing is linked yet."""
    of_parent = column("parent_name") if "parent_name" in dataset.fields else exp.cast(exp.null(), "VARCHAR")
    ended_on = column("ended_on") if "ended_on" in dataset.fields else exp.cast(exp.null(), "DATE")
    rows = exp.select("_uscc", "_name", "kind", "parent_code", of_parent, "began_on", ended_on, "_doubtful")
    run(con, rows.from_("delivered")).insert_into("relation_rows")


def know_firms(con: duckdb.DuckDBPyConnection, facts: Active, spill: Path, kept: Path) -> None:
    """Make names, predecessors, branches and decisions known, and build the blocks in which candidates are sought.

    The register, former names, successions and relations were read before.
    """
    write_tables(facts, spill)
    con.execute(_CORRECTED_NAMES, {"file": str(spill / FORMER_NAMES)})
    con.execute(_CORRECTED_SUCCESSIONS, {"file": str(spill / SUCCESSIONS), "split": _SPLIT})
    con.execute(_DECISIONS, {"file": str(spill / DECISIONS)})
    add_names(con, spill)
    add_former_names(con, spill)
    add_predecessors(con, spill)
    add_said(con, spill / BRANCHES, spill)
    add_branches(con, spill)
    keep_known_names(con, kept)
    build_blocks(con)


def facts_text(facts: Active) -> str:
    """Return the facts in force as JSON lines, in the order of their ids."""
    return "".join(fact.model_dump_json() + "\n" for fact in (*facts.decisions, *facts.corrections))


def read_facts(text: str) -> Active:
    """Return the facts that `facts_text` wrote."""
    facts = [Fact.model_validate_json(line) for line in text.split("\n") if line]
    decisions = tuple(fact for fact in facts if isinstance(fact.what, Decision))
    return Active(decisions, corrections=tuple(fact for fact in facts if not isinstance(fact.what, Decision)))
