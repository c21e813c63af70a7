"""Runs as intake reads them, written by hand: what each says of synthetic firms."""

from dataclasses import dataclass, replace

import polars as pl
from sqlalchemy import Connection, func, insert, select

from payouts.intake.rows import COLUMNS
from payouts.intake.run_file import DecidedPolicy, RunFile
from payouts.ledger.keys import entitlement_id
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, payee, proposal
from tests.payouts.stories import NOW, Due, act, approved, money, people
from tests.snapshot.city import uscc

GRANT = DecidedPolicy("grant", "虚构奖励", "g1", once=False, line="虚构资金", line_title="虚构资金")
ONCE = DecidedPolicy("once", "虚构一次性奖励", "o1", once=True, line="once", line_title="虚构一次性奖励")


@dataclass(frozen=True)
class Said:
    """One row of a run; without an amount, `unknown` says why."""

    firm: int
    fen: int | None
    policy: DecidedPolicy = GRANT
    item: str = ""
    part: int = 0
    unknown: str = ""
    name: str = ""
    period: str = "2023"

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        period = "" if self.policy.once else self.period
        return (self.policy.policy, period, uscc(self.firm), self.item, self.part)

    @property
    def id(self) -> str:
        return entitlement_id(*self.key)

    @property
    def row(self) -> tuple[object, ...]:
        told = (self.policy.sha256, self.name or f"虚构{self.firm}公司", "370200", "第一条", self.policy.line, "")
        return (self.id, *self.key, *told, self.unknown, self.fen)


def run_file(
    name: str,
    said: list[Said],
    as_of: str = "2023-12-31",
    period: str = "2023",
    policies: tuple[DecidedPolicy, ...] = (GRANT, ONCE),
) -> RunFile:
    rows = [replace(one, period=period).row for one in said]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return RunFile(name, f"runs/{name}", period, as_of, f"snapshot-{name}", policies, (), frame)


def states(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(entitlement.c.id, entitlement.c.state))
    return {row.id: row.state for row in rows}


def amounts(connection: Connection) -> dict[str, int | None]:
    """Return the amount of each entitlement's newest proposal."""
    newest = select(func.max(proposal.c.id)).group_by(proposal.c.entitlement_id)
    query = select(proposal.c.entitlement_id, proposal.c.amount_fen).where(proposal.c.id.in_(newest))
    return {row.entitlement_id: row.amount_fen for row in connection.execute(query)}


@dataclass(frozen=True)
class _Known(Due):
    """An entitlement whose key is its own."""

    key: str = ""

    @property
    def id(self) -> str:
        return self.key


def pay(connection: Connection, said: Said) -> None:
    """Let the only entitlement of a ledger be confirmed, and approve a batch with it: a live payment."""
    people(connection)
    money(connection)
    where = {"uscc": said.key[2], "account_name": "虚构公司", "account_no": "6222", "bank_name": "虚构银行"}
    how = {"bank_code": "", "source": "dataset", "entered_by": "machine", "entered_at": NOW, "reason": ""}
    connection.execute(insert(payee), [{**where, **how}])
    for state in ("reconfirmed", "published", "confirmed"):
        move(connection, entitlement, entitlement.c.id == said.id, state, act())
    approved(connection, [_Known(said.key[2], said.fen or 0, key=said.id)])
