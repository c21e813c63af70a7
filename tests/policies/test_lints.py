"""Lints of policies: every example of docs/lints.md, the exactness of gaps and overlaps, circles, and the library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from enterprise_data.declarations.problems import Problem
from enterprise_data.periods import Period
from policies.coverage import OPEN, Days, after, between, common, counties, days_by_region, merged, where
from policies.lints import lint
from policies.load import BUNDLED, Reading, read_library
from policies.policy import Applies
from policies.transitions import cycles
from tests.policies.writing import catalogue

PAGE = (Path(__file__).parents[2] / "docs" / "lints.md").read_text(encoding="utf-8")
BASE = re.search(r"```yaml\n(policy: grant-2021.*?)```", PAGE, re.DOTALL)
SECTION = re.compile(
    r"### (POL\d{3}): (?:(?!\n#).)+?\nBad:\n\n```yaml\n(.*?)```\n\nGood:\n\n```yaml\n(.*?)```", re.DOTALL
)
EXAMPLES = [(code, bad, good) for code, bad, good in SECTION.findall(PAGE)]
AS_OF = date(2023, 11, 15)
# What an example cannot show alone.
COMPANIONS = {"POL122": {"POL113"}, "POL121": set()}


def read(folder: Path, overlays: Iterable[dict[str, object]]) -> Reading:
    """Read a library of the page's policy and what is laid over it or stands beside it; JSON is YAML too."""
    assert BASE
    base = YAML(typ="base").load(BASE[1])
    files = {"grant-2021": base}
    for overlay in overlays:
        name = str(overlay.get("policy", "grant-2021"))
        changed = base | overlay
        if "automatic" in overlay:
            changed["automatic"] = overlay["automatic"] == "true"
        files[name] = changed
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    reading = read_library([folder], catalogue())
    assert reading.problems == ()
    return reading


def example(text: str) -> list[dict[str, object]]:
    return [dict(document) for document in YAML(typ="base").load_all(text)]


def found(folder: Path, text: str, as_of: date | None = None) -> list[Problem]:
    return lint(read(folder, example(text)), catalogue(), as_of)


@pytest.mark.parametrize(("code", "bad", "good"), EXAMPLES, ids=[code for code, _, _ in EXAMPLES])
def test_each_bad_example_gives_its_code_and_each_good_one_none(code: str, bad: str, good: str, tmp_path: Path) -> None:
    as_of = AS_OF if code.startswith("POL12") else None
    problems = found(tmp_path / "bad", bad, as_of)
    assert {problem.code for problem in problems} == {code} | COMPANIONS.get(code, set())
    assert all(problem.help and problem.place.line > 1 for problem in problems)
    assert [problem.code for problem in found(tmp_path / "good", good, as_of)] == []


