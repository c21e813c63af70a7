"""What a day shows: policies that end soon, and superseded ones that still apply beside their successor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from enterprise_data.declarations.problems import Problem
from enterprise_data.declarations.strict_yaml import Document
from policies.coverage import OPEN, Days, days_of, where
from policies.model import Status
from policies.policy import Policy
from policies.transitions import Transition, transitions

SOON = 90  # days


def check_expiry(
    policies: Mapping[str, Policy], documents: Mapping[str, Document], as_of: date, within: int = SOON
) -> Iterator[Problem]:
    """Yield the findings of the day `as_of` about policies in force; `within` says how many days are soon."""
    links = transitions(policies)
    followed = {link.old.id for link in links if link.new.status is Status.IN_FORCE and _begins(link.new) > as_of}
    followed |= {link.old.id for link in links if link.new.status is Status.IN_FORCE and _applies(link.new, as_of)}
    for name, policy in sorted(policies.items()):
        last = max(days_of(rule).last for rule in policy.applies)
        soon = last != OPEN and as_of <= last <= as_of + timedelta(days=within)
        if policy.status is Status.IN_FORCE and soon and name not in followed:
            message = f"ends on {last}, {(last - as_of).days} days after {as_of}, and no policy in force follows it"
            help_text = "extend `applies`, or write the policy that supersedes it"
            yield Problem("POL121", message, documents[name].place("applies"), help_text, "warning")
    for link in links:
        yield from _still_in_force(link, documents[link.old.id], as_of)


def _still_in_force(link: Transition, document: Document, as_of: date) -> Iterator[Problem]:
    if link.old.status is not Status.IN_FORCE or link.new.status is not Status.IN_FORCE:
        return
    atoms = [atom for spans, atoms in link.overlaps().items() if _holds(spans, as_of) for atom in atoms]
    if atoms:
        message = f"superseded by `{link.new.id}`, and on {as_of} still in force {where(atoms)}"
        help_text = "end `applies` the day before its successor begins, or write `status: repealed`"
        yield Problem("POL122", message, document.place("status"), help_text, "warning")


def _begins(policy: Policy) -> date:
    return min(days_of(rule).first for rule in policy.applies)


def _applies(policy: Policy, day: date) -> bool:
    return _holds(tuple(map(days_of, policy.applies)), day)


def _holds(spans: tuple[Days, ...], day: date) -> bool:
    return any(span.first <= day <= span.last for span in spans)
