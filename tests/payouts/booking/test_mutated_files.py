"""Damaged return files, read and booked: no payment ever comes to an end that its bank did not tell.

Each file is a good one with one to three damages. Whatever is still read of it is booked, twice, and then the good file
after it; all of that is undone before the next one.
"""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import AnswerFile
from payouts.bank.returns.mapping import find_return_mapping
from payouts.bank.returns.read import read_return
from payouts.booking.book import book
from payouts.booking.outcomes import Outcome
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import payment, return_line, transfer
from tests.payouts.booking.sent import dues, sent
from tests.payouts.returns.files import comma, pipe, report, status, transaction
from tests.payouts.returns.test_mutations import _MUTATIONS
from tests.payouts.stories import act, confirmed, money, people

_DUES = dues(24)
_IDS = [payment_id(due.id, 1) for due in _DUES]
_TRUTH = {one: ("paid", "returned", "unknown")[place % 3] for place, one in enumerate(_IDS)}
_COMMA = (("交易成功", "0000", ""), ("交易失败", "E1", "户名不符"), ("处理中", "", ""))
_PIPE = (("00", "", ""), ("E1", "A1", "户名不符"), ("99", "", ""))
_XML = (status("ACSC"), status("RJCT", ["AC04"]), status("ACSP"))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _comma_file() -> bytes:
    rows = [(one, _yuan(due.fen), *_COMMA[place % 3]) for place, (one, due) in enumerate(zip(_IDS, _DUES, strict=True))]
    return comma(rows)


def _pipe_file() -> bytes:
    rows = [(one, str(due.fen), *_PIPE[place % 3]) for place, (one, due) in enumerate(zip(_IDS, _DUES, strict=True))]
    return pipe(rows)


def _xml_file() -> bytes:
    lines = [
        transaction(one, _XML[place % 3], _yuan(due.fen)) + "\n"
        for place, (one, due) in enumerate(zip(_IDS, _DUES, strict=True))
    ]
    return report("".join(lines[:10]), "".join(lines[10:]))


_MADE: dict[str, Callable[[], bytes]] = {"comma": _comma_file, "pipe": _pipe_file, "xml": _xml_file}
_MAPPINGS = {form: find_return_mapping(f"sample-{form}-return") for form in ("comma", "pipe")}


def _read(form: str, data: bytes) -> AnswerFile:
    return read_return(data, f"{form}.txt", _MAPPINGS.get(form))


class _Undone(Exception):
    pass


def _told(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
        sent(connection, _DUES)


def _damaged(form: str, good: bytes, seed: int) -> bytes:
    draw = random.Random(f"{form} {seed}")
    data = good
    for _ in range(draw.choice((1, 1, 2, 3))):
        data = draw.choice(_MUTATIONS)(data, draw) if data else data
    return data


def _states(connection: Connection) -> dict[str, str]:
    return {row.id: row.state for row in connection.execute(select(payment.c.id, payment.c.state))}


def _no_wrong_end(connection: Connection, seed: int) -> None:
    for one, state in _states(connection).items():
        assert state in {"sent", "unknown", _TRUTH[one]}, (seed, one)


def _book_damaged(connection: Connection, form: str, data: bytes, good: AnswerFile, seed: int) -> bool:
    """Book what can be read of a damaged file, then the good one; return whether anything could be."""
    try:
        file = _read(form, data)
        booking = book(connection, file, act())
    except MianshenError:
        return False
    assert sum(booking.counts.values()) == booking.lines
    _no_wrong_end(connection, seed)
    rows = select(func.count()).select_from(transfer), select(func.count()).select_from(return_line)
    before = [connection.execute(query).scalar_one() for query in rows]
    assert book(connection, file, act()) == booking
    assert [connection.execute(query).scalar_one() for query in rows] == before
    book(connection, good, act())
    _no_wrong_end(connection, seed)
    contradicted = select(return_line.c.payment_id).where(return_line.c.outcome == Outcome.CONTRADICTORY.value)
    left = set(connection.execute(contradicted).scalars())
    assert all(state == _TRUTH[one] or one in left for one, state in _states(connection).items()), seed
    return True


def _through(ledger: Ledger, form: str, seeds: range) -> None:
    _told(ledger)
    data = _MADE[form]()
    good = _read(form, data)
    read = 0
    for seed in seeds:
        try:
            with ledger.write() as connection:
                read += _book_damaged(connection, form, _damaged(form, data, seed), good, seed)
                assert seed % 20 or violations(connection) == []
                raise _Undone
        except _Undone:
            pass
    assert read > len(seeds) // 10


@pytest.mark.parametrize("form", sorted(_MADE))
def test_a_thousand_damaged_files_book_nothing_wrong(ledger: Ledger, form: str) -> None:
    _through(ledger, form, range(350))


@pytest.mark.nightly
@pytest.mark.parametrize("form", sorted(_MADE))
def test_ten_thousand_damaged_files_book_nothing_wrong(ledger: Ledger, form: str) -> None:
    _through(ledger, form, range(3_500))
