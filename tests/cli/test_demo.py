"""The demo: the whole job on a synthetic city, the same bytes again, and never over somebody's own workspace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.demo_city import PERIODS
from cli.exit_codes import ExitCode
from enterprise_data.snapshot.manifest import sha256_of
from policies.files import policy_files
from policies.load import SAMPLE_CITY
from tests.cli.running import Result, mianshen, ok
from tests.cli.town import bare
from tests.made_once import Demo


@pytest.fixture(scope="module")
def city(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    return demo.copied(tmp_path_factory.mktemp("demo") / "city"), demo.told


def decisions(folder: Path) -> dict[str, str]:
    return {path.parent.name: sha256_of(path) for path in folder.glob("runs/*/decisions.parquet")}


def test_it_tells_who_gets_how_much_why_what_is_missing_and_what_an_error_looks_like(
    city: tuple[Path, Result],
) -> None:
    story = city[1].out
    headings = re.findall(r"^== (.+)$", story, re.MULTILINE)
    assert "SYNTHETIC" in headings[0]
    assert [heading.split()[0] for heading in headings[1:]] == [
        "Who",
        "The",
        "Why",
        "What",
        "Lists",
        "Money:",
        "What",
        "Try",
    ]
    for part in ("Undetermined", "Held", "Firm (synthetic)", "✓", "Firms that wait", "broken.yaml:12:15", "^^^^"):
        assert part in story
    assert re.search(r"\d 元", story)


def test_the_invented_citys_own_policies_are_matched_and_labelled(city: tuple[Path, Result]) -> None:
    folder, story = city[0], city[1].out
    assert sorted(path.name for path in (folder / "policies/sample_city").glob("*.yaml")) == sorted(
        path.name for path in SAMPLE_CITY.glob("*.yaml")
    )
    shown = re.findall(r"^2024 +(sample-\S+) +(\S+)", story, re.MULTILINE)
    assert len(shown) == len(policy_files(SAMPLE_CITY))
    assert all(title.startswith("示例·") for _, title in shown)
    assert "Policies called 示例· are invented" in story


def test_money_goes_to_the_bank_and_back(city: tuple[Path, Result]) -> None:
    folder, story = city[0], city[1].out
    for part in (
        "upheld an objection",
        "booked returned",
        "planned and approved anew",
        "came so far",
        "held: no_account",
    ):
        assert part in story
    stages = dict(re.findall(r"^(proposed|published|paid|returned) +([\d,]+) ", story, re.MULTILINE))
    assert int(stages["paid"].replace(",", "")) > 50
    assert "returned" not in stages, "what came back was paid to another account"
    assert (folder / "ledger/notice.html").stat().st_size > 10_000
    first = next((folder / "ledger/files").glob("*.txt")).read_text("gb18030").splitlines()
    assert first[0].startswith("HDR|")
    (found,) = [row for row in mianshen("doctor", "-w", folder, "--format", "ndjson").rows if row["what"] == "Ledger"]
    assert found["state"] == "ok"


def test_progress_goes_to_stderr_and_quiet_silences_it(city: tuple[Path, Result]) -> None:
    assert "inventing a synthetic city of 2,000 firms" in city[1].err
    assert "rows read" in city[1].err


def test_the_commands_it_suggests_work(city: tuple[Path, Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(city[0].parent)
    suggested = city[1].out.partition("== Try next")[2].strip().splitlines()
    assert len(suggested) >= 5
    for line in suggested:
        words = line.split()[1:]
        result = mianshen(*words)
        # The city's feed that is stale on purpose is what the doctor finds.
        assert result.code == (ExitCode.PROBLEMS if words[0] == "doctor" else ExitCode.DONE), result


def test_again_it_gives_the_same_bytes_in_its_own_folder_whatever_the_environment_names(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = demo.copied(tmp_path / "mianshen-demo")
    before = decisions(folder)
    assert len(before) == len(PERIODS) + 1
    own = bare(tmp_path / "own")
    monkeypatch.setenv("MIANSHEN_WORKSPACE", str(own))
    monkeypatch.chdir(tmp_path)
    marker = (folder / "synthetic.json").stat().st_mtime_ns
    again = ok("demo", "--firms", "2000", "-q")
    assert again.out == demo.told.out.replace(" -w city", " -w mianshen-demo")
    assert (folder / "synthetic.json").stat().st_mtime_ns > marker
    assert {run: found for run, found in decisions(folder).items() if run in before} == before
    assert not (own / "synthetic.json").exists()


def test_it_never_touches_a_workspace_it_did_not_make(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    result = mianshen("demo", "-w", folder)
    assert result.code == ExitCode.PROBLEMS
    assert "did not make" in result.err
