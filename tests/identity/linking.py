"""Link rows given as plain values against a register given as plain values, without files or workspace."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.identity.branches import add_branches
from enterprise_data.identity.candidates.blocks import build_blocks
from enterprise_data.identity.journal.facts import BranchOf, Fact
from enterprise_data.identity.journal.ledger import Active
from enterprise_data.identity.journal.tables import branches
from enterprise_data.identity.link import link
from enterprise_data.identity.register import add_former_names, add_names, add_predecessors, build_register
from enterprise_data.identity.relations import add_said
from tests.snapshot.city import uscc

DAY = date(2022, 6, 1)
LISTED_ON = date(2025, 6, 1)
_KEYS = {"uscc": pl.String, "organisation_code": pl.String, "registration_no": pl.String, "name": pl.String}
_REGISTER = {"row_no": pl.Int64, **_KEYS, "region": pl.String, "doubtful": pl.Boolean}
_FORMER = {"uscc": pl.String, "former_name": pl.String, "since": pl.Date, "until": pl.Date, "belongs": pl.Boolean}
_TAKEOVERS = {"uscc": pl.String, "code": pl.String, "name": pl.String, "effective_on": pl.Date, "belongs": pl.Boolean}
_DECIDED = {**_KEYS, "day": pl.Date, "firm": pl.String, "fact_id": pl.Int64}
_RELATIONS = {
    **dict.fromkeys(("uscc", "name", "kind", "parent_code", "parent_name"), pl.String),
    "began_on": pl.Date,
    "ended_on": pl.Date,
    "doubtful": pl.Boolean,
}
_ROWS = {
    "row_no": pl.Int64,
    **{f"_{key}": pl.String for key in _KEYS},
    "_day": pl.Date,
    "_listed_on": pl.Date,
    "_region": pl.String,
    "_doubtful": pl.Boolean,
}


@dataclass(frozen=True)
class Firm:
    """One row of the register; `former` are (name, until) or (name, since, until), `took_over` (code, name, when)."""

    number: int
    name: str | None = None
    registration_no: str | None = None
    former: tuple[tuple[str, date | None] | tuple[str, date | None, date | None], ...] = ()
    doubtful: bool = False
    took_over: tuple[tuple[str, str | None, date], ...] = ()
    code: str | None = None
    region: str | None = None

    @property
    def uscc(self) -> str:
        return self.code or uscc(self.number)


@dataclass(frozen=True)
class Relation:
    """One row of the dataset of relations: whose branch a firm is. Codes are given whole, or by a firm's number."""

    firm: int | str | None
    parent: int | str | None
    began_on: date | None = date(2010, 1, 1)
    ended_on: date | None = None
    kind: str | None = "分公司"
    name: str | None = None
    parent_name: str | None = None
    doubtful: bool = False

    @property
    def cells(self) -> tuple[object, ...]:
        """Return the row's values in the order of the table."""
        firm, parent = (uscc(code) if isinstance(code, int) else code for code in (self.firm, self.parent))
        return (firm, self.name, self.kind, parent, self.parent_name, self.began_on, self.ended_on, self.doubtful)


@dataclass(frozen=True)
class Row:
    """One row to link."""

    name: str | None = None
    uscc: str | None = None
    organisation_code: str | None = None
    registration_no: str | None = None
    day: date | None = DAY
    listed_on: date = LISTED_ON
    region: str | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class Outcome:
    """The firm a row was linked to, by number, or None; by which rule, or why not; who else it may be."""

    firm: int | None
    why: str
    candidates: tuple[int, ...] = field(default=())


