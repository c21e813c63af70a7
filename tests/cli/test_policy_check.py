"""Checking policies: every fault of every file, and broken files that a checked one only uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from tests.cli.running import mianshen, ok
from tests.cli.town import DRUGS, GROWTH, bare, write

SOURCE = "source: {document: 某文件, issuer: 某局, checked: unverified}\n"
LIMIT = f"parameter: limit\ntitle: {{zh: 上限}}\ntype: money\n{SOURCE}values: [{{from: 2020, value: 2亿元}}]\n"
IS_SMALL = (
    f"definition: is_small\ntitle: {{zh: 小}}\n{SOURCE}period: year\n"
    "means: turnover.revenue[period - 1] <= param.limit\n"
)
USES_IT = GROWTH.replace("turnover.revenue[period - 1] <= 2亿元", "is_small")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a workspace whose policy `growth` uses a definition, and that a parameter."""
    made = bare(tmp_path / "w")
    write(made, "policies/parameters/limit.yaml", LIMIT)
    write(made, "policies/definitions/is_small.yaml", IS_SMALL)
    write(made, "policies/growth.yaml", USES_IT)
    return made


def test_a_sound_library_is_counted_whole_with_its_cases(folder: Path) -> None:
    write(folder, "policies/growth.cases.yaml", CASES)
    assert "5 files checked: no problems" in ok("policy", "check", "-w", folder).err


CASES = """\
policy: growth
period: 2024
as_of: 2024-12-31
cases:
  - {name: 正好2亿元, given: {turnover: [{period: 2023, revenue: 2亿元}]}, expect: {outcome: eligible}}
"""


@pytest.mark.parametrize("name", ["growth.yaml", "growth.cases.yaml", "definitions/is_small.yaml"])
def test_a_broken_file_that_a_checked_one_uses_is_named(folder: Path, name: str) -> None:
    write(folder, "policies/growth.cases.yaml", CASES)
    broken = write(folder, "policies/parameters/limit.yaml", LIMIT + "extra: 1\n")
    result = mianshen("policy", "check", "-w", folder, folder / "policies" / name)
    assert result.code == ExitCode.PROBLEMS
    assert f"{broken}:6:1: error[POL001]: unknown key `extra`" in result.err
    assert f"{broken} is broken, so what uses it could not be fully checked" in result.err
    assert "1 file checked: 1 error" in result.err


def test_a_broken_file_that_nothing_checked_uses_does_not_matter(folder: Path) -> None:
    write(folder, "policies/parameters/limit.yaml", LIMIT + "extra: 1\n")
    assert "1 file checked: no problems" in ok("policy", "check", "-w", folder, "new-drugs").err


def test_the_cases_of_a_broken_policy_show_its_fault(folder: Path) -> None:
    write(folder, "policies/growth.yaml", USES_IT.replace("kind: award", "kind: prize"))
    cases = write(folder, "policies/growth.cases.yaml", CASES)
    result = mianshen("policy", "check", "-w", folder, cases)
    assert result.code == ExitCode.PROBLEMS
    assert "growth.yaml:3:7: error[POL001]: `kind`" in result.err


def test_cases_without_a_policy_are_a_problem_of_their_own(folder: Path) -> None:
    cases = write(folder, "policies/grwth.cases.yaml", CASES)
    result = mianshen("policy", "check", "-w", folder, cases, "growth")
    assert result.code == ExitCode.PROBLEMS
    assert "grwth.cases.yaml:1:1: error[CASE001]: no policy `grwth` for these cases" in result.err
    assert "did you mean `growth`" in result.err


def test_every_fault_of_every_file_is_told_in_one_run(folder: Path) -> None:
    write(folder, "policies/growth.cases.yaml", CASES.replace("revenue:", "revnue:"))
    write(folder, "policies/parameters/other.yaml", LIMIT.replace(" limit\n", " other\n") + "extra: 1\n")
    write(folder, "policies/definitions/wrong.yaml", IS_SMALL.replace("is_small", "wrong").replace("revenue", "revenu"))
    write(folder, "policies/new-drugs.yaml", DRUGS.replace("innovative", "novel"))
    write(folder, "policies/formless.yaml", "policy: [\n")
    result = mianshen("policy", "check", "-w", folder)
    assert result.code == ExitCode.PROBLEMS
    for place in ("growth.cases.yaml:5:", "other.yaml:6:1", "wrong.yaml:5:", "new-drugs.yaml:14:", "formless.yaml:2:"):
        assert place in result.err
    assert "8 files checked: 5 errors" in result.err


def test_a_policy_is_checked_by_its_id_and_a_folder_with_all_it_holds(folder: Path) -> None:
    write(folder, "policies/new-drugs.yaml", DRUGS.replace("innovative", "novel"))
    by_id = mianshen("policy", "check", "-w", folder, "new-drugs")
    assert (by_id.code, "new-drugs.yaml:14:" in by_id.err) == (ExitCode.PROBLEMS, True)
    assert "4 files checked: 1 error" in mianshen("policy", "check", "-w", folder, folder / "policies").err
    unknown = mianshen("policy", "check", "-w", folder, "new-drug")
    assert unknown.code == ExitCode.PROBLEMS
    assert "no policy `new-drug`, and no file of that name; did you mean `new-drugs`" in unknown.err


def test_a_fault_of_logic_is_a_warning_with_the_firm_that_shows_it(folder: Path) -> None:
    twice = '  - {id: twice, text: 又, clause: 又, when: "turnover.revenue[period - 1] <= 3亿元"}\naward:'
    path = write(folder, "policies/growth.yaml", USES_IT.replace("award:", twice, 1))
    line = path.read_text(encoding="utf-8").split("id: twice")[0].count("\n") + 1
    told = ok("policy", "check", "-w", folder, "growth").err
    assert f"{path}:{line}:" in told
    assert "warning[LOG004]: `twice` is redundant" in told
    data = json.loads(ok("policy", "check", "-w", folder, "growth", "--format", "json").out)
    (problem,) = [problem for problem in data["problems"] if problem["code"] == "LOG004"]
    assert (problem["line"], problem["severity"], data["errors"]) == (line, "warning", 0)
    assert problem["logic"]["conditions"][0] == "twice"
    assert problem["logic"]["witness"]["turnover"][0]["revenue"].endswith("万元")