def test_every_code_has_its_section() -> None:
    sources = "".join(
        (Path(__file__).parents[2] / "policies" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("transitions", "expiry", "wording")
    )
    assert sorted(code for code, _, _ in EXAMPLES) == sorted(set(re.findall(r'"(POL\d{3})"', sources)))


SAID = {
    "a gap to the day": (
        "{policy: new, applies: [{periods: 2025.., region: 青岛市}], supersedes: [grant-2021]}",
        "a gap after `grant-2021`: from 2024-01-01 to 2024-12-31 neither applies in 青岛市",
    ),
    "a county that is left out": (
        "{policy: new, applies: [{periods: 2024.., region: 青岛市, except: [市南区]}], supersedes: [grant-2021]}",
        "a gap after `grant-2021`: from 2024-01-01 on neither applies in 市南区",
    ),
    "an overlap of months with years": (
        (
            "{policy: new, period: month, applies: [{periods: 2023-11.., region: 市南区},"
            " {periods: 2024-01.., region: 青岛市}],"
            " conditions: [{id: a, text: 甲, clause: 一, when: 'true'}], supersedes: [grant-2021]}"
        ),
        "an overlap with `grant-2021`: from 2023-11-01 to 2023-12-31 both apply in 市南区",
    ),
    "an overlap everywhere": (
        (
            "{applies: [{periods: 2021..}]}\n---\n"
            "{policy: new, applies: [{periods: 2023..2024}], supersedes: [grant-2021]}"
        ),
        "an overlap with `grant-2021`: from 2023-01-01 to 2024-12-31 both apply everywhere",
    ),
    "a street within a county": (
        "{policy: new, applies: [{periods: 2024.., region: 青岛市, except: [八大关街道]}], supersedes: [grant-2021]}",
        "a gap after `grant-2021`: from 2024-01-01 on neither applies in 八大关街道",
    ),
    "an unknown one, with what is near": (
        "{policy: new, applies: [{periods: 2024.., region: 青岛市}], supersedes: [grant-2012]}",
        "supersedes `grant-2012`, which is no policy",
    ),
    "oneself": (
        "{supersedes: [grant-2021]}",
        "policies supersede each other in a circle: grant-2021 → grant-2021",
    ),
    "three in a circle": (
        "{supersedes: [b]}\n---\n{policy: b, supersedes: [c]}\n---\n{policy: c, supersedes: [grant-2021]}",
        "policies supersede each other in a circle: b → c → grant-2021 → b",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(name: str, tmp_path: Path) -> None:
    text, message = SAID[name]
    assert [problem.message for problem in found(tmp_path, text)] == [message]


def test_several_successors_follow_together(tmp_path: Path) -> None:
    both = (
        "{applies: [{periods: 2021..2023, region: 山东省}]}\n---\n"
        "{policy: a, applies: [{periods: 2024.., region: 青岛市}], supersedes: [grant-2021]}\n---\n"
        "{policy: b, applies: [{periods: 2025.., region: 山东省, except: [青岛市]}], supersedes: [grant-2021]}"
    )
    (gap,) = found(tmp_path, both)
    assert gap.place.file.endswith("a.yaml")
    assert "from 2024-01-01 to 2024-12-31 neither applies in 济南市、" in gap.message
    assert "青岛市" not in gap.message


@pytest.mark.parametrize(("as_of", "ends_soon"), [
    (date(2023, 10, 2), True), (date(2023, 10, 1), False), (date(2023, 12, 31), True), (date(2024, 1, 1), False),
])  # fmt: skip
def test_soon_is_ninety_days_with_both_ends(as_of: date, ends_soon: bool, tmp_path: Path) -> None:
    assert [problem.code for problem in found(tmp_path, "{}", as_of)] == (["POL121"] if ends_soon else [])


def test_reasons_and_notes_are_not_read(tmp_path: Path) -> None:
    assert found(tmp_path, "{note: 择优支持、一事一议的各项与不迁出的承诺未编入, award: {amount: 10万元}}") == []


@pytest.mark.parametrize("text", ["营业收入不超过2亿元", "按所达最高一档奖励", "已迁入本市", "上年度最高值"])
def test_plain_words_are_no_judgement_and_no_promise(text: str, tmp_path: Path) -> None:
    conditions = [{"id": "a", "text": text, "clause": "一", "when": "tax.revenue[period - 1] <= 2亿元"}]
    assert lint(read(tmp_path, [{"conditions": conditions}]), catalogue()) == []


# -- spans and circles


def span(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), OPEN if last == "" else date.fromisoformat(last))


def test_spans() -> None:
    early, late = span("2021-01-01", "2021-12-31"), span("2023-01-01", "")
    assert merged([late, early, span("2022-01-01", "2022-01-31")]) == (span("2021-01-01", "2022-01-31"), late)
    assert between([late, early]) == (span("2022-01-01", "2022-12-31"),)
    assert between([early, span("2022-01-01", "")]) == ()
    assert common((early,), (late,)) == ()
    assert common((span("2021-06-01", ""),), (early, late)) == (span("2021-06-01", "2021-12-31"), late)
    assert (after((early,)), after((early, late))) == ((span("2022-01-01", ""),), ())


def test_regions_are_named_by_the_largest_that_fit() -> None:
    rule = Applies(Period.parse("2024"), None, ("37",), ("370202",))
    assert where(counties()) == "everywhere"
    assert where(county for county in counties() if county.startswith("3702")) == "in 青岛市"
    named = where(days_by_region([rule]))
    assert "济南市" in named
    assert "市北区" in named
    assert "市南区" not in named.split("、")


def test_circles_are_told_once_each() -> None:
    assert cycles({"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["d"]}) == [("a", "b", "c", "a"), ("d", "d")]
    assert cycles({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


# -- the library


@cache
def bundled() -> Reading:
    return read_library(BUNDLED, catalogue())


def test_the_library_has_only_findings_that_are_true_of_it() -> None:
    told = {(problem.code, Path(problem.place.file).stem) for problem in lint(bundled(), catalogue())}
    assert told >= {("POL112", "qd-single-champion-2025"), ("POL141", "zb-leap-growth-2021")}
    assert not [problem for problem in lint(bundled(), catalogue()) if problem.severity == "error"]