def link_rows(
    register: Sequence[Firm],
    rows: Sequence[Row],
    *,
    registration_nos: bool = True,
    threads: int = 1,
    propose: bool = False,
    decided: Sequence[tuple[Row, int | None]] = (),
    relations: Sequence[Relation] = (),
    said: Sequence[BranchOf] = (),
) -> list[Outcome]:
    """Return the outcome of each row; `decided` are rows with the firm that a person said they are of, or None.

    `said` are corrections of `relations`.
    """
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": threads}) as con:
        _fill(con, Path(folder), register, rows)
        _table(con, Path(folder), "relation_rows", _frame(relations))
        _correct(con, Path(folder), said)
        add_branches(con, Path(folder))
        _decide(con, Path(folder), decided)
        if propose:
            build_blocks(con)
        link(con, Path(folder), registration_nos=registration_nos, propose=propose)
        numbers = {firm.uscc: firm.number for firm in register}
        number_of = {no: numbers[code] for no, code in con.sql("SELECT firm_no, uscc FROM firms").fetchall()}
        found = {
            row_no: Outcome(number_of[firm_no], linked_by)
            for row_no, firm_no, linked_by in con.sql("SELECT row_no, firm_no, linked_by FROM plain").fetchall()
        }
        for row_no, firm_no, rule, reason, candidates in con.sql(
            "SELECT row_no, firm_no, rule, reason, candidates FROM resolved"
        ).fetchall():
            others = () if reason is None else tuple(sorted(number_of[candidate] for candidate in candidates))
            found[row_no] = Outcome(None if firm_no is None else number_of[firm_no], rule or reason, others)
    assert len(found) == len(rows)
    return [found[row_no] for row_no in range(len(rows))]


def _fill(con: duckdb.DuckDBPyConnection, folder: Path, register: Sequence[Firm], rows: Sequence[Row]) -> None:
    firms = [
        (i, firm.uscc, None, firm.registration_no, firm.name, firm.region, firm.doubtful)
        for i, firm in enumerate(register)
    ]
    _table(con, folder, "register_rows", pl.DataFrame(firms, schema=_REGISTER, orient="row"))
    build_register(con, folder)
    add_names(con, Path(folder))
    renamings = [
        (firm.uscc, past[0], past[1] if len(past) == 3 else None, past[-1], True)
        for firm in register
        for past in firm.former
    ]
    _table(con, folder, "renamings", pl.DataFrame(renamings, schema=_FORMER, orient="row"))
    con.sql("SELECT f.firm_no, r.* EXCLUDE (uscc) FROM renamings r JOIN firms f USING (uscc)").create("former_rows")
    add_former_names(con, folder)
    takeovers = [(firm.uscc, *took, True) for firm in register for took in firm.took_over]
    _table(con, folder, "takeovers", pl.DataFrame(takeovers, schema=_TAKEOVERS, orient="row"))
    con.sql("SELECT f.firm_no, t.* EXCLUDE (uscc) FROM takeovers t JOIN firms f USING (uscc)").create(
        "predecessor_rows"
    )
    add_predecessors(con, folder)
    keyed = [
        (
            i,
            row.uscc,
            row.organisation_code,
            row.registration_no,
            row.name,
            row.day,
            row.listed_on,
            row.region,
            row.doubtful,
        )
        for i, row in enumerate(rows)
    ]
    _table(con, folder, "delivered", pl.DataFrame(keyed, schema=_ROWS, orient="row"))


def _frame(relations: Sequence[Relation]) -> pl.DataFrame:
    return pl.DataFrame([relation.cells for relation in relations], schema=_RELATIONS, orient="row")


def _correct(con: duckdb.DuckDBPyConnection, folder: Path, said: Sequence[BranchOf]) -> None:
    facts = (
        Fact(id=number, at=datetime.now(UTC), author="甲", reason="核对", what=what)
        for number, what in enumerate(said, 1)
    )
    path = folder / "said.parquet"
    branches(Active(corrections=tuple(facts))).write_parquet(path)
    add_said(con, path, folder)


def _decide(con: duckdb.DuckDBPyConnection, folder: Path, decided: Sequence[tuple[Row, int | None]]) -> None:
    facts = [
        (row.uscc, row.organisation_code, row.registration_no, row.name, row.day, firm and uscc(firm), number)
        for number, (row, firm) in enumerate(decided)
    ]
    _table(con, folder, "decided", pl.DataFrame(facts, schema=_DECIDED, orient="row"))
    con.execute(
        "INSERT INTO decisions SELECT '', d.* EXCLUDE (day, firm, fact_id), day, day, f.firm_no, firm IS NULL, fact_id"
        " FROM decided d LEFT JOIN firms f ON f.uscc = d.firm"
    )


def _table(con: duckdb.DuckDBPyConnection, folder: Path, name: str, frame: pl.DataFrame) -> None:
    path = folder / f"given-{name}.parquet"
    frame.write_parquet(path)
    con.read_parquet(str(path)).create(name)
