"""Faults put into the product on purpose, so that the simulator can show that it finds such faults.

Each takes the path of a copied template, from which it may drop a rule of the database, and patches what it breaks.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Connection, select

from payouts.bank.answer import Answer
from payouts.bank.instruction import Order
from payouts.batches import approve, draw, export, payable, plan, recheck, seal
from payouts.batches.record import Batch
from payouts.booking import disputes, judge
from payouts.booking.outcomes import Outcome
from payouts.intake import take_in
from payouts.ledger import database
from payouts.ledger.tables import payment

Sabotage = Callable[[Path], AbstractContextManager[Any]]


def _drop(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def _patched(*patches: Any) -> ExitStack:
    stack = ExitStack()
    for one in patches:
        stack.enter_context(one)
    return stack


def _gives(where: Any, name: str, what: object) -> Any:
    return mock.patch.object(where, name, return_value=what)


def _as_planned(_connection: Connection, known: Batch) -> Any:
    return mock.Mock(content_sha256=known.content_sha256)


def approving_unseen(path: Path) -> ExitStack:
    """Approving does not draw the plan again."""
    return _patched(mock.patch.object(approve, "_as_it_is_now", _as_planned))


def two_live_payments(path: Path) -> ExitStack:
    """A plan takes up what has a live payment, and the database lets it."""
    _drop(path, "DROP INDEX uq_payment_live")
    return _patched(mock.patch.object(payable, "DEAD", ("voided", "returned", "sent", "paid", "unknown")))


def unknown_again(path: Path) -> ExitStack:
    """What the bank does not know is paid again."""
    _drop(path, "DROP INDEX uq_payment_live")
    return _patched(mock.patch.object(payable, "DEAD", ("voided", "returned", "unknown")))


def holds_ignored(path: Path) -> ExitStack:
    """Nobody looks at holds."""
    _drop(path, "DROP TRIGGER payment_no_open_hold", "DROP TRIGGER payment_sent_unless_held")
    return _patched(mock.patch.object(draw, "why_not", _but("held")))


def objections_ignored(path: Path) -> ExitStack:
    """Nobody looks at objections."""
    _drop(path, "DROP TRIGGER payment_no_open_objection", "DROP TRIGGER payment_sent_unless_objected")
    return _patched(
        mock.patch.object(draw, "why_not", _but("objection")),
        _gives(recheck, "without_ground", []),
        _gives(export, "without_ground", []),
    )


def no_last_look(path: Path) -> ExitStack:
    """What was approved is sent, whatever was said since."""
    return _patched(
        _gives(recheck, "without_ground", []),
        _gives(export, "without_ground", []),
    )


def exclusions_ignored(path: Path) -> ExitStack:
    """A firm that was struck off is paid."""
    return _patched(_gives(recheck, "_excluded", ()))


def written_before_released(path: Path) -> ExitStack:
    """Files are written of what is not released."""
    return _patched(_gives(export._Steps, "release", None))


def pulled_and_written(path: Path) -> ExitStack:
    """What was pulled stands in the file in place of something else; the totals are right."""

    def mixed(connection: Connection, known: Batch) -> Order:
        order = original(connection, known)
        query = select(payment.c.id).where(payment.c.batch_id == known.id, payment.c.state == "voided")
        voided = connection.execute(query.order_by(payment.c.id)).scalars().first()
        if voided is None or not order.instructions:
            return order
        first, *others = order.instructions
        return replace(order, instructions=(replace(first, payment_id=voided), *others))

    original = seal.order_of
    return _patched(mock.patch.object(seal, "order_of", mixed))


def amounts_not_compared(path: Path) -> ExitStack:
    """An answer of another amount is booked."""
    return _patched(_gives(judge, "_fits", True))


def every_answer_moves(path: Path) -> ExitStack:
    """Booking forgets what was booked before: the last word counts."""
    words = {Answer.PAID: Outcome.BOOKED_PAID, Answer.RETURNED: Outcome.BOOKED_RETURNED}
    words[Answer.UNKNOWN] = Outcome.BOOKED_UNKNOWN
    return _patched(mock.patch.object(judge, "_outcome", lambda line, *_: words[line.answer]))


def contradictions_unseen(path: Path) -> ExitStack:
    """Nobody is told that the bank says something else now."""
    return _patched(_gives(disputes, "cases", []), *_cases_in("resolve", "reissue", "reconcile"))


def lost_commits(path: Path) -> ExitStack:
    """Now and then a transaction that was acknowledged was not made."""
    return _patched(mock.patch.object(database.Ledger, "write", _forgetful()))


def own_accounts(path: Path) -> ExitStack:
    """Who entered an account approves the payment to it."""
    _drop(path, "DROP TRIGGER approval_no_own_account")
    return _patched(_gives(approve, "_refuse_own_accounts", None))


def overspending(path: Path) -> ExitStack:
    """Nobody looks whether a line has the money."""
    _drop(path, "DROP TRIGGER batch_covered", "DROP TRIGGER transfer_line_has_it")
    return _patched(mock.patch.object(plan.LineMoney, "is_enough", True))


def runs_not_held(path: Path) -> ExitStack:
    """What a run would pay otherwise is not held while its payment is on its way or paid."""
    return _patched(_gives(take_in, "_hold_differing", None))


def _but(code: str) -> Callable[..., Iterator[Any]]:
    original = payable.why_not
    return lambda *given: (reason for reason in original(*given) if reason.code != code)


def _cases_in(*names: str) -> list[Any]:
    return [mock.patch(f"payouts.booking.{name}.cases", return_value=[]) for name in names]


def _forgetful() -> Any:
    original, count = database.Ledger.write, iter(range(10**9))

    @contextmanager
    def write(self: database.Ledger) -> Iterator[Connection]:
        undoing = mock.patch("sqlalchemy.engine.default.DefaultDialect.do_commit", _undone)
        with undoing if next(count) % 40 == 39 else nullcontext(), original(self) as connection:
            yield connection

    return write


def _undone(_dialect: Any, connection: Any) -> None:
    connection.rollback()


# Each with the first seed that finds it.
SABOTAGES: tuple[tuple[Sabotage, int], ...] = (
    (approving_unseen, 3),
    (two_live_payments, 0),
    (unknown_again, 15),
    (holds_ignored, 0),
    (objections_ignored, 18),
    (no_last_look, 18),
    (exclusions_ignored, 21),
    (written_before_released, 0),
    (pulled_and_written, 1),
    (amounts_not_compared, 10),
    (every_answer_moves, 0),
    (contradictions_unseen, 10),
    (lost_commits, 0),
    (own_accounts, 3),
    (overspending, 1),
    (runs_not_held, 60),
)
