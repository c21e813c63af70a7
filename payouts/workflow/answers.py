"""What firms answer to a notice (意愿确认): they confirm, or they do not want the money.

They may answer while the notice still lasts; nothing is paid before it has ended. Where a policy asks for no answer
(`confirm: none`), the machine confirms as soon as an account is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement
from payouts.workflow.accounts import hold_without_account
from payouts.workflow.current import has_account
from payouts.workflow.standing import among, refuse_paid, require_each, require_reason
from policies.policy import Policy

_FIRM = "firm:"


def confirm(connection: Connection, entitlements: Sequence[str], act: Act) -> int:
    """Confirm entitlements that are published; what has no account is held (`no_account`). Return how many.

    The actor is the firm itself (`firm:<code>`), or an officer to whom it has answered.

    Raises:
        MianshenError: one is not published, or is another firm's; then none is confirmed.
    """
    ids = sorted(set(entitlements))
    require_each(connection, ids, ("published",), "confirmed")
    _refuse_others(connection, ids, act)
    for some in among(ids):
        move(connection, entitlement, some, "confirmed", act)
        hold_without_account(connection, act, some)
    return len(ids)


def decline(connection: Connection, entitlements: Sequence[str], act: Act) -> int:
    """Record that a firm does not want what is published, or was confirmed and is not on its way; return how many.

    Raises:
        MianshenError: one is in another state, on its way or paid, or is another firm's; or no reason is given.
    """
    ids = sorted(set(entitlements))
    require_reason(act, "declining")
    require_each(connection, ids, ("published", "confirmed"), "declined")
    _refuse_others(connection, ids, act)
    for some in among(ids):
        refuse_paid(connection, some, "declined")
        move(connection, entitlement, some, "declined", act)
    return len(ids)


def confirm_by_machine(connection: Connection, policies: Iterable[Policy], act: Act) -> int:
    """Confirm what is published of policies that ask for no answer, where an account is known; return how many.

    What has no account stays published and is held (`no_account`).
    """
    silent = [policy.id for policy in policies if policy.payout is not None and policy.payout.confirm == "none"]
    published = entitlement.c.policy.in_(silent) & (entitlement.c.state == "published")
    hold_without_account(connection, act, published)
    by = act.because("the policy asks for no answer, and an account is known", "no_answer_needed")
    return move(connection, entitlement, published & has_account(), "confirmed", by)


def _refuse_others(connection: Connection, ids: Sequence[str], act: Act) -> None:
    """A firm answers for itself only."""
    if not act.actor.startswith(_FIRM):
        return
    own = act.actor.removeprefix(_FIRM)
    for some in among(ids):
        other = connection.execute(select(entitlement.c.id).where(some, entitlement.c.uscc != own).limit(1)).first()
        if other is not None:
            raise MianshenError(f"entitlement {other.id} is not {own}'s; a firm answers for itself only")
