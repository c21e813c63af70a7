"""Who moved what from which state to which, when and why: every change of the ledger in one list."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint

from payouts.ledger.tables.base import number, table, text

# The state graphs of `payouts.ledger.states` as rows: a move that is not here cannot be written.
transition = table(
    "transition",
    text("kind"),
    text("from_state"),
    text("to_state"),
    PrimaryKeyConstraint("kind", "from_state", "to_state"),
)

event = table(
    "event",
    number("seq"),
    text("kind"),
    text("subject"),
    text("from_state"),
    text("to_state"),
    text("actor"),
    text("at"),
    text("code"),
    text("reason"),
    ForeignKeyConstraint(
        ["kind", "from_state", "to_state"], ["transition.kind", "transition.from_state", "transition.to_state"]
    ),
    Index("ix_event_subject", "kind", "subject"),
)
