"""Relations from delivery to queue: what they link, what goes when they go or are corrected, what a clerk is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from enterprise_data.identity.journal.facts import BranchOf, Statement, Undo
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.journal.ledger import Ledger
from enterprise_data.identity.review.entries import Entry
from enterprise_data.identity.review.kinship import Kinship
from enterprise_data.identity.review.queue import Sources, build_queue
from enterprise_data.identity.review.wording import compared, difference
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.known_firms import read_facts
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from tests.snapshot.city import CATALOGUE, deliver, uscc, workspace

RELATIONS = """
dataset: relations
title: {zh: 企业关系}
department: 市场监管局
role: relations
grain: event
key: [uscc, name]
dated_by: began_on
absence: none
fields:
  kind: {type: text, label: 关系}
  parent_code: {type: text, label: 上级代码}
  parent_name: {type: text, label: 上级名称}
  began_on: {type: date, label: 起}
  ended_on: {type: date, label: 止}
"""
SHORT = RELATIONS.replace("  parent_name: {type: text, label: 上级名称}\n", "").replace(
    "  ended_on: {type: date, label: 止}\n", ""
)
FIRMS = [
    {"uscc": uscc(1), "name": "青岛新海有限公司", "region": "370202"},
    {"uscc": uscc(2), "name": "青岛百川有限公司烟台分公司", "region": "370602"},
    {"uscc": uscc(3), "name": "青岛他家有限公司", "region": "370202"},
]
BEGAN, PENALISED = date(2015, 3, 1), date(2022, 6, 1)
BRANCH = {"uscc": uscc(2), "kind": "分公司", "parent_code": uscc(1), "began_on": BEGAN}


def made(folder: Path, relations: str = RELATIONS) -> Workspace:
    space = workspace(folder, CATALOGUE | {"relations": relations})
    deliver(space, "register", FIRMS)
    former = {"uscc": uscc(1), "former_name": "青岛百川有限公司", "until": date(2018, 3, 31)}
    deliver(space, "former_names", [former])
    return space


def penalised(space: Workspace, *names: str) -> None:
    deliver(space, "penalties", [{"name": name, "decided_on": PENALISED, "level": "重大"} for name in names])


def correct(space: Workspace, **said: Any) -> int:
    """Say something of firm 2 and a parent, firm 1 unless it says otherwise; return the fact's id."""
    of = BranchOf(**{"firm": uscc(2), "parent": uscc(1), "parent_name": "青岛新海有限公司", **said})
    (fact,) = Journal(space.identity).append([Statement(author="王芳", reason="登记档案", what=of)])
    return fact.id


def undo(space: Workspace, fact_id: int) -> None:
    Journal(space.identity).append([Statement(author="李强", reason="看错", what=Undo(of=fact_id))])


def linked(snapshot: Snapshot, dataset: str = "penalties") -> list[tuple[object, ...]]:
    path = snapshot.dataset_path(dataset)
    assert path is not None
    return pl.read_parquet(path).sort("row_no").select("firm_no", "belongs", "linked_by").rows()


def queue_of(snapshot: Snapshot) -> list[Entry]:
    sources = Sources(
        snapshot.unlinked_path,
        snapshot.candidates_path,
        snapshot.firms_path,
        snapshot.manifest.firms.sha256,
        read_facts((snapshot.dir / snapshot.manifest.facts.file).read_text(encoding="utf-8")),
        snapshot.relations_paths,
    )
    return list(build_queue(sources, snapshot.catalogue, Ledger(), {}).entries())


def told(entry: Entry) -> list[tuple[str, str, str]]:
    """Return for each candidate its code, and what a clerk reads about it."""
    (comparisons,) = compared([entry])
    pairs = zip(entry.candidates, comparisons, strict=True)
    return [(one.uscc, *difference(one, comparison)) for one, comparison in pairs]


@pytest.mark.parametrize("relations", [RELATIONS, SHORT], ids=["all fields", "those needed"])
def test_a_link_comes_and_goes_with_the_relation(tmp_path: Path, relations: str) -> None:
    space = made(tmp_path / "w", relations)
    penalised(space, "青岛新海有限公司烟台分公司")
    assert linked(freeze(space)) == []
    deliver(space, "relations", [BRANCH])
    assert linked(freeze(space)) == [(2, True, "branch_of_parent")]
    deliver(space, "relations", [BRANCH | {"began_on": date(2023, 1, 1)}])
    assert linked(freeze(space)) == [(2, None, "former_name_out_of_date")]
    deliver(space, "relations", [BRANCH | {"parent_code": uscc(3)}])
    assert linked(freeze(space)) == []


