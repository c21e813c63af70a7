"""One batch by command lines alone, from its plan to money asked back: what each officer sees, and what is on disk."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from cli.acting import CLOCK
from payouts.ledger.keys import payment_id
from tests.cli.payout_office import AUDITOR, PAID, RETURNED, START, Office, answer, made, with_firms
from tests.cli.running import ok
from tests.cli.test_payout_plan import planned
from tests.cli.town import A, B, C, D, frozen, write
from tests.payouts.batches.scenes import new_account
from tests.payouts.stories import APPROVER, CHECKER, MAKER, Due

# D is on the blacklist of the snapshot: its payment does not leave the house.
DUES = {code: Due(code, fen, "growth") for code, fen in ((A, 100_00), (B, 250_01), (C, 3_00), (D, 77_00))}
PAYMENTS = {code: payment_id(due.id, 1) for code, due in DUES.items()}


@pytest.fixture(scope="module")
def _city(tmp_path_factory: pytest.TempPathFactory) -> Office:
    with pytest.MonkeyPatch.context() as environment:
        return with_firms(made(frozen(tmp_path_factory.mktemp("city") / "w"), environment), [*DUES.values()])


@pytest.fixture
def city(_city: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give a bureau with a snapshot and a policy, whose four firms are confirmed."""
    monkeypatch.setenv(CLOCK, START)
    return Office(Path(shutil.copytree(_city.root, tmp_path / "w")), monkeypatch, dict(_city.tokens))


def approved(city: Office) -> str:
    batch = planned(city)
    city.does(CHECKER, "payout", "approve", batch)
    return batch


def exported(city: Office, batch: str, *options: object) -> dict[str, Any]:
    told = city.does(MAKER, "payout", "export", batch, "--format", "json", *options)
    found: dict[str, Any] = json.loads(told.out)
    return found


def test_who_is_on_a_negative_list_by_now_is_pulled_and_held(city: Office) -> None:
    batch = approved(city)
    told = city.does(MAKER, "payout", "export", batch)
    assert "未失信（第二条）" in told.out
    assert "`sample-pipe-gb18030` is a sample" in told.err
    files = city.root / "ledger" / "files"
    assert stat.S_IMODE(files.stat().st_mode) == 0o700
    [file] = files.iterdir()
    assert hashlib.sha256(file.read_bytes()).hexdigest() in told.out
    assert PAYMENTS[D] not in file.read_text("gb18030")
    [held] = json.loads(city.does(AUDITOR, "payout", "status", "--format", "json").out)["held"]
    assert (held["uscc"], held["code"]) == (D, "pulled")


def test_exported_again_it_is_the_same_file(city: Office, tmp_path: Path) -> None:
    batch = approved(city)
    missing = city.tries(MAKER, "payout", "export", batch, "--to", tmp_path / "usb")
    assert (missing.code, "is no folder; make it" in missing.err) == (1, True)
    (tmp_path / "usb").mkdir()
    first = exported(city, batch)
    again = exported(city, batch, "--to", tmp_path / "usb")
    assert (first["again"], again["again"]) == (False, True)
    assert first["pulled"] == again["pulled"]
    [one], [other] = ([Path(file["path"]).read_bytes() for file in done["files"]] for done in (first, again))
    assert one == other
    assert [file["payments"] for file in first["files"]] == [3]
    assert sum(file["total_fen"] for file in first["files"]) == sum(DUES[code].fen for code in (A, B, C))


def test_a_batch_of_which_nothing_is_left_is_cancelled(city: Office) -> None:
    told = city.does(MAKER, "payout", "plan", "--firm", D, "--record", "--format", "json")
    batch = json.loads(told.out)["plan"]
    city.does(CHECKER, "payout", "approve", batch)
    done = city.does(MAKER, "payout", "export", batch)
    assert "Nothing is left" in done.err
    assert list((city.root / "ledger" / "files").iterdir()) == []


def test_payments_are_taken_out_by_hand_for_a_reason(city: Office) -> None:
    batch = approved(city)
    pull = ("payout", "pull", batch)
    assert city.tries(MAKER, *pull, PAYMENTS[A]).code == 2
    assert "nothing was changed" in city.tries(MAKER, *pull, PAYMENTS[A], "X", "--reason", "r").err
    [row] = city.does(MAKER, *pull, PAYMENTS[A], "--reason", "企业申请暂缓", "--format", "ndjson").rows
    assert (row["uscc"], row["amount_fen"], row["reason"]) == (A, 100_00, "企业申请暂缓")
    assert exported(city, batch)["files"][0]["payments"] == 2
    assert "released" in city.tries(MAKER, *pull, PAYMENTS[B], "--reason", "r").err


def test_without_a_snapshot_nobody_can_say_who_still_stands(city: Office) -> None:
    batch = approved(city)
    shutil.rmtree(city.root / "data" / "snapshots")
    told = city.tries(MAKER, "payout", "export", batch)
    assert (told.code, "freeze" in told.err) == (1, True)
    assert "approved" in city.does(MAKER, "payout", "status").out


