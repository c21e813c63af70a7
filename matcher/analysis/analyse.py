"""All findings about a policy, as problems at their places in its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import MianshenError, Problem
from matcher.analysis import always, exclusive, gap, never, overlap, redundant, shadowed
from matcher.analysis.finding import Finding
from matcher.analysis.logic import Logic, met
from matcher.analysis.witness import fully_known
from matcher.bind import Binder
from matcher.context import Context
from matcher.plan import bind_policy
from policies.load import Library
from policies.policy import Policy

_MOST_PERIODS = 6
_OTHERS: tuple[Callable[[Logic], Iterator[Finding]], ...] = (
    always.find,
    redundant.find,
    shadowed.find,
    gap.find,
    overlap.find,
)


@dataclass(frozen=True)
class Analysis:
    """A finding and the problem it is shown as."""

    policy: str
    finding: Finding
    problem: Problem


def analyse(policies: Iterable[Policy], library: Library, catalogue: Catalogue) -> Iterator[Analysis]:
    """Yield what the logic of each policy gets wrong, each with its place, remedy and witness.

    A policy that cannot be bound has none: `matcher.computable` says what is wrong with it.
    """
    known = fully_known(catalogue)
    for policy in policies:
        yield from _analysed(policy, library, known)


def _analysed(policy: Policy, library: Library, catalogue: Catalogue) -> list[Analysis]:
    findings = _in_every_period(policy, library, catalogue)
    if not findings:
        return []
    document = strict_yaml.read(Path(library.paths[policy.id]))
    found = []
    for finding in findings:
        place = document.text_place(*finding.path)
        problem = Problem(finding.code, _said(finding), place, finding.help, "warning")
        found.append(Analysis(policy.id, finding, problem))
    return found


def _said(finding: Finding) -> str:
    """Return the sentence with the firm that shows it."""
    if finding.witness is None or not finding.witness.lines():
        return finding.message
    return f"{finding.message}; for example {'; '.join(finding.witness.lines())}"


def _in_every_period(policy: Policy, library: Library, catalogue: Catalogue) -> list[Finding]:
    """Return the findings of the first period asked about that no other period refutes."""
    first, *others = contexts(policy)
    findings = list(findings_in(policy, library, catalogue, first))
    for context in others:
        if not any(finding.always for finding in findings):
            break
        again = {finding.key for finding in findings_in(policy, library, catalogue, context)}
        findings = [finding for finding in findings if not finding.always or finding.key in again]
    return findings


def contexts(policy: Policy) -> list[Context]:
    """Return the periods to ask about, each as of its last day: the last rule's first, then those that follow."""
    rule = policy.applies[-1]
    periods = [rule.first + i for i in range(_MOST_PERIODS)]
    return [Context(period, period.last_day) for period in periods if rule.covers(period)]


def findings_in(policy: Policy, library: Library, catalogue: Catalogue, context: Context) -> Iterator[Finding]:
    """Yield what is wrong in one period."""
    binder = Binder(context, library.definition_terms, library.parameters)
    try:
        logic = Logic(bind_policy(policy, catalogue, binder, library.together), catalogue, context)
    except MianshenError:
        return
    yield from never.find(logic)
    if not logic.possible(lambda side: met(side, logic.parts.all)):
        return  # from a contradiction everything follows: nothing else is worth saying
    for find in _OTHERS:
        yield from find(logic)
    try:
        yield from exclusive.find(logic, binder, catalogue, library.together)
    except MianshenError:
        return  # the other policy cannot be bound, which its own check says
