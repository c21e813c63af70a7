"""A plan beside the last batches of its policies: which firms are new, dropped or paid another amount, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from payouts.batches.causes import Causes
from payouts.batches.payable import DEAD
from payouts.batches.plan import Plan
from payouts.ledger.tables import batch, batch_item, entitlement, payment, proposal

_SIGNED = ("approved", "sealed", "released", "closed")
Key = tuple[str, str]  # policy, firm


class Change(NamedTuple):
    """`new`, `dropped` or `changed`; amounts in fen, 0 where there was or is none; `cause` in words."""

    kind: str
    policy: str
    uscc: str
    firm_name: str
    before_fen: int
    after_fen: int
    cause: str


class Said(NamedTuple):
    """What a batch pays a firm by one policy, and the run and the revision of the policy that said so."""

    fen: int
    run_id: str
    policy_sha256: str
    firm_name: str


def changes_of(connection: Connection, plan: Plan, causes: Causes) -> tuple[Change, ...]:
    """Return what a plan changes against the last batch of each of its policies, by policy and firm.

    A firm that has its payment for the plan's period already is not dropped.
    """
    now = _now(plan)
    policies = {policy for policy, _ in now} | {one.policy for one in plan.left_out}
    before = _before(connection, policies)
    newest = {policy: said.run_id for (policy, _), said in now.items()}
    elsewhere = _elsewhere(connection, plan, policies)
    found = list(_new_and_changed(now, before, causes))
    for (policy, uscc), was in before.items():
        if (policy, uscc) not in now and elsewhere.get((policy, uscc)) != "":
            cause = elsewhere.get((policy, uscc)) or causes.of_dropping(policy, uscc, was.run_id, newest.get(policy))
            found.append(Change("dropped", policy, uscc, was.firm_name, was.fen, 0, cause))
    return tuple(sorted(found, key=lambda one: (one.policy, one.uscc)))


def _new_and_changed(now: Mapping[Key, Said], before: Mapping[Key, Said], causes: Causes) -> Iterator[Change]:
    last_runs = {policy: said.run_id for (policy, _), said in before.items()}
    for (policy, uscc), said in now.items():
        was = before.get((policy, uscc))
        if was is None:
            run_before = last_runs.get(policy)
            cause = (
                causes.of_adding(policy, uscc, run_before, said.run_id) if run_before else "the policy's first batch"
            )
            yield Change("new", policy, uscc, said.firm_name, 0, said.fen, cause)
        elif was.fen != said.fen:
            revised = was.policy_sha256 != said.policy_sha256
            cause = causes.of_change(policy, uscc, was.run_id, said.run_id, revised=revised)
            yield Change("changed", policy, uscc, said.firm_name, was.fen, said.fen, cause)


def _now(plan: Plan) -> dict[Key, Said]:
    found: dict[Key, Said] = {}
    for item in plan.items:
        key = (item.policy, item.uscc)
        fen = item.amount_fen + (found[key].fen if key in found else 0)
        found[key] = Said(fen, item.run_id, item.policy_sha256, item.firm_name)
    return found


def _before(connection: Connection, policies: Iterable[str]) -> dict[Key, Said]:
    """Return what the last signed batch of each policy paid."""
    last = (
        select(entitlement.c.policy, func.max(batch.c.made_at).label("made_at"))
        .select_from(batch)
        .join(batch_item, batch_item.c.batch_id == batch.c.id)
        .join(entitlement, entitlement.c.id == batch_item.c.entitlement_id)
        .where(batch.c.state.in_(_SIGNED), entitlement.c.policy.in_(sorted(policies)))
        .group_by(entitlement.c.policy)
        .subquery()
    )
    query = (
        select(
            entitlement.c.policy,
            entitlement.c.uscc,
            func.sum(batch_item.c.amount_fen),
            func.max(proposal.c.run_id),
            func.max(proposal.c.policy_sha256),
            func.max(proposal.c.firm_name),
        )
        .select_from(batch)
        .join(batch_item, batch_item.c.batch_id == batch.c.id)
        .join(entitlement, entitlement.c.id == batch_item.c.entitlement_id)
        .join(proposal, proposal.c.id == batch_item.c.proposal_id)
        .join(last, (last.c.policy == entitlement.c.policy) & (last.c.made_at == batch.c.made_at))
        .where(batch.c.state.in_(_SIGNED))
        .group_by(entitlement.c.policy, entitlement.c.uscc)
    )
    return {(policy, uscc): Said(int(fen), *rest) for policy, uscc, fen, *rest in connection.execute(query)}


def _elsewhere(connection: Connection, plan: Plan, policies: Iterable[str]) -> dict[Key, str]:
    """Return what the ledger itself says of firms that a plan does not pay; empty: the period's payment is alive."""
    periods = {item.period for item in plan.items} | {one.period for one in plan.left_out}
    alive = select(payment.c.id).where(payment.c.entitlement_id == entitlement.c.id, payment.c.state.not_in(DEAD))
    query = (
        select(entitlement.c.policy, entitlement.c.uscc, entitlement.c.state, alive.exists().label("alive"))
        .where(entitlement.c.policy.in_(sorted(policies)), entitlement.c.period.in_(sorted(periods)))
        .order_by(entitlement.c.policy, entitlement.c.uscc, entitlement.c.id)
    )
    found = {
        (policy, uscc): "" if alive else f"it is {state}" for policy, uscc, state, alive in connection.execute(query)
    }
    for one in plan.left_out:
        found[one.policy, one.uscc] = "; ".join(reason.detail for reason in one.reasons)
    return found
