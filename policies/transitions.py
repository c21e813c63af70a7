"""From an old policy to the new one that supersedes it (政策衔接): unknown ones, cycles, gaps and overlaps.

A firm in a gap gets nothing though both the old and the new policy mean it to; in an overlap it may get both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from enterprise_data.declarations.problems import Problem, suggest
from enterprise_data.declarations.strict_yaml import Document
from policies.coverage import Days, after, between, common, days_by_region, days_of, finer_than_counties, where
from policies.model import Status
from policies.policy import Policy

_NOT_MATCHED = (Status.REPEALED, Status.SUSPENDED)


@dataclass(frozen=True)
class Transition:
    """A policy and one that supersedes it, as number `index` of its list; `successors` are all that supersede it."""

    old: Policy
    new: Policy
    index: int
    successors: tuple[Policy, ...]

    def overlaps(self) -> dict[tuple[Days, ...], list[str]]:
        """Return the days on which both decide, with the smallest regions where they do."""
        old, new = self._days((self.new,))
        return _grouped({atom: common(spans, new[atom]) for atom, spans in old.items() if atom in new})

    def gaps(self) -> dict[tuple[Days, ...], list[str]]:
        """Return the days after the old one on which no successor decides, with the smallest regions where it is so.

        A gap is told once, of the successor that begins first.
        """
        if self.new is not min(self.successors, key=lambda policy: (_begins(policy), policy.id)):
            return {}
        old, new = self._days(self.successors)
        found = {atom: between((*spans, *new[atom])) for atom, spans in old.items() if atom in new}
        found |= {atom: after(spans) for atom, spans in old.items() if atom not in new}
        return _grouped(found)

    def _days(self, later: Sequence[Policy]) -> tuple[dict[str, tuple[Days, ...]], dict[str, tuple[Days, ...]]]:
        rules = [rule for policy in later for rule in policy.applies]
        finer = sorted(finer_than_counties((*self.old.applies, *rules)))
        return days_by_region(self.old.applies, finer), days_by_region(rules, finer)


def transitions(policies: Mapping[str, Policy]) -> list[Transition]:
    """Return every link from a policy in force or in draft to a known one that it supersedes, by ids."""
    alive = {name: policy for name, policy in sorted(policies.items()) if policy.status not in _NOT_MATCHED}
    return [
        Transition(policies[old], new, i, tuple(other for other in alive.values() if old in other.supersedes))
        for name, new in alive.items()
        for i, old in enumerate(new.supersedes)
        if old in policies and old != name
    ]


def check_transitions(
    policies: Mapping[str, Policy], documents: Mapping[str, Document], declared: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong with supersessions, each at its entry; `declared` also names policies with other faults."""
    wrong = list(wrong_links(policies, documents, declared))
    yield from dict.fromkeys(problem for _, problem in wrong)
    circular = {name for name, problem in wrong if problem.code == "POL111"}
    for link in transitions(policies):
        if not {link.old.id, link.new.id} <= circular:
            yield from _findings(link, documents[link.new.id])


def wrong_links(
    policies: Mapping[str, Policy], documents: Mapping[str, Document], declared: Sequence[str]
) -> Iterator[tuple[str, Problem]]:
    """Yield each policy that supersedes what it cannot, with the fault; a circle for every policy in it."""
    for name in sorted(policies):
        for i, old in enumerate(policies[name].supersedes):
            if old not in declared:
                help_text = suggest(old, declared) or "leave out what is not in the library; `note` may tell of it"
                place = documents[name].place("supersedes", i)
                yield name, Problem("POL110", f"supersedes `{old}`, which is no policy", place, help_text)
    for path in cycles({name: policies[name].supersedes for name in policies}):
        message = f"policies supersede each other in a circle: {' → '.join(path)}"
        place = documents[path[0]].place("supersedes", policies[path[0]].supersedes.index(path[1]))
        help_text = "the later policy names the earlier one, never the other way round"
        yield from ((name, Problem("POL111", message, place, help_text)) for name in path[:-1])


def _findings(link: Transition, document: Document) -> Iterator[Problem]:
    place = document.place("supersedes", link.index)
    for spans, atoms in link.gaps().items():
        message = f"a gap after `{link.old.id}`: {_said(spans)} neither applies {where(atoms)}"
        help_text = "let one of them apply then, or say in `note` that nothing does"
        yield Problem("POL112", message, place, help_text, "warning")
    if link.old.status in _NOT_MATCHED:
        return
    for spans, atoms in link.overlaps().items():
        message = f"an overlap with `{link.old.id}`: {_said(spans)} both apply {where(atoms)}"
        help_text = f"end `{link.old.id}` before, begin later, or repeal it"
        yield Problem("POL113", message, place, help_text, "warning")


def _begins(policy: Policy) -> date:
    return min(days_of(rule).first for rule in policy.applies)


def _said(spans: Sequence[Days]) -> str:
    return "from " + ", and from ".join(map(str, spans))


def _grouped(days: Mapping[str, tuple[Days, ...]]) -> dict[tuple[Days, ...], list[str]]:
    found: dict[tuple[Days, ...], list[str]] = {}
    for atom in sorted(days):
        if days[atom]:
            found.setdefault(days[atom], []).append(atom)
    return dict(sorted(found.items()))


def cycles(links: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return circles among links, each once as a path from its alphabetically first member back to it."""
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()

    def walk(path: list[str]) -> None:
        for follower in sorted(links.get(path[-1], ())):
            if follower in path:
                circle = path[path.index(follower) :]
                first = circle.index(min(circle))
                found.add((*circle[first:], *circle[:first], circle[first]))
            elif follower not in done:
                walk([*path, follower])
        done.add(path[-1])

    for name in sorted(links):
        if name not in done:
            walk([name])
    return sorted(found)
