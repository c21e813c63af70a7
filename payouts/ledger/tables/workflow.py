"""Between a proposal and its payment: spot checks, public notice, objections, holds, and where the money shall go."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql

from payouts.ledger.tables.base import number, state, table, text, whole

# Entitlements of a policy that its department checks by hand before it reconfirms the rest (复核抽查): the `size` of
# `population` whose SHA-256 with the seed comes first. `through` is the newest proposal that was there to be drawn.
sample = table(
    "sample",
    text("id"),
    text("policy"),
    text("seed"),
    whole("size"),
    whole("population"),
    whole("through"),
    text("drawn_by"),
    text("drawn_at"),
    PrimaryKeyConstraint("id"),
    Index("ix_sample_policy", "policy"),
)

spot_check = table(
    "spot_check",
    text("id"),
    text("sample_id", ForeignKey("sample.id")),
    text("entitlement_id", ForeignKey("entitlement.id"), index=True),
    whole("proposal_id"),
    state(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("sample_id", "entitlement_id"),
    ForeignKeyConstraint(["proposal_id", "entitlement_id"], ["proposal.id", "proposal.entitlement_id"]),
)

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

# A firm that has not answered a notice was asked again (催告); only after that may its entitlement lapse.
reminder = table(
    "reminder",
    text("notice_id"),
    text("entitlement_id"),
    text("reminded_on"),
    text("reminded_by"),
    text("reminded_at"),
    PrimaryKeyConstraint("notice_id", "entitlement_id", "reminded_on"),
    ForeignKeyConstraint(["notice_id", "entitlement_id"], ["notice_item.notice_id", "notice_item.entitlement_id"]),
    Index("ix_reminder_entitlement", "entitlement_id"),
)

# While one is open, nothing is paid. `raised_by` is a real name (实名), a firm's objection names the firm.
objection = table(
    "objection",
    text("id"),
    text("entitlement_id", ForeignKey("entitlement.id")),
    text("raised_by"),
    text("contact"),
    text("raised_on"),
    text("grounds"),
    state(),
    PrimaryKeyConstraint("id"),
    Index("ix_objection_entitlement", "entitlement_id", "state"),
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
    Index("ix_payee_entered", "entered_by", "entered_at"),
)

# A list of a department named the account as of `data_date`, and vouches for it through the day `through`, by the
# `max_age` of its catalogue entry; 9999-12-31 where it has none.
account_listing = table(
    "account_listing",
    whole("payee_id", ForeignKey("payee.id")),
    text("data_date"),
    text("through"),
    PrimaryKeyConstraint("payee_id", "data_date"),
)
