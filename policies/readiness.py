"""Which policies no machine may decide, though they compile: words of judgement, supersessions that mean nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from enterprise_data.declarations.problems import Problem
from enterprise_data.declarations.strict_yaml import Document
from policies.policy import Policy
from policies.transitions import wrong_links
from policies.wording import judgement


def find_not_ready(
    policies: Sequence[Policy], documents: Mapping[str, Document], declared: Sequence[str]
) -> dict[str, Problem]:
    """Return the first error of readiness of each policy that has one; `declared` also names broken policies."""
    by_id = {policy.id: policy for policy in policies}
    words = [(name, problem) for name, policy in by_id.items() for problem in judgement(policy, documents[name])]
    found: dict[str, Problem] = {}
    for name, problem in (*words, *wrong_links(by_id, documents, declared)):
        found.setdefault(name, problem)
    return found
