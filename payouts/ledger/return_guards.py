"""What the database refuses about answers of banks and money asked back: undoing alone, and asking for too much."""

from __future__ import annotations

from payouts.ledger.guard import Guard, into, not_as

# What was asked back of a payment `p`, less what was asked no longer.
_ASKED = (
    "(coalesce((SELECT sum(r.amount_fen) FROM recovery r WHERE r.payment_id = p.id AND r.kind = 'principal'), 0) - "
    "coalesce((SELECT sum(t.fen) FROM transfer t JOIN recovery r ON r.id = t.recovery_id WHERE r.payment_id = p.id "
    "AND r.kind = 'principal' AND t.kind = 'unclaim'), 0))"
)
_OVER = "SELECT 1 FROM payment p WHERE p.id = NEW.payment_id AND (p.state <> 'paid' OR NEW.kind = 'principal' AND "

_NOT = {role: not_as(f"'{role}'") for role in ("maker", "checker", "approver")}
_NO_MAKER = f"o.id = NEW.proposed_by AND {_NOT['maker']}"
_NO_DECIDER = f"o.id = NEW.decided_by AND {_NOT['checker']} AND {_NOT['approver']}"

RETURN_GUARDS = (
    Guard(
        "payment",
        "sent_unless_held",
        "UPDATE",
        into("sent"),
        "SELECT 1 FROM hold h WHERE h.entitlement_id = NEW.entitlement_id AND h.state = 'placed'",
        "a payment of what is held is not sent",
    ),
    Guard(
        "payment",
        "two_officers_against_the_bank",
        "UPDATE",
        "NEW.state = 'returned' AND OLD.state = 'paid' OR NEW.state = 'paid' AND OLD.state = 'returned'",
        "SELECT 1 FROM payment p WHERE p.id = NEW.id AND NOT EXISTS (SELECT 1 FROM resolution r "
        "WHERE r.payment_id = NEW.id AND r.to_state = NEW.state AND r.state = 'confirmed')",
        "what was paid is returned, and what was returned paid, by two officers only",
    ),
    Guard(
        "payment",
        "nothing_asked_back",
        "UPDATE",
        "NEW.state = 'returned' AND OLD.state = 'paid'",
        f"SELECT 1 FROM payment p WHERE p.id = NEW.id AND {_ASKED} > 0",  # noqa: S608  # constants of ours
        "what was asked back of the firm is not returned by the bank",
    ),
    Guard(
        "transfer",
        "as_committed",
        "INSERT",
        "NEW.payment_id IS NOT NULL AND NEW.kind <> 'commit'",
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transfer c WHERE c.id = 'commit:' || NEW.payment_id "
        "AND c.payment_id = NEW.payment_id AND c.fen = NEW.fen AND c.line = NEW.line)",
        "money of a payment moves as it was committed, whole and on its line",
    ),
    Guard(
        "transfer",
        "as_the_payment_stands",
        "INSERT",
        "NEW.payment_id IS NOT NULL AND NEW.kind <> 'commit'",
        "SELECT 1 FROM payment p WHERE p.id = NEW.payment_id AND NOT (NEW.kind = 'uncommit' AND p.state = 'voided') "
        "AND p.state <> CASE NEW.kind WHEN 'uncommit' THEN 'batched' WHEN 'send' THEN 'sent' WHEN 'settle' THEN 'paid' "
        "WHEN 'resettle' THEN 'paid' ELSE 'returned' END",
        "money moves with its payment, and not otherwise",
    ),
    Guard(
        "resolution",
        "two_officers",
        "UPDATE",
        into("confirmed"),
        "SELECT 1 WHERE NEW.decided_by IS NULL",
        "another officer confirms what one proposed",
    ),
    Guard(
        "resolution",
        "both_stand_by_it",
        "UPDATE",
        into("confirmed"),
        f"SELECT 1 FROM officer o WHERE {_NO_MAKER} OR {_NO_DECIDER}",  # noqa: S608  # constants of ours
        "who proposed or confirms it has no open account any more, or not the role",
    ),
    Guard(
        "recovery",
        "paid_payment",
        "INSERT",
        "",
        f"{_OVER}p.amount_fen < NEW.amount_fen + {_ASKED})",
        "no more is asked back than was paid",
    ),
    Guard(
        "transfer",
        "within_the_recovery",
        "INSERT",
        # As a list of kinds, SQLite would build it anew for every transfer.
        "NEW.recovery_id IS NOT NULL AND NEW.kind <> 'claim'",
        "SELECT 1 FROM recovery r WHERE r.id = NEW.recovery_id AND (r.state <> 'ordered' OR r.amount_fen < "
        "NEW.fen + coalesce((SELECT sum(t.fen) FROM transfer t WHERE t.recovery_id = r.id "
        "AND t.kind IN ('recover', 'write_off', 'unclaim')), 0))",
        "no more comes back than was asked back",
    ),
)
