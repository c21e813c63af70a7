"""Whose branch or subsidiary a candidate is, as the dataset of relations tells: a clerk has to see it to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset
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
CREATE TEMP TABLE told (firm_no INTEGER, kind VARCHAR, parent VARCHAR, began_on DATE, ended_on DATE)
"""
# The last ones first: a firm that changed hands too often would fill the page.
_KINSHIPS = """
CREATE TEMP TABLE kinships AS
SELECT firm_no,
       list({'kind': kind, 'parent': parent, 'began_on': began_on, 'ended_on': ended_on}
            ORDER BY began_on DESC, ended_on DESC, kind, parent)[:3] AS kinships
FROM (SELECT DISTINCT * FROM told WHERE kind IS NOT NULL AND parent IS NOT NULL)
GROUP BY firm_no
"""


@dataclass(frozen=True)
class Kinship:
    """A firm is of this `kind` (分公司, ...) to its `parent`, in the days told; `ended_on` None: to this day."""

    kind: str
    parent: str
    began_on: date | None
    ended_on: date | None

    @property
    def said(self) -> Said:
        """The same in words."""
        since, until = (day.isoformat() if day else "" for day in (self.began_on, self.ended_on))
        zh = f"{since}起" * bool(since) + f"至{until}" * bool(until)
        en = f" since {since}" * bool(since) + f" until {until}" * bool(until)
        named = f"{_KINDS[self.kind]} ({self.kind})" if self.kind in _KINDS else self.kind
        return Said(
            f"据企业关系：{self.parent}的{self.kind}" + (f"（{zh}）" if zh else ""),
            f"according to relations {named} of {self.parent}{en}",
        )


def gather_kinships(
    con: duckdb.DuckDBPyConnection, relations: Mapping[str, Path], datasets: Mapping[str, Dataset]
) -> None:
    """Make `kinships(firm_no, kinships)` of the linked rows of relations, files by dataset; at most three for a firm.

    Needs the view `firm_names(uscc, name, ...)` of the register, which tells what parents are called.
    """
    con.execute(_TOLD)
    for name, file in relations.items():
        fields = datasets[name].fields
        of_parent = column("parent_name") if "parent_name" in fields else exp.cast(exp.null(), "VARCHAR")
        ended_on = column("ended_on") if "ended_on" in fields else exp.cast(exp.null(), "DATE")
        parent = exp.func("coalesce", column("name", "f"), of_parent, column("parent_code"))
        rows = exp.select(column("firm_no", "r"), "kind", parent, "began_on", ended_on).from_("relation_rows AS r")
        rows = rows.join("firm_names AS f", on="f.uscc = r.parent_code", join_type="left").where("belongs")
        con.read_parquet(str(file)).create_view("relation_rows", replace=True)
        run(con, rows).insert_into("told")
    con.execute(_KINSHIPS)
