"""The page about the analysis: each code has a bad example that shows it, in the words on the page, and a good one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, is_shown, read
from tests.matcher.analysis.asking import HEAD, found_in

PAGE = read("docs/analysis.md")
SECTIONS = dict(re.findall(r"^### (LOG\d{3}) [^\n]*\n(.*?)(?=^### |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)


def policies(example: str) -> dict[str, str]:
    """Return the policies of an example by id, each with the head that the page leaves out."""
    parts = example.split("---\n")
    return {
        f"example-{i}": HEAD.format(name=f"example-{i}").removesuffix("conditions:\n") + part
        for i, part in enumerate(parts, 1)
    }


@pytest.mark.parametrize("code", SECTIONS)
def test_the_bad_example_shows_the_fault_and_the_good_one_none(code: str, tmp_path: Path) -> None:
    bad, good = blocks(SECTIONS[code], "yaml")
    (said,) = blocks(SECTIONS[code], "text")
    (found,) = found_in(tmp_path / "bad", **policies(bad))
    assert found.problem.code == code
    assert is_shown(said, found.problem.message), found.problem.message
    assert found.problem.help
    assert found.problem.severity == "warning"
    assert found_in(tmp_path / "good", **policies(good)) == []


def test_every_code_is_documented() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "matcher" / "analysis").glob("*.py"))
    assert set(re.findall(r'"(LOG\d{3})"', sources)) == SECTIONS.keys() == set(re.findall(r"LOG\d{3}", PAGE))
