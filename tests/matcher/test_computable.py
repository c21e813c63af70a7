"""What a policy asks that cannot be computed is told by `policy check`, at its condition, before any match."""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from matcher.computable import refusals
from policies.load import BUNDLED, load_library

POLICY = """\
policy: asks-too-much
title: {{zh: 示例}}
kind: award
status: in_force
source: {{document: 示例, issuer: 示例, checked: unverified}}
applies: [{{periods: "2024.."}}]
period: year
conditions:
  - {{id: fine, text: 示例, clause: 示例, when: is_sme}}
  - any:
      - id: asked
        text: 示例
        clause: 示例
        when: "{condition}"
award: {award}
"""
FINE = "tax.revenue[period] > 0元"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(None)


def refused(folder: Path, catalogue: Catalogue, condition: str, award: str = "{amount: 1元}") -> list[str]:
    """Return `line:column message` of what is refused."""
    path = folder / "asks-too-much.yaml"
    path.write_text(POLICY.format(condition=condition, award=award), encoding="utf-8")
    library = load_library([*BUNDLED, folder], catalogue)
    found = refusals(library.policy("asks-too-much"), library, catalogue)
    return [f"{problem.place.line}:{problem.place.column} {problem.message}" for problem in found]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("tax.revenue[period - 99999] > 0元", "so far from 2024"),
        ("registration.established_on since as_of - 9999 years", "more than 200 years"),
        (f"tax.revenue[period] > 1{'0' * 60}元", "digits could arise"),
        (
            "every a in 2000..2099: every b in 2000..2099: tax.revenue[a] > tax.revenue[b]",
            "repeat a condition more than 1200 times",
        ),
    ],
)
def test_a_condition_is_refused_at_its_place(
    tmp_path: Path, catalogue: Catalogue, condition: str, message: str
) -> None:
    (found,) = refused(tmp_path, catalogue, condition)
    assert found.startswith("14:16 ")
    assert message in found


@pytest.mark.parametrize(
    ("award", "message"),
    [
        (
            "{for_each: {rows: patents, item: patent_no}, amount: 10元, item_cap: 15元, rounding: {mode: up}}",
            "up under a cap",
        ),
        ('{amount: "tax.revenue[period - 99999]"}', "so far from 2024"),
    ],
)
def test_an_award_is_refused(tmp_path: Path, catalogue: Catalogue, award: str, message: str) -> None:
    (found,) = refused(tmp_path, catalogue, FINE, award)
    assert message in found


def test_what_can_be_computed_is_not_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    assert refused(tmp_path, catalogue, FINE) == []
