"""What each command shows of a small town, and that the formats agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from tests.cli.running import mianshen, ok
from tests.cli.town import CATALOGUE, DRUGS, FILES, GROWTH, MATCH, A, B, C, bare, frozen, loaded, write


def test_init_says_what_to_do_next(tmp_path: Path) -> None:
    said = ok("init", tmp_path / "w").err
    assert f"mianshen data load -w {tmp_path / 'w'} DATASET FILE" in said
    assert "role: register" not in said
    assert "role: register" in ok("init", tmp_path / "bare", "--bare").err


def test_the_catalogue_is_listed_and_each_dataset_described(town: Path) -> None:
    rows = ok("data", "catalog", "-w", town, "--format", "ndjson").rows
    assert [row["dataset"] for row in rows] == ["blacklist", "drugs", "firms", "turnover"]
    shown = ok("data", "catalog", "-w", town, "年度收入").out
    for part in ("年度收入 (turnover), from 税务局", "no row means: not known", "万元", "0 to 100000000"):
        assert part in shown
    entry = json.loads(ok("data", "catalog", "-w", town, "turnover", "--format", "json").out)
    assert entry["fields"]["revenue"]["unit"] == "万元"


def test_a_dataset_is_described_with_what_it_covers_and_how_its_fields_are_meant(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    told = "covers: {from: 2018-01-01, region: 山东省, complete: false}\nmax_age: 1 day\nnegative: true\n"
    text = CATALOGUE["turnover"].replace("absence: unknown\n", f"absence: none\n{told}")
    write(folder, "catalog/turnover.yaml", text.replace("label: 营业收入", "label: 营业收入, note: 不含税"))
    shown = ok("data", "catalog", "-w", folder, "turnover").out.splitlines()
    assert shown[1] == "one row for each year; no row means: it did not happen"
    assert shown[3:6] == [
        "covers from 2018-01-01 on, in 山东省; not complete: rows may be missing even there",
        "older than 1 day, it no longer counts",
        "negative: a row speaks against a firm",
    ]
    assert shown[-1].endswith("不含税")
    plain = ok("data", "catalog", "-w", folder, "firms").out
    assert "covers all times, everywhere\n" in plain
    assert "negative" not in plain


def test_loading_tells_what_was_read_repaired_and_left_out(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    text = f"统一社会信用代码,年度,营业收入（万元）,备注\n {A} ,2023,１２\n{B},2023,x,\n"
    said = ok("data", "load", "-w", folder, "turnover", write(tmp_path, "t.csv", text.replace("１２", "１２,"))).err
    assert "1 row loaded, 1 rejected, of 2 read" in said
    assert "repaired: " in said
    assert "left out: 备注" in said
    assert "rejected: not_a_number 1" in said


def test_status_knows_loaded_stale_and_never_loaded(tmp_path: Path) -> None:
    folder = loaded(tmp_path / "w")
    entry = folder / "catalog/turnover.yaml"
    entry.write_text(entry.read_text(encoding="utf-8") + "max_age: 30 days\n", encoding="utf-8")
    command = ("data", "status", "-w", folder, "--format", "ndjson")
    states = {row["dataset"]: row["state"] for row in ok(*command, "--as-of", "2025-01-30").rows}
    assert set(states.values()) == {"loaded"}
    states = {row["dataset"]: row["state"] for row in ok(*command, "--as-of", "2025-01-31").rows}
    assert states["turnover"] == "stale"
    empty = bare(tmp_path / "empty")
    assert {row["state"] for row in ok("data", "status", "-w", empty, "--format", "ndjson").rows} == {"never loaded"}
    assert "no snapshot yet" in ok("data", "status", "-w", empty).err


def test_freezing_prints_the_id_alone_and_the_same_one_again(tmp_path: Path) -> None:
    folder = loaded(tmp_path / "w")
    first = ok("data", "freeze", "-w", folder)
    assert first.out.strip() == ok("data", "freeze", "-w", folder, "--threads", "1").out.strip()
    assert (folder / "data/snapshots" / first.out.strip()).is_dir()
    assert "4 firms" in first.err


def test_runs_are_listed_summed_up_and_shown_as_funnels(town: Path) -> None:
    (run,) = ok("runs", "-w", town, "--format", "ndjson").rows
    assert (run["period"], run["last"], run["amount_fen"]) == ("2024", True, 1_340_000_000)
    by_policy = {row["policy"]: row for row in ok("runs", "-w", town, run["run"][:6], "--format", "ndjson").rows}
    assert (by_policy["growth"]["eligible"], by_policy["growth"]["undetermined"]) == (1, 1)
    assert by_policy["new-drugs"]["held"] == 1
    table = ok("runs", "-w", town, "last").out
    assert "小企业奖励" in table
    assert "1,330.00 万元" in table
    funnel = {row["condition"]: row for row in ok("runs", "-w", town, "--policy", "growth", "--format", "ndjson").rows}
    assert (funnel["small"]["false"], funnel["small"]["unknown"]) == (1, 1)
    assert json.loads(ok("runs", "-w", town, "last", "--format", "json").out)["run"] == run["run"]


def test_explain_says_the_same_from_a_run_and_from_the_snapshot(town: Path) -> None:
    for code in (A, B, C):
        stored = ok("explain", "-w", town, code).out
        assert stored == ok("explain", "-w", town, code, *MATCH).out
    shown = ok("explain", "-w", town, C, "growth").out
    for part in ("丙有限公司", "undetermined", "? 上年收入不超过2亿元（第一条）", "税务局"):
        assert part in shown
    assert "新药奖励" not in shown
    found = json.loads(ok("explain", "-w", town, A, "new-drugs", "--format", "json").out)
    assert [payment["amount_fen"] for payment in found["policies"][0]["payments"]] == [1_000_000_000, 330_000_000]
    assert "no policy `grwth`; `mianshen policy list`" in mianshen("explain", "-w", town, A, "grwth").err


def test_policies_are_listed_and_shown(town: Path) -> None:
    rows = ok("policy", "list", "-w", town, "--format", "ndjson").rows
    assert [row["policy"] for row in rows] == ["growth", "new-drugs"]
    shown = ok("policy", "show", "-w", town, "growth").out
    assert "上年收入不超过2亿元（第一条）  [small]" in shown
    assert "turnover.revenue[period - 1] <= 2亿元" in shown
    assert ok("policy", "show", "-w", town, "growth", "--yaml").out == GROWTH
    assert (
        json.loads(ok("policy", "show", "-w", town, "growth", "--format", "json").out)["conditions"][0]["id"] == "small"
    )


def test_the_schema_is_json(town: Path) -> None:
    assert json.loads(ok("policy", "schema").out)["title"] == "Mianshen policy"


def test_check_takes_single_files_from_anywhere(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    fine = write(tmp_path, "elsewhere/other.yaml", GROWTH.replace("growth", "other"))
    assert "1 file checked: no problems" in ok("policy", "check", "-w", folder, fine).err
    faulty = write(
        tmp_path, "elsewhere/faulty.yaml", DRUGS.replace("new-drugs", "faulty").replace("innovative", "novel")
    )
    result = mianshen("policy", "check", "-w", folder, faulty, fine)
    assert result.code == ExitCode.PROBLEMS
    assert f"{faulty}:14:" in result.err
    assert "2 files checked: 1 error" in result.err
    cases = write(folder, "policies/growth.cases.yaml", "policy: growth\nperiod: 2024\nas_of: 2024-12-31\ncases: []\n")
    assert mianshen("policy", "check", "-w", folder, cases).code == ExitCode.PROBLEMS
    assert mianshen("policy", "check", "-w", folder).code == ExitCode.PROBLEMS


def test_definitions_and_parameters_outside_the_workspace_are_known_by_their_folder(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    text = (
        "definition: is_clean\ntitle: {zh: 未失信}\nsource: {document: 某文件, issuer: 某局, checked: unverified}\n"
        "means: not exists(blacklst)\n"
    )
    result = mianshen("policy", "check", "-w", folder, write(tmp_path, "definitions/is_clean.yaml", text))
    assert result.code == ExitCode.PROBLEMS
    assert "did you mean `blacklist`" in result.err


def test_fmt_lists_with_check_and_rewrites_without(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    file = write(folder, "policies/growth.yaml", GROWTH.replace("<= 2亿元", "<=2亿元"))
    result = mianshen("policy", "fmt", "-w", folder, "--check")
    assert (result.code, result.out) == (ExitCode.PROBLEMS, f"{file}\n")
    assert ok("policy", "fmt", "-w", folder).out == f"{file}\n"
    assert file.read_text(encoding="utf-8").replace("'", '"') == GROWTH
    assert ok("policy", "fmt", "-w", folder, "--check").out == ""


CASES = """\
policy: growth
period: 2024
as_of: 2024-12-31
cases:
  - name: 正好2亿元
    given:
      turnover: [{period: 2023, revenue: 2亿元}]
    expect: {outcome: eligible, amount: {amount}}
