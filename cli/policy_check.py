"""The work behind `mianshen policy check`, `fmt` and `test`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.failures import counted
from cli.session import Step
from enterprise_data.atomic import replace_text
from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError, Problem, ProblemsFound
from enterprise_data.periods import PeriodKind
from enterprise_data.workspace import Workspace
from matcher.cases import check_case
from policies.cases import load_cases
from policies.files import CASES_SUFFIX, cases_path
from policies.fmt import format_policy
from policies.language.scope import Scope
from policies.load import Library, directories, load_library
from policies.policy import Policy


def problems_of(space: Workspace, files: Sequence[Path]) -> tuple[int, list[Problem]]:
    """Return how many files were checked, and every problem of them: of `files`, else of the whole library."""
    catalogue = space.catalogue()
    policies = [path for path in files if not path.name.endswith(CASES_SUFFIX)]
    try:
        library = load_library([*directories(space), *policies], catalogue)
        found = list(library.warnings)
    except ProblemsFound as error:
        library, found = None, list(error.problems)
    if files:
        wanted = {path.resolve() for path in files}
        found = [problem for problem in found if Path(problem.place.file).resolve() in wanted or _in(problem, wanted)]
    cases = [path for path in files if path not in policies] if files else _cases_of(library)
    if library is not None:
        found += [problem for path in cases for problem in _problems_of_cases(path, library, catalogue)]
    elif files and cases and not found:
        raise MianshenError("the library has problems, so no case can be checked; see `mianshen policy check`")
    return (len(files) or _size(library, found)), found


def _in(problem: Problem, folders: Iterable[Path]) -> bool:
    return any(Path(problem.place.file).resolve().is_relative_to(folder) for folder in folders)


def _size(library: Library | None, found: Sequence[Problem]) -> int:
    return len(library.sha256) if library else len({problem.place.file for problem in found})


def _cases_of(library: Library | None) -> list[Path]:
    paths = [cases_path(path) for path in library.paths.values()] if library else []
    return [path for path in paths if path.exists()]


def _problems_of_cases(path: Path, library: Library, catalogue: Catalogue) -> tuple[Problem, ...]:
    try:
        load_cases(path, library.policy(path.name.removesuffix(CASES_SUFFIX)), catalogue)
    except ProblemsFound as found:
        return found.problems
    return ()


def checked(files: int, errors: int, warnings: int) -> str:
    """Return the last line of a check."""
    parts = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    return f"{counted(files, 'file')} checked: {', '.join(parts) or 'no problems'}"


def formatted(space: Workspace, files: Sequence[Path], *, write: bool) -> list[Path]:
    """Return the files whose text is not canonical, and rewrite them if asked to.

    Raises:
        ProblemsFound: a file is not strict YAML; nothing was written then.
    """
    scope = Scope(space.catalogue(), PeriodKind.YEAR)
    chosen = list(files) or [p for p in sorted(space.policy_dir.rglob("*.yaml")) if not p.name.endswith(CASES_SUFFIX)]
    texts = {path: path.read_text(encoding="utf-8") for path in chosen}
    written = {path: format_policy(text, scope, str(path)) for path, text in texts.items()}
    changed = [path for path in chosen if written[path] != texts[path]]
    if write:
        for path in changed:
            replace_text(path, written[path])
    return changed


@dataclass
class Tally:
    """What became of the worked cases; `without` names policies that have none."""

    cases: int = 0
    policies: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


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
            tally.without.append(policy.id)
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
