"""The work behind `mianshen policy test`: worked cases run through both evaluators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.failures import counted
from cli.session import Step
from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import ProblemsFound
from enterprise_data.workspace import Workspace
from matcher.cases import check_case
from policies.cases import load_cases
from policies.files import CASES_SUFFIX, cases_path
from policies.load import Library, directories, load_library
from policies.policy import Policy


def chosen(space: Workspace, files: Sequence[Path]) -> tuple[Library, list[Policy]]:
    """Return the workspace's library with the policies of `files`, or all; a cases file stands for its policy.

    Raises:
        ProblemsFound: the library has faults.
        MianshenError: a file holds no policy.
    """
    policies = [path.with_name(path.name.replace(CASES_SUFFIX, ".yaml")) for path in files]
    library = load_library([*directories(space), *policies], space.catalogue())
    return library, [library.policy(path.stem) for path in policies] or list(library.policies)


@dataclass
class Tally:
    """What became of the worked cases; `without` holds, for policies that have none, where to write them."""

    cases: int = 0
    policies: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    without: list[Path] = field(default_factory=list)

    def __str__(self) -> str:
        """Say how many there were, and how many failed."""
        return f"{counted(self.cases, 'case')} of {counted(self.policies, 'policy')}, {self.failed} failed"


def run_cases(catalogue: Catalogue, library: Library, policies: Sequence[Policy], step: Step) -> Tally:
    """Run the worked cases of each policy through both evaluators.

    Raises:
        ProblemsFound: a cases file does not fit its policy or the catalogue.
    """
    tally = Tally()
    for done, policy in enumerate(policies):
        step(policy.id, done, len(policies))
        path = cases_path(library.paths[policy.id])
        if not path.exists():
            tally.without.append(path)
            continue
        tally.policies += 1
        try:
            cases = load_cases(path, policy, catalogue)
        except ProblemsFound as found:
            tally.failed += 1
            tally.failures.append(str(found))
            continue
        for case in cases:
            tally.cases += 1
            if differences := check_case(case, policy, library, catalogue):
                tally.failed += 1
                tally.failures += [f"{case.place}: {policy.id}: case `{case.name}` failed"]
                tally.failures += [f"  {difference}" for difference in differences]
    return tally
