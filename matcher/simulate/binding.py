"""Versions of a policy bound for a simulation: alone, without the steps that look at other policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError
from matcher.bind import Binder, ParameterValues, Undelivered
from matcher.context import Context
from matcher.left_out import not_ready, why_not
from matcher.plan import BoundPolicy, bind_policy
from matcher.simulate.versions import Version
from policies.policy import Policy


@dataclass(frozen=True)
class Bound:
    """One version for one run; `idle` says why it decides nobody, `left_out` which steps of its award are not taken."""

    name: str
    policy: BoundPolicy
    idle: str | None
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """What all versions are bound to."""

    catalogue: Catalogue
    context: Context
    undelivered: Undelivered

    def bound(
        self, version: Version, *, drafts: bool, name: str = "", parameters: ParameterValues | None = None
    ) -> Bound:
        """Bind a version; with `drafts`, one that is not in force yet decides as if it were.

        Raises:
            MianshenError: its award is a share of another policy's, or it cannot be bound.
        """
        policy = version.policy
        award = policy.award
        if award is not None and award.written is not None and award.written.share and award.written.share.of_award:
            raise MianshenError(
                f"{policy.id} pays a share of what {award.written.share.of_award} awards; awards that are made of "
                "other awards are not simulated"
            )
        library = version.library
        binder = Binder(
            self.context, library.definition_terms, parameters or library.parameters, undelivered=self.undelivered
        )
        idle = why_not(policy, self.context, drafts=drafts) or not_ready(policy, library)
        left_out = tuple(_left_out(policy))
        return Bound(name or policy.id, bind_policy(_alone(policy), self.catalogue, binder), idle, left_out)


def _alone(policy: Policy) -> Policy:
    award = policy.award and replace(policy.award, exclusive=None, shared_caps=())
    return replace(policy, award=award, budget_line=None)


def _left_out(policy: Policy) -> Iterator[str]:
    """Yield the declared steps that would need other policies, or other firms."""
    if policy.award is not None and policy.award.exclusive is not None:
        yield f"the exclusive group {policy.award.exclusive.group}"
    if policy.award is not None:
        yield from (f"the shared cap {name}" for name in policy.award.shared_caps)
    if policy.budget_line is not None:
        yield f"the budget line {policy.budget_line.line}"
    if policy.payout is not None and policy.payout.instalments:
        yield "instalments"
