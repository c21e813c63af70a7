"""Each line of docs/patterns.md: its files are there, the policy uses the form named, and the proof holds the case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from enterprise_data.declarations import strict_yaml
from policies.files import CASES_SUFFIX
from tests.docs.pages import ROOT, read

LINE = re.compile(
    r"^\| (?P<pattern>4\.\d+) \| (?P<what>[^|]+) \| `(?P<form>[^`]+)` "
    r"\| \[`[\w-]+`\]\((?P<policy>[^)]+)\) \| \[[\w.-]+\]\((?P<proof>[^)]+)\)(?:：(?P<shown>[^|]+))? \|$",
    re.MULTILINE,
)
KEY = re.compile(r"(?P<path>[a-z_]+(?:\.[a-z_]+)*)(?:: (?P<value>.+))?")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    pattern: str
    form: str
    policy: Path
    proof: Path
    shown: str | None


def lines() -> list[Line]:
    docs = ROOT / "docs"
    return [
        Line(found["pattern"], found["form"], (docs / found["policy"]).resolve(), (docs / found["proof"]).resolve(),
             found["shown"])
        for found in LINE.finditer(read("docs/patterns.md"))
    ]  # fmt: skip


LINES = lines()


def test_every_pattern_has_a_line_and_every_line_is_read() -> None:
    assert {line.pattern for line in LINES} == {f"4.{number}" for number in range(1, 25)}
    table = read("docs/patterns.md").partition("| pattern | what |")[2]
    assert len(LINES) == sum(text.startswith("| 4.") for text in table.splitlines())
    named = re.findall(r"^\| (4\.\d+) \| [^|]+ \|$", read("docs/patterns.md"), re.MULTILINE)
    assert named == [f"4.{number}" for number in range(1, 25)]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.pattern}-{line.policy.stem}-{line.form[:30]}")
def test_the_policy_uses_the_form_and_the_proof_shows_it(line: Line) -> None:
    data = strict_yaml.read(line.policy).data
    assert uses(data, line.form), f"{line.policy.name} does not use {line.form}"
    text = line.proof.read_text(encoding="utf-8")
    if line.proof.name.endswith(CASES_SUFFIX):
        cases = strict_yaml.read(line.proof).data
        assert cases["policy"] == line.policy.stem
        assert line.shown is None or line.shown in {case["name"] for case in cases["cases"]}
    elif line.shown is not None:
        assert line.shown in text
        assert line.policy.stem in text


def uses(data: Any, form: str) -> bool:
    """Return whether a policy has a key at this path (and of this value), or an expression that holds this text."""
    key = KEY.fullmatch(form)
    if key is not None and list(at(data, key["path"].split("."))):
        return key["value"] is None or any(key["value"] in plain(value) for value in at(data, key["path"].split(".")))
    wanted = " ".join(form.split())
    return any(wanted in " ".join(text.split()) for text in expressions(data))


def at(value: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands at a path; every member of a list counts."""
    if isinstance(value, list):
        for member in value:
            yield from at(member, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from at(value[path[0]], path[1:])


def plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def expressions(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a policy that is no title, note or other text for people."""
    if isinstance(value, str):
        if key not in ("text", "note", "zh", "en", "clause", "document", "reason"):
            yield value
    elif isinstance(value, list):
        for member in value:
            yield from expressions(member, key)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from expressions(member, name)


@pytest.mark.parametrize(
    ("form", "found"),
    [("award.top_up", True), ("award.cap", False), ("status: draft", False), ("status: in_force", True),
     ("last 3 years", True), ("last 4 years", False), ("只是文字", False)],
)  # fmt: skip
def test_a_form_that_is_not_there_is_missed(form: str, found: bool) -> None:
    data = {
        "status": "in_force",
        "award": {"top_up": {}},
        "conditions": [{"text": "只是文字", "when": "exists(penalties where on during last 3 years)"}],
    }
    assert uses(data, form) is found
