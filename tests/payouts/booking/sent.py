"""Batches that were sent, and answers to them, for tests."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from payouts.bank.answer import Answer, AnswerFile, AnswerLine, BadLine
from payouts.ledger.database import Ledger
from payouts.ledger.keys import content_sha256, payment_id
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import approval, bank_file, batch, batch_item, payee, payment, proposal
from payouts.ledger.transfers import transfer_payments
from tests.payouts.stories import CHECKER, LINE, MAKER, NOW, Due, act, confirmed, money, people

PAID, RETURNED, UNKNOWN = Answer.PAID, Answer.RETURNED, Answer.UNKNOWN
DAY = "2024-03-05"


def dues(count: int) -> list[Due]:
    return [Due(f"91370200{place:010d}", 100_00 + place) for place in range(1, count + 1)]


DUES = dues(5)


def tell(ledger: Ledger) -> None:
    """Make five confirmed entitlements, and send the first three in the batch B1."""
    with ledger.write() as connection:
        people(connection)
        money(connection, 10_000_00)
        confirmed(connection, DUES)
        sent(connection, DUES[:3])


def approved(connection: Connection, some: Sequence[Due], name: str, attempt: int = 1) -> list[str]:
    """Approve a batch of confirmed entitlements; return the ids of its payments."""
    items = []
    for due in some:
        of_due = proposal.c.entitlement_id == due.id
        newest = select(func.max(proposal.c.id)).where(of_due)
        account = select(func.max(payee.c.id)).where(payee.c.uscc == due.uscc)
        items.append(
            {
                "batch_id": name,
                "payment_id": payment_id(due.id, attempt),
                "entitlement_id": due.id,
                "uscc": due.uscc,
                "proposal_id": connection.execute(newest).scalar_one(),
                "payee_id": connection.execute(account).scalar_one(),
                "attempt": attempt,
                "amount_fen": due.fen,
                "line": LINE,
                "purpose": "补贴",
            }
        )
    content = content_sha256([sorted(map(str, item.values())) for item in items])
    made = {"id": name, "content_sha256": content, "channel": "sample", "channel_sha256": "c", "terms": "{}"}
    made |= {"payer_name": "虚构财政局", "payer_account": "1", "payer_bank_code": "", "made_by": MAKER}
    made |= {"made_at": NOW, "cooling_since": "2025-01-01T00:00:00.000000Z"}
    total = sum(due.fen for due in some)
    begin(connection, batch, "planned", [{**made, "signatures": 2, "items": len(items), "total_fen": total}], act())
    connection.execute(insert(batch_item), items)
    for who, role in ((MAKER, "maker"), (CHECKER, "checker")):
        row = {"batch_id": name, "officer_id": who, "role": role, "content_sha256": content, "at": NOW}
        connection.execute(insert(approval), [row])
    move(connection, batch, batch.c.id == name, "approved", act(CHECKER))
    keys = ("batch_id", "entitlement_id", "attempt", "amount_fen")
    payments = [{"id": item["payment_id"], **{key: item[key] for key in keys}} for item in items]
    begin(connection, payment, "batched", payments, act(CHECKER))
    transfer_payments(connection, "commit", payment.c.batch_id == name, act(CHECKER))
    return [str(item["payment_id"]) for item in items]


def released(connection: Connection, name: str) -> None:
    """Seal a batch into one file and release it."""
    of_batch = payment.c.batch_id == name
    count, fen = connection.execute(select(func.count(), func.sum(payment.c.amount_fen)).where(of_batch)).one()
    row = {"batch_id": name, "part": 1, "name": f"{name}.csv", "sha256": name, "bytes": 1, "made_at": NOW}
    connection.execute(insert(bank_file), [{**row, "payments": count, "total_fen": fen}])
    for state in ("sealed", "released"):
        move(connection, batch, batch.c.id == name, state, act(CHECKER))
    move(connection, payment, of_batch, "sent", act(CHECKER))
    transfer_payments(connection, "send", of_batch, act(CHECKER))


def sent(connection: Connection, some: Sequence[Due], name: str = "B1", attempt: int = 1) -> list[str]:
    """Approve and release a batch; return the ids of its payments."""
    ids = approved(connection, some, name, attempt)
    released(connection, name)
    return ids


def said(
    line: int,
    payment: str,
    answer: Answer,
    fen: int | None = None,
    *,
    code: str = "",
    reason: str = "",
    said_on: str = DAY,
) -> AnswerLine:
    return AnswerLine(line, payment, answer, fen, code, reason, said_on)


def answers(*words: tuple[str, Answer] | tuple[str, Answer, int | None], bad: int = 0, name: str = "") -> AnswerFile:
    """Return a return file; its hash follows from what it says."""
    lines = tuple(said(place, *word) for place, word in enumerate(words, start=1))
    bad_lines = tuple(BadLine(len(lines) + place, "?", "not a line") for place in range(1, bad + 1))
    sha256 = hashlib.sha256(f"{lines}{bad_lines}{name}".encode()).hexdigest()
    return AnswerFile(sha256, name or f"{sha256[:8]}.csv", lines, bad_lines)
