"""The whole way: a misspelt name leaves a firm undetermined, a person decides, the next freeze uses it, also later."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import ok
from tests.cli.town import MATCH, A, D, loaded, write

# 泰 was misread as 秦.
MISSPELT = "企业名称,列入日期\n青岛宏秦商贸有限公司,2023-05-01\n丁有限公司,2023-05-01\n"
NAMED = "青岛宏泰商贸有限公司"


@pytest.fixture
def space(tmp_path: Path) -> Path:
    folder = loaded(tmp_path / "w")
    register = (folder / "in/firms.csv").read_text(encoding="utf-8").replace("甲有限公司", NAMED)
    reload(folder, "firms", register)
    reload(folder, "blacklist", MISSPELT)
    ok("data", "freeze", "-q", "-w", folder)
    return folder


def reload(folder: Path, dataset: str, text: str) -> None:
    file = write(folder, f"in/{dataset}.csv", text)
    ok("data", "load", "-q", "-w", folder, dataset, file, "--data-date", "2024-12-31")


def outcome(folder: Path, firm: str) -> str:
    ok("data", "freeze", "-q", "-w", folder)
    rows = ok("match", "-q", "-w", folder, *MATCH, "--policy", "growth", "--complete", "--format", "ndjson").rows
    return str(next(row["outcome"] for row in rows if row["uscc"] == firm))


def queued(folder: Path) -> list[tuple[str, str]]:
    found: list[dict[str, Any]] = json.loads(
        ok("data", "review", "list", "-w", folder, "--all", "--format", "json").out
    )
    return [(row["name"], row["state"]) for row in found if row["dataset"] == "blacklist"]


def press(folder: Path, keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in keys)))
    ok("data", "review", "-q", "-w", folder, "--as", "王芳")


def test_a_decision_counts_from_the_next_freeze_on_and_for_later_deliveries(
    space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome(space, A) == "undetermined"
    assert outcome(space, D) == "ineligible"
    assert queued(space) == [("青岛宏秦商贸有限公司", "open")]
    press(space, "1", monkeypatch)
    assert outcome(space, A) == "ineligible"
    assert queued(space) == []
    reload(space, "blacklist", MISSPELT + "青岛宏秦商贸有限公司,2024-02-01\n")
    assert outcome(space, A) == "ineligible"
    assert queued(space) == []


def test_none_of_the_registers_firms_frees_the_candidates_and_an_undo_binds_them_again(
    space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(space, "n", monkeypatch)
    assert outcome(space, A) == "eligible"
    assert queued(space) == [("青岛宏秦商贸有限公司", "decided")]
    ok("data", "review", "undo", "-q", "-w", space, 1, "--as", "王芳")
    assert outcome(space, A) == "undetermined"
    assert queued(space) == [("青岛宏秦商贸有限公司", "open")]


def test_what_waits_for_a_second_person_does_not_count(space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = (space / "mianshen.toml").read_text(encoding="utf-8")
    text = settings.replace("two_person_negative = false", "two_person_negative = true")
    write(space, "mianshen.toml", text)
    press(space, "1", monkeypatch)
    assert outcome(space, A) == "undetermined"
    assert queued(space) == [("青岛宏秦商贸有限公司", "waiting")]
    ok("data", "review", "confirm", "-q", "-w", space, "--yes", "--as", "李强")
    assert outcome(space, A) == "ineligible"


def test_a_firm_that_leaves_the_register_brings_its_rows_back(space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press(space, "1", monkeypatch)
    assert outcome(space, A) == "ineligible"
    register = (space / "in/firms.csv").read_text(encoding="utf-8")
    reload(space, "firms", "".join(line for line in register.splitlines(keepends=True) if A not in line))
    ok("data", "freeze", "-q", "-w", space)
    assert queued(space) == [("青岛宏秦商贸有限公司", "open")]
    press(space, "n", monkeypatch)
    ok("data", "freeze", "-q", "-w", space)
    assert queued(space) == [("青岛宏秦商贸有限公司", "decided")]


def test_a_corrected_former_name_links_its_rows(space: Path) -> None:
    reload(space, "blacklist", "企业名称,列入日期\n即墨第三造纸厂,2020-05-01\n")
    assert outcome(space, A) == "eligible"
    because = ("--until", "2021-05-31", "--reason", "变更通知书", "--as", "王芳")
    ok("data", "review", "correct", "former-name", "-q", "-w", space, A, "即墨第三造纸厂", *because)
    assert outcome(space, A) == "ineligible"


def test_a_branch_that_no_department_told_of_is_found_by_corrections_and_lost_by_an_undo(space: Path) -> None:
    firms = (space / "in/firms.csv").read_text(encoding="utf-8")
    reload(space, "firms", firms.replace("丁有限公司", "青岛宏达商贸有限公司即墨分公司"))
    reload(space, "blacklist", "企业名称,列入日期\n青岛宏泰商贸有限公司即墨分公司,2022-05-01\n")
    correct, because = ("data", "review", "correct"), ("-q", "-w", space, "--reason", "登记档案", "--as", "王芳")
    ok(*correct, "former-name", A, "青岛宏达商贸有限公司", "--until", "2021-05-31", *because)
    assert outcome(space, D) == "undetermined"
    ok(*correct, "branch", D, A, "--since", "2015-03-01", *because)
    assert (outcome(space, D), outcome(space, A)) == ("ineligible", "eligible")
    assert queued(space) == []
    ok("data", "review", "undo", *because, 2)
    assert outcome(space, D) == "undetermined"
    ok(*correct, "branch", D, A, "--never", *because)
    assert outcome(space, D) == "undetermined"
