"""Random sequences of return files, resolutions and reissues: the books hold, and nothing is booked but once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from payouts.bank.answer import Answer, AnswerFile
from payouts.booking.book import book
from payouts.booking.bookings import find_booking
from payouts.booking.disputes import cases
from payouts.booking.resolve import confirm, propose
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import METADATA, payment, return_line, transfer
from payouts.ledger.transfers import balances
from tests.payouts.booking.sent import PAID, RETURNED, UNKNOWN, answers, approved, dues, sent
from tests.payouts.stories import CHECKER, MAKER, act, confirmed, money, people

_DUES = dues(6)
_IDS = [*(payment_id(due.id, 1) for due in _DUES), "A" * 26, "not an id"]

Word = tuple[int, Answer, int]  # which payment, what, and by how much the amount is off; 2: not said
_words = st.tuples(st.integers(0, 7), st.sampled_from(Answer), st.sampled_from((0, 0, 0, 2, 1)))
_files = st.lists(st.tuples(st.lists(_words, min_size=1, max_size=6), st.integers(0, 2)), min_size=1, max_size=5)
_steps = st.one_of(
    st.tuples(st.lists(_words, min_size=1, max_size=5), st.integers(0, 1)),
    st.tuples(st.integers(0, 4), st.sampled_from(("paid", "returned"))),
)

_quick = settings(max_examples=40, suppress_health_check=list(HealthCheck))
_full = settings(max_examples=2_000, suppress_health_check=list(HealthCheck))


class _Undone(Exception):
    pass


@pytest.fixture
def six(ledger: Ledger) -> Ledger:
    """Five payments that were sent, in two batches, and a sixth that is approved."""
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
        sent(connection, _DUES[:3])
        sent(connection, _DUES[3:5], "B2")
        approved(connection, _DUES[5:], "B3")
    return ledger


@contextmanager
def undone(ledger: Ledger) -> Iterator[Connection]:
    """Give a transaction that is undone at the end."""
    try:
        with ledger.write() as connection:
            yield connection
            raise _Undone
    except _Undone:
        pass


def file_of(words: Sequence[Word], bad: int, name: str = "") -> AnswerFile:
    """Return a return file that says these words."""
    told = []
    for one, answer, off in words:
        fen = _DUES[min(one, 5)].fen
        told.append((_IDS[one], answer, None if off == 2 else fen + off))
    return answers(*told, bad=bad, name=name)


def everything(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for name, table in METADATA.tables.items()
    }


def states(connection: Connection) -> dict[str, str]:
    return {row.id: row.state for row in connection.execute(select(payment.c.id, payment.c.state))}


def check_books(connection: Connection) -> None:
    """Hold the books against the payments' states: every invariant, and each account's sum."""
    assert violations(connection) == []
    sums = {"committed": 0, "clearing": 0, "paid": 0}
    accounts = {"batched": "committed", "sent": "clearing", "unknown": "clearing", "paid": "paid"}
    for state, fen in connection.execute(select(payment.c.state, payment.c.amount_fen)):
        if state in accounts:
            sums[accounts[state]] += fen
    found = balances(connection)
    assert {name: found.get(("line-1", name), 0) for name in sums} == sums
    ends = select(transfer.c.payment_id, func.count()).where(transfer.c.kind.in_(("settle", "return")))
    assert all(count == 1 for _, count in connection.execute(ends.group_by(transfer.c.payment_id)))


def expected(files: Sequence[tuple[Sequence[Word], int]], one: int) -> str:
    """Return what becomes of a sent payment, told in another way than the code does: word by word of one payment."""
    state, locked = "sent", False
    for words, _ in files:
        said = {(answer, off in {0, 2}) for which, answer, off in words if which == one}
        if len(said) > 1:
            locked = True
        elif said:
            answer, right = said.pop()
            if right and state in {"paid", "returned"}:
                locked = locked or answer not in {state, "unknown"}
            elif right and not locked:
                state = answer.value
    return state


def holds_through(ledger: Ledger, files: list[tuple[list[Word], int]]) -> None:
    with undone(ledger) as connection:
        for place, (words, bad) in enumerate(files):
            file = file_of(words, bad, f"file {place}")
            booking = book(connection, file, act())
            assert sum(booking.counts.values()) == booking.lines == file.line_count
            check_books(connection)
            before = everything(connection)
            assert book(connection, file, act(CHECKER)) == booking == find_booking(connection, file.sha256)
            assert everything(connection) == before
        found = states(connection)
        assert [found[_IDS[one]] for one in range(5)] == [expected(files, one) for one in range(5)]
        assert found[_IDS[5]] == "batched"
        kept = select(func.count()).select_from(return_line)
        assert connection.execute(kept).scalar_one() == sum(len(words) + bad for words, bad in files)


def holds_with_people(ledger: Ledger, steps: list[tuple[list[Word] | int, int | str]]) -> None:
    """Files, and officers who decide between them: an end is undone by two officers only."""
    with undone(ledger) as connection:
        for place, (what, how) in enumerate(steps):
            before = states(connection)
            if isinstance(what, list):
                book(connection, file_of(what, int(how), f"file {place}"), act())
                ended = {one: state for one, state in before.items() if state in {"paid", "returned"}}
                assert ended.items() <= states(connection).items()
            elif before[_IDS[what]] in {"sent", "unknown"} or cases(connection, payment.c.id == _IDS[what]):
                confirm(connection, propose(connection, _IDS[what], str(how), "shown", act(MAKER)), act(CHECKER))
                assert states(connection) == before | {_IDS[what]: how}
                assert not cases(connection, payment.c.id == _IDS[what])
            check_people(connection)


def check_people(connection: Connection) -> None:
    """Hold the books as above, but payments may have gone back and forth between their two ends."""
    assert violations(connection) == []


def in_any_order(ledger: Ledger, truth: Sequence[Answer], files: Sequence[Sequence[int]], order: Sequence[int]) -> None:
    """Files that say what is true, or that it is unknown, come to the same in any order."""
    words = [
        ([(one % 5, UNKNOWN if one > 4 else truth[one], 0) for one in sorted(set(file))], 0) for file in files if file
    ]
    words = [([word for word in said if _alone(word, said)], bad) for said, bad in words]
    ends = []
    for places in (range(len(words)), [place for place in order if place < len(words)]):
        with undone(ledger) as connection:
            for place in places:
                if words[place][0]:
                    book(connection, file_of(*words[place], f"file {place}"), act())
            check_books(connection)
            ends.append((states(connection), balances(connection)))
    assert ends[0] == ends[1]


def _alone(word: Word, said: Sequence[Word]) -> bool:
    return sum(other[0] == word[0] for other in said) == 1


_truths = st.lists(st.sampled_from((PAID, RETURNED)), min_size=5, max_size=5)
_parts = st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=5)


@_quick
@given(files=_files)
def test_any_files(six: Ledger, files: list[tuple[list[Word], int]]) -> None:
    holds_through(six, files)


@_quick
@given(steps=st.lists(_steps, min_size=1, max_size=8))
def test_any_files_and_officers(six: Ledger, steps: list[tuple[list[Word] | int, int | str]]) -> None:
    holds_with_people(six, steps)


@_quick
@given(truth=_truths, files=_parts, order=st.permutations(range(5)))
def test_the_order_of_files_does_not_matter(
    six: Ledger, truth: list[Answer], files: list[list[int]], order: list[int]
) -> None:
    in_any_order(six, truth, files, order)


@pytest.mark.nightly
@_full
@given(files=_files)
def test_any_files_many(six: Ledger, files: list[tuple[list[Word], int]]) -> None:
    holds_through(six, files)


@pytest.mark.nightly
@_full
@given(steps=st.lists(_steps, min_size=1, max_size=12))
def test_any_files_and_officers_many(six: Ledger, steps: list[tuple[list[Word] | int, int | str]]) -> None:
    holds_with_people(six, steps)
