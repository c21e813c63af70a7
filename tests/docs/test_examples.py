"""The Python on the pages is run line by line, over the workspace that the README makes."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import matcher
from tests.docs.pages import files, read, town, write

PAGES = ("docs/python.md", "docs/matching.md")
_PYTHON = re.compile(r"^```(?:pycon|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def only_python(page: str) -> str:
    """Return a page with everything but its Python blanked out, so that lines keep their numbers."""
    text, kept, end = read(page), [], 0
    for block in _PYTHON.finditer(text):
        kept += ["\n" * text.count("\n", end, block.start(1)), block[1]]
        end = block.end(1)
    return "".join(kept)


@pytest.mark.parametrize("page", PAGES)
def test_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town(tmp_path)
    write(tmp_path, files(page))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    test = doctest.DocTestParser().get_doctest(only_python(page), names, page, page, 0)
    assert test.examples
    said: list[str] = []
    with pl.Config(set_tbl_width_chars=110, set_fmt_str_lengths=40):
        results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert results.failed == 0, "".join(said)


def test_the_python_page_knows_every_name() -> None:
    page = read("docs/python.md")
    assert [name for name in matcher.__all__ if name not in page] == []
