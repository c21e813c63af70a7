"""`docs/language.md` cannot rot: each example compiles, each is canonical, each error is shown exactly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import policies.language
from enterprise_data.catalogue.load import load_catalogue
from enterprise_data.declarations.problems import Place, ProblemsFound
from enterprise_data.periods import PeriodKind
from policies.language.compile import compile_expression, format_expression
from policies.language.scope import ParameterSignature, Scope
from policies.language.terms import BOOL, Kind, Type

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
SCOPE = Scope(
    load_catalogue(None),
    PeriodKind.YEAR,
    definitions={"is_sme": BOOL, "size_class": Type(Kind.TEXT, values=("大型", "中型", "小型", "微型"))},
    parameters={
        "min_wage": ParameterSignature(Type(Kind.MONEY), Kind.REGION),
        "growth_goal": ParameterSignature(Type(Kind.SHARE)),
        "income_limit": ParameterSignature(Type(Kind.MONEY), Kind.NUMBER),
    },
)
KEY = "    when: "
PLACE = Place("policy.yaml", 12, len(KEY) + 1)


def rendered(text: str) -> str:
    """Return what a user sees for a faulty expression that stands after `when:` on line 12 of policy.yaml."""
    with pytest.raises(ProblemsFound) as caught:
        compile_expression(text, PLACE, SCOPE, None)
    return "\n".join(problem.render(KEY + text) for problem in caught.value.problems)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def examples() -> list[tuple[str, str]]:
    """Return each example with its canonical form."""
    found: list[tuple[str, str]] = []
    for line in "\n".join(blocks("policy")).splitlines():
        if line.startswith("=> "):
            found[-1] = (found[-1][0], line.removeprefix("=> "))
        else:
            found.append((line, line))
    return found


@pytest.mark.parametrize(("text", "canonical"), examples())
def test_example_compiles_and_formats_as_shown(text: str, canonical: str) -> None:
    assert format_expression(text, SCOPE) == canonical
    assert format_expression(canonical, SCOPE) == canonical
    term = compile_expression(text, PLACE, SCOPE, None)
    assert compile_expression(canonical, PLACE, SCOPE, term.type) == term


@pytest.mark.parametrize("block", blocks("error"))
def test_error_is_shown_exactly(block: str) -> None:
    line = next(line for line in block.splitlines() if line.startswith("12 | "))
    assert rendered(line.removeprefix("12 | ").removeprefix(KEY)) == block


def test_every_code_is_documented() -> None:
    folder = Path(next(iter(policies.language.__path__)))
    raised = {code for file in folder.rglob("*.py") for code in re.findall(r"LANG\d{3}", file.read_text("utf-8"))}
    headings = set(re.findall(r"^### (LANG\d{3})$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert raised == headings


def test_every_code_but_the_longest_has_an_example() -> None:
    shown = set(re.findall(r"error\[(LANG\d{3})\]", "\n".join(blocks("error"))))
    headings = set(re.findall(r"^### (LANG\d{3})$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert headings - shown == {"LANG001"}