def test_a_branch_that_the_register_has_itself_needs_no_relation(tmp_path: Path) -> None:
    space = made(tmp_path / "w")
    penalised(space, "青岛新海有限公司烟台分公司")
    deliver(space, "relations", [BRANCH])
    deliver(space, "register", [*FIRMS, {"uscc": uscc(4), "name": "青岛新海有限公司烟台分公司", "region": "370602"}])
    assert linked(freeze(space)) == [(3, True, "name")]


def test_relations_are_linked_as_any_list_and_people_may_decide_about_them(tmp_path: Path) -> None:
    space = made(tmp_path / "w")
    owned: dict[str, Any] = {"kind": "全资子公司", "parent_code": uscc(1), "began_on": BEGAN}
    deliver(space, "relations", [BRANCH, owned | {"name": "青岛他家有限公司"}, owned | {"name": "青岛他佳有限公司"}])
    snapshot = freeze(space)
    assert linked(snapshot, "relations") == [
        (2, True, "uscc"),
        (1, True, "name"),
    ]
    (entry,) = queue_of(snapshot)
    assert (entry.subject.dataset, entry.subject.name) == ("relations", "青岛他佳有限公司")


def test_a_clerk_is_told_whose_branch_a_candidate_is(tmp_path: Path) -> None:
    space = made(tmp_path / "w")
    penalised(space, "青岛市新海有限公司烟台分公司")
    deliver(space, "relations", [BRANCH])
    (entry,) = queue_of(freeze(space))
    code, zh, en = told(entry)[0]
    assert (code, entry.reason) == (uscc(2), "uncertain_name")
    assert entry.candidates[0].kinships == (Kinship("分公司", "青岛新海有限公司", BEGAN, None),)
    assert en.endswith("; according to relations branch (分公司) of 青岛新海有限公司 since 2015-03-01")
    assert zh.endswith("；据企业关系：青岛新海有限公司的分公司（2015-03-01起）")


def test_of_a_code_and_a_name_of_parent_and_branch_the_relation_is_told(tmp_path: Path) -> None:
    space = made(tmp_path / "w")
    row = {"uscc": uscc(1), "name": "青岛百川有限公司烟台分公司", "decided_on": PENALISED, "level": "重大"}
    deliver(space, "penalties", [row])
    deliver(space, "relations", [BRANCH | {"ended_on": date(2024, 1, 1), "parent_code": uscc(1)}])
    snapshot = freeze(space)
    assert linked(snapshot) == [(0, None, "code_of_parent"), (2, None, "code_of_parent")]
    (entry,) = queue_of(snapshot)
    said = {code: en for code, _, en in told(entry)}
    assert said[uscc(2)].endswith(
        "according to relations branch (分公司) of 青岛新海有限公司 since 2015-03-01 until 2024-01-01"
    )
    assert "relations" not in said[uscc(1)]


def test_no_file_of_relations_is_read_where_there_is_none(tmp_path: Path) -> None:
    space = made(tmp_path / "w")
    penalised(space, "青岛新海有限公司烟台分公司")
    snapshot = freeze(space)
    assert snapshot.relations_paths == {}
    (entry,) = queue_of(snapshot)
    assert all(candidate.kinships == () for candidate in entry.candidates)


# Deliveries of relations, none among them.
DELIVERED: dict[str, list[dict[str, Any]] | None] = {
    "none": None,
    "another spelling": [BRANCH | {"uscc": f" {uscc(2).lower()} ", "parent_code": f"{uscc(1)} ", "began_on": None}],
    "another parent": [BRANCH | {"parent_code": uscc(3), "ended_on": BEGAN}],
}


@pytest.mark.parametrize("delivered", DELIVERED)
def test_a_correction_adds_what_was_not_delivered_and_an_undo_leaves_no_trace(tmp_path: Path, delivered: str) -> None:
    space, told = made(tmp_path / "w"), DELIVERED[delivered]
    penalised(space, "青岛新海有限公司烟台分公司")
    if told is not None:
        deliver(space, "relations", told)
    before = freeze(space)
    assert all(rule != "branch_of_parent" for *_, rule in linked(before))
    fact_id = correct(space, since=BEGAN)
    corrected = freeze(space)
    assert linked(corrected) == [(2, True, "branch_of_parent")]
    assert (corrected.manifest.facts.rows, freeze(space).id) == (1, corrected.id)
    (fact,) = read_facts((corrected.dir / corrected.manifest.facts.file).read_text(encoding="utf-8")).corrections
    assert (fact.author, fact.reason, fact.what.kind) == ("王芳", "登记档案", "branch")
    undo(space, fact_id)
    assert freeze(space).id == before.id


