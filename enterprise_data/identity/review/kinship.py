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
from enterprise_data.identity.journal.ledger import Active
from enterprise_data.identity.journal.tables import BRANCHES, branches
from enterprise_data.identity.relations import correct_relations, start_relations
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

# What people said has taken the place of all else that told of a branch and its parent.
_TOLD = """
CREATE TEMP TABLE told AS
SELECT DISTINCT f.firm_no, r.kind, coalesce(p.name, r.parent_name, r.parent_code) AS parent, r.began_on, r.ended_on,
       s.fact_id IS NOT NULL AS is_correction
FROM relation_rows r
JOIN firms f USING (uscc)
LEFT JOIN firms p ON p.uscc = r.parent_code
LEFT JOIN read_parquet($file) s ON s.firm_uscc = r.uscc AND s.parent_uscc = r.parent_code AND NOT s.never
"""
# The last ones first: a firm that changed hands too often would fill the page.
_KINSHIPS = """
CREATE TEMP TABLE kinships AS
SELECT firm_no,
       list({'kind': kind, 'parent': parent, 'began_on': began_on, 'ended_on': ended_on,
             'is_correction': is_correction}
            ORDER BY began_on DESC, ended_on DESC, kind, parent)[:3] AS kinships
FROM told
WHERE kind IS NOT NULL AND parent IS NOT NULL
GROUP BY firm_no
"""


@dataclass(frozen=True)
class Kinship:
    """A firm is of this `kind` (分公司, ...) to its `parent`, in the days told; `ended_on` None: to this day.

    `is_correction`: a person said so, not the dataset of relations.
    """

    kind: str
    parent: str
    began_on: date | None
    ended_on: date | None
    is_correction: bool = False

    @property
    def said(self) -> Said:
        """The same in words."""
        since, until = (day.isoformat() if day else "" for day in (self.began_on, self.ended_on))
        zh = f"{since}起" * bool(since) + f"至{until}" * bool(until)
        en = f" since {since}" * bool(since) + f" until {until}" * bool(until)
        named = f"{_KINDS[self.kind]} ({self.kind})" if self.kind in _KINDS else self.kind
        whence = Said("人工更正", "a correction") if self.is_correction else Said("企业关系", "relations")
        return Said(
            f"据{whence.zh}：{self.parent}的{self.kind}" + (f"（{zh}）" if zh else ""),
            f"according to {whence.en} {named} of {self.parent}{en}",
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
    start_relations(con)
    for name, file in relations.items():
        fields = datasets[name].fields
        of_parent = column("parent_name") if "parent_name" in fields else exp.cast(exp.null(), "VARCHAR")
        ended_on = column("ended_on") if "ended_on" in fields else exp.cast(exp.null(), "DATE")
        firm = (column("uscc", "f"), column("name", "f"))
        rows = exp.select(*firm, "kind", "parent_code", of_parent, "began_on", ended_on, exp.false())
        rows = rows.from_("linked_rows AS r").join("firms AS f", using="firm_no").where("belongs")
        con.read_parquet(str(file)).create_view("linked_rows", replace=True)
        run(con, rows).insert_into("relation_rows")
    said = spill / BRANCHES
    branches(used).write_parquet(said)
    correct_relations(con, said, spill)
    con.execute(_TOLD, {"file": str(said)})
    con.execute(_KINSHIPS)
