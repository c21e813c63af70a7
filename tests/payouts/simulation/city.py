"""Who the world's people are, and what the newest run says of its firms; all of it synthetic."""

import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from sqlalchemy import insert

from payouts.bank.channels import MappedChannel
from payouts.bank.mapping_file import find_mapping
from payouts.bank.returns.mapping import find_return_mapping
from payouts.batches.settings import Payer, Settings, ThirdSignature
from payouts.intake.run_file import DecidedPolicy, RunFile
from payouts.ledger.creation import create
from payouts.ledger.database import open_ledger
from payouts.ledger.tables import officer
from payouts.workflow.publishing import Heading
from policies.policy import Policy
from tests.payouts.intake.said import Said, run_file
from tests.payouts.stories import NOW

OFFICERS = {"lihua": "maker", "sunqi": "checker maker", "wangfang": "checker", "zhaolei": "approver checker"}
NAMES = list(OFFICERS)
DEPARTMENT = "ministry"
POLICIES = (
    DecidedPolicy("grant", "虚构奖励", "g1", once=False, line="line-a", line_title="虚构资金一"),
    DecidedPolicy("rebate", "虚构补助", "r1", once=False, line="line-a", line_title="虚构资金一"),
    DecidedPolicy("once", "虚构一次性奖励", "o1", once=True, line="line-b", line_title="虚构资金二"),
)
LINES = ("line-a", "line-b")
CHANNEL = MappedChannel(find_mapping("sample-pipe-gb18030"), find_return_mapping("sample-pipe-return"))
_PLAIN = Settings(
    payer=Payer(name="虚构财政局", account="10001"),
    purpose="{policy}（{period}）补贴",
    channel="sample-pipe-gb18030",
    channel_sha256=CHANNEL.fingerprint,
    cooling_off_days=3,
)
SETTINGS = (
    _PLAIN,
    _PLAIN,
    _PLAIN.model_copy(update={"third_signature": ThirdSignature.model_validate({"batch_above": "300"})}),
)
HEADING = Heading("虚构公示", "虚构财政局", "虚构科", "0532-1", "虚构路1号", "来电")


def policies() -> dict[str, Policy]:
    """Return what a notice asks of policies, without their conditions."""
    source = SimpleNamespace(document="虚构文件", issuer="虚构局")
    return {
        one.policy: cast(
            "Policy",
            SimpleNamespace(
                id=one.policy, title=SimpleNamespace(zh=one.title), source=source, service=None, payout=None
            ),
        )
        for one in POLICIES
    }


def template(path: Path) -> Path:
    """Make a ledger with four officers; return its path."""
    ledger = open_ledger(path)
    create(ledger)
    told = {"password_hash": "-", "totp_step": 0, "failures": 0, "created_at": NOW, "created_by": "machine"}
    rows = [{"id": one, "name": one, "roles": roles, **told} for one, roles in OFFICERS.items()]
    with ledger.write() as connection:
        connection.execute(insert(officer), rows)
    ledger.close()
    return path


def copied(source: Path, path: Path) -> Path:
    """Copy a ledger as SQLite does it."""
    with sqlite3.connect(source) as old, sqlite3.connect(path) as new:
        old.backup(new)
    old.close()
    new.close()
    return path


@dataclass
class City:
    """What runs say: amounts in fen by entitlement, None for unknown; what is not there is not listed."""

    rng: random.Random
    firms: int
    listed: dict[str, Said] = field(default_factory=dict)
    # What the newest run that was taken in said.
    said: dict[str, int | None] = field(default_factory=dict)
    # What the newest data say of firms that are not to be paid.
    excluded: dict[tuple[str, str], str] = field(default_factory=dict)
    runs: list[RunFile] = field(default_factory=list)

    @staticmethod
    def of(rng: random.Random) -> "City":
        """Return a city whose first run lists most of its firms."""
        city = City(rng, rng.randint(3, 6))
        for firm in range(1, city.firms + 1):
            for policy in POLICIES:
                if rng.random() < 0.6:
                    city._list(Said(firm, rng.randint(1, 400_00), policy))
        return city

    def drift(self) -> None:
        """Let departments deliver other data, so that the next run says something else."""
        for _ in range(self.rng.randint(0, 3)):
            firm, policy = self.rng.randint(1, self.firms), self.rng.choice(POLICIES)
            one, chance = Said(firm, self.rng.randint(1, 400_00), policy), self.rng.random()
            if chance < 0.2:
                self.listed.pop(one.id, None)
            elif chance < 0.35:
                self._list(Said(firm, None, policy, unknown="staff"))
            else:
                self._list(one)
        if self.rng.random() < 0.2:
            firm, policy = self.rng.randint(1, self.firms), self.rng.choice(POLICIES)
            self.excluded[policy.policy, Said(firm, 1, policy).key[2]] = "deregistered"

    def run(self, day: str) -> RunFile:
        """Return a new run as of a day."""
        made = run_file(f"run-{len(self.runs) + 1}", list(self.listed.values()), day, policies=POLICIES)
        self.runs.append(made)
        return made

    def taken(self, run: RunFile) -> None:
        """Note that a run was taken in."""
        self.said = {row["id"]: row["amount_fen"] for row in run.rows.iter_rows(named=True)}

    def _list(self, one: Said) -> None:
        self.listed[one.id] = one


def maker(rng: random.Random) -> str:
    return rng.choice(("lihua", "lihua", "sunqi"))
