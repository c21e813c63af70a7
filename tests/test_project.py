"""The project's own files agree with each other and with what lies on disk."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def constraints() -> str:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8")


def normalised(requirement: str) -> str:
    """Give the distribution's name in a requirement, as the constraints file writes it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_every_shipped_package_is_on_disk_checked_and_in_the_contract(project: dict[str, Any]) -> None:
    tool = project["tool"]
    shipped = set(tool["hatch"]["build"]["targets"]["wheel"]["packages"])
    on_disk = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert on_disk == shipped | {"tests"}
    assert set(tool["mypy"]["files"]) >= on_disk
    assert set(tool["importlinter"]["root_packages"]) == on_disk
    (layers,) = [c["layers"] for c in tool["importlinter"]["contracts"] if c["type"] == "layers"]
    assert layers == ["tests", "cli", "payouts", "matcher", "policies", "enterprise_data"]


def test_every_shipped_package_says_that_it_is_typed(project: dict[str, Any]) -> None:
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert (ROOT / package / "py.typed").is_file(), package


def test_the_constraints_name_no_package_index(constraints: str) -> None:
    assert not re.search(r"://|\bindex\b|^\s*-(?!-hash=)|\.(org|com|net|cn)\b", constraints, re.MULTILINE)


def test_every_direct_dependency_is_pinned_with_hashes(project: dict[str, Any], constraints: str) -> None:
    pins = re.split(r"\n(?=[a-z0-9])", constraints)
    pinned = {normalised(pin) for pin in pins if "==" in pin and "--hash=sha256:" in pin}
    declared = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(r for extra in project["project"]["optional-dependencies"].values() for r in extra),
        *project["dependency-groups"]["dev"],
    ]
    assert {normalised(requirement) for requirement in declared} <= pinned


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    shown = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, check=True, capture_output=True, text=True)
    listed = [line.split()[1] for line in shown.stdout.splitlines()]
    assert listed == phony[1].split()
    assert {"demo", "test"} <= set(listed)
