"""What officers are shown beside a plan: changes against the last batch with their causes, and what is odd."""

from decimal import Decimal
from pathlib import Path

import pytest

from enterprise_data.workspace import Workspace
from matcher.api import match
from payouts.batches.causes import Causes
from payouts.batches.changes import changes_of
from payouts.batches.oddities import oddities_of
from payouts.batches.selection import Selection
from payouts.batches.settings import ThirdSignature
from payouts.ledger.database import Ledger
from tests.matcher.workspaces import CONTEXT, frozen_town
from tests.payouts.batches.scenes import (
    SETTINGS,
    A,
    B,
    C,
    drawn,
    due,
    hold_back,
    new_account,
    next_year,
    planned,
    ready,
)
from tests.payouts.batches.test_standing import change
from tests.payouts.stories import Due, act
from tests.snapshot.city import uscc

_YEAR = Selection(periods=("2024",))
_GONE = "why is not known: the files of a run, or the policies of its day, are not there any more"
_UNKNOWN_PLACE = Causes(Workspace(Path("nowhere"), None), {})  # type: ignore[arg-type]  # no folder is ever opened


def shown(ledger: Ledger) -> dict[str, tuple[str, int, int, str]]:
    plan = drawn(ledger, selection=_YEAR)
    with ledger.read() as connection:
        found = changes_of(connection, plan, _UNKNOWN_PLACE)
    return {one.uscc: (one.kind, one.before_fen, one.after_fen, one.cause) for one in found}


def test_new_dropped_and_changed(ledger: Ledger) -> None:
    new = Due("91370200AAAAAAAAA7", 9_00)
    ready(ledger, [A, B, C])
    with ledger.write() as connection:
        next_year(connection, [Due(A.uscc, A.fen), Due(B.uscc, 5_00), new])
        new_account(connection, new)
    assert shown(ledger) == {
        B.uscc: ("changed", B.fen, 5_00, _GONE),
        C.uscc: ("dropped", C.fen, 0, _GONE),
        new.uscc: ("new", 0, 9_00, _GONE),
    }


def test_another_revision_of_the_policy(ledger: Ledger) -> None:
    ready(ledger, [A, B])
    with ledger.write() as connection:
        next_year(connection, [Due(A.uscc, 1_00), Due(B.uscc, B.fen)], sha256="q")
    assert shown(ledger) == {A.uscc: ("changed", A.fen, 1_00, "the policy was revised")}


def test_who_is_left_out_is_dropped_for_that(ledger: Ledger) -> None:
    ready(ledger, [A, B])
    with ledger.write() as connection:
        next_year(connection, [A, B])
        hold_back(connection, A, "2024")
    assert shown(ledger) == {A.uscc: ("dropped", A.fen, 0, "department: asked to wait")}


def test_who_has_the_payment_already_is_not_dropped(ledger: Ledger) -> None:
    ready(ledger, [A, B])
    plan = drawn(ledger)
    with ledger.read() as connection:
        assert (plan.items, changes_of(connection, plan, _UNKNOWN_PLACE)) == ((), ())


def test_the_first_batch_is_all_new(ledger: Ledger) -> None:
    due(ledger, [A])
    plan = drawn(ledger)
    with ledger.read() as connection:
        [one] = changes_of(connection, plan, _UNKNOWN_PLACE)
    assert (one.kind, one.after_fen, one.cause) == ("new", A.fen, "the policy's first batch")


@pytest.fixture
def two_runs(tmp_path: Path) -> tuple[Workspace, Causes, str, str]:
    """Match a town, change the income of firm 1, and match again."""
    space = frozen_town(tmp_path / "town")[0]
    first = match(space.root, period="2024", as_of=CONTEXT.as_of)
    text = (space.root / "in" / "tax.csv").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith(uscc(1)) and ",2024" in line)
    change(space, "tax", (row, row.replace(row.rpartition(",")[2], "99999999")))
    second = match(space.root, period="2024", as_of=CONTEXT.as_of)
    folders = {run.id: str(run.dir) for run in (first, second)}
    return space, Causes(space, folders), first.id, second.id


def test_the_datum_that_changed(two_runs: tuple[Workspace, Causes, str, str]) -> None:
    _, causes, first, second = two_runs
    told = causes.of_change("growth", uscc(1), first, second, revised=False)
    assert "年度收入·收入 2024" in told
    assert "→" in told
    nothing = causes.of_change("growth", uscc(1), first, first, revised=False)
    assert nothing == "no datum changed: other policies' awards, a cap or the budget did"
    assert causes.of_change("growth", uscc(1), first, second, revised=True) == "the policy was revised"


def test_what_made_the_difference(two_runs: tuple[Workspace, Causes, str, str]) -> None:
    _, causes, first, second = two_runs
    assert causes.of_dropping("growth", uscc(6), first, second) == "now, it was ineligible by grave"
    assert causes.of_adding("growth", uscc(6), first, second) == "before, it was ineligible by grave"
    assert causes.of_dropping("growth", uscc(10), first, second) == "now, it was undetermined by grave"
    several = "it was out of scope, or several conditions failed"
    assert causes.of_dropping("growth", uscc(5), first, second) == f"now, {several}"
    # Some items of firm 8 are open, and some are paid for: it is not dropped for those.
    assert causes.of_dropping("patent-prize", uscc(8), first, second).startswith("no datum changed")


def test_files_that_are_gone(two_runs: tuple[Workspace, Causes, str, str]) -> None:
    space, _, first, second = two_runs
    causes = Causes(space, {first: "/nowhere"})
    assert causes.of_change("growth", uscc(1), first, second, revised=False) == _GONE
    assert causes.of_adding("growth", uscc(1), first, second) == _GONE
    assert causes.of_dropping("growth", uscc(1), first, None) == _GONE


def test_what_is_odd(ledger: Ledger) -> None:
    due(ledger, [A, B, C, Due("91370200AAAAAAAAA8", 8_00)])
    with ledger.write() as connection:
        new_account(connection, A, no="6222000000000001")  # the account of firm B
        hold_back(connection, C)
    settings = SETTINGS.model_copy(update={"third_signature": ThirdSignature(payment_above=Decimal(200))})
    planned(ledger, SETTINGS.model_copy(update={"purpose": "another"}))
    plan = drawn(ledger, settings)
    with ledger.read() as connection:
        found = {one.code: (len(one.of), one.fen) for one in oddities_of(connection, plan, act())}
    everything = A.fen + B.fen + 8_00
    assert found == {
        "account_changed": (1, A.fen),
        "shared_account": (2, A.fen + B.fen),
        "first_payment": (3, everything),
        "large": (1, B.fen),
        "planned_twice": (3, everything),
        "left_out:held": (1, C.fen),
    }
