"""Officers (经办、复核、审批人员), whose accounts are local to the ledger, and their logins."""

from __future__ import annotations

from sqlalchemy import ForeignKey, PrimaryKeyConstraint

from payouts.ledger.tables.base import number, optional_text, table, text, whole

# `roles`: words of payouts.officers.roles, sorted, one space between. `totp_step`: the last one-time code's step, so
# that no code works twice.
officer = table(
    "officer",
    text("id"),
    text("name"),
    text("roles"),
    text("password_hash"),
    optional_text("totp_secret"),
    whole("totp_step"),
    whole("failures"),
    optional_text("locked_until"),
    text("created_at"),
    text("created_by"),
    optional_text("disabled_at"),
    PrimaryKeyConstraint("id"),
)

# A login that lasts: its token is known by hash only.
login = table(
    "login",
    number(),
    text("token_sha256", unique=True),
    text("officer_id", ForeignKey("officer.id")),
    text("at"),
    text("expires_at"),
    optional_text("ended_at"),
)
