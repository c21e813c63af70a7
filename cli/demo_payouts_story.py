"""What `mianshen demo` tells of money: the way from a run to the bank and back, and where everything stands then."""

from __future__ import annotations

from cli import demo_payouts as payouts
from cli.demo_city import PERIODS, Demo
from cli.failures import counted
from cli.money import money
from cli.output import Column, Row, count_column, money_column, write_lines, write_table
from payouts.booking.bookings import Booking
from payouts.ledger.invariants import violations
from payouts.status import STAGES, Status, status

_STAGES = (Column("stage", "Stage"), count_column("entitlements", "Entitlements"), money_column("fen", "Amount"))
_STEPS = (Column("day", "Day"), Column("who", "Officer"), Column("what", "What", wrap=True))


def tell_payouts(demo: Demo) -> None:
    """Write each step of a payout, then the funnel."""
    desk = payouts.opened(demo)
    try:
        write_table(_STEPS, _steps(desk))
        with desk.ledger.read() as connection:
            stand = status(connection)
            wrong = violations(connection)
        write_lines(["", f"Where the entitlements of {PERIODS[-1]} stand then:", ""])
        write_table(_STAGES, _funnel(stand))
        assert not wrong, wrong  # noqa: S101  # the demo must not show a broken ledger
        write_lines(["", "Every invariant of the ledger holds (`mianshen doctor` asks for them)."])
    finally:
        desk.ledger.close()


def _steps(desk: payouts.Desk) -> list[Row]:
    maker, department, decider = payouts.MAKER, payouts.DEPARTMENT, payouts.DECIDER
    took = payouts.taken(desk)
    drawn, stood_by = payouts.reconfirmed(desk)
    listed = payouts.published(desk).notice
    against = payouts.objected(desk)
    confirmed, silent = payouts.answered(desk)
    plan = payouts.planned(desk, payouts.PLANNED)
    first = payouts.sent(desk, plan, payouts.PLANNED)
    said = payouts.booked(desk, first, payouts.BACK)
    again = payouts.reissued(desk, payouts.AGAIN)
    second = payouts.planned(desk, payouts.AGAIN)
    at_last = payouts.booked(desk, payouts.sent(desk, second, payouts.AGAIN), payouts.RECOVERED, all_well=True)
    asked, came = payouts.recovered(desk)
    fresh, open_ = took.count("new"), took.count("undetermined")
    rows = [
        (payouts.TAKEN, maker, f"took in the run: {fresh:,} proposed ({money(took.fen('new'))}), {open_:,} open"),
        (payouts.TAKEN, department, f"looked at {drawn:,} of them itself and stood by {stood_by:,}"),
        (payouts.PUBLISHED, maker, f"published {len(listed.items):,} in notice.html until {listed.ends_on}"),
        (payouts.ANSWERED, decider, f"upheld an objection to {against}: its datum goes back to where it came from"),
        (payouts.ANSWERED, maker, f"{counted(confirmed, 'firm award')} confirmed, {silent:,} without an answer"),
        (payouts.PLANNED, maker, f"planned {len(plan.items):,} payments: batch {plan.batch_id[:8]}…"),
        (
            payouts.PLANNED,
            payouts.CHECKER,
            f"approved {money(plan.total_fen)}: drawn again, the plan had not moved",
        ),
        (payouts.PLANNED, maker, f"released it to the bank in {counted(len(first.paths), 'file')}, by hash"),
        (payouts.BACK, maker, f"booked the bank's answer: {_told(said)}"),
        (payouts.AGAIN, maker, f"{counted(again, 'firm')} named another account; planned and approved anew"),
        (payouts.RECOVERED, maker, f"booked the second answer: {_told(at_last)}"),
        (payouts.RECOVERED, maker, f"asked {money(asked)} back of one firm; {money(came)} came so far"),
    ]
    return [{"day": str(day), "who": who, "what": what} for day, who, what in rows]


def _told(booking: Booking) -> str:
    return ", ".join(
        f"{number:,} {outcome.value.replace('_', ' ')}" for outcome, number in booking.counts.items() if number
    )


def _funnel(stand: Status) -> list[Row]:
    """Return the stages of the funnel over all policies; what is held, by why."""
    rows: dict[str, list[int]] = {}
    for one in sorted(stand.stages, key=lambda found: (STAGES.index(found.stage.partition(":")[0]), found.stage)):
        sums = rows.setdefault(one.stage.replace(":", ": "), [0, 0])
        sums[0] += one.entitlements
        sums[1] += one.fen
    return [{"stage": stage, "entitlements": number, "fen": fen} for stage, (number, fen) in rows.items()]
