"""A whole batch, from confirmed entitlements to booked answers, in steps that go on from where the last try ended."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from payouts.bank.channels import MappedChannel
from payouts.bank.mapping_file import find_mapping
from payouts.bank.returns.mapping import find_return_mapping
from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.export import export
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.batches.settings import Payer, Settings
from payouts.booking.book import book
from payouts.ledger.creation import create
from payouts.ledger.database import Ledger
from payouts.ledger.tables import batch, return_file
from tests.payouts.reopening import opened
from tests.payouts.stories import CHECKER, Due, act, confirmed, money, people

CHANNEL = MappedChannel(find_mapping("sample-pipe-gb18030"), find_return_mapping("sample-comma-return"))
SETTINGS = Settings(
    payer=Payer(name="虚构财政局", account="10001"),
    purpose="{policy}（{period}）补贴",
    channel="sample-pipe-gb18030",
    channel_sha256=CHANNEL.fingerprint,
)
_EVERY_RETURNED = 7  # the bank sends back each seventh payment


def made(path: Path, payments: int) -> Path:
    """Make a ledger in which so many firms are confirmed, and nothing is planned."""
    ledger = opened(path)
    create(ledger)
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, [Due(f"9137020000{place:08d}", 100_00 + place) for place in range(payments)])
    ledger.close()
    return path


def finish(ledger: Ledger, folder: Path) -> Iterator[str]:
    """Do what is left of the batch; yield each step once it is acknowledged."""
    if _state(ledger) is None:
        with ledger.read() as connection:
            plan = draw_plan(connection, Selection(), SETTINGS, act())
        with ledger.write() as connection:
            record_plan(connection, plan, act())
        yield "planned"
    if _state(ledger) == "planned":
        with ledger.write() as connection:
            approve(connection, _batch(ledger), CHECKER, act(CHECKER))
        yield "approved"
    if not _booked(ledger):
        # Exporting again writes what a crash may have left out.
        export(ledger, _batch(ledger), folder, act(), channel=CHANNEL, exclusions={})
        yield "released"
        answer = CHANNEL.read_answer(_answer(folder), "answer.csv")
        with ledger.write() as connection:
            book(connection, answer, act())
        yield "booked"


def acknowledged(ledger: Ledger, step: str) -> bool:
    """Return whether a step that was acknowledged is in the ledger."""
    state = _state(ledger)
    return {
        "planned": state is not None,
        "approved": state in {"approved", "sealed", "released", "closed"},
        "released": state in {"released", "closed"},
        "booked": _booked(ledger),
    }[step]


def contents(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the ledger, by table; counted numbers aside, they do not depend on what was interrupted."""
    tables = ("batch", "batch_item", "approval", "payment", "bank_file", "return_line", "transfer", "hold")
    with ledger.read() as connection:
        return {
            name: sorted(tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")) for name in tables
        }


def _answer(folder: Path) -> bytes:
    """Return what the bank says of the files in the folder; it knows nothing but them."""
    lines, total = [], 0
    for file in sorted(folder.glob("*.txt")):
        for row in file.read_text("gb18030").splitlines()[1:]:
            _, payment, account, *_, amount, _, _ = row.split("|")
            status = "交易失败,B001,户名不符" if int(account) % _EVERY_RETURNED == 0 else "交易成功,0000,"
            lines.append(f"{payment},{account},{amount},{status},2024-03-05")
            total += round(float(amount) * 100)
    heading = "业务流水号,收款账号,金额,处理结果,返回码,返回信息,处理日期"
    control = f"合计,{len(lines)},{total / 100:.2f}"
    return ("\n".join([heading, *lines, control]) + "\n").encode()


def _batch(ledger: Ledger) -> str:
    with ledger.read() as connection:
        return str(connection.execute(select(batch.c.id)).scalar_one())


def _state(ledger: Ledger) -> str | None:
    with ledger.read() as connection:
        return connection.execute(select(batch.c.state)).scalar()


def _booked(ledger: Ledger) -> bool:
    with ledger.read() as connection:
        return connection.execute(select(return_file.c.sha256)).first() is not None
