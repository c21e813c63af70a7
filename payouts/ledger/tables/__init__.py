"""The tables of the ledger, by what they are about; `METADATA` holds them all.

Amounts are integer fen, instants are texts in UTC that sort (`2024-03-01T08:00:00.000000Z`), days are texts
(`2024-03-01`). Rows are never changed or deleted, but for `state` and the few columns that `guards` names.
"""

from payouts.ledger.tables.base import METADATA
from payouts.ledger.tables.batches import approval, bank_file, batch, batch_item, payment
from payouts.ledger.tables.entitlements import entitlement, proposal, run, run_policy
from payouts.ledger.tables.events import event, transition
from payouts.ledger.tables.money import budget_line, recovery, transfer
from payouts.ledger.tables.officers import login, officer
from payouts.ledger.tables.returns import resolution, return_file, return_line
from payouts.ledger.tables.workflow import (
    account_listing,
    hold,
    notice,
    notice_item,
    objection,
    payee,
    reminder,
    sample,
    spot_check,
)

__all__ = [
    "METADATA",
    "account_listing",
    "approval",
    "bank_file",
    "batch",
    "batch_item",
    "budget_line",
    "entitlement",
    "event",
    "hold",
    "login",
    "notice",
    "notice_item",
    "objection",
    "officer",
    "payee",
    "payment",
    "proposal",
    "recovery",
    "reminder",
    "resolution",
    "return_file",
    "return_line",
    "run",
    "run_policy",
    "sample",
    "spot_check",
    "transfer",
    "transition",
]
