"""The doctor finds what is wrong, says what to do, and leaves with 1 only then."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from cli.doctor_checks import PACKAGES, clashes, room
from cli.exit_codes import ExitCode
from tests.cli.running import mianshen, ok
from tests.cli.town import CATALOGUE, FILES, GROWTH, bare, write

DAY = ("--as-of", "2024-12-31")


def findings(folder: Path, code: int = 0) -> dict[str, dict[str, Any]]:
    result = mianshen("doctor", "-w", folder, *DAY, "--format", "ndjson")
    assert result.code == code, result
    return {row["what"]: row for row in result.rows}


def test_nothing_is_wrong_with_a_fresh_town(town: Path) -> None:
    found = findings(town)
    assert {row["state"] for row in found.values()} == {"ok"}
    assert found["Catalogue"]["found"] == "4 datasets"
    assert found["Policies"]["found"] == "2 policy files"
    assert "nothing wrong" in ok("doctor", "-w", town, *DAY).err


def test_outside_a_workspace_only_the_installation_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = ok("doctor", "--format", "ndjson").rows
    assert rows[-1] == rows[-1] | {"what": "Workspace", "state": "note"}
    assert mianshen("doctor", "-w", tmp_path).code == ExitCode.PROBLEMS


def test_what_was_never_loaded_or_frozen_is_a_note_not_a_fault(tmp_path: Path) -> None:
    found = findings(bare(tmp_path / "w"))
    assert found["Never loaded"]["found"] == "blacklist, drugs, firms, turnover"
    assert found["Snapshot"]["remedy"] == "make one with `mianshen data freeze`"


def test_faults_of_settings_catalogue_and_policies_are_shown_with_their_place(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "policies/growth.yaml", GROWTH.replace("blacklist)", "blacklst)"))
    assert "growth.yaml:12:" in findings(folder, 1)["Policies"]["found"]
    write(folder, "catalog/turnover.yaml", CATALOGUE["turnover"].replace("period: year", "period: week"))
    assert "turnover.yaml:5:" in findings(folder, 1)["Workspace and catalogue"]["found"]
    write(folder, "mianshen.toml", "[match\n")
    assert "mianshen.toml:1:" in findings(folder, 1)["Workspace and catalogue"]["found"]


def test_stale_deliveries_and_a_snapshot_that_lacks_one_are_wrong(tmp_path: Path, town: Path) -> None:
    folder = tmp_path / "w"
    shutil.copytree(town, folder)
    source = write(tmp_path, "t.csv", FILES["turnover"])
    entry = folder / "catalog/turnover.yaml"
    entry.write_text(entry.read_text(encoding="utf-8") + "max_age: 30 days\n", encoding="utf-8")
    ok("data", "load", "-w", folder, "turnover", source, "--data-date", "2024-11-01")
    found = findings(folder, 1)
    assert found["Delivery"]["found"] == "turnover of 2024-11-01: 60 days old, 30 allowed"
    assert "税务局" in found["Delivery"]["remedy"]
    assert "turnover" in found["Snapshot"]["found"]


def test_another_distribution_with_one_of_our_names_is_found(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for name in PACKAGES:
        (ours / name).mkdir(parents=True)
    here = {name: ours / name for name in PACKAGES}
    assert [finding.state for finding in clashes({"cli": ["mianshen"]}, here, ours)] == ["ok"]
    shadowed = list(clashes({"policies": ["mianshen", "some-lib"]}, here | {"policies": theirs / "policies"}, ours))
    assert [(f.state, f.found) for f in shadowed] == [("wrong", "`policies` also comes from some-lib")]
    (by_folder,) = clashes({}, here | {"tests": theirs / "tests"}, ours)
    assert f"a folder at {theirs / 'tests'}" in by_folder.found
    (ours / "tests").rmdir()
    assert [finding.state for finding in clashes({}, here | {"tests": theirs / "tests"}, ours)] == ["ok"]


def test_a_disk_nearly_full_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # as shutil has it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**40, 2**40, 2**29))
    assert room(tmp_path / "not" / "there").found == "0.5 GiB free"
    assert room(tmp_path).state == "wrong"
