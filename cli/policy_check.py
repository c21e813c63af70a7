"""The work behind `mianshen policy check` and `fmt`, and which file a word on the command line means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cli.failures import counted
from enterprise_data.atomic import replace_text
from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError, Place, Problem, ProblemsFound, suggest
from enterprise_data.periods import PeriodKind
from enterprise_data.snapshot.snapshot import current_snapshot
from enterprise_data.workspace import Workspace
from policies.cases import load_cases
from policies.expiry import SOON
from policies.files import CASES_SUFFIX, cases_path, policy_files
from policies.fmt import format_policy
from policies.language.scope import Scope
from policies.lints import lint
from policies.load import Reading, directories, read_library
from policies.model import Status
from policies.policy import Policy
from policies.uses import files_used

if TYPE_CHECKING:
    from matcher.analysis.analyse import Analysis


def file_of(space: Workspace, word: str) -> Path:
    """Return the file that a path or the id of a policy means.

    Raises:
        MianshenError: there is no such file and no such policy; the message suggests near ones.
    """
    path = Path(word)
    if path.exists():
        return path
    known = {path.stem: path for folder in directories(space) for path in policy_files(folder)}
    if word not in known:
        near = suggest(word, known) or "`mianshen policy list` shows all policies"
        raise MianshenError(f"no policy `{word}`, and no file of that name; {near}")
    return known[word]


@dataclass(frozen=True)
class Check:
    """What a check found: how many files it looked at, the problems, and broken files that those it looked at use.

    `logic` holds more about those problems that are faults of logic: their conditions, and the firm that shows them.
    """

    files: int
    problems: tuple[Problem, ...]
    broken_elsewhere: tuple[str, ...] = ()
    logic: tuple[Analysis, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    def __str__(self) -> str:
        """Return the last line of a check."""
        numbers = ((self.errors, "error"), (len(self.problems) - self.errors, "warning"))
        parts = [counted(number, noun) for number, noun in numbers if number]
        return f"{counted(self.files, 'file')} checked: {', '.join(parts) or 'no problems'}"


def check(space: Workspace, files: Sequence[Path], as_of: date | None = None, within: int = SOON) -> Check:
    """Check `files` and what they use, or the whole library; worked cases too.

    Expiry is checked for a day `as_of`; what ends `within` so many days of it ends soon.
    """
    from matcher.analysis.analyse import analyse
    from matcher.computable import refusals

    catalogue = space.catalogue()
    reading = read_library([*directories(space), *(path for path in files if not _holds_cases(path))], catalogue)
    asked = _files_in(files) if files else _all_files(reading)
    cases = [path for path in asked if _holds_cases(path)]
    found = [*reading.problems, *reading.library.warnings]
    found += [problem for path in cases for problem in _problems_of_cases(path, reading, catalogue)]
    sound = _policies_in(asked, reading)
    refused = {policy.id: refusals(policy, reading.library, catalogue) for policy in sound}
    found += [problem for problems in refused.values() for problem in problems]
    computable = [policy for policy in sound if not refused[policy.id]]
    found += _unsourced(space, computable if files else _own(space, computable, reading), reading, catalogue)
    logic = tuple(analyse(sound, reading.library, catalogue))
    found += [finding.problem for finding in logic]
    found += lint(reading, catalogue, as_of, within)
    found.sort(key=lambda problem: (problem.place, problem.code))
    if not files:
        return Check(len(asked), tuple(found), logic=logic)
    own = _within(found, asked)
    policies = [reading.library.paths[_policy_of(path)] for path in cases if _policy_of(path) in reading.library.paths]
    used = files_used([*asked, *policies], reading.files).union(policies)
    elsewhere = [problem for problem in _within(found, used) if problem not in own]
    broken = dict.fromkeys(problem.place.file for problem in elsewhere if problem.severity == "error")
    return Check(len(asked), (*own, *elsewhere), tuple(broken), logic)


def _own(space: Workspace, policies: Sequence[Policy], reading: Reading) -> list[Policy]:
    """Return the workspace's own policies: for the others it need not have the data."""
    folder = space.policy_dir.resolve()
    return [policy for policy in policies if reading.library.paths[policy.id].resolve().is_relative_to(folder)]


def _unsourced(space: Workspace, policies: Sequence[Policy], reading: Reading, catalogue: Catalogue) -> list[Problem]:
    """Return what policies that a match may decide read without a source, by the snapshot in force."""
    from matcher.connected import unsourced

    snapshot = current_snapshot(space)
    if snapshot is None:
        return []
    known = [policy for policy in policies if policy.matchable or (policy.automatic and policy.status == Status.DRAFT)]
    return [problem for policy in known for problem in unsourced(policy, reading.library, catalogue, snapshot)]


def _policies_in(files: Sequence[Path], reading: Reading) -> list[Policy]:
    """Return the sound policies among the files."""
    asked = {path.resolve() for path in files}
    return [policy for policy in reading.library.policies if reading.library.paths[policy.id].resolve() in asked]


def _holds_cases(path: Path) -> bool:
    return path.name.endswith(CASES_SUFFIX)


def _policy_of(cases: Path) -> str:
    return cases.name.removesuffix(CASES_SUFFIX)


def _files_in(paths: Sequence[Path]) -> list[Path]:
    inside = [sorted(path.rglob("*.y*ml")) if path.is_dir() else [path] for path in paths]
    return [path for part in inside for path in part]


def _all_files(reading: Reading) -> list[Path]:
    cases = map(cases_path, reading.library.paths.values())
    return [*(file.path for file in reading.files), *(path for path in cases if path.exists())]


def _within(problems: Sequence[Problem], files: Iterable[Path]) -> list[Problem]:
    wanted = {path.resolve() for path in files}
    return [problem for problem in problems if Path(problem.place.file).resolve() in wanted]


def _problems_of_cases(path: Path, reading: Reading, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return the faults of a cases file; none can be told while its policy is broken."""
    name, known = _policy_of(path), {policy.id: policy for policy in reading.library.policies}
    if name in known:
        try:
            load_cases(path, known[name], catalogue)
        except ProblemsFound as found:
            return found.problems
    elif name not in reading.library.paths:
        help_text = suggest(name, known) or f"name it after its policy: <id>{CASES_SUFFIX}"
        return (Problem("CASE001", f"no policy `{name}` for these cases", Place(str(path)), help_text),)
    return ()


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
