"""Whether firms still stand, by the newest snapshot: the conditions that may fail after a decision, decided again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from enterprise_data.session import session
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.api import frozen
from matcher.context import Context
from matcher.coverage import is_fresh
from matcher.outcomes import Outcome, Verdict
from matcher.plan import BoundPolicy, Plan, plan
from matcher.run.engine import Engine, attach, feeds_of, undelivered_in
from matcher.sql.rows_in import insert_rows
from payouts.batches.may_fail_later import narrowed
from payouts.ledger.tables import batch_item, entitlement, payment, proposal, run
from policies.awards_together import AwardsTogether
from policies.load import workspace_library

_NO_LONGER_MEANT = "the policy does not speak of the firm any more: it has left the register, or the region"


class Claim(NamedTuple):
    """A firm that a policy pays for a period, as its run decided it."""

    policy: str
    period: str
    uscc: str


def claims_of(connection: Connection, batch_id: str) -> list[Claim]:
    """Return for whom a batch's waiting payments are."""
    same = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    query = (
        select(entitlement.c.policy, run.c.period, entitlement.c.uscc)
        .select_from(payment)
        .join(batch_item, same)
        .join(entitlement, entitlement.c.id == payment.c.entitlement_id)
        .join(proposal, proposal.c.id == batch_item.c.proposal_id)
        .join(run, run.c.id == proposal.c.run_id)
        .where(payment.c.batch_id == batch_id, payment.c.state == "batched")
        .distinct()
    )
    return sorted(Claim._make(row) for row in connection.execute(query))


def standing_of(workspace: Workspace, claims: Iterable[Claim], as_of: date) -> dict[tuple[str, str], str]:
    """Return the firms that are not to be paid now, by policy and firm, each with why; for `recheck` and `export`.

    A condition that holds no longer excludes a firm, and so does one that is not known any more.

    Raises:
        MianshenError: there is no snapshot; a list that must be asked is too old by `as_of`; or a policy does not
            decide any more, so that nobody can say whether its firms still stand.
    """
    by_period: dict[str, list[Claim]] = {}
    for claim in claims:
        by_period.setdefault(claim.period, []).append(claim)
    snapshot = frozen(workspace)
    found: dict[tuple[str, str], str] = {}
    for period, some in sorted(by_period.items()):
        planned = _plan(workspace, snapshot, Context(Period.parse(period), as_of), {claim.policy for claim in some})
        _refuse_stale(planned, snapshot)
        found |= _decided(planned, snapshot, some)
    return found


def _plan(workspace: Workspace, snapshot: Snapshot, context: Context, policies: set[str]) -> Plan:
    library = workspace_library(workspace, snapshot.catalogue)
    planned = plan(library, snapshot.catalogue, context, policies, undelivered_in(snapshot))
    if planned.skipped:
        told = "; ".join(f"{skipped.policy}: {skipped.reason}" for skipped in planned.skipped)
        raise MianshenError(
            f"whether firms still stand cannot be decided, because policies do not decide any more ({told}); "
            "bring them back, or cancel the batch"
        )
    policies_now = tuple(narrowed(policy, snapshot.catalogue) for policy in planned.policies)
    return replace(planned, policies=policies_now, together=AwardsTogether())


def _refuse_stale(planned: Plan, snapshot: Snapshot) -> None:
    """Refuse to judge by lists that are too old: else every firm would be unknown, and pulled."""
    feeds = feeds_of(snapshot)
    asked = sorted(planned.datasets() | {planned.catalogue.register.dataset})
    stale = [name for name in asked if not is_fresh(planned.catalogue.datasets[name], feeds, planned.context.as_of)]
    if stale:
        told = ", ".join(
            f"{name} (of {feeds[name].data_date})" if name in feeds else f"{name} (never)" for name in stale
        )
        raise MianshenError(
            f"the data are too old to say by {planned.context.as_of} whether firms still stand: {told}; load newer "
            "ones and freeze them"
        )


def _decided(planned: Plan, snapshot: Snapshot, claims: Sequence[Claim]) -> dict[tuple[str, str], str]:
    snapshot.verify_datasets(planned.datasets())
    with (
        tempfile.TemporaryDirectory(prefix="mianshen-") as folder,
        session(Path(folder) / "spill") as connection,
    ):
        attach(connection, snapshot)
        engine = Engine(planned, feeds_of(snapshot), connection, complete=True)
        engine.run(lambda *_: None)
        connection.execute("CREATE TABLE asked (policy_no INTEGER, uscc VARCHAR)")
        numbers = {policy.id: no for no, policy in enumerate(planned.policies)}
        insert_rows(connection, "asked", [(numbers[claim.policy], claim.uscc) for claim in claims])
        rows = connection.execute(_ASKED).fetchall()
    why = {(one.policy_no, *one.words): _why(planned.policies[one.policy_no], one.verdict) for one in engine.patterns}
    found = {
        (planned.policies[no].id, uscc): _NO_LONGER_MEANT if w0 is None else why[no, w0, w1]
        for no, uscc, w0, w1 in rows
    }
    return {key: reason for key, reason in found.items() if reason}


_ASKED = """
    SELECT a.policy_no, a.uscc, k.w0, k.w1
    FROM asked a LEFT JOIN firms f ON f.uscc = a.uscc
    LEFT JOIN kept k ON k.policy_no = a.policy_no AND k.firm_no = f.firm_no
    ORDER BY a.policy_no, a.uscc
"""


def _why(policy: BoundPolicy, found: Verdict) -> str:
    """Return why a verdict excludes a firm; empty if it does not."""
    if found.outcome is Outcome.ELIGIBLE:
        return ""
    names = found.failed if found.outcome is Outcome.INELIGIBLE else found.unknown
    texts = {leaf.id: f"{leaf.text}（{leaf.clause}）" for leaf in policy.policy.conditions.leaves()}
    told = "; ".join(texts.get(name, name) for name in names)
    if found.outcome is Outcome.INELIGIBLE:
        return f"does not stand any more: {told}"
    return f"not known any more: {told}"
