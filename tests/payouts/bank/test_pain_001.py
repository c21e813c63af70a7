"""ISO 20022 messages: valid by the standard's own schema, and read by another program as the order says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xmlschema

from payouts.bank.instruction import Order
from payouts.bank.mapping_file import find_mapping
from payouts.bank.refusals import OrderRefused
from payouts.bank.totals import totals
from payouts.bank.write import write
from tests.payouts.bank.orders import PAYEE, numbered, order, payee

PAIN = find_mapping("pain-001")
LONGEST = replace(
    PAYEE,
    payee_name="字" * 140,
    account_no="1" * 34,
    bank_name="&<>行" * 35,
    purpose="用\"途'" * 35,
    fen=999_999_999_999_99,
)
BARE = replace(PAYEE, bank_code="", bank_name="", purpose="", uscc="", budget_line="")
ORDERS = [
    numbered(3),
    order(LONGEST, batch_id="B" * 35),
    order(BARE),
    order(replace(BARE, bank_name="样例银行")),
    order(replace(PAYEE, bank_name="", purpose="]]>")),
]


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).parent / "iso20022" / "pain.001.001.09.xsd")


def read(content: bytes) -> Any:
    """Return a message as pyiso20022 reads it."""
    parsers = pytest.importorskip("xsdata.formats.dataclass.parsers", reason="pyiso20022 needs xsdata")
    standard = pytest.importorskip("pyiso20022.pain.pain_001_001_09")
    return parsers.XmlParser().from_bytes(content, standard.Document).cstmr_cdt_trf_initn


@pytest.mark.parametrize("whole", ORDERS, ids=lambda whole: whole.instructions[0].payee_name[:8])
def test_messages_are_valid_and_say_what_the_order_says(whole: Order) -> None:
    (file,) = write(whole, PAIN.model_copy(update={"bank_code_required": False}))
    schema().validate(file.content.decode())
    assert totals(file.content, PAIN) == (len(whole.instructions), whole.total_fen)


def test_the_schema_refuses_what_is_out_of_order() -> None:
    (file,) = write(numbered(1), PAIN)
    swapped = file.content.decode().replace(
        "<PmtMtd>TRF</PmtMtd><NbOfTxs>1</NbOfTxs>", "<NbOfTxs>1</NbOfTxs><PmtMtd>TRF</PmtMtd>"
    )
    with pytest.raises(xmlschema.XMLSchemaValidationError, match="PmtMtd"):
        schema().validate(swapped)


@pytest.mark.parametrize("whole", ORDERS, ids=lambda whole: whole.instructions[0].payee_name[:8])
def test_another_program_reads_every_payment_letter_for_letter(whole: Order) -> None:
    (file,) = write(whole, PAIN.model_copy(update={"bank_code_required": False}))
    message = read(file.content)
    head, (block,) = message.grp_hdr, message.pmt_inf
    assert (head.msg_id, block.pmt_inf_id) == (whole.batch_id, whole.batch_id)
    assert str(head.cre_dt_tm) == "2024-03-01T18:00:00Z"
    for counted in (head, block):
        assert (counted.nb_of_txs, counted.ctrl_sum) == (str(len(whole.instructions)), Decimal(whole.total_fen) / 100)
    assert (block.pmt_mtd.value, str(block.reqd_exctn_dt.dt)) == ("TRF", "2024-03-02")
    assert (block.dbtr.nm, block.dbtr_acct.id.othr.id) == (whole.payer_name, whole.payer_account)
    assert block.dbtr_agt.fin_instn_id.clr_sys_mmb_id.mmb_id == whole.payer_bank_code
    for payment, transfer in zip(whole.instructions, block.cdt_trf_tx_inf, strict=True):
        assert transfer.pmt_id.end_to_end_id == payment.payment_id
        amount = transfer.amt.instd_amt
        assert (amount.ccy, amount.value) == ("CNY", Decimal(payment.fen) / 100)
        assert (transfer.cdtr.nm, transfer.cdtr_acct.id.othr.id) == (payment.payee_name, payment.account_no)
        assert (transfer.rmt_inf.ustrd if transfer.rmt_inf else []) == ([payment.purpose] if payment.purpose else [])
        bank = transfer.cdtr_agt.fin_instn_id if transfer.cdtr_agt else None
        branch = bank.clr_sys_mmb_id if bank else None
        assert (branch.mmb_id if branch else "") == payment.bank_code
        assert ((bank.nm or "") if bank else "") == payment.bank_name
        if branch:
            assert branch.clr_sys_id.cd == "CNAPS"


def test_each_part_is_a_message_of_its_own() -> None:
    files = write(numbered(5), PAIN.model_copy(update={"row_limit": 2}))
    assert [file.name for file in files] == [f"B2024-7-{part}of3.xml" for part in (1, 2, 3)]
    for file in files:
        schema().validate(file.content.decode())
        assert totals(file.content, PAIN) == (file.rows, file.total_fen)
    assert [f"<MsgId>B2024-7-{part}</MsgId>" in files[part - 1].content.decode() for part in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize(
    ("whole", "column", "what"),
    [
        (order(replace(PAYEE, payee_name="字" * 141)), "Cdtr/Nm", "has 141 characters, and the bank takes 140"),
        (order(replace(PAYEE, account_no="1" * 35)), "CdtrAcct", "has 35 characters, and the bank takes 34"),
        (order(BARE), "CdtrAgt/MmbId", "is empty, and the bank needs it"),
        (replace(numbered(1), payer_bank_code="1021"), "payer_bank_code", "is not a 联行号 of 12 digits"),
    ],
)
def test_what_the_standard_has_no_room_for_is_refused(whole: Order, column: str, what: str) -> None:
    with pytest.raises(OrderRefused) as caught:
        write(whole, PAIN)
    assert [(refusal.column, refusal.what) for refusal in caught.value.refusals] == [(column, what)]


def test_a_batch_id_must_leave_room_for_the_number_of_a_part() -> None:
    mapping = PAIN.model_copy(update={"row_limit": 1})
    write(order(payee(1), payee(2), batch_id="B" * 33), mapping)
    with pytest.raises(OrderRefused, match="no room for the number of a part"):
        write(order(payee(1), payee(2), batch_id="B" * 34), mapping)
