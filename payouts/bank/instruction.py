"""One payment as a bank is told of it (支付指令)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of a bank file; every text goes to the bank letter for letter or not at all.

    `payment_id` is what the bank gives back with its answer (end-to-end id, 业务流水号), 26 characters A-Z and 2-7;
    `fen` is positive; `bank_code` is the 12-digit code of the payee's branch (联行号), empty if it is not known;
    `purpose` is the remark (用途) that the payee reads; `budget_line` (预算指标) is for the treasury.
    """

    payment_id: str
    fen: int
    payee_name: str
    account_no: str
    bank_name: str
    bank_code: str
    purpose: str
    budget_line: str
    uscc: str


@dataclass(frozen=True)
class Order:
    """The instructions of one batch, in the order of their ids; what a file is made of, and all it is made of.

    `batch_id` is at most 35 characters; `created_at` is UTC, as the ledger keeps it (`2024-03-01T08:00:00.000000Z`);
    the payer is the bureau's own account.
    """

    batch_id: str
    created_at: str
    payer_name: str
    payer_account: str
    payer_bank_code: str
    instructions: tuple[Instruction, ...]

    @property
    def total_fen(self) -> int:
        """What the whole batch pays, in fen."""
        return sum(instruction.fen for instruction in self.instructions)
