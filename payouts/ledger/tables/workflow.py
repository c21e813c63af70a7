"""Between a proposal and its payment: public notice, objections, holds, and where the money shall go."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql

from payouts.ledger.tables.base import number, state, table, text

# A list that was made public (公示): `days` working days from the day after `published_on` to `ends_on`.
notice = table(
    "notice",
    text("id"),
    text("title"),
    text("published_on"),
    text("ends_on"),
    text("sha256"),
    text("published_by"),
    text("published_at"),
    PrimaryKeyConstraint("id"),
)

notice_item = table(
    "notice_item",
    text("notice_id", ForeignKey("notice.id")),
    text("entitlement_id", ForeignKey("entitlement.id"), index=True),
    PrimaryKeyConstraint("notice_id", "entitlement_id"),
)

# While one is open, nothing is paid. `raised_by` is a real name (实名), a firm's objection names the firm.
objection = table(
    "objection",
    text("id"),
    text("entitlement_id", ForeignKey("entitlement.id"), index=True),
    text("raised_by"),
    text("contact"),
    text("raised_on"),
    text("grounds"),
    state(),
    PrimaryKeyConstraint("id"),
)

# Why something due is not payable for now (no account, asked by the department, …); one open hold of a kind.
hold = table(
    "hold",
    text("id"),
    text("entitlement_id", ForeignKey("entitlement.id"), index=True),
    text("code"),
    text("detail"),
    state(),
    PrimaryKeyConstraint("id"),
    Index(
        "uq_hold_open",
        "entitlement_id",
        "code",
        unique=True,
        sqlite_where=sql("state = 'placed'"),
        postgresql_where=sql("state = 'placed'"),
    ),
)

# Where a firm's money goes; the newest row of a firm counts. `source`: `dataset`, `firm` or `officer`.
payee = table(
    "payee",
    number(),
    text("uscc", index=True),
    text("account_name"),
    text("account_no"),
    text("bank_name"),
    text("bank_code"),
    text("source"),
    text("entered_by"),
    text("entered_at"),
    text("reason"),
    UniqueConstraint("id", "uscc"),
)
