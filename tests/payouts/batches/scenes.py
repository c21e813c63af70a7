"""Ledgers on their way to the bank: settings, a channel, and batches planned and approved by the real functions."""

from pathlib import Path

from sqlalchemy import Connection, insert, select

from payouts.bank.channels import MappedChannel
from payouts.bank.mapping_file import find_mapping
from payouts.batches.approve import approve
from payouts.batches.cancel import cancel
from payouts.batches.draw import draw_plan
from payouts.batches.plan import Plan
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.batches.settings import Payer, Settings
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.keys import entitlement_id
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import (
    account_listing,
    batch,
    entitlement,
    hold,
    notice,
    notice_item,
    objection,
    payee,
    payment,
    proposal,
    run,
)
from payouts.ledger.transfers import grant
from tests.payouts.stories import CHECKER, LINE, NOW, Due, act, confirmed, money, people

CHANNEL = MappedChannel(find_mapping("sample-pipe-gb18030"))
SETTINGS = Settings(
    payer=Payer(name="虚构财政局", account="10001"),
    purpose="{policy}（{period}）补贴",
    channel="sample-pipe-gb18030",
    channel_sha256=CHANNEL.fingerprint,
)
A, B, C = (Due(f"91370200AAAAAAAAA{n}", fen) for n, fen in ((1, 100_00), (2, 250_01), (3, 3_00)))
FIRMS = [A, B, C]
TOTAL = sum(due.fen for due in FIRMS)
EVERYTHING = Selection()


def due(ledger: Ledger, dues: list[Due] | None = None, fen: int = 10**12, accounts: bool = True) -> None:
    """Let firms be confirmed, with money on the line."""
    with ledger.write() as connection:
        people(connection)
        money(connection, fen)
        confirmed(connection, dues or FIRMS, accounts)


def drawn(ledger: Ledger, settings: Settings = SETTINGS, selection: Selection = EVERYTHING) -> Plan:
    with ledger.read() as connection:
        return draw_plan(connection, selection, settings, act())


def planned(ledger: Ledger, settings: Settings = SETTINGS, selection: Selection = EVERYTHING) -> str:
    plan = drawn(ledger, settings, selection)
    with ledger.write() as connection:
        return record_plan(connection, plan, act())


def ready(ledger: Ledger, dues: list[Due] | None = None) -> str:
    """Return the id of an approved batch of these firms."""
    due(ledger, dues)
    name = planned(ledger)
    sign(ledger, name)
    return name


def sign(ledger: Ledger, name: str, who: str = CHECKER) -> str:
    with ledger.write() as connection:
        return approve(connection, name, who, act(who)).state


def cancelled(ledger: Ledger, name: str) -> str:
    with ledger.write() as connection:
        cancel(connection, name, act())
    return state_of(ledger, name)


def state_of(ledger: Ledger, name: str) -> str:
    with ledger.read() as connection:
        found: str = connection.execute(select(batch.c.state).where(batch.c.id == name)).scalar_one()
        return found


def payments(ledger: Ledger) -> dict[str, str]:
    """Return the state of each payment, by its entitlement."""
    with ledger.read() as connection:
        rows = connection.execute(select(payment.c.entitlement_id, payment.c.state).order_by(payment.c.attempt))
        return {row.entitlement_id: row.state for row in rows}


def sound(ledger: Ledger) -> bool:
    with ledger.read() as connection:
        found = violations(connection)
    assert found == []
    return True


def folder_of(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(path.iterdir())}


def object_to(connection: Connection, one: Due) -> None:
    told = {"raised_by": "某人", "contact": "1", "raised_on": "2024-03-01", "grounds": "g"}
    begin(connection, objection, "open", [{"id": f"O-{one.uscc}", "entitlement_id": one.id, **told}], act())


def hold_back(connection: Connection, one: Due, period: str = "2023") -> None:
    claim = entitlement_id(one.policy, period, one.uscc, "", 0)
    row = {"id": f"H-{one.uscc}", "entitlement_id": claim, "code": "department", "detail": "asked to wait"}
    begin(connection, hold, "placed", [row], act())


