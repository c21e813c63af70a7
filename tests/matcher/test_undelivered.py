"""A column that a department leaves out says nothing, not even that it would have been empty."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import matcher
from enterprise_data.workspace import Workspace
from tests.snapshot.city import uscc

REGISTER = """
dataset: firm
title: {zh: 企业}
department: 某局
role: register
grain: firm
key: [uscc, name]
fields:
  opened: {type: date, label: 成立日期}
"""
TITLES = """
dataset: title
title: {zh: 称号}
department: 某局
grain: event
key: [uscc]
dated_by: given_on
absence: none
fields:
  given_on: {type: date, label: 授予日期, required: true}
  revoked_on: {type: date, label: 撤销日期}
"""
POLICY = """
policy: holders
title: {zh: 示例·称号奖励}
kind: award
status: in_force
source: {document: 示例, issuer: 示例, checked: unverified}
applies: [{periods: "2024.."}]
period: year
conditions:
  - {id: holds, text: 持有称号, clause: 示例, when: exists(title where revoked_on is not known)}
award: {amount: 10万元}
"""


def outcome(folder: Path, titles: str) -> tuple[str, int | None]:
    """Return what a firm with one title gets when the department's file is `titles`."""
    Workspace.create(folder, bare=True)
    for path, text in {"catalog/firm": REGISTER, "catalog/title": TITLES, "policies/holders": POLICY}.items():
        (folder / f"{path}.yaml").write_text(text, encoding="utf-8")
    for dataset, text in {"firm": f"uscc,name,opened\n{uscc(1)},甲公司,2020-01-01\n", "title": titles}.items():
        source = folder / f"{dataset}.csv"
        source.write_text(text, encoding="utf-8")
        matcher.load(folder, dataset, source, data_date=date(2024, 12, 31))
    matcher.freeze(folder)
    decision = matcher.match(folder, period="2024", as_of="2024-12-31", complete=True).decisions.collect()
    return decision["outcome"][0], decision["amount_fen"][0]


def test_an_empty_cell_means_not_revoked(tmp_path: Path) -> None:
    assert outcome(tmp_path, f"uscc,given_on,revoked_on\n{uscc(1)},2023-05-01,\n") == ("eligible", 1_000_000_0)


def test_a_missing_column_leaves_it_open(tmp_path: Path) -> None:
    assert outcome(tmp_path, f"uscc,given_on\n{uscc(1)},2023-05-01\n") == ("undetermined", None)
