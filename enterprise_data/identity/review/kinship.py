"""Whose branch or subsidiary a candidate is, as relations or a correction tell: a clerk has to see it to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset
from enterprise_data.identity.branches import KIND
from enterprise_data.identity.journal.ledger import Active
from enterprise_data.identity.journal.tables import BRANCHES, branches
from enterprise_data.identity.wording import Said
from enterprise_data.queries import column, run

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "分公司": "branch",
        "全资子公司": "wholly owned subsidiary",
        "控股子公司": "subsidiary",
        "参股公司": "partly owned firm",
    }
)

_TOLD = """
CREATE TEMP TABLE told (
    firm_no INTEGER, kind VARCHAR, parent VARCHAR, began_on DATE, ended_on DATE, is_correction BOOLEAN, never BOOLEAN
)
"""
_SAID = """
INSERT INTO told
SELECT f.firm_no, $kind, coalesce(p.name, s.parent_name, s.parent_uscc), s.since, s.until, TRUE, s.never
FROM read_parquet($file) s
JOIN firms f ON f.uscc = s.firm_uscc
LEFT JOIN firms p ON p.uscc = s.parent_uscc
"""
# What people said, then the last ones first: a firm that changed hands too often would fill the page.
_KINSHIPS = """
CREATE TEMP TABLE kinships AS
SELECT firm_no,
       list({'kind': kind, 'parent': parent, 'began_on': began_on, 'ended_on': ended_on,
             'is_correction': is_correction, 'never': never}
            ORDER BY is_correction DESC, began_on DESC, ended_on DESC, kind, parent)[:3] AS kinships
FROM (SELECT DISTINCT * FROM told WHERE kind IS NOT NULL AND parent IS NOT NULL)
GROUP BY firm_no
"""


@dataclass(frozen=True)
class Kinship:
    """A firm is of this `kind` (分公司, ...) to its `parent`, in the days told; `ended_on` None: to this day.

    `is_correction`: a person said so, not the dataset of relations; `never`: said that it never was.
    """

    kind: str
    parent: str
    began_on: date | None
    ended_on: date | None
    is_correction: bool = False
    never: bool = False

    @property
    def said(self) -> Said:
        """The same in words."""
        since, until = (day.isoformat() if day else "" for day in (self.began_on, self.ended_on))
        zh = f"{since}起" * bool(since) + f"至{until}" * bool(until)
        en = f" since {since}" * bool(since) + f" until {until}" * bool(until)
        named = f"{_KINDS[self.kind]} ({self.kind})" if self.kind in _KINDS else self.kind
        whence = Said("人工更正", "a correction") if self.is_correction else Said("企业关系", "relations")
        was = Said("从来不是", "never ") if self.never else Said("", "")
        return Said(
            f"据{whence.zh}：{was.zh}{self.parent}的{self.kind}" + (f"（{zh}）" if zh else ""),
            f"according to {whence.en} {was.en}{named} of {self.parent}{en}",
        )


def gather_kinships(
    con: duckdb.DuckDBPyConnection,
    relations: Mapping[str, Path],
    datasets: Mapping[str, Dataset],
    used: Active,
    spill: Path,
) -> None:
    """Make `kinships(firm_no, kinships)` of the linked rows of relations, files by dataset; at most three for a firm.

    `used` holds the corrections with which the rows were linked. Needs the view `firms(firm_no, uscc, name, ...)` of
    the register, which tells what parents are called. `spill` is for passing files.
    """
    con.execute(_TOLD)
    for name, file in relations.items():
        fields = datasets[name].fields
        of_parent = column("parent_name") if "parent_name" in fields else exp.cast(exp.null(), "VARCHAR")
        ended_on = column("ended_on") if "ended_on" in fields else exp.cast(exp.null(), "DATE")
        parent = exp.func("coalesce", column("name", "f"), of_parent, column("parent_code"))
        rows = exp.select(column("firm_no", "r"), "kind", parent, "began_on", ended_on, exp.false(), exp.false())
        rows = rows.from_("relation_rows AS r").join("firms AS f", on="f.uscc = r.parent_code", join_type="left")
        con.read_parquet(str(file)).create_view("relation_rows", replace=True)
        run(con, rows.where("belongs")).insert_into("told")
    said = spill / BRANCHES
    branches(used).write_parquet(said)
    con.execute(_SAID, {"file": str(said), "kind": KIND})
    con.execute(_KINSHIPS)
