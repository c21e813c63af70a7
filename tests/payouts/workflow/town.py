"""Entitlements of synthetic firms in a given state, and the policy they come from."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection

from enterprise_data.periods import PeriodKind
from payouts.intake.take_in import take_in
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement
from payouts.workflow.publishing import Heading, Published, publish
from policies.award_form import Payout
from policies.citation import Checked, Source, Title
from policies.model import PolicyKind, Service, Status
from policies.policy import Group, Policy
from tests.payouts.intake.said import GRANT, Said, run_file
from tests.payouts.stories import act

# Instants of 2024: the first of March is a Friday, the fourth of April a holiday, the seventh a worked Sunday.
MARCH_1 = "2024-03-01T02:00:00.000000Z"
OWN = entitlement.c.policy == "grant"
WAY = ("proposed", "reconfirmed", "published", "confirmed")
HEADING = Heading(
    title="虚构奖励公示",
    issuer="虚构市财政局",
    department="虚构市财政局",
    phone="0000-0000000",
    address="虚构路1号",
    how_to_object="以书面形式实名提出。",
)
POLICY = Policy(
    id="grant",
    title=Title(zh="虚构奖励"),
    kind=PolicyKind.AWARD,
    status=Status.IN_FORCE,
    source=Source(document="虚构文件1号", issuer="虚构市某局", checked=Checked.UNVERIFIED),
    service=Service(office="虚构市工信局", phone="0000-1111111"),
    applies=(),
    period_kind=PeriodKind.YEAR,
    conditions=Group("all", ()),
    award=None,
    budget=None,
    payout=Payout(notice="5 working days", confirm="account"),
    max_share=None,
    automatic=True,
    reason="",
    supersedes=(),
    note="",
    file="grant.yaml",
    sha256="g1",
)
SILENT = replace(POLICY, payout=Payout(notice="5 working days", confirm="none"))
POLICIES = MappingProxyType({"grant": POLICY})


def at(day: str, hour: int = 2) -> str:
    """Return an instant of a day (China is 8 hours ahead)."""
    return f"{day}T{hour:02d}:00:00.000000Z"


def proposed(
    connection: Connection, firms: int, run: str = "r1", *, fen: int = 100_00, as_of: str = "2023-12-31"
) -> list[str]:
    """Take in a run that lists so many firms; return the entitlements in the order of the firms."""
    said = [Said(firm, fen) for firm in range(1, firms + 1)]
    take_in(connection, run_file(run, said, as_of, policies=(GRANT,)), act(at=MARCH_1))
    return [one.id for one in said]


def brought(connection: Connection, firms: int, state: str, on: str = "2024-03-01") -> list[str]:
    """Bring so many firms to a state on the usual way, the notice by `publish`."""
    ids = proposed(connection, firms)
    for step in WAY[1 : WAY.index(state) + 1]:
        if step == "published":
            published(connection, on)
        else:
            move(connection, entitlement, OWN, step, act("dept", at(on)))
    return ids


def published(connection: Connection, on: str) -> Published:
    return publish(connection, OWN, HEADING, POLICIES, act(at=at(on)), published_on=date.fromisoformat(on))
