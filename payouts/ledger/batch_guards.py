"""What the database refuses about batches: spending what is not there, and changing what was signed or filed.

No line of the budget can be overdrawn. Of every line, what is available covers all that approved batches still have to
commit. Approving keeps this (`covered`); a commitment only takes what was counted then (`as_approved`, once by a
unique index); whatever else lowers what is available keeps it (`line_has_it`). Nothing is summed for each payment.
"""

from __future__ import annotations

from payouts.ledger.guard import Guard, into, not_as

_AVAILABLE = (
    "coalesce((SELECT sum(CASE WHEN t.debit = 'available' THEN t.fen ELSE -t.fen END) FROM transfer t "
    "WHERE t.line = {line} AND (t.debit = 'available' OR t.credit = 'available')), 0)"
)
_STILL_TO_COMMIT = (
    "coalesce((SELECT sum(i.amount_fen) FROM batch b JOIN batch_item i ON i.batch_id = b.id WHERE b.state = 'approved' "
    "AND i.line = {line} AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.payment_id = i.payment_id "
    "AND t.kind = 'commit')), 0)"
)
_WANTED = "SELECT i.line, sum(i.amount_fen) AS fen FROM batch_item i WHERE i.batch_id = NEW.id GROUP BY i.line"
_FREE = f"{_AVAILABLE} - {_STILL_TO_COMMIT}"
_NOT_AS_SIGNED = not_as("NEW.role")
_SIGNER = "approval a JOIN officer o ON o.id = a.officer_id"

BATCH_GUARDS = (
    Guard(
        "batch",
        "covered",
        "UPDATE",
        into("approved"),
        f"SELECT 1 FROM ({_WANTED}) w WHERE w.fen > {_FREE.format(line='w.line')}",  # noqa: S608  # constants
        "a line of the budget does not have the money of the batch",
    ),
    Guard(
        "transfer",
        "as_approved",
        "INSERT",
        "NEW.kind = 'commit'",
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM payment p JOIN batch b ON b.id = p.batch_id JOIN batch_item i "
        "ON i.batch_id = p.batch_id AND i.payment_id = p.id WHERE p.id = NEW.payment_id AND b.state = 'approved' "
        "AND p.amount_fen = NEW.fen AND i.line = NEW.line)",
        "money is committed as its batch was approved, and not otherwise",
    ),
    Guard(
        "transfer",
        "line_has_it",
        "INSERT",
        "NEW.credit = 'available' AND NEW.kind <> 'commit'",
        f"SELECT 1 WHERE NEW.fen > {_FREE.format(line='NEW.line')}",
        "the line of the budget does not have this money",
    ),
    Guard(
        "batch_item",
        "unsigned",
        "INSERT",
        "",
        "SELECT 1 FROM approval a WHERE a.batch_id = NEW.batch_id",
        "what is signed takes no more items",
    ),
    Guard(
        "batch",
        "as_counted",
        "UPDATE",
        into("approved"),
        "SELECT 1 WHERE NEW.items <> (SELECT count(*) FROM batch_item i WHERE i.batch_id = NEW.id) OR NEW.total_fen <> "
        "coalesce((SELECT sum(i.amount_fen) FROM batch_item i WHERE i.batch_id = NEW.id), 0)",
        "the items of the batch do not come to what it says",
    ),
    Guard(
        "approval",
        "has_role",
        "INSERT",
        "",
        f"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM officer o WHERE o.id = NEW.officer_id AND NOT {_NOT_AS_SIGNED})",  # noqa: S608
        "the officer does not have the role in which they sign",
    ),
    Guard(
        "batch",
        "signers_stand_by_it",
        "UPDATE",
        into("approved"),
        f"SELECT 1 FROM {_SIGNER} WHERE a.batch_id = NEW.id AND {not_as('a.role')}",  # noqa: S608  # constants
        "who signed has no open account any more, or not the role",
    ),
    Guard(
        "bank_file",
        "being_sealed",
        "INSERT",
        "",
        "SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'approved'",
        "files belong to a batch that is being sealed",
    ),
    Guard(
        "payment",
        "sent_unless_objected",
        "UPDATE",
        into("sent"),
        "SELECT 1 FROM objection o WHERE o.entitlement_id = NEW.entitlement_id AND o.state = 'open'",
        "a payment is not sent while an objection is open",
    ),
    Guard(
        "payment",
        "sent_if_confirmed",
        "UPDATE",
        into("sent"),
        "SELECT 1 FROM entitlement e WHERE e.id = NEW.entitlement_id AND e.state <> 'confirmed'",
        "a payment is sent for what is confirmed",
    ),
    Guard(
        "batch",
        "nothing_left_behind",
        "UPDATE",
        into("cancelled"),
        "SELECT 1 FROM payment p WHERE p.batch_id = NEW.id AND p.state <> 'voided'",
        "a batch is cancelled when its payments are voided",
    ),
)
