"""Which policies a run or a simulation leaves out, and why."""

from __future__ import annotations

from matcher.context import Context
from policies.load import Library
from policies.model import Status
from policies.policy import Policy


def why_not(policy: Policy, context: Context, *, drafts: bool = False) -> str | None:
    """Return why a policy decides nobody in a context; None where it decides. With `drafts`, drafts decide too.

    A repealed policy decides as long as it has instalments to finish.
    """
    decides = policy.status is Status.IN_FORCE or policy.finishing
    if not decides and not (drafts and policy.status is Status.DRAFT):
        return f"status {policy.status.value}"
    if not policy.automatic:
        return f"not automatic: {policy.reason or 'left to judgement'}"
    if policy.period_kind is not context.period.kind:
        return f"decides by {policy.period_kind.value}, the run by {context.period.kind.value}"
    if policy.applies and not any(rule.covers(context.period) for rule in policy.applies):
        return f"does not apply to {context.period}"
    return None


def not_ready(policy: Policy, library: Library) -> str | None:
    """Return the error that keeps a policy from being decided by machine, with its code; None where there is none."""
    problem = library.not_ready.get(policy.id)
    return None if problem is None else f"{problem.code}: {problem.message}"
