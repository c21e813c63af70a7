"""From an approved batch to files: the same bytes whatever happens on the way, and nothing of what lost its ground."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

import payouts.batches.export as steps
from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile
from payouts.bank.channels import MappedChannel
from payouts.bank.mapping_file import find_mapping
from payouts.bank.refusals import OrderRefused
from payouts.batches.export import Exported, export
from payouts.batches.pulling import pull
from payouts.batches.recheck import Exclusions, recheck
from payouts.batches.seal import AlreadyReleased, release, seal
from payouts.ledger.creation import create
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.keys import payment_id
from payouts.ledger.moves import move
from payouts.ledger.tables import bank_file, batch, batch_item, entitlement, hold
from payouts.ledger.transfers import available, balances
from tests.payouts.batches.scenes import (
    CHANNEL,
    FIRMS,
    TOTAL,
    A,
    B,
    C,
    cancelled,
    drawn,
    due,
    folder_of,
    hold_back,
    lift_holds,
    new_account,
    object_to,
    payments,
    planned,
    ready,
    say_again,
    sign,
    sound,
    state_of,
    vouch,
)
from tests.payouts.stories import CHECKER, LINE, NOW, Due, act

_OTHER_DAY = "2024-04-09T01:00:00.000000Z"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def exported(ledger: Ledger, name: str, out: Path, exclusions: Exclusions | None = None, at: str = NOW) -> Exported:
    return export(ledger, name, out, act(at=at), channel=CHANNEL, exclusions=exclusions or {})


def test_sent_once_written_as_often_as_asked(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    first = exported(ledger, name, out)
    [path] = first.paths
    written = path.read_bytes()
    assert (first.again, state_of(ledger, name), set(payments(ledger).values())) == (False, "released", {"sent"})
    with ledger.read() as connection:
        assert balances(connection)[LINE, "clearing"] == TOTAL
        kept = connection.execute(select(bank_file)).one()
    assert (kept.payments, kept.total_fen, kept.bytes, kept.name) == (3, TOTAL, len(written), path.name)
    again = exported(ledger, name, out, at=_OTHER_DAY)
    path.unlink()
    exported(ledger, name, out, {("synthetic-1", A.uscc): "too late"}, at=_OTHER_DAY)
    assert (again.again, folder_of(out)) == (True, {path.name: written})
    assert sound(ledger)


def test_the_file_is_a_function_of_the_batch(ledger: Ledger, out: Path, reference: bytes) -> None:
    name = ready(ledger)
    exported(ledger, name, out, at=_OTHER_DAY)
    assert [*folder_of(out).values()] == [reference]


@pytest.fixture
def reference(tmp_path: Path) -> bytes:
    """Give the bytes that a ledger of its own ends in, if nothing goes wrong."""
    ledger = open_ledger(tmp_path / "reference.sqlite")
    create(ledger)
    folder = tmp_path / "reference"
    folder.mkdir()
    exported(ledger, ready(ledger), folder)
    ledger.close()
    return next(iter(folder_of(folder).values()))


class Stopped(BaseException):
    """Whatever ends a process at once."""


@pytest.mark.parametrize(
    "at",
    [
        f"{when} {step}"
        for step in ("recheck", "seal", "mark", "pulled_from", "release", "save")
        for when in ("before", "after")
    ],
)
def test_stopped_anywhere_and_begun_again(
    ledger: Ledger, out: Path, reference: bytes, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    name = ready(ledger)
    when, step = at.split()
    real: Callable[..., Any] = getattr(steps, step)

    def stops(*given: Any) -> None:
        if when == "after":
            real(*given)
        raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(steps, step, stops)
        exported(ledger, name, out)
    assert sound(ledger)
    assert folder_of(out) == {} or at in {"after save", "before pulled_from", "after pulled_from"}
    exported(ledger, name, out, at=_OTHER_DAY)
    assert [*folder_of(out).values()] == [reference]
    assert sound(ledger)


# What happens after the approval → why the payment is pulled.
_LOST: dict[str, tuple[Callable[[Connection], object], str]] = {
    "refused": (
        lambda c: move(c, entitlement, entitlement.c.id == A.id, "refused", act()),
        "the entitlement is refused",
    ),
    "withdrawn": (
        lambda c: move(c, entitlement, entitlement.c.id == A.id, "withdrawn", act()),
        "the entitlement is withdrawn",
    ),
    "objection": (lambda c: object_to(c, A), "an objection is open"),
    "hold": (lambda c: hold_back(c, A), "the entitlement is held"),
    "another amount": (lambda c: say_again(c, A, 1), "a later run says another amount"),
    "amount unknown": (lambda c: say_again(c, A, None), "a later run says another amount"),
    "another account": (lambda c: new_account(c, A), "the firm's account is another one now"),
    "excluded": (lambda _: None, "注销"),
}


@pytest.mark.parametrize("name", _LOST)
def test_what_lost_its_ground_is_pulled_visibly(ledger: Ledger, out: Path, name: str) -> None:
    happens, why = _LOST[name]
    plan = ready(ledger)
    with ledger.write() as connection:
        happens(connection)
    excluded = {("synthetic-1", A.uscc): why, ("another policy", B.uscc): "not asked"} if name == "excluded" else {}
    done = exported(ledger, plan, out, excluded)
    assert [(one.uscc, one.amount_fen, one.reason) for one in done.pulled] == [(A.uscc, A.fen, why)]
    assert payments(ledger) == {A.id: "voided", B.id: "sent", C.id: "sent"}
    with ledger.read() as connection:
        filed = connection.execute(select(bank_file.c.total_fen)).scalar_one()
        approved = connection.execute(select(batch.c.total_fen)).scalar_one()
        held = connection.execute(select(hold.c.detail).where(hold.c.code == "pulled")).scalars().all()
        assert available(connection, LINE) == 10**12 - TOTAL + A.fen
    assert (sum(one.amount_fen for one in done.pulled) + filed, held) == (approved, [why])
    assert exported(ledger, plan, out).pulled == done.pulled
    assert A.uscc.encode() not in done.paths[0].read_bytes()
    assert sound(ledger)


@pytest.mark.parametrize("state", ["approved", "sealed"])
def test_a_list_of_accounts_that_is_too_old_by_now_sends_nothing(ledger: Ledger, out: Path, state: str) -> None:
    name = ready(ledger)
    with ledger.write() as connection:
        vouch(connection, A, "2024-02-01", "2024-02-29")
        if state == "sealed":
            seal(connection, name, CHANNEL, act())
    with pytest.raises(MianshenError, match=f"1 of its payments go .*that of {A.uscc}, which held until 2024-02-29"):
        exported(ledger, name, out)
    assert (state_of(ledger, name), set(payments(ledger).values()), folder_of(out)) == (state, {"batched"}, {})
    with ledger.write() as connection:
        vouch(connection, A, "2024-03-01", "2024-04-01")
    assert exported(ledger, name, out).pulled == ()
    assert sound(ledger)


def test_a_later_run_that_says_the_same_changes_nothing(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    with ledger.write() as connection:
        say_again(connection, A, A.fen)
    assert exported(ledger, name, out).pulled == ()


def test_what_was_pulled_is_planned_anew_when_the_hold_is_lifted(ledger: Ledger, out: Path) -> None:
    exported(ledger, ready(ledger), out, {("synthetic-1", A.uscc): "blacklisted"})
    [left] = drawn(ledger).left_out
    assert [tuple(why) for why in left.reasons] == [("held", "pulled: blacklisted")]
    with ledger.write() as connection:
        lift_holds(connection)
    [item] = drawn(ledger).items
    assert (item.uscc, item.attempt, item.payment_id) == (A.uscc, 2, payment_id(A.id, 2))
    second = planned(ledger)
    sign(ledger, second)
    exported(ledger, second, out)
    assert len(folder_of(out)) == 2
    assert sound(ledger)


def test_if_all_is_pulled_the_batch_is_cancelled(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    done = exported(ledger, name, out, {("synthetic-1", one.uscc): "gone" for one in FIRMS})
    assert (len(done.pulled), done.paths, state_of(ledger, name), folder_of(out)) == (3, (), "cancelled", {})
    assert sound(ledger)


def test_a_sealed_batch_does_not_send_what_lost_its_ground(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    with ledger.write() as connection:
        seal(connection, name, CHANNEL, act())
    for exclusions in ({("synthetic-1", A.uscc): "gone"}, {}):
        if not exclusions:
            with ledger.write() as connection:
                new_account(connection, A)
        with pytest.raises(MianshenError, match="1 of its payments may not be sent any more"):
            exported(ledger, name, out, exclusions)
    assert (state_of(ledger, name), folder_of(out)) == ("sealed", {})
    with pytest.raises(MianshenError, match="is sealed: its files are fixed"), ledger.write() as connection:
        recheck(connection, name, {}, act())
    assert cancelled(ledger, name) == "cancelled"
    assert sound(ledger)


@pytest.mark.parametrize("happens", [object_to, hold_back], ids=["objection", "hold"])
def test_the_database_sends_nothing_that_is_stopped(ledger: Ledger, happens: Callable[[Connection, Due], None]) -> None:
    name = ready(ledger)
    with ledger.write() as connection:
        seal(connection, name, CHANNEL, act())
        happens(connection, A)
    with pytest.raises(MianshenError, match="not sent"), ledger.write() as connection:
        release(connection, name, act())
    assert (state_of(ledger, name), set(payments(ledger).values())) == ("sealed", {"batched"})


def test_what_the_bank_cannot_read_is_named_and_can_be_pulled(ledger: Ledger, out: Path) -> None:
    due(ledger)
    with ledger.write() as connection:
        new_account(connection, A, no="62-22")
    name = planned(ledger)
    sign(ledger, name)
    with pytest.raises(OrderRefused, match=payment_id(A.id, 1)) as refused:
        exported(ledger, name, out)
    assert (state_of(ledger, name), folder_of(out)) == ("approved", {})
    with ledger.write() as connection:
        named = [one.payment_id for one in refused.value.refusals]
        [one] = pull(connection, name, named, "the account cannot be told to the bank", act(CHECKER))
    assert one.uscc == A.uscc
    exported(ledger, name, out)
    assert payments(ledger) == {A.id: "voided", B.id: "sent", C.id: "sent"}
    assert sound(ledger)


def test_what_cannot_be_pulled(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    own = payment_id(A.id, 1)
    for ids, reason, said in (
        ([own], "", "for a reason"),
        ([own, "X"], "r", "no payment X"),
        (["X"], "r", "no payment X"),
    ):
        with pytest.raises(MianshenError, match=said), ledger.write() as connection:
            pull(connection, name, ids, reason, act())
    exported(ledger, name, out)
    with pytest.raises(MianshenError, match="is released, not approved"), ledger.write() as connection:
        pull(connection, name, [own], "r", act())


def test_other_files_are_left_alone(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    there = out / f"{name}.txt"
    there.write_text("somebody's", encoding="utf-8")
    with pytest.raises(MianshenError, match="is there already, though the batch was never released"):
        exported(ledger, name, out)
    assert (state_of(ledger, name), there.read_text(encoding="utf-8")) == ("sealed", "somebody's")
    there.unlink()
    exported(ledger, name, out)
    there.write_text("altered", encoding="utf-8")
    with pytest.raises(MianshenError, match="with other bytes"):
        exported(ledger, name, out)
    assert there.read_text(encoding="utf-8") == "altered"


def test_no_room_is_said_plainly(ledger: Ledger, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = ready(ledger)

    def full(file: BankFile, folder: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(MianshenError, match="No space left on device"):
        patched.setattr(steps, "save", full)
        exported(ledger, name, out)
    assert exported(ledger, name, out).again
    assert len(folder_of(out)) == 1


@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_only_what_is_approved_is_exported(ledger: Ledger, out: Path, state: str) -> None:
    due(ledger)
    name = planned(ledger)
    if state == "cancelled":
        cancelled(ledger, name)
    with pytest.raises(MianshenError, match=f"is {state}: only an approved batch is exported"):
        exported(ledger, name, out)
    for refused in (lambda c: seal(c, name, CHANNEL, act()), lambda c: release(c, name, act())):
        with pytest.raises(MianshenError, match=f"is {state}: only"), ledger.write() as connection:
            refused(connection)


def test_a_folder_must_be_there(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    with pytest.raises(MianshenError, match="is no folder"):
        exported(ledger, name, out / "missing")
    assert state_of(ledger, name) == "approved"


def test_released_once(ledger: Ledger) -> None:
    name = ready(ledger)
    with ledger.write() as connection:
        seal(connection, name, CHANNEL, act())
        release(connection, name, act())
    with pytest.raises(AlreadyReleased, match=f"released by lihua at {NOW}"), ledger.write() as connection:
        release(connection, name, act(CHECKER, _OTHER_DAY))


def test_a_changed_channel_is_refused(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    channel = MappedChannel(find_mapping("sample-comma-utf8"))
    with pytest.raises(
        MianshenError, match=r"not what batch .* was approved for.*, or cancel the batch and plan again$"
    ):
        export(ledger, name, out, act(), channel=channel, exclusions={})
    assert state_of(ledger, name) == "approved"
    exported(ledger, name, out)
    with pytest.raises(MianshenError, match=r"changed since: bring that back$"):
        export(ledger, name, out, act(), channel=channel, exclusions={})


class Shifty(MappedChannel):
    """A channel that leaves out a payment."""

    def export(self, order: Any) -> tuple[BankFile, ...]:
        kept = type(order)(*[*vars(order).values()][:-1], order.instructions[1:])
        return super().export(kept)


def test_files_must_come_to_the_batch(ledger: Ledger, out: Path) -> None:
    name = ready(ledger)
    with pytest.raises(MianshenError, match="did not write this order"):
        export(ledger, name, out, act(), channel=Shifty(CHANNEL.mapping), exclusions={})
    assert (state_of(ledger, name), folder_of(out)) == ("approved", {})


def test_altered_rows_do_not_come_out_as_sealed(sqlite_ledger: Ledger, out: Path) -> None:
    name = ready(sqlite_ledger)
    exported(sqlite_ledger, name, out)
    with sqlite_ledger.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER batch_item_keep")
        connection.execute(batch_item.update().values(purpose="another"))
    with pytest.raises(MianshenError, match="do not come out as they were sealed"):
        exported(sqlite_ledger, name, out)


def test_files_belong_to_what_is_being_sealed(ledger: Ledger, out: Path) -> None:
    exported(ledger, ready(ledger), out)
    with ledger.read() as connection:
        row = connection.execute(select(bank_file)).one()._asdict()
    with pytest.raises(DBAPIError, match="being sealed"), ledger.write() as connection:
        connection.execute(insert(bank_file), [{**row, "part": 2}])
