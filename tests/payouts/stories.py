"""Ledgers in a given state, for tests: officers, a granted line, confirmed entitlements, a batch."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert

from payouts.ledger.act import Act
from payouts.ledger.keys import content_sha256, entitlement_id, payment_id
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import (
    approval,
    batch,
    batch_item,
    entitlement,
    officer,
    payee,
    payment,
    proposal,
    run,
)
from payouts.ledger.transfers import grant, transfer_payments

MAKER, CHECKER, APPROVER = "lihua", "wangfang", "zhaolei"
NOW = "2024-03-01T08:00:00.000000Z"
LINE = "line-1"
RUN = "run-1"


def act(actor: str = MAKER, at: str = NOW, reason: str = "test", code: str = "") -> Act:
    return Act(actor, at, reason, code)


@dataclass(frozen=True)
class Due:
    """A firm's entitlement for a story; everything is synthetic."""

    uscc: str
    fen: int
    policy: str = "synthetic-1"

    @property
    def id(self) -> str:
        return entitlement_id(self.policy, "2023", self.uscc, "", 0)


def people(connection: Connection) -> None:
    """Enter three officers; nobody knows their passwords."""
    told = {"password_hash": "-", "totp_step": 0, "failures": 0, "created_at": NOW, "created_by": "machine"}
    roles = {MAKER: "maker", CHECKER: "checker", APPROVER: "approver"}
    rows = [{"id": one, "name": one, "roles": role, **told} for one, role in roles.items()]
    connection.execute(insert(officer), rows)


def money(connection: Connection, fen: int = 10**12) -> None:
    grant(connection, LINE, "Synthetic line", fen, act())


def confirmed(connection: Connection, dues: list[Due], accounts: bool = True) -> None:
    """Take in a run that lists these entitlements, and let each be confirmed, with an account."""
    told = {"id": RUN, "period": "2023", "as_of": "2023-12-31", "snapshot_id": "s", "folder": "", "taken_at": NOW}
    connection.execute(insert(run), [{**told, "taken_by": MAKER}])
    rows = [
        {"id": due.id, "policy": due.policy, "period": "2023", "uscc": due.uscc, "item": "", "part": 0} for due in dues
    ]
    begin(connection, entitlement, "proposed", rows, act())
    said = {"run_id": RUN, "policy_sha256": "p", "region": "370200", "clause": "1", "line": LINE, "due_on": ""}
    connection.execute(
        insert(proposal),
        [
            {**said, "entitlement_id": due.id, "firm_name": f"虚构{due.uscc}公司", "unknown": "", "amount_fen": due.fen}
            for due in dues
        ],
    )
    if accounts:
        where = {"bank_name": "虚构银行", "bank_code": "102100099996", "source": "dataset", "entered_by": "machine"}
        connection.execute(
            insert(payee),
            [
                {
                    **where,
                    "uscc": due.uscc,
                    "account_name": f"虚构{due.uscc}公司",
                    "account_no": f"6222{place:012d}",
                    "entered_at": NOW,
                    "reason": "",
                }
                for place, due in enumerate(dues)
            ],
        )
    for state in ("reconfirmed", "published", "confirmed"):
        move(connection, entitlement, entitlement.c.state != state, state, act())


def approved(connection: Connection, dues: list[Due], name: str = "B1") -> list[str]:
    """Plan and approve a batch of confirmed entitlements by hand; return the ids of its payments."""
    items = [
        {
            "batch_id": name,
            "payment_id": payment_id(due.id, 1),
            "entitlement_id": due.id,
            "uscc": due.uscc,
            "proposal_id": place,
            "payee_id": place,
            "attempt": 1,
            "amount_fen": due.fen,
            "line": LINE,
            "purpose": "补贴",
        }
        for place, due in enumerate(dues, start=1)
    ]
    content = content_sha256([sorted(map(str, item.values())) for item in items])
    made = {
        "id": name,
        "content_sha256": content,
        "channel": "sample",
        "channel_sha256": "c",
        "terms": "",
        "payer_name": "虚构财政局",
    }
    made |= {"payer_account": "1", "payer_bank_code": "", "made_by": MAKER, "made_at": NOW, "cooling_since": NOW}
    total = sum(due.fen for due in dues)
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
