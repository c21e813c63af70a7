"""A plan on the command line: who is paid, who waits and why, signed by others, and what stands in its way."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cli.payouts.bureau import EXAMPLE
from enterprise_data.declarations.problems import MianshenError
from payouts.batches.settings import read_settings
from tests.cli.payout_office import AUDITOR, FIRMS, A, B, C, Office
from tests.cli.running import Result, mianshen
from tests.payouts.batches.scenes import hold_back, new_account, next_year, object_to
from tests.payouts.stories import APPROVER, CHECKER, LINE, MAKER, Due

TOTAL = sum(due.fen for due in FIRMS)


def planned(office: Office) -> str:
    told = office.does(MAKER, "payout", "plan", "--record", "--format", "json")
    return str(json.loads(told.out)["plan"])


def test_the_example_in_the_message_is_a_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "payouts.yaml").write_text(EXAMPLE, "utf-8")
    settings, _ = read_settings(tmp_path / "payouts.yaml")
    assert settings.third_signature.payment_above == 1_000_000
    (tmp_path / "payouts.yaml").write_text(EXAMPLE + "unknown: 1\n", "utf-8")
    with pytest.raises(MianshenError, match="unknown"):
        read_settings(tmp_path / "payouts.yaml")


def test_without_settings_the_message_shows_how_they_begin(office: Office) -> None:
    (office.root / "payouts.yaml").unlink()
    told = office.tries(MAKER, "payout", "plan")
    assert (told.code, told.out) == (1, "")
    assert EXAMPLE.splitlines()[0] in told.err


def test_a_plan_says_who_is_paid_from_which_line_and_writes_nothing(office: Office) -> None:
    told = office.does(AUDITOR, "payout", "plan")
    assert "3 payments, 353.01 元; 2 officers must sign" in told.out
    assert "虚构银行 …0001" in told.out
    assert "6222" not in told.out
    assert "9,646.99 元" in told.out
    assert "`sample-pipe-gb18030` is a sample" in told.err
    assert "Nothing was written" in told.err
    assert "GHVQ" not in office.does(MAKER, "payout", "status").out


def test_the_formats_agree(office: Office) -> None:
    with office.writing() as connection:
        hold_back(connection, B)
        object_to(connection, C)
    document = json.loads(office.does(MAKER, "payout", "plan", "--format", "json").out)
    rows = office.does(MAKER, "payout", "plan", "--format", "ndjson").rows
    assert [row["uscc"] for row in rows] == [A.uscc, *sorted([B.uscc, C.uscc], key=lambda code: _id(rows, code))]
    assert [row["why"] for row in rows if row["uscc"] == B.uscc] == [["held"]]
    assert [row["detail"] for row in rows if row["uscc"] == C.uscc] == ["an objection is open"]
    assert [row["entitlement"] for row in document["rows"]] == [_id(rows, row["uscc"]) for row in rows]
    assert (document["total_fen"], document["budget"][0]["left_fen"]) == (A.fen, 10_000_00 - A.fen)
    table = list(csv.DictReader(io.StringIO(office.does(MAKER, "payout", "plan", "--format", "csv").out)))
    assert [row["amount_fen"] for row in table] == [str(row["amount_fen"]) for row in rows]
    shown = office.does(MAKER, "payout", "plan").out
    assert "department: asked to wait" in shown


def _id(rows: list[dict[str, object]], uscc: str) -> str:
    return next(str(row["entitlement"]) for row in rows if row["uscc"] == uscc)


def test_what_is_new_dropped_or_changed_against_the_last_batch(office: Office) -> None:
    office.does(CHECKER, "payout", "approve", planned(office))
    new = Due("91370200AAAAAAAAA7", 9_00)
    with office.writing() as connection:
        next_year(connection, [A, Due(B.uscc, 5_00), new])
        new_account(connection, new)
    plan = ("payout", "plan", "--period", "2024")
    rows = {row["uscc"]: row for row in office.does(MAKER, *plan, "--format", "ndjson").rows}
    told = {uscc: (row["payable"], row["change"], row["before_fen"], row["amount_fen"]) for uscc, row in rows.items()}
    assert told == {
        A.uscc: (True, "", None, A.fen),
        B.uscc: (True, "changed", B.fen, 5_00),
        C.uscc: (False, "dropped", C.fen, None),
        new.uscc: (True, "new", 0, 9_00),
    }
    assert "the files of a run" in rows[B.uscc]["cause"]
    shown = office.does(MAKER, *plan).out
    assert "What changed" in shown
    assert "never paid to this account" in shown


def test_a_plan_can_be_narrowed(office: Office) -> None:
    plan = ("payout", "plan", "--format", "ndjson")
    assert [row["uscc"] for row in office.does(MAKER, *plan, "--firm", A.uscc).rows] == [A.uscc]
    unheard = office.tries(MAKER, *plan, "--policy", "other")
    assert (unheard.code, "says anything of policy `other`" in unheard.err) == (1, True)
    assert office.does(MAKER, *plan, "--period", "2022").rows == []
    assert len(office.does(MAKER, *plan, "--period", "2023", "--policy", "synthetic-1").rows) == len(FIRMS)
    empty = office.tries(MAKER, "payout", "plan", "--period", "2022", "--record")
    assert (empty.code, "nothing is payable" in empty.err) == (1, True)


def test_a_line_that_lacks_money_pays_nobody_and_says_so(office: Office) -> None:
    office.does(MAKER, "payout", "budget", LINE, "--grant=-9700", "--reason", "收回")
    told = office.does(MAKER, "payout", "plan")
    assert "Nothing is payable" in told.out
    assert "line line-1 lacks 53.01 元" in told.err


def test_signed_by_another_officer(office: Office) -> None:
    batch = planned(office)
    own = office.tries(MAKER, "payout", "approve", batch)
    assert "lihua signed batch" in own.err
    auditor = office.tries(AUDITOR, "payout", "approve", batch)
    assert "cannot sign" in auditor.err
    approver = office.tries(APPROVER, "payout", "approve", batch)
    assert "it needs checker" in approver.err
    assert {own.code, auditor.code, approver.code} == {1}
    [row] = office.does(CHECKER, "payout", "approve", batch, "--format", "ndjson").rows
    assert row == {
        "batch": batch,
        "role": "checker",
        "signature": 2,
        "of": 2,
        "state": "approved",
        "payments": 3,
        "total_fen": TOTAL,
    }
    assert office.tries(CHECKER, "payout", "approve", batch).code == 1


def test_a_third_signature_above_a_threshold(office: Office) -> None:
    file = office.root / "payouts.yaml"
    file.write_text(file.read_text("utf-8").replace("payment_above: 1000000.00", "payment_above: 250.00"), "utf-8")
    assert "third signature" in office.does(MAKER, "payout", "plan").err
    batch = planned(office)
    first = office.does(CHECKER, "payout", "approve", batch)
    assert "1 more signature to come" in first.err
    assert "approved" in office.does(APPROVER, "payout", "approve", batch).out


def test_what_moved_is_listed_and_nothing_is_signed(office: Office) -> None:
    batch = planned(office)
    with office.writing() as connection:
        hold_back(connection, A)
        new_account(connection, B, no="6217000012345678")
    told = office.tries(CHECKER, "payout", "approve", batch, "--format", "ndjson")
    assert (told.code, "nothing was signed" in told.err) == (1, True)
    assert {(row["kind"], row["uscc"]) for row in told.rows} == {("gone", A.uscc), ("changed", B.uscc)}
    assert "5678" in told.out
    assert "621700001" not in told.out
    assert "6217000012345678" not in office.tries(CHECKER, "payout", "approve", batch).err
    shown = office.does(MAKER, "payout", "show", batch).out
    assert "maker" in shown
    assert "checker" not in shown


def test_a_batch_is_given_up_for_a_reason_and_its_money_is_back(office: Office) -> None:
    batch = planned(office)
    office.does(CHECKER, "payout", "approve", batch)
    assert _needs_reason(office.tries(MAKER, "payout", "cancel", batch))
    assert "3 payments voided" in office.does(MAKER, "payout", "cancel", batch, "--reason", "期间有误").err
    again = planned(office)
    assert again != batch
    assert "cannot be cancelled" in office.tries(MAKER, "payout", "cancel", batch, "--reason", "again").err


def _needs_reason(told: Result) -> bool:
    return told.code == 2 and "--reason" in told.err


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        (("payout", "plan", "--record"), "maker"),
        (("payout", "cancel", "B", "--reason", "r"), "maker or checker or approver"),
        (("payout", "return", "missing.csv"), "maker"),
        (("payout", "reissue", "P", "--reason", "r"), "maker"),
        (("payout", "resolve", "propose", "P", "paid", "--evidence", "e"), "maker"),
        (("payout", "resolve", "confirm", "R"), "checker or approver"),
        (("payout", "resolve", "reject", "R", "--reason", "r"), "checker or approver"),
        (("payout", "recover", "order", "P", "1", "--basis", "b"), "maker"),
        (("payout", "recover", "receive", "P", "1", "--reference", "r"), "maker"),
        (("payout", "recover", "write-off", "P", "--reason", "r"), "approver"),
        (("payout", "recover", "cancel", "P", "--reason", "r"), "maker"),
        (("payout", "history", "--deliver"), "maker"),
    ],
)
def test_an_auditor_changes_nothing(office: Office, arguments: tuple[str, ...], role: str) -> None:
    told = office.tries(AUDITOR, *arguments)
    assert (told.code, f"it takes the role {role}" in told.err) == (1, True), told


def test_nobody_acts_without_a_login(office: Office) -> None:
    told = mianshen("payout", "plan", "-w", office.root)
    assert (told.code, "nobody is logged in" in told.err) == (1, True)
