"""What is at stake in a dataset is the largest amount written in a policy that reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.workspace import Workspace
from matcher.stakes import stakes
from policies.load import Library, workspace_library
from tests.cli.town import CATALOGUE, write

HEAD = """\
policy: {name}
title: {{zh: 某奖}}
kind: award
status: {status}
source: {{document: 某文件, issuer: 某局, checked: unverified}}
applies:
  - {{periods: "2020..2030"}}
period: year
conditions:
  - {{id: one, text: 条件, clause: 第一条, when: "{when}"}}
award: {award}
"""
CLEAN = "not exists(blacklist)"
PARAMETER = """\
parameter: base
title: {zh: 基数}
source: {document: 某文件, issuer: 某局, checked: unverified}
type: money
key: none
values: [{from: 2020-01-01, value: 3万元}, {from: 2024-01-01, value: 5万元}]
"""
DEFINITION = """\
definition: clean
title: {zh: 未失信}
source: {document: 某文件, issuer: 某局, checked: unverified}
means: not exists(blacklist)
"""


def library(folder: Path, *policies: tuple[str, str], status: str = "in_force") -> Library:
    space = Workspace.create(folder / "w", bare=True)
    for name, text in CATALOGUE.items():
        write(space.root, f"catalog/{name}.yaml", text)
    write(space.root, "policies/parameters/base.yaml", PARAMETER)
    write(space.root, "policies/definitions/clean.yaml", DEFINITION)
    for number, (when, award) in enumerate(policies):
        text = HEAD.format(name=f"p{number}", status=status, when=when, award=award)
        write(space.root, f"policies/p{number}.yaml", text)
    return workspace_library(space)


AWARDS = {
    "{amount: 10万元}": 10,
    "{tiers: [{when: 'turnover.revenue[period - 1] > 2亿元', pay: 20万元}, {when: 'true', pay: 5万元}]}": 20,
    "{share: {of: 'turnover.revenue[period - 1]', rate: 5%}}": 0,
    "{share: {of: 'turnover.revenue[period - 1]', rate: 5%}, cap: {per_period: 30万元}}": 30,
    "{amount: 'if turnover.revenue[period - 1] > 9亿元 then 7万元 else 8万元'}": 8,
    "{amount: '2 * param.base'}": 5,
    "{for_each: {rows: drugs, item: approval_no}, amount: 6万元, item_cap: 9万元}": 9,
}


@pytest.mark.parametrize("award", AWARDS)
def test_the_largest_amount_that_is_written_counts(tmp_path: Path, award: str) -> None:
    assert stakes(library(tmp_path, (CLEAN, award)))["blacklist"] == AWARDS[award] * 1_000_000


def test_every_dataset_that_is_read_counts_also_by_way_of_definitions_and_items(tmp_path: Path) -> None:
    found = stakes(
        library(
            tmp_path,
            ("clean", "{amount: 1万元}"),
            ("turnover.revenue[period - 1] > 0元", "{for_each: {rows: drugs, item: approval_no}, amount: 3万元}"),
            ("exists(drugs)", "{amount: 2万元}"),
        )
    )
    assert found == {"blacklist": 1_000_000, "drugs": 3_000_000, "turnover": 3_000_000}


def test_a_policy_that_is_not_in_force_puts_nothing_at_stake(tmp_path: Path) -> None:
    assert stakes(library(tmp_path, (CLEAN, "{amount: 1万元}"), status="draft")) == {}


def test_the_bundled_library_has_a_stake_for_what_it_reads(tmp_path: Path) -> None:
    found = stakes(workspace_library(Workspace.create(tmp_path / "w")))
    assert found["drug_approvals"] == 1_000_000_000
    assert found["serious_violations"] > 0
