"""Policies made of terms or of short texts, for asking the analysis about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.periods import Period, PeriodKind
from matcher.analysis.analyse import Analysis, analyse
from matcher.analysis.logic import Logic
from matcher.analysis.witness import fully_known
from matcher.context import Context
from matcher.plan import APPLIES, BoundLeaf, BoundPolicy
from policies.citation import Source, Title
from policies.language import terms as t
from policies.load import BUNDLED, Library, load_library
from policies.model import PolicyKind, Status
from policies.policy import Group, Leaf, Policy
from tests.matcher.small_world import AS_OF, CATALOGUE
from tests.policies.writing import catalogue

HEAD = """\
policy: {name}
title: {{zh: 试验}}
kind: award
status: in_force
source: {{document: 某文件, issuer: 某局, checked: unverified}}
service: {{office: 某局}}
applies: [{{periods: "2021..2024"}}]
period: year
conditions:
"""


def policy_text(name: str, conditions: Sequence[str], tiers: Sequence[tuple[str, str]] = ()) -> str:
    """Return a policy file with conditions c1, c2 … and tiers (when, pay), or one flat amount."""
    lines = [f"  - {{id: c{i}, text: 条件, clause: 第一条, when: '{when}'}}\n" for i, when in enumerate(conditions, 1)]
    paid = "award: {amount: 1万元}\n"
    if tiers:
        paid = "award:\n  tiers:\n" + "".join(f"    - {{when: '{when}', pay: {pay}}}\n" for when, pay in tiers)
    return HEAD.format(name=name) + "".join(lines) + paid


def found_in(folder: Path, **texts: str) -> list[Analysis]:
    """Return the findings about policies written below a folder, beside the bundled library."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    library = load_library([*BUNDLED, folder], catalogue())
    return list(analyse([library.policy(name) for name in texts], library, catalogue()))


@cache
def bundled() -> Library:
    """Return the bundled library."""
    return load_library(BUNDLED, catalogue())


@cache
def small_world() -> Catalogue:
    """Return the small catalogue as firms meet it of which everything is known."""
    return fully_known(CATALOGUE)


def logic_of(*terms: t.Term) -> Logic:
    """Return the logic of a policy whose conditions are these ground terms."""
    leaves = tuple(Leaf(f"c{i}", "", "", "", term) for i, term in enumerate(terms))
    policy = _policy(Group("all", leaves))
    scope = BoundLeaf(APPLIES, t.Constant(t.BOOL, value=True))
    bound = BoundPolicy(policy, (scope, *(BoundLeaf(leaf.id, leaf.term) for leaf in leaves)), None)
    return Logic(bound, small_world(), Context(Period.parse("2024"), AS_OF))


def _policy(conditions: Group) -> Policy:
    return Policy(
        id="random",
        title=Title(zh="随机"),
        kind=PolicyKind.AWARD,
        status=Status.IN_FORCE,
        source=Source.model_validate({"document": "某文件", "issuer": "某局", "checked": "unverified"}),
        service=None,
        applies=(),
        period_kind=PeriodKind.YEAR,
        conditions=conditions,
        award=None,
        budget=None,
        payout=None,
        max_share=None,
        automatic=True,
        reason="",
        supersedes=(),
        note="",
        file="random.yaml",
        sha256="",
    )
