"""Money: transfers between accounts, each one debit and one credit, so that the books cannot be out of balance."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy import text as sql

from payouts.ledger.states import OF_LINES, OF_RECOVERIES, TRANSFER_KINDS, TRANSFERS
from payouts.ledger.tables.base import one_of, optional_text, positive, state, table, text, whole

# A line of the budget (预算指标) that money is granted to and paid from.
budget_line = table("budget_line", text("id"), text("title"), PrimaryKeyConstraint("id"))


def _among(*kinds: str) -> str:
    return "(kind IN ({}))".format(", ".join(f"'{kind}'" for kind in kinds))


_ACCOUNTS = " OR ".join(
    f"kind = '{kind}' AND debit = '{debit}' AND credit = '{credit}'" for kind, (debit, credit) in TRANSFERS.items()
)


def _once(name: str, *kinds: str) -> Index:
    # SQLite takes an index of one kind for queries that say so in the same words.
    among = f"kind = '{kinds[0]}'" if len(kinds) == 1 else _among(*kinds).removeprefix("(").removesuffix(")")
    listed = sql(among)
    return Index(name, "payment_id", unique=True, sqlite_where=listed, postgresql_where=listed)


_OF_RECOVERY = sql("recovery_id IS NOT NULL")

# A payment is committed once, then sent or given up, then settled or returned: each at most once.
transfer = table(
    "transfer",
    text("id"),
    text("kind"),
    text("line", ForeignKey("budget_line.id")),
    text("debit"),
    text("credit"),
    whole("fen"),
    optional_text("payment_id", ForeignKey("payment.id")),
    optional_text("recovery_id", ForeignKey("recovery.id")),
    text("actor"),
    text("at"),
    text("reason"),
    PrimaryKeyConstraint("id"),
    positive("fen"),
    one_of("kind", TRANSFER_KINDS),
    CheckConstraint(_ACCOUNTS, name="accounts_of_kind"),
    CheckConstraint(f"(payment_id IS NULL) = {_among(*OF_LINES, *OF_RECOVERIES)}", name="of_a_payment"),
    CheckConstraint(f"(recovery_id IS NOT NULL) = {_among(*OF_RECOVERIES)}", name="of_a_recovery"),
    _once("uq_transfer_commit", "commit"),
    _once("uq_transfer_release", "send", "uncommit"),
    _once("uq_transfer_answer", "settle", "return"),
    _once("uq_transfer_reversal", "unsettle"),
    _once("uq_transfer_restoration", "resettle"),
    Index("ix_transfer_recovery", "recovery_id", sqlite_where=_OF_RECOVERY, postgresql_where=_OF_RECOVERY),
)

# Money asked back (追回) of a payment, whole or in part, or interest on it, which is a recovery of its own with a basis
# of its own; what came back are transfers.
recovery = table(
    "recovery",
    text("id"),
    text("payment_id", ForeignKey("payment.id"), index=True),
    text("kind"),
    whole("amount_fen"),
    text("ordered_by", ForeignKey("officer.id")),
    text("ordered_at"),
    text("basis"),
    state(),
    PrimaryKeyConstraint("id"),
    positive("amount_fen"),
    one_of("kind", ("principal", "interest")),
)
