"""A snapshot's files written by hand: unlinked rows, candidates and firms, as few as a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.schema import validate
from enterprise_data.identity.journal.ledger import Active, Ledger
from enterprise_data.identity.review.queue import Queue, Sources, build_queue
from tests.snapshot.city import uscc

SHA = "b" * 64
STAKES = {"tax": 30_000_000, "penalties": 10_000_000, "dishonesty": 10_000_000}
_EVENTS = """\
dataset: {name}
title: {{zh: {title}}}
department: 某局
grain: event
key: [uscc, organisation_code, registration_no, name]
dated_by: day
absence: none
negative: {negative}
fields:
  day: {{type: date, label: 日期}}
"""

_REGISTER = """\
dataset: firms
title: {zh: 名册}
department: 某局
role: register
grain: firm
key: [uscc, name]
fields:
  region: {type: region, label: 所在地}
"""

_UNLINKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "dataset": pl.String,
    "row_no": pl.Int64,
    "uscc": pl.String,
    "organisation_code": pl.String,
    "registration_no": pl.String,
    "name": pl.String,
    "reason": pl.String,
    "candidates": pl.List(pl.Int32()),
    "day": pl.Date,
    "region": pl.String,
}
_CANDIDATES = {
    "dataset": pl.String,
    "row_no": pl.Int64,
    "rank": pl.Int32,
    "firm_no": pl.Int32,
    "name": pl.String,
    "score": pl.Float64,
    "plausible": pl.Boolean,
    "pattern": pl.String,
}
_FIRMS = {"firm_no": pl.Int32, "uscc": pl.String, "name": pl.String, "region": pl.String}


@dataclass(frozen=True)
class Unlinked:
    """A row and its candidates: number of the firm, score, pattern."""

    dataset: str
    row_no: int
    name: str | None
    candidates: Sequence[tuple[int, float, str]] = ()
    reason: str = "unknown_name"
    day: date | None = date(2024, 3, 1)
    region: str | None = "370200"
    uscc: str | None = None
    organisation_code: str | None = None
    registration_no: str | None = None


def catalogue() -> Catalogue:
    """Return a catalogue of a register and three lists, one of them negative."""
    entries = {}
    for name, title, negative in (
        ("dishonesty", "失信名单", True),
        ("penalties", "处罚", False),
        ("tax", "税务", False),
    ):
        text = _EVENTS.format(name=name, title=title, negative=str(negative).lower())
        entries[name] = validate(Dataset, strict_yaml.parse(text.encode(), name), "CAT001")
    entries["firms"] = validate(Dataset, strict_yaml.parse(_REGISTER.encode(), "firms"), "CAT001")
    return Catalogue(entries)


def write_review_files(folder: Path, rows: Sequence[Unlinked], firms: int = 9) -> Sources:
    """Write the three files; firm `n` has the USCC `uscc(n)` and the name `企业n有限公司`."""
    listed = [(number, uscc(number), firm_name(number), "370202") for number in range(1, firms + 1)]
    return write_files(folder, rows, listed)


def write_files(folder: Path, rows: Sequence[Unlinked], firms: Sequence[tuple[int, str, str, str | None]]) -> Sources:
    """Write the three files; firms are number, USCC, name, region."""
    unlinked: list[tuple[object, ...]] = [
        (
            row.dataset,
            row.row_no,
            row.uscc,
            row.organisation_code,
            row.registration_no,
            row.name,
            row.reason,
            [],
            row.day,
            row.region,
        )
        for row in rows
    ]
    names = {number: name for number, _, name, _ in firms}
    candidates = [
        (row.dataset, row.row_no, rank, firm, names[firm], score, True, pattern)
        for row in rows
        for rank, (firm, score, pattern) in enumerate(row.candidates, 1)
    ]
    pl.DataFrame(unlinked, schema=_UNLINKED, orient="row").write_parquet(folder / "unlinked-1.parquet")
    pl.DataFrame(candidates, schema=_CANDIDATES, orient="row").write_parquet(folder / "candidates-1.parquet")
    pl.DataFrame(firms, schema=_FIRMS, orient="row").write_parquet(folder / "firms-1.parquet")
    return Sources(folder / "unlinked-1.parquet", folder / "candidates-1.parquet", folder / "firms-1.parquet", SHA)


def firm_name(number: int) -> str:
    """Return the name of firm `number`."""
    return f"企业{number}有限公司"


def queue(
    folder: Path, rows: Sequence[Unlinked], ledger: Ledger | None = None, firms: int = 9, used: Sequence[int] = ()
) -> Queue:
    """Return the queue of some rows, in a snapshot linked with the facts `used`."""
    facts = tuple(ledger.facts[id_] for id_ in used) if ledger else ()
    sources = replace(write_review_files(folder, rows, firms), used=Active(decisions=facts))
    return build_queue(sources, catalogue(), ledger or Ledger(), STAKES)
