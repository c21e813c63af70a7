"""Which outcome each line has: one table, from what is known of the payment and what the file says of it."""

import itertools

import pytest

from payouts.booking.judge import Known, judge
from payouts.booking.outcomes import BOOKED, Outcome
from tests.payouts.booking.sent import PAID, RETURNED, UNKNOWN, said

_SENT, _UNKNOWN = Known(100, "sent"), Known(100, "unknown")
_PAID, _RETURNED = Known(100, "paid"), Known(100, "returned")
_P, _R, _U = (PAID, 100), (RETURNED, 100), (UNKNOWN, 100)

_TABLE = [
    # what is known, what the file says, the outcomes
    (_SENT, [_P], "booked_paid"),
    (_SENT, [_R], "booked_returned"),
    (_SENT, [_U], "booked_unknown"),
    (_SENT, [(PAID, None)], "booked_paid"),
    (_SENT, [(PAID, 99)], "wrong_amount"),
    (_SENT, [(UNKNOWN, 101)], "wrong_amount"),
    (_SENT, [_P, _P], "booked_paid already_said"),
    (_SENT, [_P, (PAID, None)], "booked_paid already_said"),
    (_SENT, [_U, _U, _U], "booked_unknown already_said already_said"),
    (_SENT, [_P, _R], "contradictory contradictory"),
    (_SENT, [_P, _P, _R], "contradictory contradictory contradictory"),
    (_SENT, [_U, _P], "contradictory contradictory"),
    (_SENT, [_P, (PAID, 50)], "contradictory contradictory"),
    (_UNKNOWN, [_P], "booked_paid"),
    (_UNKNOWN, [_R], "booked_returned"),
    (_UNKNOWN, [_U], "already_said"),
    (_PAID, [_P], "already_said"),
    (_PAID, [_U], "already_said"),
    (_PAID, [_R], "contradictory"),
    (_PAID, [(PAID, 99)], "wrong_amount"),
    (_RETURNED, [_R], "already_said"),
    (_RETURNED, [_P], "contradictory"),
    (Known(100, "batched"), [_P], "not_sent"),
    (Known(100, "voided"), [_P, _R], "not_sent not_sent"),
    (None, [_P, _R], "foreign foreign"),
    (Known(100, "sent", disputed=True), [_P], "contradictory"),
    (Known(100, "sent", disputed=True), [_U], "contradictory"),
    (Known(100, "unknown", disputed=True), [_R], "contradictory"),
    (Known(100, "paid", disputed=True), [_P], "already_said"),
    (Known(100, "paid", decided=True), [_P], "late"),
    (Known(100, "paid", decided=True), [_U], "late"),
    (Known(100, "paid", decided=True), [_R], "contradictory"),
    (Known(100, "returned", decided=True), [_R, _R], "late late"),
    (Known(100, "returned", decided=True), [_P], "contradictory"),
]


@pytest.mark.parametrize(("known", "words", "outcomes"), _TABLE)
def test_outcomes(known: Known | None, words: list[tuple[object, int | None]], outcomes: str) -> None:
    lines = [said(place, "ID", answer, fen) for place, (answer, fen) in enumerate(words)]  # type: ignore[arg-type]  # a table
    assert judge(lines, {} if known is None else {"ID": known}) == outcomes.split()


def test_every_outcome_of_a_line_is_in_the_table() -> None:
    shown = {Outcome(word) for _, _, outcomes in _TABLE for word in outcomes.split()}
    assert shown == set(Outcome) - {Outcome.MALFORMED, Outcome.WHOLE_BATCH}


@pytest.mark.parametrize("state", ["batched", "voided", "paid", "returned"])
def test_nothing_is_booked_but_what_waits(state: str) -> None:
    for flags in itertools.product((False, True), repeat=2):
        for words in itertools.product((PAID, RETURNED, UNKNOWN), (100, 99, None)):
            assert judge([said(1, "ID", *words)], {"ID": Known(100, state, *flags)})[0] not in BOOKED


def test_lines_of_other_payments_do_not_matter() -> None:
    lines = [said(1, "A", PAID), said(2, "B", RETURNED), said(3, "A", PAID), said(4, "X", PAID)]
    outcomes = judge(lines, {"A": _SENT, "B": _SENT})
    assert outcomes == ["booked_paid", "booked_returned", "already_said", "foreign"]
