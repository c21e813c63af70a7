"""Batches: planned by one officer, approved by others, sealed into files, released to the bank; and their payments."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)

from payouts.ledger.tables.base import one_of, positive, state, table, text, whole

# `content_sha256` is the hash of every item; who approves signs it. `signatures`: how many officers must, the maker
# included. Who entered an account at or after `cooling_since` may not approve a payment to it. `terms` is JSON: what
# was selected and by which settings, so that the plan can be drawn again.
batch = table(
    "batch",
    text("id"),
    text("content_sha256"),
    text("channel"),
    text("channel_sha256"),
    text("terms"),
    text("payer_name"),
    text("payer_account"),
    text("payer_bank_code"),
    text("made_by", ForeignKey("officer.id")),
    text("made_at"),
    text("cooling_since"),
    whole("signatures"),
    whole("items"),
    whole("total_fen"),
    state(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("id", "content_sha256"),
    positive("total_fen"),
    CheckConstraint("signatures IN (2, 3)", name="signatures_two_or_three"),
)

# What the plan shows and the officers sign. `attempt` is above 1 for what the bank returned before.
batch_item = table(
    "batch_item",
    text("batch_id", ForeignKey("batch.id")),
    text("payment_id"),
    text("entitlement_id"),
    text("uscc"),
    whole("proposal_id"),
    whole("payee_id"),
    whole("attempt"),
    whole("amount_fen"),
    text("line", ForeignKey("budget_line.id")),
    text("purpose"),
    PrimaryKeyConstraint("batch_id", "payment_id"),
    UniqueConstraint("batch_id", "entitlement_id"),
    UniqueConstraint("batch_id", "payment_id", "entitlement_id", "attempt", "amount_fen"),
    ForeignKeyConstraint(["entitlement_id", "uscc"], ["entitlement.id", "entitlement.uscc"]),
    ForeignKeyConstraint(
        ["proposal_id", "entitlement_id", "amount_fen"],
        ["proposal.id", "proposal.entitlement_id", "proposal.amount_fen"],
    ),
    ForeignKeyConstraint(["payee_id", "uscc"], ["payee.id", "payee.uscc"]),
)

# Who signed which content. One officer signs once, so whoever made a batch cannot check it.
approval = table(
    "approval",
    text("batch_id"),
    text("officer_id", ForeignKey("officer.id")),
    text("role"),
    text("content_sha256"),
    text("at"),
    PrimaryKeyConstraint("batch_id", "officer_id"),
    UniqueConstraint("batch_id", "role"),
    ForeignKeyConstraint(["batch_id", "content_sha256"], ["batch.id", "batch.content_sha256"]),
    one_of("role", ("maker", "checker", "approver")),
)

_LIVE = sql("state NOT IN ('voided', 'returned')")

# One attempt to pay an entitlement. Of an entitlement at most one is alive: the database refuses a second. Each moves
# several times, and so no other index holds its state: payments are found by their batch.
payment = table(
    "payment",
    text("id"),
    text("batch_id"),
    text("entitlement_id"),
    whole("attempt"),
    whole("amount_fen"),
    state(indexed=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("entitlement_id", "attempt"),
    ForeignKeyConstraint(
        ["batch_id", "id", "entitlement_id", "attempt", "amount_fen"],
        [
            "batch_item.batch_id",
            "batch_item.payment_id",
            "batch_item.entitlement_id",
            "batch_item.attempt",
            "batch_item.amount_fen",
        ],
    ),
    Index("uq_payment_live", "entitlement_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("ix_payment_batch", "batch_id"),
)

# What a sealed batch's files are: their hashes stand here before any of them is on a disk.
bank_file = table(
    "bank_file",
    text("batch_id", ForeignKey("batch.id")),
    whole("part"),
    text("name"),
    text("sha256"),
    whole("bytes"),
    whole("payments"),
    whole("total_fen"),
    text("made_at"),
    PrimaryKeyConstraint("batch_id", "part"),
    positive("total_fen"),
)
