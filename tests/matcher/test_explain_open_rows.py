"""Rows that nobody knows whose they are: which of them leave a decision open, and what settling each would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.explain.firm import explain_from_run, explain_from_snapshot
from matcher.explain.model import ConditionLine, OpenRowLine
from matcher.explain.text import lines
from matcher.run.match import match
from matcher.run.store import Run
from policies.load import Library
from tests.matcher.doubtful_town import CONTEXT, MILLION, NAMES, bare_town, doubtful_town, penalty, revenue
from tests.matcher.workspaces import library_of
from tests.snapshot.city import deliver, uscc

Made = tuple[Snapshot, Library, tuple[Run, ...]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give the snapshot of the town, its library, and runs over it."""
    space = doubtful_town(tmp_path_factory.mktemp("open") / "w")
    snapshot = freeze(space)
    library = library_of(space, snapshot)
    runs = tuple(match(space, snapshot, library, CONTEXT, complete=complete) for complete in (True, False))
    return snapshot, library, runs


@pytest.mark.parametrize("number", NAMES)
def test_the_words_are_the_same_from_rows_and_from_stored_evidence(made: Made, number: int) -> None:
    snapshot, library, runs = made
    from_rows = explain_from_snapshot(snapshot, library, CONTEXT, uscc(number))
    for run in runs:
        assert explain_from_run(run, snapshot, library, uscc(number)) == from_rows


AMBIGUOUS = "row {row} of 行政处罚 (pen), 执法局: {name}; several firms bear the name, or come near it"
REVIEW = "settle it: `mianshen data review --dataset pen --reason {reason}`"


@pytest.mark.parametrize(
    ("number", "policy", "said", "unsaid"),
    [
        # One row decides, and the one that the filter leaves out is not told of.
        (
            1,
            "clean",
            [
                "= 0 to 1  (执法局, 2024-12-31); a row may be this firm's",
                AMBIGUOUS.format(row=1, name=NAMES[1]),
                "if it is, ineligible; if not, eligible, 5万元",
                REVIEW.format(reason="ambiguous_name"),
            ],
            ["row 2 of"],
        ),
        # Another condition decides already.
        (2, "clean", ["it cannot change the decision by itself: ineligible"], ["if it is,"]),
        # Two rows: the one being another's does not settle the other.
        (
            3,
            "clean",
            ["2 rows may be this firm's", "row 3 of", "row 4 of", "if it is, ineligible; if not, undetermined"],
            [],
        ),
        # Code of one, name of another: either may be meant, and both keys are shown.
        (
            6,
            "clean",
            [
                f"{NAMES[6]} {uscc(8)}; the code is one firm's, the name another's",
                REVIEW.format(reason="code_and_name_disagree"),
                "the row was rejected when loaded, and may be about a firm",
                "correct the row, see `mianshen data rejects pen`",
            ],
            [],
        ),
        # Rows that contradict each other: each may be the right one.
        (
            5,
            "clean",
            [
                "2 rows may be this firm's",
                "row 7 of 年度收入 (tax), 税务局: ",
                "rows of one firm contradict each other",
                "if it is, eligible, 5万元; if not, ineligible",
                "if it is, ineligible; if not, eligible, 5万元",
                "correct the rows and load them again: `mianshen data load tax FILE`",
            ],
            [],
        ),
        # No more than five rows are told of one by one.
        (7, "clean", ["6 rows may be this firm's", "and 1 more such row"], []),
        # Data too old to count: whose row it is changes nothing.
        (1, "paid-up", ["older than the 30 days", "undetermined"], ["row 1 of", "may be this firm's"]),
    ],
)
def test_what_is_said_of_open_rows(made: Made, number: int, policy: str, said: list[str], unsaid: list[str]) -> None:
    snapshot, library, (run, _) = made
    text = "\n".join(lines(explain_from_run(run, snapshot, library, uscc(number), [policy])))
    assert [part for part in said if part not in text] == [], text
    assert [part for part in unsaid if part in text] == [], text


def test_what_settling_a_row_is_said_to_do_is_what_it_does(made: Made, tmp_path: Path) -> None:
    """The row of firm 1 is delivered again with the code of either firm of that name."""
    told = _line(made, 1)
    for owner, expected in ((1, told.if_theirs), (2, told.if_not)):
        space = bare_town(tmp_path / str(owner))
        deliver(space, "tax", [revenue(1, MILLION)])
        deliver(space, "pen", [penalty("重大", uscc=uscc(owner), name=NAMES[1])])
        snapshot = freeze(space)
        library = library_of(space, snapshot)
        (found,) = explain_from_snapshot(snapshot, library, CONTEXT, uscc(1), ["clean"]).policies
        assert expected.startswith(found.outcome)


def _line(made: Made, number: int) -> OpenRowLine:
    snapshot, library, _ = made
    (policy,) = explain_from_snapshot(snapshot, library, CONTEXT, uscc(number), ["clean"]).policies
    conditions = [line for line in policy.lines if isinstance(line, ConditionLine)]
    return next(row for line in conditions for fact in line.facts for row in fact.open_rows)
