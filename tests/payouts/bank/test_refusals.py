"""All that is wrong with an order is said at once: whose, in which column, what, and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from payouts.bank.checks import warnings_of
from payouts.bank.instruction import Instruction, Order
from payouts.bank.mapping_file import find_mapping
from payouts.bank.refusals import OrderRefused
from payouts.bank.write import write
from tests.payouts.bank.orders import PAYEE, numbered, order, payee

PIPE = "sample-pipe-gb18030"
FLAGGED = "sample-same-bank-gbk"


def refusals(whole: Order, name: str, **changes: object) -> list[tuple[str, str]]:
    """Return column and fault of every refusal."""
    with pytest.raises(OrderRefused) as caught:
        write(whole, find_mapping(name).model_copy(update=changes))
    return [(refusal.column, refusal.what) for refusal in caught.value.refusals]


@pytest.mark.parametrize(
    ("change", "name", "column", "what"),
    [
        ({"payee_name": ""}, PIPE, "收款户名", "is empty, and the bank needs it"),
        ({"account_no": ""}, PIPE, "收款账号", "is empty, and the bank needs it"),
        ({"account_no": "6222 0202"}, PIPE, "收款账号", "has other characters than digits"),
        ({"account_no": "６２２２"}, PIPE, "收款账号", "has other characters than digits"),
        ({"account_no": "6222-0202"}, PIPE, "收款账号", "has other characters than digits"),
        ({"account_no": "٣٣٣"}, "treasury", "收款人账号", "has other characters than letters and digits"),
        ({"account_no": "1" * 33}, PIPE, "收款账号", "has 33 bytes in gb18030, and the bank takes 32"),
        ({"bank_code": ""}, PIPE, "收款行行号", "is empty, and the bank needs it"),
        ({"bank_code": "10210009999"}, PIPE, "收款行行号", "is not a 联行号 of 12 digits"),
        ({"bank_code": "１02100099996"}, PIPE, "收款行行号", "is not a 联行号 of 12 digits"),
        ({"bank_code": "10210009999"}, "treasury", "收款人开户行行号", "is not a 联行号 of 12 digits"),
        ({"bank_name": ""}, "sample-comma-utf8", "开户行", "is empty, and the bank needs it"),
        ({"purpose": ""}, FLAGGED, "用途", "is empty, and the bank needs it"),
        ({"purpose": "某\t励"}, FLAGGED, "用途", "holds a control character (U+0009)"),
        ({"purpose": "字" * 21}, FLAGGED, "用途", "has 42 bytes in gbk, and the bank takes 40"),
        (
            {"payee_name": "某|公司"},
            PIPE,
            "收款户名",
            "holds `|`, which separates texts in this file, and the bank's form has no quotes",
        ),
        ({"payment_id": "a" * 26}, PIPE, "业务流水号", "is not 26 characters A-Z and 2-7"),
        ({"payment_id": ""}, PIPE, "业务流水号", "is not 26 characters A-Z and 2-7"),
        ({"fen": 0}, PIPE, "amount", "is not positive"),
        ({"fen": -1}, PIPE, "amount", "is not positive"),
        ({"fen": 100_000_001}, FLAGGED, "amount", "is 1000000.01 yuan, and the bank takes 1000000.00 in one payment"),
        (
            {"fen": 10**15},
            "sample-workbook",
            "amount",
            f"is 1{'0' * 13}.00 yuan, and the bank takes {'9' * 13}.99 in one payment",
        ),
    ],
)
def test_each_fault_by_itself(change: dict[str, object], name: str, column: str, what: str) -> None:
    payment: Instruction = replace(PAYEE, **change)  # type: ignore[arg-type]  # a table of any of its fields
    assert refusals(order(payee(1), payment), name) == [(column, what)]


def test_the_largest_amount_is_taken() -> None:
    assert write(order(replace(PAYEE, fen=100_000_000)), find_mapping(FLAGGED))


def test_all_faults_stand_in_one_error_by_payment_id_and_payee() -> None:
    wrong = [
        payee(1, payee_name="=某公司", account_no=""),
        payee(2),
        payee(3, purpose="某\x07励"),
        payee(3, bank_code="12"),
    ]
    with pytest.raises(OrderRefused) as caught:
        write(order(*wrong), find_mapping(PIPE))
    found = [(refusal.payment_id, refusal.payee_name, refusal.column) for refusal in caught.value.refusals]
    assert found == [
        (wrong[0].payment_id, "=某公司", "收款账号"),
        (wrong[0].payment_id, "=某公司", "收款户名"),
        (wrong[2].payment_id, "第3某某科技有限公司", "用途"),
        (wrong[3].payment_id, "第3某某科技有限公司", "收款行行号"),
        (wrong[3].payment_id, "第3某某科技有限公司", "payment_id"),
    ]
    lines = str(caught.value).splitlines()
    assert lines[0] == "no file was written for sample-pipe-gb18030; it cannot carry these texts as they are:"
    fault = "begins with `=`, which spreadsheets run as a formula; correct the text"
    assert lines[2] == f"  {wrong[0].payment_id} (=某公司): 收款户名 {fault}"
    assert len(lines) == 1 + len(found)


def test_a_payees_name_cannot_break_the_message() -> None:
    with pytest.raises(OrderRefused) as caught:
        write(order(payee(1, payee_name="某\x1b[2J\n公司")), find_mapping(PIPE))
    assert "(某\\u001b[2J\\u000a公司)" in str(caught.value)


@pytest.mark.parametrize(
    ("whole", "column"),
    [
        (order(), "the order"),
        (order(PAYEE, batch_id="../x"), "batch_id"),
        (order(PAYEE, batch_id="B" * 36), "batch_id"),
        (replace(numbered(1), created_at="2024-03-01"), "created_at"),
        (replace(numbered(1), payer_name=""), "the payer"),
        (replace(numbered(1), payer_account="37-1"), "the payer"),
        (replace(numbered(1), payer_name="＝局"), "payer_name"),
        (replace(numbered(1), payer_name="局|"), "payer_name"),
    ],
)
def test_the_order_itself_and_its_payer_are_checked(whole: Order, column: str) -> None:
    assert [found for found, _ in refusals(whole, PIPE)] == [column]


def test_a_flag_for_the_payers_own_bank_needs_the_code_even_where_no_column_has_it() -> None:
    mapping = find_mapping(FLAGGED)
    columns = tuple(column for column in mapping.columns if column.title != "联行号")
    changes = {"columns": columns, "bank_code_required": False}
    found = refusals(order(replace(PAYEE, bank_code="")), FLAGGED, **changes)
    assert found == [("bank_code", "is empty, and the bank needs it")]


@pytest.mark.parametrize(
    ("accounts", "account", "taken"),
    [
        ("digits and hyphens", "37-001-2", True),
        ("digits and hyphens", "-37", False),
        ("digits and hyphens", "37-", False),
        ("digits and hyphens", "37--1", False),
        ("letters and digits", "NRA370", True),
        ("letters and digits", "NRA-370", False),
    ],
)
def test_which_accounts_a_mapping_takes(accounts: str, account: str, taken: bool) -> None:
    mapping = find_mapping(PIPE).model_copy(update={"accounts": accounts})
    whole = replace(order(replace(PAYEE, account_no=account)), payer_account="37")
    if taken:
        assert f"|{account}|" in write(whole, mapping)[0].content.decode("gb18030")
    else:
        with pytest.raises(OrderRefused, match=f"has other characters than {accounts}"):
            write(whole, mapping)


def test_a_wrong_check_digit_is_a_warning_and_no_refusal() -> None:
    whole = order(payee(1), replace(PAYEE, bank_code="102100099969"))
    assert write(whole, find_mapping(PIPE))
    (warning,) = warnings_of(whole)
    assert (warning.payment_id, warning.column) == (PAYEE.payment_id, "bank_code")
    assert "ISO 7064" in warning.what
