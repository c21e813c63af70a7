"""The part of `mianshen demo` about money: from what a run says is due to the bank and back, all of it synthetic.

Everything has a fixed day, so that it comes out the same every time; the officers are invented.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
from sqlalchemy import select, true

from cli.demo_bank import answer
from cli.demo_city import AS_OF, Demo
from enterprise_data.atomic import replace_text
from payouts.bank.channels import Channel, find_channel
from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.export import Exported, export
from payouts.batches.foreseen import refused_by
from payouts.batches.plan import Plan
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.batches.settings import Settings, read_settings
from payouts.batches.standing import claims_of, standing_of
from payouts.booking.book import book
from payouts.booking.bookings import Booking
from payouts.booking.recovery import order, receive
from payouts.booking.reissue import reissue
from payouts.intake.intake import Intake
from payouts.intake.run_file import read_run
from payouts.intake.take_in import take_in
from payouts.ledger.act import Act
from payouts.ledger.database import Ledger
from payouts.ledger.place import ledger_of
from payouts.ledger.tables import batch_item, entitlement, payee, payment, proposal
from payouts.ledger.transfers import grant
from payouts.notice_lists.page import html
from payouts.officers.accounts import Officer, add_officer
from payouts.officers.roles import Role
from payouts.workflow.account_feed import accounts_of, enter_accounts_from, validity_of
from payouts.workflow.accounts import Account, enter_account
from payouts.workflow.answers import confirm, confirm_by_machine
from payouts.workflow.holds import DEPARTMENT as DEPARTMENT_HOLD
from payouts.workflow.holds import hold_one
from payouts.workflow.objections import Wrong, raise_objection, uphold
from payouts.workflow.publishing import Heading, Published, publish
from payouts.workflow.reconfirming import reconfirm
from payouts.workflow.reminders import remind, unanswered
from payouts.workflow.sampling import draw_sample, record_check

ADMIN, MAKER, CHECKER, DEPARTMENT, DECIDER = "demo-admin", "demo-li", "demo-wang", "demo-zhao", "demo-qian"
_OFFICERS = (
    Officer(ADMIN, "示例·管理员", (Role.ADMIN,)),
    Officer(MAKER, "示例·李", (Role.MAKER,)),
    Officer(CHECKER, "示例·王", (Role.APPROVER, Role.CHECKER)),
    Officer(DEPARTMENT, "示例·赵", (Role.DEPARTMENT,)),
    Officer(DECIDER, "示例·钱", (Role.DEPARTMENT,)),
)
TAKEN = date(2025, 7, 1)
PUBLISHED = date(2025, 7, 2)
ANSWERED = date(2025, 7, 8)
PLANNED = date(2025, 7, 14)
BACK = date(2025, 7, 17)
AGAIN = date(2025, 7, 21)
RECOVERED = date(2025, 8, 1)
_SETTINGS = """\
# 合成数据 SYNTHETIC: the bureau, its account and its bank are invented.
payer: {name: 示例市财政局, account: "1000200030004000"}
channel: sample-pipe-gb18030
purpose: "{policy} {period}"
"""
_ANSWERS = "sample-comma-return"
_SHARE = Fraction(1, 50)  # of the proposals of a policy that its department looks at itself
_SILENT = 25  # each so many-th firm that is asked does not answer
_NOTICE_DAYS = 5
_TEN_THOUSAND = 10_000_00


@dataclass(frozen=True)
class Desk:
    """What the officers of the demo work with."""

    demo: Demo
    ledger: Ledger
    settings: Settings
    channel: Channel
    folder: Path


def act(who: str, day: date, reason: str = "演示 demo") -> Act:
    """Return an act of one of the invented officers at ten in the morning in China."""
    return Act(who, f"{day}T02:00:00.000000Z", reason)


def opened(demo: Demo) -> Desk:
    """Make the ledger of the demo, anew if it has one, with its officers; their passwords nobody knows."""
    shutil.rmtree(demo.space.ledger, ignore_errors=True)
    ledger = ledger_of(demo.space, make=True)
    with ledger.write() as connection:
        for officer in _OFFICERS:
            add_officer(connection, officer, secrets.token_urlsafe(), act(ADMIN, TAKEN))
    replace_text(demo.space.root / "payouts.yaml", _SETTINGS)
    settings, _ = read_settings(demo.space.root / "payouts.yaml")
    folder = demo.space.ledger / "files"
    folder.mkdir()
    return Desk(demo, ledger, settings, find_channel(settings.channel, _ANSWERS), folder)


def taken(desk: Desk) -> Intake:
    """Take in the newest run, and grant each line what the run says is due, in full ten thousands of yuan."""
    run = read_run(desk.demo.runs[-1].dir)
    with desk.ledger.write() as connection:
        done = take_in(connection, run, act(MAKER, TAKEN))
        for line, fen in run.rows.group_by("line").agg(pl.col("amount_fen").sum()).sort("line").iter_rows():
            if fen:
                grant(connection, line, line, -(-fen // _TEN_THOUSAND) * _TEN_THOUSAND, act(MAKER, TAKEN))
    return done


def reconfirmed(desk: Desk) -> tuple[int, int]:
    """Let the department look at a sample of each policy and stand by the rest; return drawn and reconfirmed."""
    drawn = stood_by = 0
    with desk.ledger.write() as connection:
        proposed = select(entitlement.c.policy).where(entitlement.c.state == "proposed").distinct()
        for policy in sorted(connection.execute(proposed).scalars()):
            by = act(DEPARTMENT, TAKEN)
            sample = draw_sample(connection, policy, by, seed=str(TAKEN), share=_SHARE)
            for one in sample.entitlements:
                record_check(connection, one, ok=True, act=by)
            drawn += len(sample.entitlements)
            stood_by += reconfirm(connection, policy, by).entitlements
    return drawn, stood_by


def published(desk: Desk) -> Published:
    """Publish everything, with the accounts of the snapshot entered before; the page lies beside the ledger."""
    heading = Heading(
        title="示例市 2024 年度惠企政策免申即享拟兑付名单公示（合成数据）",
        issuer="示例市财政局",
        department="示例市财政局企业科",
        phone="0000-0000000",
        address="示例市示例路 1 号",
        how_to_object="对名单有异议的，请在公示期内以实名书面向本局反映。",
    )
    policies = {policy.id: policy for policy in desk.demo.library.policies}
    snapshot = desk.demo.snapshot
    with desk.ledger.write() as connection:
        enter_accounts_from(connection, accounts_of(snapshot), act(MAKER, PUBLISHED), validity_of(snapshot))
        by = act(MAKER, PUBLISHED)
        made = publish(connection, true(), heading, policies, by, published_on=PUBLISHED, days=_NOTICE_DAYS)
    (desk.demo.space.ledger / "notice.html").write_bytes(html(made.notice))
    return made


def objected(desk: Desk) -> str:
    """Let a firm object to another's award, and its department decide; return the name of the firm objected to."""
    with desk.ledger.write() as connection:
        query = select(entitlement.c.id, proposal.c.firm_name).join(
            proposal, proposal.c.entitlement_id == entitlement.c.id
        )
        one = connection.execute(query.where(entitlement.c.state == "published").order_by(entitlement.c.id)).first()
        assert one is not None  # noqa: S101  # a city of the demo's least size has awards
        told = {"raised_by": "示例·孙", "contact": "0000-0000001", "grounds": "该企业上年营业收入与公示不符"}
        by = act(MAKER, PUBLISHED)
        raised = raise_objection(connection, one.id, raised_on=PUBLISHED, act=by, **told)
        uphold(connection, raised, Wrong.DATUM, act(DECIDER, ANSWERED, "税务部门更正了该企业的营业收入"))
    return str(one.firm_name)


