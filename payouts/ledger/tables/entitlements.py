"""What firms are entitled to, and what each run of the match said of it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from payouts.ledger.tables.base import number, positive, state, table, text, whole

# A finished match that was taken in; `folder` is where its files lay.
run = table(
    "run",
    text("id"),
    text("period"),
    text("as_of"),
    text("snapshot_id"),
    text("folder"),
    text("taken_at"),
    text("taken_by"),
    PrimaryKeyConstraint("id"),
)

# The policies of a run that were taken in; where a safety gate stopped one, only after somebody looked at it.
run_policy = table(
    "run_policy",
    text("run_id", ForeignKey("run.id")),
    text("policy"),
    text("policy_sha256"),
    text("taken_at"),
    text("taken_by"),
    text("reason"),
    PrimaryKeyConstraint("run_id", "policy"),
    Index("ix_run_policy_policy", "policy"),
)

# One thing that may be paid once: policy × period × firm × item × instalment. The revision of the policy is no part
# of it, so that a run under a new revision cannot pay again. `period` is empty for what may be claimed once in a life,
# `item` for what is not paid by item; `part` is 0 for what is paid whole.
entitlement = table(
    "entitlement",
    text("id"),
    text("policy"),
    text("period"),
    text("uscc"),
    text("item"),
    whole("part"),
    state(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("policy", "period", "uscc", "item", "part"),
    UniqueConstraint("id", "uscc"),
)

# What a run said: how much, under which revision of the policy, from which line of the budget. The newest counts.
# An amount is missing while the firm is undetermined; `unknown` then names the conditions, one space between.
proposal = table(
    "proposal",
    number(),
    text("entitlement_id", ForeignKey("entitlement.id")),
    text("run_id", ForeignKey("run.id")),
    text("policy_sha256"),
    text("firm_name"),
    text("region"),
    text("clause"),
    text("line", ForeignKey("budget_line.id")),
    text("due_on"),
    text("unknown"),
    whole("amount_fen", nullable=True),
    positive("amount_fen"),
    CheckConstraint("amount_fen IS NOT NULL OR unknown <> ''", name="amount_or_why_not"),
    UniqueConstraint("entitlement_id", "run_id"),
    UniqueConstraint("id", "entitlement_id"),
    UniqueConstraint("id", "entitlement_id", "amount_fen"),
    Index("ix_proposal_run", "run_id"),
)