"""


def test_worked_cases_are_run_and_a_wrong_one_is_shown_with_its_place(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "policies/growth.cases.yaml", CASES.replace("{amount}", "10万元"))
    passed = ok("policy", "test", "-w", folder)
    assert "1 case of 1 policy, 0 failed" in passed.err
    assert "new-drugs has no worked cases" in passed.err
    write(folder, "policies/growth.cases.yaml", CASES.replace("{amount}", "11万元"))
    for name in ("growth", folder / "policies/growth.yaml", folder / "policies/growth.cases.yaml"):
        failed = mianshen("policy", "test", "-w", folder, name)
        assert failed.code == ExitCode.PROBLEMS
        assert "growth.cases.yaml:5:" in failed.err
        assert "amount should be 11万元, is 10万元" in failed.err
        assert "1 case of 1 policy, 1 failed" in failed.err


def test_a_policy_that_is_named_must_have_cases(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    for names in ((), ("new-drugs",), ("-q", "new-drugs")):
        result = mianshen("policy", "test", "-w", folder, *names)
        assert result.code == ExitCode.PROBLEMS
        assert f"write them in {folder / 'policies/new-drugs.cases.yaml'}" in result.err
    missing = mianshen("policy", "test", "-w", folder, folder / "policies/nothing.yaml")
    assert (missing.code, "and no file of that name" in missing.err) == (ExitCode.PROBLEMS, True)


def test_quiet_says_nothing_but_data(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "w")
    source = write(tmp_path, "t.csv", FILES["turnover"])
    for command in (("data", "load", "turnover", source), ("data", "status"), ("match", *MATCH), ("policy", "check")):
        assert ok(*command, "-w", folder, "-q").err == ""


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv"])
def test_every_listing_knows_every_format(town: Path, form: str) -> None:
    for command in (
        ("data", "catalog"),
        ("data", "status"),
        ("runs",),
        ("policy", "list"),
        ("data", "rejects", "drugs"),
    ):
        assert ok(*command, "-w", town, "--format", form).code == 0
