"""The lines of a return file as they will be booked: a rejected batch line by line, what no ledger can hold refused."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer, AnswerFile, AnswerLine, BadLine, WholeBatch
from payouts.ledger.tables import payment

_LARGEST = 2**63 - 1


def answered(connection: Connection, file: AnswerFile) -> tuple[list[AnswerLine], list[BadLine]]:
    """Return the lines to judge and those that cannot be read.

    The rejection of a whole batch gives a line for each of its payments that was sent, if the bank states how many
    there are and is right.

    Raises:
        MianshenError: not one line can be read, or two lines bear one number. Nothing is booked then, so that the file
            can be read again in another way.
    """
    lines = [line for line in file.lines if _fits(line)]
    bad = [*file.bad_lines, *(_too_large(line) for line in file.lines if not _fits(line))]
    if file.whole_batch is not None and not lines and not bad:
        return _rejected(connection, file.batch_id, file.whole_batch), []
    if not lines:
        told = f"; line {bad[0].line}: {bad[0].why}" if bad else ""
        raise MianshenError(
            f"{file.name} has no line that can be read as an answer{told}; nothing was booked: check that it is the "
            "bank's return file, and that the mapping is this bank's"
        )
    if len({line.line for line in lines} | {line.line for line in bad}) < len(lines) + len(bad):
        raise MianshenError(f"{file.name} has two lines of one number; nothing was booked: read it anew")
    return lines, bad


def _fits(line: AnswerLine) -> bool:
    return line.fen is None or abs(line.fen) <= _LARGEST


def _too_large(line: AnswerLine) -> BadLine:
    return BadLine(line.line, line.payment_id, f"the amount of {line.fen} fen is beyond any payment; ask the bank")


def _rejected(connection: Connection, batch_id: str, whole: WholeBatch) -> list[AnswerLine]:
    sent = (payment.c.batch_id == batch_id) & payment.c.state.not_in(("batched", "voided"))
    query = select(func.count(), func.coalesce(func.sum(payment.c.amount_fen), 0)).where(sent)
    count, fen = connection.execute(query).one()
    stated = whole.payments == count and whole.fen in (None, fen)
    if whole.answer is not Answer.RETURNED or not count or not stated:
        return []
    rows = connection.execute(select(payment.c.id).where(sent).order_by(payment.c.id)).scalars()
    told = (Answer.RETURNED, None, whole.code, whole.reason, whole.said_on)
    return [AnswerLine(place, one, *told) for place, one in enumerate(rows, start=1)]