def answered(desk: Desk) -> tuple[int, int]:
    """Let firms answer, where a policy asks them to; each so many-th does not. Return confirmed and silent."""
    with desk.ledger.write() as connection:
        confirmed = confirm_by_machine(connection, desk.demo.library.policies, act("machine", ANSWERED))
        asked = [one.entitlement_id for one in unanswered(connection)]
        silent = set(asked[_SILENT - 1 :: _SILENT])
        confirmed += confirm(connection, [one for one in asked if one not in silent], act(MAKER, ANSWERED))
        remind(connection, act(MAKER, ANSWERED))
    return confirmed, len(silent)


def planned(desk: Desk, day: date) -> Plan:
    """Plan what is payable, hold what the bank's form cannot carry, and let a second officer approve the rest."""
    with desk.ledger.write() as connection:
        plan = draw_plan(connection, Selection(), desk.settings, act(MAKER, day))
        why = {one.payment_id: str(one) for one in refused_by(plan, desk.channel, act(MAKER, day))}
        for item in plan.items:
            if item.payment_id in why:
                hold_one(connection, item.entitlement_id, DEPARTMENT_HOLD, act(MAKER, day, why[item.payment_id]))
        if why:
            plan = draw_plan(connection, Selection(), desk.settings, act(MAKER, day))
        record_plan(connection, plan, act(MAKER, day))
        approve(connection, plan.batch_id, CHECKER, act(CHECKER, day))
    return plan


