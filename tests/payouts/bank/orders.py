"""Orders to write: small ones by hand, long ones by number."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

from payouts.bank.instruction import Instruction, Order

PAYEE = Instruction(
    payment_id="A" * 26,
    fen=1_234_05,
    payee_name="某某科技有限公司",
    account_no="6222020200112233445",
    bank_name="样例银行股份有限公司某某支行",
    bank_code="102100099996",
    purpose="样例奖励",
    budget_line="样指〔2024〕1号",
    uscc="91370200MA00000011",
)


def payment_id(number: int) -> str:
    """Give the id of a numbered payment."""
    return base64.b32encode(hashlib.sha256(str(number).encode()).digest()).decode()[:26]


def payee(number: int, **texts: str) -> Instruction:
    """Give a numbered payment; `texts` replace its own."""
    codes = ("102100099996", "103100000026")
    own = {
        "payment_id": payment_id(number),
        "payee_name": f"第{number}某某科技有限公司",
        "account_no": f"62220202{number:011d}",
        "bank_code": codes[number % 2],
    }
    return replace(PAYEE, fen=100 + number * 7, **{**own, **texts})


def order(*instructions: Instruction, batch_id: str = "B2024-7") -> Order:
    """Give an order made in the evening of 1 March in London, which is 2 March in China."""
    return Order(batch_id, "2024-03-01T18:00:00.000000Z", "样例市财政局", "3700001", "102100099996", instructions)


def numbered(count: int) -> Order:
    """Give an order of `count` payments."""
    return order(*(payee(number) for number in range(count)))
