"""What becomes of a line of a return file: one name for each case, and which of them move a payment."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Outcome(StrEnum):
    """What a line did. Only the booked ones move a payment, and a payment at most once to an end."""

    BOOKED_PAID = "booked_paid"
    """The payment was waiting for its answer; it is paid."""

    BOOKED_RETURNED = "booked_returned"
    """The payment was waiting; the money came back, and the entitlement is held until it is reissued."""

    BOOKED_UNKNOWN = "booked_unknown"
    """The bank does not know either; the payment stays alive, and no machine sends it again."""

    ALREADY_SAID = "already_said"
    """The bank had said so before, in this file or another; an `unknown` after an end says nothing new."""

    CONTRADICTORY = "contradictory"
    """The bank says another end than before, or two things in one file; two officers decide, nothing moves.

    The same for a line against what two officers decided, and for every end that is told of a payment before they do.
    """

    WRONG_AMOUNT = "wrong_amount"
    """The amount is not the payment's; nothing moves."""

    FOREIGN = "foreign"
    """No payment of ours."""

    NOT_SENT = "not_sent"
    """A payment that was never released, or was voided; what is owed is held until an officer has asked the bank."""

    LATE = "late"
    """Two officers had decided by then, and the bank says nothing else."""

    MALFORMED = "malformed"
    """The line cannot be read."""

    WHOLE_BATCH = "whole_batch"
    """A word on a batch as a whole that names no payment and moves none: a message for a person.

    Only the rejection of a whole batch whose count of payments the bank states rightly is applied, payment by payment.
    """


BOOKED = frozenset({Outcome.BOOKED_PAID, Outcome.BOOKED_RETURNED, Outcome.BOOKED_UNKNOWN})

# What needs a person to look at it.
DISPUTED = frozenset({Outcome.CONTRADICTORY, Outcome.WRONG_AMOUNT})
FOR_A_PERSON = DISPUTED | {Outcome.FOREIGN, Outcome.NOT_SENT, Outcome.MALFORMED, Outcome.WHOLE_BATCH}

# What is about no payment of ours.
NOBODYS = frozenset({Outcome.FOREIGN, Outcome.MALFORMED, Outcome.WHOLE_BATCH})

# The state into which a booked line moves its payment, and the transfer that follows.
MOVES: Mapping[Outcome, tuple[str, str | None]] = MappingProxyType(
    {
        Outcome.BOOKED_PAID: ("paid", "settle"),
        Outcome.BOOKED_RETURNED: ("returned", "return"),
        Outcome.BOOKED_UNKNOWN: ("unknown", None),
    }
)
