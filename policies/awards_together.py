"""What awards of different policies have to do with each other: groups, shared caps, budget lines, derived awards.

Policies that share an exclusive group, a cap or a budget line are settled together, and must fit each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from enterprise_data.declarations.problems import Place, Problem, suggest
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from policies.model import Status
from policies.policy import Applies, Policy
from policies.shared_caps import SharedCap, check_members


@dataclass(frozen=True)
class Tie:
    """One thing that policies share; `members` are their ids in order."""

    kind: str  # exclusive | cap | budget
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class AwardsTogether:
    """The ties among the policies that could be matched, and the caps they name."""

    policies: Mapping[str, Policy] = field(default_factory=dict)
    caps: Mapping[str, SharedCap] = field(default_factory=dict)

    @staticmethod
    def of(policies: Iterable[Policy], caps: Mapping[str, SharedCap]) -> AwardsTogether:
        """Return the ties among policies; drafts, and what people decide, take no part."""
        return AwardsTogether({policy.id: policy for policy in policies if policy.status is not Status.DRAFT}, caps)

    def ties(self) -> list[Tie]:
        """Return what is shared, by kind and name."""
        found: dict[tuple[str, str], list[str]] = {}
        for name in sorted(self.policies):
            for kind, shared in ties_of(self.policies[name]):
                found.setdefault((kind, shared), []).append(name)
        return [Tie(kind, name, tuple(members)) for (kind, name), members in sorted(found.items())]

    def members(self, kind: str, name: str) -> list[Policy]:
        """Return the policies that share something, by their ids."""
        return [
            self.policies[policy] for policy in sorted(self.policies) if (kind, name) in ties_of(self.policies[policy])
        ]


def ties_of(policy: Policy) -> list[tuple[str, str]]:
    """Return the kind and name of everything that a policy may share with others."""
    found: list[tuple[str, str]] = []
    if policy.award is not None and policy.award.exclusive is not None:
        found.append(("exclusive", policy.award.exclusive.group))
    if policy.award is not None:
        found += [("cap", name) for name in policy.award.shared_caps]
    if policy.budget_line is not None:
        found.append(("budget", policy.budget_line.line))
    return found


def check_together(
    together: AwardsTogether, documents: Mapping[str, Document], *, complete: bool, broken: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield what does not fit between policies, each at its place in `documents`.

    `complete` says that every policy file could be read; `broken` names caps that are declared and could not.
    """
    at = _Places(documents)
    members = {tie.name: tie.members for tie in together.ties() if tie.kind == "cap"}
    yield from check_members(together.caps, members, complete=complete)
    for policy in together.policies.values():
        for i, name in enumerate(policy.award.shared_caps if policy.award else ()):
            if name not in together.caps and name not in broken:
                help_text = suggest(name, together.caps) or f"write it to caps/{name}.yaml"
                place = at.place(policy, "award", "shared_caps", i)
                yield Problem("POL053", f"no cap `{name}` is declared", place, help_text)
    for tie in together.ties():
        yield from _same_periods(tie, together, at)
        if tie.kind == "budget":
            yield from _one_budget(tie, together, at)
        if tie.kind == "exclusive":
            yield from _one_comparison(tie, together, at)
    yield from _families(together, at)


@dataclass(frozen=True)
class _Places:
    documents: Mapping[str, Document]

    def place(self, policy: Policy, *path: str | int) -> Place:
        return self.documents[policy.id].place(*path)


_PATHS: Mapping[str, YamlPath] = {
    "exclusive": ("award", "exclusive"),
    "cap": ("award", "shared_caps"),
    "budget": ("budget", "line"),
}


def _same_periods(tie: Tie, together: AwardsTogether, at: _Places) -> Iterator[Problem]:
    policies = [together.policies[name] for name in tie.members]
    for policy in policies[1:]:
        if policy.period_kind is not policies[0].period_kind:
            message = (
                f"`{tie.name}` is shared with `{policies[0].id}`, which decides by {policies[0].period_kind.value}"
            )
            help_text = "only policies of one kind of period are settled together"
            yield Problem("POL056", message, at.place(policy, *_PATHS[tie.kind]), help_text)


def _one_comparison(tie: Tie, together: AwardsTogether, at: _Places) -> Iterator[Problem]:
    """Yield awards of a group that are compared by firm here and by item there: they never meet, and both are paid."""
    groups = {name: award.exclusive for name in tie.members if (award := together.policies[name].award) is not None}
    ways = {name: "by item" if group is not None and group.by_item else "by firm" for name, group in groups.items()}
    first = tie.members[0]
    for name in tie.members:
        if ways[name] != ways[first]:
            message = f"`{tie.name}` is compared {ways[first]} in `{first}`, here {ways[name]}"
            place = at.place(together.policies[name], "award", "exclusive")
            yield Problem("POL056", message, place, "compare all awards of a group the same way")


def _families(together: AwardsTogether, at: _Places) -> Iterator[Problem]:
    """Yield policies that may both pay in one run although their family should pay once: it sees past payments only."""
    families: dict[str, list[Policy]] = {}
    for policy in together.policies.values():
        if policy.award is not None and policy.award.family is not None:
            families.setdefault(policy.award.family, []).append(policy)
    for family, policies in sorted(families.items()):
        for index, policy in enumerate(policies):
            rivals = [other for other in policies[:index] if _may_both_pay(other, policy)]
            if rivals:
                message = f"`{rivals[0].id}` of the family `{family}` may pay the same firm for the same period"
                help_text = "put both into one `exclusive` group: a family knows past payments only"
                yield Problem("POL057", message, at.place(policy, "award", "family"), help_text)


def _may_both_pay(one: Policy, other: Policy) -> bool:
    groups = [
        policy.award.exclusive.group if policy.award and policy.award.exclusive else None for policy in (one, other)
    ]
    if groups[0] is not None and groups[0] == groups[1]:
        return False
    return any(_overlap(a, b) for a in one.applies for b in other.applies)


def _overlap(one: Applies, other: Applies) -> bool:
    in_time = (one.last is None or other.first.first_day <= one.last.last_day) and (
        other.last is None or one.first.first_day <= other.last.last_day
    )
    here, there = one.region_prefixes or ("",), other.region_prefixes or ("",)
    return in_time and any(a.startswith(b) or b.startswith(a) for a in here for b in there)


def _one_budget(tie: Tie, together: AwardsTogether, at: _Places) -> Iterator[Problem]:
    """Policies on one line must not contradict each other about it; one may leave the amount to another."""
    lines = {name: line for name in tie.members if (line := together.policies[name].budget_line) is not None}
    first = next((name for name in tie.members if lines[name].amount_fen is not None), tie.members[0])
    for name in tie.members:
        own, other = lines[name], lines[first]
        amounts = own.amount_fen in (None, other.amount_fen)
        amounts = amounts and (own.amount_fen is None or own.carried == other.carried)
        if not amounts or (own.when_short, own.rank, own.highest) != (other.when_short, other.rank, other.highest):
            message = f"the line `{tie.name}` has another amount or rule in `{first}`"
            place = at.place(together.policies[name], "budget")
            yield Problem("POL056", message, place, "say the same in every policy on the line")


def exclusive_peers(together: AwardsTogether, policy: Policy) -> Sequence[Policy]:
    """Return the other policies of a policy's exclusive group."""
    group = policy.award.exclusive if policy.award else None
    found = together.members("exclusive", group.group) if group is not None else []
    return [other for other in found if other.id != policy.id]
