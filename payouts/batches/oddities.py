"""What an officer should look at before signing a plan; none of it stops one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from payouts.bank.codes import has_check_digit, is_bank_code
from payouts.batches.plan import Item, Plan
from payouts.ledger.act import Act, instant
from payouts.ledger.tables import batch, batch_item, payee, payment

_BEFORE_THE_BANK = ("batched", "voided")


class Oddity(NamedTuple):
    """A word to count by, what is odd, and the payments (of what is left out: the entitlements) that are meant."""

    code: str
    what: str
    of: tuple[str, ...]
    fen: int


def oddities_of(connection: Connection, plan: Plan, act: Act) -> tuple[Oddity, ...]:
    """Return what is odd about a plan, one line a kind."""
    paid_before = _paid_accounts(connection)
    firms: dict[str, set[str]] = {}
    for item in plan.items:
        firms.setdefault(item.account_no, set()).add(item.uscc)
    changed = _changed_lately(connection, plan, act)
    limit = plan.settings.third_signature.payment_above
    kinds = (
        ("account_changed", "the account was changed lately", lambda one: one.payee_id in changed),
        ("shared_account", "one account for several firms", lambda one: len(firms[one.account_no]) > 1),
        ("first_payment", "never paid to this account", lambda one: (one.uscc, one.account_no) not in paid_before),
        ("bank_code", "the 联行号 has a wrong check digit", _has_odd_code),
        (
            "large",
            "above the amount of a third signature",
            lambda one: limit is not None and one.amount_fen > limit * 100,
        ),
        ("again", "paid or tried before", lambda one: one.attempt > 1),
    )
    found = [_of_items(code, what, filter(is_odd, plan.items)) for code, what, is_odd in kinds]
    planned = _in_other_plans(connection, plan)
    found.append(
        _of_items("planned_twice", "in another plan as well", (one for one in plan.items if one.payment_id in planned))
    )
    return (*(one for one in found if one.of), *_left_out(plan))


def _has_odd_code(item: Item) -> bool:
    return is_bank_code(item.bank_code) and not has_check_digit(item.bank_code)


def _of_items(code: str, what: str, items: Iterable[Item]) -> Oddity:
    meant = tuple(items)
    return Oddity(code, what, tuple(one.payment_id for one in meant), sum(one.amount_fen for one in meant))


def _left_out(plan: Plan) -> Iterator[Oddity]:
    """Yield what is left out, by its first reason, with the amounts that are known."""
    for code in sorted({one.reasons[0].code for one in plan.left_out}):
        meant = [one for one in plan.left_out if one.reasons[0].code == code]
        keys = tuple(one.entitlement_id for one in meant)
        yield Oddity(f"left_out:{code}", "confirmed, and left out", keys, sum(one.amount_fen or 0 for one in meant))


def _changed_lately(connection: Connection, plan: Plan, act: Act) -> set[int]:
    """Return the accounts that replaced another one within the cooling-off time."""
    since = instant(datetime.fromisoformat(act.at) - timedelta(days=plan.settings.cooling_off_days))
    earlier = payee.alias("earlier")
    replaced = select(earlier.c.id).where(earlier.c.uscc == payee.c.uscc, earlier.c.id < payee.c.id).exists()
    return set(connection.execute(select(payee.c.id).where(payee.c.entered_at >= since, replaced)).scalars())


def _paid_accounts(connection: Connection) -> set[tuple[str, str]]:
    """Return the firms and accounts that a payment went to before."""
    same = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    query = (
        select(payee.c.uscc, payee.c.account_no)
        .select_from(payment)
        .join(batch_item, same)
        .join(payee, payee.c.id == batch_item.c.payee_id)
        .where(payment.c.state.not_in(_BEFORE_THE_BANK))
        .distinct()
    )
    return {(row.uscc, row.account_no) for row in connection.execute(query)}


def _in_other_plans(connection: Connection, plan: Plan) -> set[str]:
    query = (
        select(batch_item.c.payment_id)
        .join(batch, batch.c.id == batch_item.c.batch_id)
        .where(batch.c.state == "planned", batch.c.id != plan.batch_id)
    )
    return set(connection.execute(query).scalars())