def sent(desk: Desk, plan: Plan, day: date) -> Exported:
    """Ask the newest data once more who is excluded, release the batch and write its files."""
    with desk.ledger.read() as connection:
        claims = claims_of(connection, plan.batch_id)
    gone = standing_of(desk.demo.space, claims, AS_OF)
    return export(desk.ledger, plan.batch_id, desk.folder, act(MAKER, day), channel=desk.channel, exclusions=gone)


def booked(desk: Desk, exported: Exported, day: date, *, all_well: bool = False) -> Booking:
    """Let the bank answer, and book what it says."""
    file = desk.demo.space.ledger / f"return-{day}.csv"
    replace_text(file, answer(exported.paths, day, all_well=all_well))
    told = desk.channel.read_answer(file.read_bytes(), file.name)
    with desk.ledger.write() as connection:
        return book(connection, told, act(MAKER, day))


def reissued(desk: Desk, day: date) -> int:
    """Take up what came back, with accounts that the firms named instead; return how many."""
    with desk.ledger.write() as connection:
        query = (
            select(payment.c.id, payee)
            .join(batch_item, batch_item.c.payment_id == payment.c.id)
            .join(payee, payee.c.id == batch_item.c.payee_id)
            .where(payment.c.state == "returned")
            .order_by(payment.c.id)
        )
        rows = connection.execute(query).all()
        firms = {row.uscc: row for row in rows}
        for place, row in enumerate(firms.values()):
            other = Account(row.uscc, row.account_name, f"9{place:015d}", row.bank_name, row.bank_code)
            enter_account(connection, other, "firm", act(MAKER, day, "企业来函更正账户"))
        return reissue(connection, [row.id for row in rows], act(MAKER, day, "已更正账户"))


def recovered(desk: Desk) -> tuple[int, int]:
    """Ask one payment back, of which half has come so far; return both in fen."""
    with desk.ledger.write() as connection:
        query = select(payment.c.id, payment.c.amount_fen).where(payment.c.state == "paid").order_by(payment.c.id)
        one = connection.execute(query).first()
        assert one is not None  # noqa: S101  # the bank paid most
        asked = order(connection, one.id, one.amount_fen, "示例审计意见第1号", act(MAKER, RECOVERED))
        receive(connection, asked, one.amount_fen // 2, "示例回款0001", act(MAKER, RECOVERED))
    return one.amount_fen, one.amount_fen // 2