def lift_holds(connection: Connection) -> None:
    move(connection, hold, hold.c.state == "placed", "lifted", act())


def publish(connection: Connection, one: Due, ends_on: str) -> None:
    told = {"title": "t", "published_on": "2024-02-20", "sha256": "s", "published_by": "m", "published_at": NOW}
    connection.execute(insert(notice), [{"id": f"N-{one.uscc}", "ends_on": ends_on, **told}])
    connection.execute(insert(notice_item), [{"notice_id": f"N-{one.uscc}", "entitlement_id": one.id}])


def say_again(connection: Connection, one: Due, fen: int | None, run_id: str = "run-2", **told: str) -> None:
    """Let a later run say something of an entitlement."""
    known = connection.execute(select(run.c.id).where(run.c.id == run_id)).first()
    if known is None:
        row = {
            "id": run_id,
            "period": "2023",
            "as_of": "2024-01-31",
            "snapshot_id": "s2",
            "folder": "",
            "taken_at": NOW,
        }
        connection.execute(insert(run), [{**row, "taken_by": "lihua"}])
    said = {"policy_sha256": "p", "region": "370200", "clause": "1", "line": LINE, "due_on": "", "unknown": ""}
    if fen is None:
        said["unknown"] = "staff"
    row = {"entitlement_id": one.id, "run_id": run_id, "firm_name": f"虚构{one.uscc}公司"}
    connection.execute(insert(proposal), [{**said, **row, **told, "amount_fen": fen}])


def next_year(connection: Connection, dues: list[Due], sha256: str = "p") -> None:
    """Let firms be confirmed for another period, by a run of its own."""
    row = {"id": "next", "period": "2024", "as_of": "2024-12-31", "snapshot_id": "s3", "folder": "", "taken_at": NOW}
    connection.execute(insert(run), [{**row, "taken_by": "lihua"}])
    claims = {one.uscc: entitlement_id(one.policy, "2024", one.uscc, "", 0) for one in dues}
    rows = [
        {"id": claims[one.uscc], "policy": one.policy, "period": "2024", "uscc": one.uscc, "item": "", "part": 0}
        for one in dues
    ]
    begin(connection, entitlement, "proposed", rows, act())
    said = {"run_id": "next", "policy_sha256": sha256, "region": "370200", "clause": "1", "line": LINE, "due_on": ""}
    connection.execute(
        insert(proposal),
        [
            {**said, "entitlement_id": claims[one.uscc], "firm_name": "虚构", "unknown": "", "amount_fen": one.fen}
            for one in dues
        ],
    )
    for state in ("reconfirmed", "published", "confirmed"):
        move(connection, entitlement, entitlement.c.id.in_(claims.values()), state, act())


def move_to_an_empty_line(connection: Connection, one: Due) -> None:
    grant(connection, "empty", "Too little", 1, act())
    say_again(connection, one, one.fen, line="empty")


def move_to_another_line(connection: Connection, one: Due) -> None:
    grant(connection, "other", "Another", one.fen, act())
    say_again(connection, one, one.fen, line="other")


def vouch(connection: Connection, one: Due, data_date: str, through: str) -> None:
    """Let a list of accounts name the account of a firm."""
    number = connection.execute(select(payee.c.id).where(payee.c.uscc == one.uscc)).scalar_one()
    row = {"payee_id": number, "data_date": data_date, "through": through}
    connection.execute(insert(account_listing), [row])


def new_account(connection: Connection, one: Due, who: str = "machine", at: str = NOW, no: str = "622277") -> None:
    row = {"uscc": one.uscc, "account_name": f"虚构{one.uscc}公司", "account_no": no, "bank_name": "虚构银行"}
    told = {"bank_code": "102100099996", "source": "officer", "entered_by": who, "entered_at": at, "reason": "new"}
    connection.execute(insert(payee), [{**row, **told}])
