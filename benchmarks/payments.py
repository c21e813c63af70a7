"""Seconds for a batch of 100,000 payments on SQLite: planned, approved, exported, and its return file booked.

python benchmarks/payments.py [PAYMENTS]

Wall-clock and, in brackets, processor time. `staged` is plan, record and approval; `export` is the last look, sealing,
release and the files on disk; `booked` is the bank's answer to each payment, of which one in twenty came back.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from payouts.bank.answer import Answer, AnswerFile, AnswerLine
from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.export import export
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.booking.book import book
from payouts.ledger.creation import create
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.tables import payment
from tests.payouts.batches.scenes import CHANNEL, SETTINGS, due
from tests.payouts.stories import CHECKER, Due, act


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long a block takes."""
    wall, own = time.perf_counter(), time.process_time()
    yield
    print(f"{what:10} {time.perf_counter() - wall:6.2f} s ({time.process_time() - own:.2f} s)", flush=True)


def staged(ledger: Ledger) -> str:
    """Plan everything, and approve it."""
    with timed("plan"), ledger.read() as connection:
        plan = draw_plan(connection, Selection(), SETTINGS, act())
    with timed("record"), ledger.write() as connection:
        name = record_plan(connection, plan, act())
    with timed("approve"), ledger.write() as connection:
        approve(connection, name, CHECKER, act(CHECKER))
    return name


def answered(ledger: Ledger) -> AnswerFile:
    """Return a return file that answers every payment."""
    with ledger.read() as connection:
        rows = connection.execute(select(payment.c.id, payment.c.amount_fen).order_by(payment.c.id)).all()
    lines = []
    for line, (one, fen) in enumerate(rows, start=1):
        answer, code = (Answer.RETURNED, "AC04") if line % 20 == 0 else (Answer.PAID, "")
        lines.append(AnswerLine(line, one, answer, fen, code, "", "2024-03-05"))
    return AnswerFile("0" * 64, "return.csv", tuple(lines), ())


def main(payments: int) -> None:
    """Print one line a step."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger.sqlite")
        create(ledger)
        due(ledger, [Due(f"91370200{number:010d}", 1_00 + number) for number in range(payments)])
        with timed("staged"):
            name = staged(ledger)
        out = Path(folder) / "out"
        out.mkdir()
        with timed("export"):
            export(ledger, name, out, act(), channel=CHANNEL, exclusions={})
        with timed("again"):
            export(ledger, name, out, act(), channel=CHANNEL, exclusions={})
        file = answered(ledger)
        with timed("booked"), ledger.write() as connection:
            book(connection, file, act())
        ledger.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
