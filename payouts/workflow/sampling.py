"""Spot checks (复核抽查): a department looks at some of a policy's proposals by hand before it reconfirms the rest.

Who is drawn follows from the seed alone: those whose SHA-256 of seed and entitlement comes first. An auditor draws
the same again.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, Select, func, insert, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import entitlement, event, sample, spot_check
from payouts.workflow.current import newest_proposals, proposed_after
from payouts.workflow.standing import by_state, require_reason


@dataclass(frozen=True)
class Sample:
    """What was drawn: `entitlements` of `population`, in the order of their ids."""

    id: str
    policy: str
    seed: str
    population: int
    entitlements: tuple[str, ...]


def draw_sample(
    connection: Connection, policy: str, act: Act, *, seed: str, n: int | None = None, share: Fraction | None = None
) -> Sample:
    """Draw `n` proposals of a policy, or a share of them rounded up, leaving out what was checked before.

    Raises:
        MianshenError: nothing is proposed that was not checked, or the size is none.
    """
    population = [(row.id, row.newest) for row in connection.execute(_unchecked(policy))]
    if not population:
        found = by_state(connection, entitlement.c.policy == policy)
        stand = ", ".join(f"{number} {state}" for state, number in found.items()) or "no entitlement at all"
        raise MianshenError(f"policy {policy} has no proposal left to draw from ({stand})")
    size = min(_size(len(population), n, share), len(population))
    order = {id_: hashlib.sha256(f"{seed}:{id_}".encode()).hexdigest() for id_, _ in population}
    drawn = sorted(sorted(population, key=lambda one: order[one[0]])[:size])
    number = connection.execute(select(func.count()).select_from(sample)).scalar_one()
    told = Sample(digest("sample", policy, number), policy, seed, len(population), tuple(id_ for id_, _ in drawn))
    through = max(proposal for _, proposal in population)
    row = {"id": told.id, "policy": policy, "seed": seed, "size": size, "population": len(population)}
    connection.execute(insert(sample), [{**row, "through": through, "drawn_by": act.actor, "drawn_at": act.at}])
    checks = [
        {"id": digest("check", told.id, id_), "sample_id": told.id, "entitlement_id": id_, "proposal_id": proposal}
        for id_, proposal in drawn
    ]
    begin(connection, spot_check, "drawn", checks, act)
    return told


def record_check(connection: Connection, entitlement_id: str, *, ok: bool, act: Act) -> None:
    """Record what a spot check found; a wrong proposal is refused, and the act's reason says what is wrong.

    Raises:
        MianshenError: the entitlement was not drawn, was checked already, or has changed since; or no reason is given.
    """
    if not ok:
        require_reason(act, "a wrong proposal")
    found = connection.execute(_drawn(entitlement_id)).first()
    if found is None:
        raise MianshenError(f"entitlement {entitlement_id} waits for no spot check; it was not drawn, or was checked")
    if found.state != "proposed" or found.has_changed:
        raise MianshenError(
            f"entitlement {entitlement_id} has changed since it was drawn: it is {found.state} now; draw a new sample"
        )
    move(connection, spot_check, spot_check.c.id == found.id, "ok" if ok else "wrong", act)
    if not ok:
        move(connection, entitlement, entitlement.c.id == entitlement_id, "refused", act.because(act.reason, "check"))


def open_checks(connection: Connection, policy: str) -> list[str]:
    """Return the entitlements of a policy that were drawn and wait for their spot check."""
    query = select(entitlement.c.id).join(spot_check, spot_check.c.entitlement_id == entitlement.c.id)
    waiting = query.where(spot_check.c.state == "drawn", entitlement.c.policy == policy)
    current = (entitlement.c.state == "proposed") & ~proposed_after(spot_check.c.proposal_id)
    return list(connection.execute(waiting.where(current).order_by(entitlement.c.id)).scalars())


def last_sample(connection: Connection, policy: str) -> tuple[str, int] | None:
    """Return the id of the sample of a policy drawn last, and the newest proposal that it could draw."""
    drawn = (event.c.kind == "spot_check") & (event.c.to_state == "drawn") & (event.c.subject == spot_check.c.id)
    query = (
        select(sample.c.id, sample.c.through)
        .join(spot_check, spot_check.c.sample_id == sample.c.id)
        .join(event, drawn)
        .where(sample.c.policy == policy)
        .order_by(event.c.seq.desc())
        .limit(1)
    )
    found = connection.execute(query).first()
    return None if found is None else (found.id, found.through)


def _size(population: int, n: int | None, share: Fraction | None) -> int:
    if (n is None) == (share is None):
        raise MianshenError("say how many to draw: a number, or a share, and not both")
    size = n if n is not None else math.ceil(population * (share or 0))
    if size < 1:
        raise MianshenError("a sample has at least one entitlement")
    return size


def _unchecked(policy: str) -> Select[tuple[str, int]]:
    """Return proposals of a policy that no spot check has looked at as they are now."""
    newest = newest_proposals()
    looked = select(spot_check.c.id).where(
        spot_check.c.entitlement_id == entitlement.c.id, spot_check.c.proposal_id == newest.c.id
    )
    return (
        select(entitlement.c.id, newest.c.id.label("newest"))
        .join_from(entitlement, newest, newest.c.entitlement_id == entitlement.c.id)
        .where(entitlement.c.policy == policy, entitlement.c.state == "proposed", ~looked.exists())
        .order_by(entitlement.c.id)
    )


def _drawn(entitlement_id: str) -> Select[str, str, bool]:
    has_changed = proposed_after(spot_check.c.proposal_id).label("has_changed")
    return (
        select(spot_check.c.id, entitlement.c.state, has_changed)
        .join_from(spot_check, entitlement, entitlement.c.id == spot_check.c.entitlement_id)
        .where(entitlement.c.id == entitlement_id, spot_check.c.state == "drawn")
        .order_by(spot_check.c.proposal_id.desc())
        .limit(1)
    )
