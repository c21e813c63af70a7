"""Policies broken on purpose: every fault of logic is found, at its place, with a confirmed firm, and no other."""

from __future__ import annotations

import pytest

from enterprise_data.periods import Period
from matcher.analysis.analyse import analyse
from matcher.analysis.finding import Finding
from matcher.bind import Binder
from matcher.context import Context
from matcher.outcomes import Outcome
from matcher.plan import BoundPolicy, bind_policy
from policies.load import Library, load_library
from tests.matcher.analysis.asking import policy_text
from tests.matcher.analysis.grid import faults
from tests.matcher.analysis.mutants import GOOD, mutants
from tests.policies.writing import catalogue

NUMBER = 120
CONTEXT = Context(Period.parse("2021"), Period.parse("2021").last_day)
MUTANTS = mutants(NUMBER)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("mutants")
    written = {**{f"good-{i}": good for i, good in enumerate(GOOD)}, **MUTANTS}
    for name, policy in written.items():
        (folder / f"{name}.yaml").write_text(policy_text(name, policy.conditions, policy.tiers), encoding="utf-8")
    return load_library([folder], catalogue())


def bound(library: Library, name: str) -> BoundPolicy:
    binder = Binder(CONTEXT, library.definition_terms, library.parameters)
    return bind_policy(library.policy(name), catalogue(), binder)


def found(library: Library, name: str) -> list[Finding]:
    return [one.finding for one in analyse([library.policy(name)], library, catalogue())]


@pytest.mark.parametrize("place", range(len(GOOD)))
def test_the_good_policies_are_good(place: int, library: Library) -> None:
    assert found(library, f"good-{place}") == []
    assert faults(bound(library, f"good-{place}")) == set()


@pytest.mark.parametrize("name", MUTANTS)
def test_every_fault_is_found_and_no_other(name: str, library: Library) -> None:
    policy = bound(library, name)
    findings = found(library, name)
    assert {finding.key for finding in findings} == faults(policy)
    for finding in findings:
        assert is_shown(finding, policy)


def is_shown(finding: Finding, policy: BoundPolicy) -> bool:
    """Ask the interpreter again whether the firm shows the fault; a contradiction has none but names its conditions."""
    if finding.witness is None:
        return bool(finding.parts) or finding.code == "LOG005"
    tiers = [finding.witness.truth(tier.when) for tier in (policy.award.tiers if policy.award else ())]
    decision = finding.witness.decision(policy)
    assert decision is not None
    eligible = decision.verdict.outcome is Outcome.ELIGIBLE
    if finding.code == "LOG004":
        return len(decision.verdict.failed) > 1 and finding.parts[0] in decision.verdict.failed
    shown = {
        "LOG003": finding.parts[:1] != () and finding.parts[0] not in decision.verdict.failed,
        "LOG005": eligible and tiers.count(True) > 1,
        "LOG006": eligible and True not in tiers,
        "LOG007": eligible and tiers.count(True) > 1,
    }
    return shown[finding.code]


def test_the_set_reaches_every_kind_of_fault(library: Library) -> None:
    reached = [code for name in MUTANTS for code, _ in faults(bound(library, name))]
    assert len([name for name in MUTANTS if faults(bound(library, name))]) >= 60
    assert set(reached) == {"LOG001", "LOG003", "LOG004", "LOG005", "LOG006", "LOG007"}
