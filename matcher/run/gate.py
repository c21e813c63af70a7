"""The safety gate: a policy that takes in more firms than it should stops the run for review.

Too much is more than the policy's own `max_share`, else the workspace's; and, where earlier runs decided the policy,
several times its highest share in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from matcher.plan import BoundPolicy
from matcher.run.manifest import PolicyResult, Stop

USUAL_FACTOR = 3
FEWEST_FIRMS = 100  # below this, a share says little
_USUALLY = f"{USUAL_FACTOR} times its highest share in earlier runs"


def stops(
    policies: Sequence[BoundPolicy],
    results: Sequence[PolicyResult],
    workspace_limit: Fraction | None,
    usual: Mapping[str, Fraction],
) -> Iterator[Stop]:
    """Yield the gates that the results run into; `usual` is each policy's highest share in earlier runs."""
    for policy, result in zip(policies, results, strict=True):
        if result.in_scope == 0:
            continue
        share = Fraction(result.eligible, result.in_scope)
        declared = policy.policy.max_share
        limit = declared if declared is not None else workspace_limit
        if limit is not None and share > limit:
            why = "the policy's own gate" if declared is not None else "max_share in mianshen.toml"
            yield _stop(result, share, limit, why)
        elif result.eligible >= FEWEST_FIRMS and policy.id in usual and share > usual[policy.id] * USUAL_FACTOR:
            yield _stop(result, share, usual[policy.id] * USUAL_FACTOR, _USUALLY)


def _stop(result: PolicyResult, share: Fraction, limit: Fraction, why: str) -> Stop:
    return Stop(policy=result.policy, share=f"{float(share):.4f}", limit=f"{float(limit):.4f}", why=why)
