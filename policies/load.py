"""The library: every policy, definition and parameter of some folders, read, checked and compiled together.

In a folder, files below `definitions/`, `parameters/` and `caps/` are what those names say, `*.cases.yaml` are worked
cases, and every other `*.yaml` is a policy. A later folder's policy, definition, parameter or cap replaces an earlier
one's of the same name, so that a workspace can put its own in place of a bundled one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import (
    MianshenError,
    Place,
    Problem,
    ProblemsFound,
    raise_if_any,
    suggest,
)
from enterprise_data.declarations.schema import validate
from enterprise_data.periods import PeriodKind
from enterprise_data.workspace import Workspace
from policies.awards_together import AwardsTogether, check_together
from policies.compile import compile_policy
from policies.definition_files import (
    DefinedTerm,
    DefinitionFile,
    DefinitionSource,
    compile_definitions,
    definitions_in,
)
from policies.derived_check import check_derived
from policies.files import LibraryFile, library_files
from policies.language.scope import Scope
from policies.language.terms import Term
from policies.parameter_files import ParameterFile
from policies.parameters import DatedParameter, Parameters, compile_parameter
from policies.policy import Policy
from policies.readiness import find_not_ready
from policies.shared_caps import SharedCap, compile_shared_cap

_PACKAGE = Path(__file__).parent
BUNDLED = (_PACKAGE / "library", _PACKAGE / "definitions", _PACKAGE / "parameters")
EXAMPLES = _PACKAGE / "examples"  # synthetic, some wrong on purpose: never part of a library by themselves
SAMPLE_CITY = EXAMPLES / "sample_city"  # policies of the invented city, for its workspace's `policies/`


def directories(workspace: Workspace) -> tuple[Path, ...]:
    """Return the folders of a workspace's library: those that come with Mianshen, if wanted, then its own."""
    return (*(BUNDLED if workspace.bundled_policies else ()), workspace.policy_dir)


@dataclass(frozen=True)
class Library:
    """What was loaded; `paths` says where each policy's file is, `sha256` hashes every file by its library path.

    `not_ready` holds the policies that compile and that no machine may decide, each with its first error of readiness.
    """

    policies: tuple[Policy, ...]
    definitions: Mapping[str, DefinedTerm]
    parameters: Parameters
    caps: Mapping[str, SharedCap] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)
    sha256: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    not_ready: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def definition_terms(self) -> dict[str, Term]:
        """Return what binding needs of the definitions: their terms by name."""
        return {name: definition.term for name, definition in self.definitions.items()}

    @property
    def together(self) -> AwardsTogether:
        """Return what the awards of its policies have to do with each other."""
        return AwardsTogether.of(self.policies, self.caps)

    def policy(self, policy_id: str) -> Policy:
        """Return one policy.

        Raises:
            MianshenError: no policy has that id; the message suggests near ones.
        """
        for policy in self.policies:
            if policy.id == policy_id:
                return policy
        near = suggest(policy_id, [policy.id for policy in self.policies])
        raise MianshenError(f"no policy `{policy_id}`; {near or '`mianshen policy list` shows all'}")


def workspace_library(workspace: Workspace, catalogue: Catalogue | None = None) -> Library:
    """Read a workspace's library by its catalogue, or by the one a snapshot was frozen with.

    Raises:
        ProblemsFound: every problem of the catalogue, or every error of every policy file.
    """
    return load_library(directories(workspace), catalogue or workspace.catalogue())


@dataclass
class _Loading:
    """What has been compiled so far, what is broken, and every fault met on the way."""

    scope: Scope
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


def load_library(directories: Sequence[Path], catalogue: Catalogue) -> Library:
    """Read and compile every file below `directories`, in a fixed order.

    Raises:
        ProblemsFound: every error of every file; one bad file hides nothing of the others.
    """
    reading = read_library(directories, catalogue)
    raise_if_any(reading.problems)
    return reading.library


@dataclass(frozen=True)
class Reading:
    """What was read of some folders: every file, what of them compiles, and every error of the others."""

    files: tuple[LibraryFile, ...]
    library: Library
    problems: tuple[Problem, ...]