def test_a_correction_needs_no_catalogue_entry_of_relations(tmp_path: Path) -> None:
    space = workspace(tmp_path / "w")
    deliver(space, "register", FIRMS)
    deliver(space, "former_names", [{"uscc": uscc(1), "former_name": "青岛百川有限公司", "until": date(2018, 3, 31)}])
    penalised(space, "青岛新海有限公司烟台分公司")
    correct(space, since=BEGAN)
    assert linked(freeze(space)) == [(2, True, "branch_of_parent")]


def test_a_correction_is_held_to_every_later_delivery(tmp_path: Path) -> None:
    """A later delivery that contradicts it makes a doubt of both; the register decides who is a firm at all."""
    space = made(tmp_path / "w")
    penalised(space, "青岛新海有限公司烟台分公司")
    correct(space, since=BEGAN)
    assert linked(freeze(space)) == [(2, True, "branch_of_parent")]
    deliver(space, "relations", [BRANCH | {"parent_code": uscc(3)}])
    assert linked(freeze(space)) == [(2, None, "uncertain_name")]
    correct(space, parent=uscc(3), never=True)
    assert linked(freeze(space)) == [(2, None, "uncertain_name")]
    deliver(space, "relations", [BRANCH | {"ended_on": date(2017, 1, 1)}])
    assert linked(freeze(space)) == [(2, None, "uncertain_name")]
    deliver(space, "relations", [BRANCH])
    assert linked(freeze(space)) == [(2, True, "branch_of_parent")]
    deliver(space, "register", FIRMS[1:])
    deliver(space, "former_names", [])
    assert linked(freeze(space)) == [(1, None, "uncertain_name")]
    deliver(space, "register", FIRMS[:1])
    assert linked(freeze(space)) == []
    deliver(space, "register", FIRMS)
    deliver(space, "former_names", [{"uscc": uscc(1), "former_name": "青岛百川有限公司", "until": date(2018, 3, 31)}])
    assert linked(freeze(space)) == [(2, True, "branch_of_parent")]


def test_policies_read_relations_as_delivered(tmp_path: Path) -> None:
    space = made(tmp_path / "w")
    deliver(space, "relations", [BRANCH])
    before = freeze(space)
    correct(space, never=True)
    after = freeze(space)
    assert before.manifest.datasets["relations"] == after.manifest.datasets["relations"]
    assert before.id != after.id


SINCE = date(2017, 1, 1)
# What is said of firm 2 and firm 1, and what a clerk then reads about firm 2, before what was delivered.
SAID: dict[str, tuple[dict[str, Any], Kinship]] = {
    "other days": (
        {"since": SINCE, "until": date(2024, 1, 1)},
        Kinship("分公司", "青岛新海有限公司", SINCE, date(2024, 1, 1), is_correction=True),
    ),
    "earlier days": (
        {"since": date(2001, 1, 1), "until": BEGAN},
        Kinship("分公司", "青岛新海有限公司", date(2001, 1, 1), BEGAN, is_correction=True),
    ),
    "never": ({"never": True}, Kinship("分公司", "青岛新海有限公司", None, None, is_correction=True, never=True)),
    "another parent": (
        {"parent": uscc(3), "since": SINCE},
        Kinship("分公司", "青岛他家有限公司", SINCE, None, is_correction=True),
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_a_clerk_is_told_what_was_said_and_what_was_delivered(tmp_path: Path, case: str) -> None:
    space = made(tmp_path / "w")
    penalised(space, "青岛市百川有限公司烟台市分公司")
    deliver(space, "relations", [BRANCH, BRANCH | {"uscc": f" {uscc(2).lower()}"}])
    said, kinship = SAID[case]
    correct(space, **said)
    snapshot = freeze(space)
    (entry,) = queue_of(snapshot)
    (branch,) = [one for one in entry.candidates if one.uscc == uscc(2)]
    assert branch.kinships == (kinship, Kinship("分公司", "青岛新海有限公司", BEGAN, None))
    Journal(space.identity).path.unlink()
    assert [one.kinships for one in next(iter(queue_of(snapshot))).candidates] == [
        one.kinships for one in entry.candidates
    ]


def test_a_correction_is_told_as_one() -> None:
    told = Kinship("分公司", "青岛新海有限公司", BEGAN, None, is_correction=True).said
    assert told.en == "according to a correction branch (分公司) of 青岛新海有限公司 since 2015-03-01"
    assert told.zh == "据人工更正：青岛新海有限公司的分公司（2015-03-01起）"
    never = Kinship("分公司", "青岛新海有限公司", None, None, is_correction=True, never=True).said
    assert (never.en, never.zh) == (
        "according to a correction never branch (分公司) of 青岛新海有限公司",
        "据人工更正：从来不是青岛新海有限公司的分公司",
    )
