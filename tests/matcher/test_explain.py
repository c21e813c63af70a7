"""One firm explained from its rows and from a run's stored evidence: the same text, line by line."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.awards import payments
from matcher.explain.firm import explain_from_run, explain_from_snapshot
from matcher.explain.text import lines
from matcher.interpreter.rows import FirmRows, RowFacts
from matcher.run.match import match
from matcher.run.store import Run
from policies.load import Library
from policies.policy import Award, Items
from tests.matcher.deciding import MONEY, compiled
from tests.matcher.small_world import AS_OF, CATALOGUE, FEEDS
from tests.matcher.workspaces import CONTEXT, frozen_town, library_of
from tests.snapshot.city import uscc

Made = tuple[Snapshot, Library, Run, Run]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give the snapshot, its library, a complete run and one that kept no ineligible firm's facts."""
    space, snapshot = frozen_town(tmp_path_factory.mktemp("town") / "w")
    library = library_of(space, snapshot)
    whole = match(space, snapshot, library, CONTEXT, complete=True)
    return snapshot, library, whole, match(space, snapshot, library, CONTEXT)


@pytest.mark.parametrize("number", range(1, 11))
def test_the_text_is_the_same_from_rows_and_from_stored_evidence(made: Made, number: int) -> None:
    snapshot, library, *runs = made
    from_rows = explain_from_snapshot(snapshot, library, CONTEXT, uscc(number))
    for run in runs:
        stored = explain_from_run(run, snapshot, library, uscc(number))
        assert lines(stored) == lines(from_rows)
        assert stored == from_rows


def told(made: Made, number: int, policy: str) -> str:
    """Return the explanation of one policy as text."""
    snapshot, library, run, _ = made
    return "\n".join(lines(explain_from_run(run, snapshot, library, uscc(number), [policy])))


@pytest.mark.parametrize(
    ("number", "policy", "parts"),
    [
        (1, "growth", ["outcome: eligible, 5.5万元", "✓ 收入不低于100万元"]),
        (8, "growth", ["27.5万元 cut to 10万元", "? 增长20%", "✓ 出口企业"]),
        (6, "growth", ["outcome: ineligible", "执法局, 2024-12-31", "would hold"]),
        (10, "growth", ["outcome: undetermined", "0 to 1"]),
        (4, "growth", ["outcome: undetermined", "? 适用于企业所在地区"]),
        (3, "growth", ["outcome: not applicable"]),
        (1, "patent-prize", ["due for ZL01: 2.5万元", "due for ZL03: 1.349999万元", "3万元 cut to 2.5万元"]),
        (2, "patent-prize", ["amount held until it is known", "due for ZL05: held, the amount is unknown"]),
        (8, "patent-prize", ["undetermined, whether it counts is unknown", "due for ZL07: 1.499999万元"]),
        (1, "months", ["due for 批1: 100元", "100.005元 becomes 100元", "due for 批2: 166元"]),
        (8, "months", ["outcome: undetermined", "? 当年足额缴纳"]),
    ],
)
def test_what_the_text_says(made: Made, number: int, policy: str, parts: list[str]) -> None:
    text = told(made, number, policy)
    assert [part for part in parts if part not in text] == [], text


def test_evidence_of_other_policies_or_another_snapshot_is_not_used(made: Made) -> None:
    snapshot, library, run, _ = made
    changed = replace(library, sha256={**library.sha256, "growth.yaml": "0"})
    with pytest.raises(MianshenError, match="policies have changed"):
        explain_from_run(run, snapshot, changed, uscc(1))
    with pytest.raises(MianshenError, match="no firm with the code"):
        explain_from_run(run, snapshot, library, "91370200MA00000000")


def test_an_item_delivered_twice_is_told_alike_in_any_order_of_its_rows() -> None:
    award = Award(Items("all", None, "level"), compiled("gain", MONEY, "all"), item_cap=compiled("1元", MONEY))
    rows = [({"level": "一般", "gain": fen, "belongs": True}, True) for fen in (300, 200, 500)]
    facts = RowFacts(CATALOGUE, FEEDS, AS_OF, FirmRows(None, {}))
    (first,) = payments(award, facts, rows)
    (second,) = payments(award, facts, rows[::-1])
    assert first == second
    assert [(step.name, step.after) for step in first.steps] == [("amount", Fraction(200)), ("item_cap", Fraction(100))]
