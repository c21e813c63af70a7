"""The safety gate: a policy that takes in more than its own, the workspace's or its usual share stops the run."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from enterprise_data.workspace import Workspace
from matcher.run.gate import FEWEST_FIRMS, stops
from matcher.run.manifest import PolicyResult, Stop
from matcher.run.match import match
from policies.language.terms import BOOL, Constant
from tests.matcher.deciding import leaf, planned, policy
from tests.matcher.workspaces import CONTEXT, frozen_town, library_of


def result(eligible: int, in_scope: int) -> PolicyResult:
    """Return the result of policy `p`."""
    counts = {"undetermined": 0, "ineligible": in_scope - eligible, "near_misses": 0, "amount_fen": 0, "held": 0}
    return PolicyResult(policy="p", title="p", sha256="", in_scope=in_scope, eligible=eligible, **counts)


HALF, TENTH = Fraction(1, 2), Fraction(1, 10)


@pytest.mark.parametrize(
    ("counts", "own", "workspace", "usual", "stopped_by"),
    [
        ((5, 10), HALF, None, None, ""),
        ((6, 10), HALF, None, None, "own"),
        ((6, 10), HALF, Fraction(9, 10), None, "own"),
        ((6, 10), Fraction(9, 10), HALF, None, ""),  # the policy's own gate counts before the workspace's
        ((6, 10), None, HALF, None, "mianshen.toml"),
        ((10, 10), None, None, None, ""),
        ((0, 0), Fraction(0), HALF, None, ""),
        ((1, 3), Fraction(1, 3), None, None, ""),
        ((301, 1000), None, None, TENTH, "earlier runs"),
        ((300, 1000), None, None, TENTH, ""),
        ((FEWEST_FIRMS - 1, FEWEST_FIRMS), None, None, TENTH, ""),
        ((301, 1000), HALF, HALF, TENTH, "earlier runs"),
    ],
)
def test_what_stops(
    counts: tuple[int, int], own: Fraction | None, workspace: Fraction | None, usual: Fraction | None, stopped_by: str
) -> None:
    plan = planned([policy("p", [leaf("it", Constant(BOOL, value=True))], max_share=own)])
    found = list(stops(plan.policies, [result(*counts)], workspace, {"p": usual} if usual else {}))
    assert [stopped_by in stop.why for stop in found] == ([True] if stopped_by else [])


def test_a_run_tells_its_gates_and_a_stopped_run_is_not_usual(tmp_path: Path) -> None:
    space, snapshot = frozen_town(tmp_path / "w")
    toml = space.root / "mianshen.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("# max_share = 0.5", "max_share = 0.2"), encoding="utf-8")
    space = Workspace.open(space.root)
    run = match(space, snapshot, library_of(space, snapshot), CONTEXT)
    why = "max_share in mianshen.toml"
    assert run.manifest.stops == (
        Stop(policy="growth", share="0.2500", limit="0.2000", why=why),  # 2 of 8 firms
        Stop(policy="patent-prize", share="0.3000", limit="0.2000", why=why),
    )
