"""What banks said of payments (回执), line by line, and what two officers decided where no bank would say."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint

from payouts.ledger.tables.base import one_of, optional_text, state, table, text, whole

# `number` counts files in the order in which they were booked.
return_file = table(
    "return_file",
    text("sha256"),
    whole("number", unique=True),
    text("name"),
    whole("lines"),
    text("booked_by"),
    text("booked_at"),
    PrimaryKeyConstraint("sha256"),
)

# Every line of a file with what became of it (`outcome`, of payouts.booking.outcomes); text as the bank sent it.
return_line = table(
    "return_line",
    text("file_sha256", ForeignKey("return_file.sha256")),
    whole("line"),
    text("payment_text"),
    optional_text("payment_id", ForeignKey("payment.id"), index=True),
    text("answer"),
    whole("fen", nullable=True),
    text("code"),
    text("reason"),
    text("said_on"),
    text("outcome"),
    PrimaryKeyConstraint("file_sha256", "line"),
)

# A payment whose answer is missing, unknown or contradicted, decided by two officers upon evidence. `heard` is the
# number of the last return file that had been booked by then (0: none): what comes later was not decided on.
resolution = table(
    "resolution",
    text("id"),
    text("payment_id", ForeignKey("payment.id"), index=True),
    text("to_state"),
    text("evidence"),
    whole("heard"),
    text("proposed_by", ForeignKey("officer.id")),
    text("proposed_at"),
    optional_text("decided_by", ForeignKey("officer.id")),
    state(),
    PrimaryKeyConstraint("id"),
    one_of("to_state", ("paid", "returned")),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_officers"),
)
