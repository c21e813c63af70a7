"""What a search leaves out: other regions, departments, kinds and states, and what does not end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from policies.model import PolicyKind, Status
from policies.policy import Applies, Policy
from policies.search.text import plain


@dataclass(frozen=True)
class Filter:
    """Every part that is given must hold; `region` is a prefix, `ends_between` the days on which it may end."""

    region: str | None = None
    department: str = ""
    kind: PolicyKind | None = None
    status: Status | None = None
    ends_between: tuple[date, date] | None = None

    def passes(self, policy: Policy) -> bool:
        """Return whether a policy is wanted."""
        rules = [rule for rule in policy.applies if self.region is None or concerns(rule, self.region)]
        if not rules or (self.kind or policy.kind) is not policy.kind:
            return False
        if (self.status or policy.status) is not policy.status:
            return False
        if self.department and not any(plain(self.department) in plain(name) for name in departments(policy)):
            return False
        if self.ends_between is None:
            return True
        first, last = self.ends_between
        end = last_day(rules)
        return end is not None and first <= end <= last and policy.status is not Status.REPEALED


def expiring(days: int, as_of: date) -> tuple[date, date]:
    """Return the first and the last day on which a policy ends within so many days, `as_of` being the first."""
    return as_of, as_of + timedelta(days=days)


def concerns(rule: Applies, region: str) -> bool:
    """Return whether a rule decides about firms in a region, in a part of it, or in a larger one it lies in."""
    if any(region.startswith(excepted) for excepted in rule.except_prefixes):
        return False
    return not rule.region_prefixes or any(
        region.startswith(prefix) or prefix.startswith(region) for prefix in rule.region_prefixes
    )


def departments(policy: Policy) -> tuple[str, ...]:
    """Return who issued a policy, and who answers for it."""
    return (policy.source.issuer, policy.service.office) if policy.service else (policy.source.issuer,)


def last_day(rules: tuple[Applies, ...] | list[Applies]) -> date | None:
    """Return the last day of the last period for which any of the rules holds; None if one is open."""
    ends = [rule.last for rule in rules]
    known = [end.last_day for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None
