"""What the database itself refuses, whoever asks: illegal moves, and payments out of order.

The same rules for SQLite and PostgreSQL. A rule is a table, a moment, and a query of the new row (`NEW`) that finds
something when the rule is broken; `triggers` writes it in either dialect.
"""

from __future__ import annotations

from collections.abc import Iterator

from payouts.ledger.batch_guards import BATCH_GUARDS
from payouts.ledger.guard import Guard, into
from payouts.ledger.return_guards import RETURN_GUARDS
from payouts.ledger.states import GRAPHS

_FIXED = (
    Guard("transition", "fixed", "INSERT", "", "SELECT 1", "the graph of the states is what it was made as"),
    Guard(
        "officer",
        "stays_closed",
        "UPDATE",
        "OLD.disabled_at IS NOT NULL",
        "SELECT 1 WHERE coalesce(NEW.disabled_at, '') <> OLD.disabled_at",
        "an account that is closed stays so",
    ),
    Guard(
        "login",
        "stays_ended",
        "UPDATE",
        "OLD.ended_at IS NOT NULL",
        "SELECT 1 WHERE coalesce(NEW.ended_at, '') <> OLD.ended_at",
        "a login that has ended stays so",
    ),
    Guard(
        "resolution",
        "decided_once",
        "UPDATE",
        "OLD.state <> 'proposed'",
        "SELECT 1 WHERE coalesce(NEW.decided_by, '') <> coalesce(OLD.decided_by, '')",
        "who decided stays who they are",
    ),
)
_ORDER = (
    Guard(
        "payment",
        "approved_batch",
        "INSERT",
        "",
        "SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'approved'",
        "a payment belongs to a batch that is being approved",
    ),
    Guard(
        "payment",
        "confirmed_entitlement",
        "INSERT",
        "",
        "SELECT 1 FROM entitlement e WHERE e.id = NEW.entitlement_id AND e.state <> 'confirmed'",
        "only a confirmed entitlement is paid",
    ),
    Guard(
        "payment",
        "no_open_objection",
        "INSERT",
        "",
        "SELECT 1 FROM objection o WHERE o.entitlement_id = NEW.entitlement_id AND o.state = 'open'",
        "an objection is open",
    ),
    Guard(
        "payment",
        "no_open_hold",
        "INSERT",
        "",
        "SELECT 1 FROM hold h WHERE h.entitlement_id = NEW.entitlement_id AND h.state = 'placed'",
        "the entitlement is held",
    ),
    Guard(
        "payment",
        "newest_proposal",
        "INSERT",
        "",
        "SELECT 1 FROM batch_item i JOIN proposal p ON p.entitlement_id = i.entitlement_id AND p.id > i.proposal_id "
        "WHERE i.batch_id = NEW.batch_id AND i.payment_id = NEW.id",
        "a later run says something else of the entitlement",
    ),
    Guard(
        "payment",
        "released_batch",
        "UPDATE",
        into("sent"),
        "SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'released'",
        "a payment is sent when its batch is released",
    ),
    Guard(
        "approval",
        "maker_made_it",
        "INSERT",
        "",
        "SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND (NEW.role = 'maker') <> (b.made_by = NEW.officer_id)",
        "who made a batch signs it as its maker, and nobody else does",
    ),
    Guard(
        "approval",
        "no_own_account",
        "INSERT",
        "NEW.role <> 'maker'",
        # IS TRUE lets both databases begin with the few accounts that the officer entered, not with the batch's items.
        "SELECT 1 FROM batch b JOIN payee p ON p.entered_by = NEW.officer_id AND p.entered_at >= b.cooling_since "
        "WHERE b.id = NEW.batch_id AND "
        "(p.id IN (SELECT i.payee_id FROM batch_item i WHERE i.batch_id = NEW.batch_id)) IS TRUE",
        "who entered an account lately may not approve a payment to it",
    ),
    Guard(
        "approval",
        "planned_batch",
        "INSERT",
        "",
        "SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.state <> 'planned'",
        "a batch is signed while it is planned",
    ),
    Guard(
        "batch",
        "signed",
        "UPDATE",
        into("approved"),
        "SELECT 1 FROM batch b WHERE b.id = NEW.id AND b.signatures > "
        "(SELECT count(*) FROM approval a WHERE a.batch_id = NEW.id)",
        "a signature is missing",
    ),
    Guard(
        "batch",
        "files_equal_payments",
        "UPDATE",
        into("released"),
        "SELECT 1 FROM batch b WHERE b.id = NEW.id AND "
        "coalesce((SELECT sum(f.total_fen) FROM bank_file f WHERE f.batch_id = NEW.id), 0) <> "
        "coalesce((SELECT sum(p.amount_fen) FROM payment p WHERE p.batch_id = NEW.id AND p.state = 'batched'), 0)",
        "the files of the batch do not come to what its payments do",
    ),
)


def guards() -> tuple[Guard, ...]:
    """Return every rule but those on changing and deleting, which need no query."""
    return (*(guard for kind in GRAPHS for guard in _moves(kind)), *_FIXED, *_ORDER, *BATCH_GUARDS, *RETURN_GUARDS)


_MISSING = (
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM transition t WHERE t.kind = '{kind}' AND t.from_state = {before} AND "
    "t.to_state = NEW.state)"
)
# The last event of the row is this very move: who did it, when and why stands there before it is done.
_UNTOLD = (
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = '{kind}' AND e.subject = NEW.id AND "
    "e.from_state = {before} AND e.to_state = NEW.state AND NOT EXISTS (SELECT 1 FROM event l WHERE l.kind = '{kind}' "
    "AND l.subject = NEW.id AND l.seq > e.seq))"
)


def _moves(kind: str) -> Iterator[Guard]:
    """Yield the rules that a row begins and moves along its graph, each time with its event."""
    no_such, untold = f"no such move of {_article(kind)}", f"nobody says who moves {_article(kind)}, when and why"
    began, moved = {"kind": kind, "before": "''"}, {"kind": kind, "before": "OLD.state"}
    yield Guard(kind, "begins", "INSERT", "", _MISSING.format(**began), no_such)
    yield Guard(kind, "moves", "UPDATE", "NEW.state <> OLD.state", _MISSING.format(**moved), no_such)
    yield Guard(kind, "begins_told", "INSERT", "", _UNTOLD.format(**began), untold)
    yield Guard(kind, "moves_told", "UPDATE", "NEW.state <> OLD.state", _UNTOLD.format(**moved), untold)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"