def read_library(directories: Sequence[Path], catalogue: Catalogue) -> Reading:
    """Read and compile what is sound of the files below `directories`, in a fixed order."""
    loading = _Loading(Scope(catalogue, PeriodKind.YEAR))
    files = library_files(directories, loading.problems)
    loading.broken = {file.name for file in files if file.document is None and file.role != "policy"}
    parameters = Parameters(MappingProxyType(_parameters(files, loading)))
    loading.scope = Scope(catalogue, PeriodKind.YEAR, parameters=parameters.signatures())
    definitions = _definitions(files, loading)
    caps = _caps(files, loading)
    policies = _policies(files, definitions, loading)
    loading.problems += _together(files, policies, caps)
    read = {file.name: file.document for file in files if file.role == "policy"}
    documents = {name: document for name, document in read.items() if document is not None}
    library = Library(
        policies=tuple(sorted(policies, key=lambda policy: policy.id)),
        definitions=MappingProxyType(definitions),
        parameters=parameters,
        caps=MappingProxyType(caps),
        paths=MappingProxyType({file.name: file.path for file in files if file.role == "policy"}),
        sha256=MappingProxyType({file.shown: file.sha256 for file in files}),
        warnings=tuple(loading.warnings),
        not_ready=MappingProxyType(find_not_ready(policies, documents, list(read))),
    )
    return Reading(tuple(files), library, tuple(loading.problems))


def _parameters(files: Sequence[LibraryFile], loading: _Loading) -> dict[str, DatedParameter]:
    compiled: dict[str, DatedParameter] = {}
    for file in files:
        if file.role != "parameter" or file.document is None:
            continue
        try:
            form = validate(ParameterFile, file.document, "POL001")
            _same_name(file, form.parameter)
            compiled[form.parameter] = compile_parameter(form, file.document, loading.scope, file.shown, file.sha256)
        except ProblemsFound as found:
            loading.problems += found.problems
            loading.broken.add(file.name)
    return compiled


def _definitions(files: Sequence[LibraryFile], loading: _Loading) -> dict[str, DefinedTerm]:
    sources: dict[str, DefinitionSource] = {}
    for file in files:
        if file.role != "definition" or file.document is None:
            continue
        try:
            form = validate(DefinitionFile, file.document, "POL001")
            _same_name(file, form.definition)
            sources[form.definition] = DefinitionSource(form, file.document, file.shown, file.sha256)
        except ProblemsFound as found:
            loading.problems += found.problems
            loading.broken.add(file.name)
    compiled = compile_definitions(sources, loading.scope, frozenset(loading.broken), loading.problems)
    loading.broken |= sources.keys() - compiled.keys()
    return compiled


def _caps(files: Sequence[LibraryFile], loading: _Loading) -> dict[str, SharedCap]:
    compiled: dict[str, SharedCap] = {}
    for file in files:
        if file.role != "cap" or file.document is None:
            continue
        try:
            cap = compile_shared_cap(file.document, loading.scope)
            _same_name(file, cap.id)
            compiled[cap.id] = cap
        except ProblemsFound as found:
            loading.problems += found.problems
    return compiled


def _together(files: Sequence[LibraryFile], policies: Sequence[Policy], caps: Mapping[str, SharedCap]) -> list[Problem]:
    """Return what does not fit between policies; caps that could not be read count as declared."""
    documents = {file.name: file.document for file in files if file.role == "policy" and file.document is not None}
    broken = {file.name for file in files if file.role == "cap"} - caps.keys()
    complete = len(policies) == sum(file.role == "policy" for file in files)
    together = AwardsTogether.of(policies, caps)
    unread = documents.keys() - together.policies.keys()
    found = check_together(together, documents, complete=complete, broken=broken)
    return [*found, *check_derived(together, documents, unread)]


def _policies(files: Sequence[LibraryFile], definitions: Mapping[str, DefinedTerm], loading: _Loading) -> list[Policy]:
    compiled = []
    for file in files:
        if file.role != "policy" or file.document is None:
            continue
        try:
            scope = definitions_in(loading.scope, definitions, _period_kind(file))
            policy, warnings = compile_policy(file.document, scope, file.shown, file.sha256, frozenset(loading.broken))
            compiled.append(policy)
            loading.warnings += warnings
        except ProblemsFound as found:
            loading.problems += found.problems
    return compiled


def _period_kind(file: LibraryFile) -> PeriodKind | None:
    """Return the kind of period a policy file says, before it is checked; definitions depend on it."""
    data = file.document.data if file.document else None
    said = data.get("period") if isinstance(data, dict) else None
    return PeriodKind(said) if said in list(PeriodKind) else None


def _same_name(file: LibraryFile, name: str) -> None:
    if name != file.name:
        place = file.document.place(file.role) if file.document else Place(str(file.path))
        message = f"the file is `{file.path.name}`, the {file.role} `{name}`"
        raise ProblemsFound([Problem("POL002", message, place, f"rename the file to {name}.yaml")])
