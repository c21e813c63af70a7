"""What the pages say about the project's own files is so: links, layers, commands, targets, tests, columns."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

import matcher
from tests.docs.pages import ROOT, read, town

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "docs", "enterprise_data", "policies", "tests")
    for path in (ROOT.glob("*.md") if folder == "." else (ROOT / folder).rglob("*.md"))
)
FRONT = ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def anchors(page: Path) -> set[str]:
    """Return the names by which a page's headings are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", read(page), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), f"{page} links to {target}"
        assert not anchor or anchor in anchors(file), f"{page} links to {target}"


def test_every_page_is_reached_from_the_index() -> None:
    index = read("docs/index.md")
    assert [page for page in PAGES if page.startswith("docs/") and Path(page).name not in index] == ["docs/index.md"]


@pytest.mark.parametrize("page", FRONT)
def test_paths_that_are_named_are_there(page: str) -> None:
    named = re.findall(r"`((?:cli|docs|enterprise_data|matcher|policies|tests|benchmarks)/[\w./-]*)`", read(page))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_layers_are_those_that_are_enforced() -> None:
    shown = re.search(r"<!-- layers -->\n```\n(.+)\n```\n<!-- /layers -->", read("ARCHITECTURE.md"))
    assert shown
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    assert shown[1].split(" → ") == layers


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {
        name
        for page in (*FRONT, "docs/benchmarks.md")
        for name in re.findall(r"(?:`|^)make ([a-z]+)", read(page), re.MULTILINE)
    }
    assert {"demo", "test", "bench"} <= named <= targets


@pytest.mark.parametrize("page", [*FRONT, "docs/matching.md", "docs/python.md", "docs/benchmarks.md"])
def test_commands_that_are_named_are_in_the_reference(page: str) -> None:
    known = set(re.findall(r"^## mianshen (.+)$", read("docs/cli.md"), re.MULTILINE))
    named = re.findall(r"(?:`|^|\$ )mianshen ((?:data|policy|help) [a-z-]+|[a-z]+)", read(page), re.MULTILINE)
    assert [name for name in named if name not in known] == []


def test_every_file_of_a_run_is_listed_with_its_columns(tmp_path: Path) -> None:
    run = matcher.match(town(tmp_path), period="2024", as_of="2024-12-31")
    page = read("docs/matching.md")
    for path in sorted(run.dir.glob("*.parquet")):
        section = page.partition(f"### {path.name}\n")[2].partition("\n#")[0]
        listed = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)
        assert listed, path.name
        schema = pl.read_parquet_schema(path)
        fixed = {name: kind for name, kind in schema.items() if not re.fullmatch(r"[ft]\d+(_\w+)?", name)}
        assert listed == [(name, _WORDS[str(kind)]) for name, kind in fixed.items()], path.name


_WORDS = {
    "String": "text",
    "Int64": "64-bit integer",
    "Int32": "32-bit integer",
    "Boolean": "boolean",
    "Date": "date",
    "List(String)": "list of text",
}
