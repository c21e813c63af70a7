"""A small bureau that rehearses payouts by command lines: officers with one-time codes, a clock, a made ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Connection

from cli.acting import CLOCK, TOKEN
from cli.payouts.bureau import EXAMPLE
from enterprise_data.workspace import SETTINGS, Workspace
from payouts.ledger.keys import payment_id
from payouts.ledger.place import ledger_of
from tests.cli.running import Result, mianshen, ok
from tests.payouts.stories import APPROVER, CHECKER, MAKER, Due, confirmed, money

ADMIN, AUDITOR, DEPARTMENT = "chief", "sunli", "qianjin"
PASSWORD = "correct horse battery"
ROLES = {MAKER: "maker", CHECKER: "checker", APPROVER: "approver", AUDITOR: "auditor", DEPARTMENT: "department"}
START = "2024-03-01T16:00:00+08:00"
A, B, C = (Due(f"91370200AAAAAAAAA{n}", fen) for n, fen in ((1, 100_00), (2, 250_01), (3, 3_00)))
FIRMS = [A, B, C]
PAYMENTS = [payment_id(due.id, 1) for due in FIRMS]
PAID, RETURNED, UNKNOWN = "交易成功", "交易失败", "处理中"


@dataclass
class Office:
    """A workspace whose officers are logged in; `does` runs a command line as one of them."""

    root: Path
    environment: pytest.MonkeyPatch
    tokens: dict[str, str] = field(default_factory=dict)

    def log_in(self, who: str, secret: str) -> None:
        """Log an officer in, by a code of the clock's time."""
        clock = datetime.fromisoformat(START)
        code = pyotp.TOTP(secret).at(clock)
        given = ("--password", PASSWORD, "--code", code, "--show-token")
        self.tokens[who] = ok("officer", "login", who, "-w", self.root, *given).out.strip()

    def tries(self, who: str, *arguments: object) -> Result:
        """Run a command line as an officer."""
        self.environment.setenv(TOKEN, self.tokens[who])
        return mianshen(*arguments, "-w", self.root)

    def does(self, who: str, *arguments: object) -> Result:
        """Run a command line as an officer that must succeed."""
        result = self.tries(who, *arguments)
        assert result.code == 0, result
        return result

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction, to tell the ledger what other commands would."""
        ledger = ledger_of(Workspace.open(self.root))
        with ledger.write() as connection:
            yield connection
        ledger.close()


def made(root: Path, environment: pytest.MonkeyPatch) -> Office:
    """Make the workspace, unless it is one, a rehearsal with officers; the ledger is empty but for them."""
    if not (root / SETTINGS).exists():
        Workspace.create(root, bare=True)
    settings = root / SETTINGS
    settings.write_text(settings.read_text("utf-8").replace("rehearsal = false", "rehearsal = true "), "utf-8")
    (root / "payouts.yaml").write_text(EXAMPLE, "utf-8")
    environment.setenv(CLOCK, START)
    environment.delenv(TOKEN, raising=False)
    office = Office(root, environment)
    office.log_in(ADMIN, _entered(root, ADMIN, "admin"))
    environment.setenv(TOKEN, office.tokens[ADMIN])
    for who, roles in ROLES.items():
        office.log_in(who, _entered(root, who, roles))
    return office


def answer(office: Office, name: str, *lines: tuple[str, int, str]) -> Path:
    """Write a return file as the sample has them: of each payment its fen and the bank's word."""
    rows = [f"{payment},,{fen / 100:.2f},{word},E01,账户不符,2024-03-05" for payment, fen, word in lines]
    total = sum(fen for _, fen, _ in lines) / 100
    heading = "业务流水号,收款账号,金额,处理结果,返回码,返回信息,处理日期"
    file = office.root / name
    file.write_text("\n".join([heading, *rows, f"合计,{len(lines)},{total:.2f}", ""]), "utf-8")
    return file


def with_firms(office: Office, dues: list[Due], fen: int = 10_000_00) -> Office:
    """Let firms be confirmed, with accounts, and grant money to their line of the budget."""
    with office.writing() as connection:
        money(connection, fen)
        confirmed(connection, dues)
    return office


def _entered(root: Path, who: str, roles: str) -> str:
    told = ok("officer", "add", who, "--name", who, "--roles", roles, "--password", PASSWORD, "-w", root).out
    found = re.search("secret=([A-Z2-7]+)", told)
    assert found is not None, told
    return found[1]