def test_a_name_that_the_bank_cannot_carry_is_refused_by_name(city: Office) -> None:
    with city.writing() as connection:
        new_account(connection, DUES[A], no="6222-77")
    assert f"no file can be written with {PAYMENTS[A]}" in city.does(MAKER, "payout", "plan").err
    batch = approved(city)
    told = city.tries(MAKER, "payout", "export", batch)
    assert (told.code, PAYMENTS[A] in told.err) == (1, True)
    city.does(MAKER, "payout", "pull", batch, PAYMENTS[A], "--reason", "账号有误")
    assert exported(city, batch)["files"][0]["payments"] == 2


def test_from_the_plan_to_money_asked_back(city: Office) -> None:
    batch = approved(city)
    [file] = exported(city, batch)["files"]
    words = ((PAYMENTS[A], 100_00, PAID), (PAYMENTS[B], 250_01, RETURNED), (PAYMENTS[C], 3_00, "处理中"))
    city.does(MAKER, "payout", "return", answer(city, "first.csv", *words))
    proposed = city.does(MAKER, "payout", "resolve", "propose", PAYMENTS[C], "paid", "--evidence", "对账单第3页")
    city.does(CHECKER, "payout", "resolve", "confirm", proposed.out.strip())
    city.does(AUDITOR, "payout", "reconcile", batch, "--bank", "103.00")
    with city.writing() as connection:
        new_account(connection, DUES[B])
    city.does(MAKER, "payout", "reissue", PAYMENTS[B], "--reason", "企业已更正账户")
    second = approved(city)
    assert exported(city, second)["files"][0]["total_fen"] == 250_01
    attempt = payment_id(DUES[B].id, 2)
    city.does(MAKER, "payout", "return", answer(city, "second.csv", (attempt, 250_01, PAID)))
    [asked] = city.does(
        MAKER, "payout", "recover", "order", attempt, "50.01", "--basis", "第九条", "--format", "ndjson"
    ).rows
    city.does(MAKER, "payout", "recover", "receive", asked["recovery"], "20", "--reference", "S-1")
    city.does(APPROVER, "payout", "recover", "write-off", asked["recovery"], "--reason", "局务会同意")
    overview = json.loads(city.does(AUDITOR, "payout", "status", "--format", "json").out)
    assert [(row["stage"], row["amount_fen"]) for row in overview["stages"]] == [
        ("held:pulled", 77_00),
        ("paid", 353_01),
    ]
    [line] = overview["budget"]
    assert (line["paid_fen"], line["recovered_fen"], line["clearing_fen"]) == (353_01, 20_00, 0)
    assert {row["batch"]: row["state"] for row in overview["batches"]} == {batch: "closed", second: "closed"}
    story = json.loads(city.does(AUDITOR, "payout", "show", DUES[B].id, "--format", "json").out)
    assert story["payments"] == [f"{PAYMENTS[B]} returned", f"{attempt} paid"]
    assert {entry["actor"] for entry in story["story"]} == {MAKER, CHECKER, APPROVER, "machine"}
    assert file["sha256"] in city.does(AUDITOR, "payout", "show", batch).out
    city.does(AUDITOR, "payout", "history", city.root / "ours.csv")
    assert len((city.root / "ours.csv").read_text("utf-8").splitlines()) == 1 + 3
    [found] = [row for row in ok("doctor", "-w", city.root, "--format", "ndjson").rows if row["what"] == "Ledger"]
    assert found["state"] == "ok"


def test_our_payments_reach_the_next_match(city: Office) -> None:
    bundled = Path(__file__).parents[2] / "enterprise_data" / "catalogue" / "bundled" / "payments.yaml"
    write(city.root, "catalog/payments.yaml", bundled.read_text("utf-8"))
    refused = city.tries(MAKER, "payout", "history", "--deliver")
    assert (refused.code, "were never loaded" in refused.err) == (1, True)
    headings = "uscc,name,policy,family,item,fiscal_year,amount,paid_on,recovered_on\n"
    empty = write(city.root, "in/payments.csv", headings)
    ok("data", "load", "-q", "-w", city.root, "payments", empty, "--data-date", "2024-03-01")
    batch = approved(city)
    exported(city, batch)
    city.does(MAKER, "payout", "return", answer(city, "first.csv", (PAYMENTS[A], 100_00, PAID)))
    told = city.does(MAKER, "payout", "history", "--deliver")
    assert "0 of the bureau's records and 3 of the ledger" in told.err
    again = city.does(MAKER, "payout", "history", "--deliver")
    assert "and 3 of the ledger" in again.err
    status = {row["dataset"]: row for row in ok("data", "status", "-w", city.root, "--format", "ndjson").rows}
    assert status["payments"]["loaded_rows"] == 3
