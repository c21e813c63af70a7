"""Who still stands, by the newest snapshot of a small town, and what becomes of a batch that has others."""

from datetime import date
from pathlib import Path

import pytest

from enterprise_data.conform.load import load
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.workspace import Workspace
from matcher.api import match
from payouts.batches.recheck import recheck
from payouts.batches.standing import Claim, claims_of, standing_of
from payouts.ledger.database import Ledger
from tests.matcher.workspaces import CONTEXT, frozen_town
from tests.payouts.batches.scenes import planned, sign, sound
from tests.payouts.stories import Due, act, confirmed, money, people
from tests.snapshot.city import uscc


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return frozen_town(tmp_path / "town")[0]


def eligible(space: Workspace) -> list[Claim]:
    found = match(space.root, period="2024", as_of=CONTEXT.as_of).decisions.collect()
    rows = found.filter(found["outcome"] == "eligible").select("policy", "uscc").unique().sort("policy", "uscc")
    return [Claim(policy, "2024", code) for policy, code in rows.iter_rows()]


def change(space: Workspace, dataset: str, *swaps: tuple[str, str]) -> None:
    """Deliver a dataset again with some of its text changed, and freeze."""
    source = space.root / "in" / f"{dataset}.csv"
    text = source.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    source.write_text(text, encoding="utf-8")
    assert load(space, dataset, source, data_date=CONTEXT.as_of).rejected_rows == 0
    freeze(space)


def test_who_was_decided_still_stands(space: Workspace) -> None:
    claims = eligible(space)
    assert {claim.policy for claim in claims} == {"growth", "months", "patent-prize"}
    assert standing_of(space, claims, CONTEXT.as_of) == {}


def test_a_new_punishment_excludes(space: Workspace) -> None:
    claims = eligible(space)
    first = next(claim for claim in claims if claim.policy == "growth")
    change(space, "pen", (f"{uscc(9)},2024-05-01", f"{first.uscc},2024-12-01"))
    assert standing_of(space, claims, CONTEXT.as_of) == {
        ("growth", first.uscc): "does not stand any more: 三年内有重大处罚（第三条）"
    }


def test_what_is_not_known_any_more_excludes(space: Workspace) -> None:
    claims = eligible(space)
    first = next(claim for claim in claims if claim.policy == "growth")
    change(space, "pen", (f"{uscc(10)},2023-06-30,", f"{first.uscc},2023-06-30,"))
    assert standing_of(space, claims, CONTEXT.as_of) == {
        ("growth", first.uscc): "not known any more: 三年内有重大处罚（第三条）"
    }


def test_who_left_the_register_is_excluded_everywhere(space: Workspace) -> None:
    claims = eligible(space)
    gone = next(claim.uscc for claim in claims if claim.policy == "growth")
    change(space, "reg", (gone, uscc(77)))
    found = standing_of(space, claims, CONTEXT.as_of)
    assert set(found) == {(claim.policy, claim.uscc) for claim in claims if claim.uscc == gone}
    assert {why.partition(":")[0] for why in found.values()} == {"the policy does not speak of the firm any more"}


def test_what_a_firm_earned_is_not_asked_again(space: Workspace) -> None:
    claims = [claim for claim in eligible(space) if claim.policy == "months"]
    change(space, "ins", (",是,", ",否,"))
    assert standing_of(space, claims, CONTEXT.as_of) == {}


def test_old_lists_are_not_asked(space: Workspace) -> None:
    claims = eligible(space)
    catalogue = space.root / "catalog" / "pen.yaml"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("absence: none", "absence: none\nmax_age: 31 days"), encoding="utf-8")
    change(space, "pen")
    with pytest.raises(MianshenError, match=r"too old to say by 2025-02-01 .*: pen \(of 2024-12-31\)"):
        standing_of(space, claims, date(2025, 2, 1))


def test_a_policy_that_ended_cannot_be_asked(space: Workspace) -> None:
    claims = eligible(space)
    file = space.policy_dir / "months.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("in_force", "repealed"), encoding="utf-8")
    with pytest.raises(MianshenError, match=r"do not decide any more .months: status repealed"):
        standing_of(space, claims, CONTEXT.as_of)


def test_a_batch_loses_those_who_do_not_stand(ledger: Ledger, space: Workspace) -> None:
    claims = [claim for claim in eligible(space) if claim.policy == "growth"]
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, [Due(claim.uscc, 1_00, "growth") for claim in claims])
    name = planned(ledger)
    sign(ledger, name)
    change(space, "pen", (f"{uscc(9)},2024-05-01", f"{claims[0].uscc},2024-12-01"))
    with ledger.read() as connection:
        asked = claims_of(connection, name)
    assert [claim.uscc for claim in asked] == [claim.uscc for claim in claims]
    assert {claim.period for claim in asked} == {"2023"}  # as the story's run has it
    found = standing_of(space, claims, CONTEXT.as_of)
    with ledger.write() as connection:
        pulled = recheck(connection, name, found, act())
    assert [one.uscc for one in pulled] == [claims[0].uscc]
    assert sound(ledger)
