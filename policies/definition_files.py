"""Definitions: named, cited expressions that policies share, such as `is_sme` (中小企业).

A definition may use others; they are compiled in the order of use, and a circle is reported as the path it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from enterprise_data.catalogue.model import Identifier
from enterprise_data.declarations.problems import Problem, ProblemsFound, raise_if_any
from enterprise_data.declarations.schema import Declared
from enterprise_data.declarations.strict_yaml import Document
from enterprise_data.periods import PeriodKind
from policies.citation import Source, TextOrNumber, Title
from policies.language.scope import Scope
from policies.language.terms import PeriodRef, Term
from policies.reader import Reader, names_in


class DefinitionFile(Declared):
    """One definition; `house` marks a synthesis of this library that no single document words so.

    `period` is the kind of period it speaks of; only policies of that kind may use it. Without it the definition
    may not name `period` at all, and every policy may use it.
    """

    definition: Identifier
    title: Title
    source: Source
    clause: TextOrNumber = ""
    house: bool = False
    period: PeriodKind | None = None
    means: str
    note: str = ""


@dataclass(frozen=True)
class DefinedTerm:
    """A compiled definition."""

    name: str
    title: Title
    source: Source
    clause: str
    house: bool
    period_kind: PeriodKind | None
    source_text: str
    term: Term
    file: str
    sha256: str


@dataclass(frozen=True)
class DefinitionSource:
    """A definition's file, validated and not yet compiled."""

    form: DefinitionFile
    document: Document
    file: str
    sha256: str


def compile_definitions(
    sources: Mapping[str, DefinitionSource], scope: Scope, broken: frozenset[str], problems: list[Problem]
) -> dict[str, DefinedTerm]:
    """Return what compiles, by name; faults go to `problems`.

    `scope` knows the catalogue and the parameters; `broken` names what has faults already.
    """
    compiled: dict[str, DefinedTerm] = {}
    failed = set(broken)
    order = _Order(sources, failed, problems)
    for name in sorted(sources):
        order.visit(name)
    for name in order.found:
        source = sources[name]
        if names_in(source.form.means, failed):
            failed.add(name)  # the fault is reported where it is; this one is merely out of use
            continue
        try:
            compiled[name] = _compile(source, definitions_in(scope, compiled, source.form.period))
        except ProblemsFound as found:
            problems += found.problems
            failed.add(name)
    return compiled


def definitions_in(scope: Scope, compiled: Mapping[str, DefinedTerm], kind: PeriodKind | None) -> Scope:
    """Return the scope in which a file of that period kind is read: it knows the definitions fit for it."""
    usable = {name: d.term.type for name, d in compiled.items() if d.period_kind in (None, kind)}
    return replace(scope, period_kind=kind or PeriodKind.YEAR, definitions=usable)


def _compile(source: DefinitionSource, scope: Scope) -> DefinedTerm:
    form = source.form
    reader = Reader(source.document, scope)
    term = reader.term(form.means, ("means",), None)
    if form.period is None and _speaks_of_period(term):
        help_text = "add `period: year` (or half, quarter, month)"
        reader.problem("POL021", "the definition speaks of `period` but does not say which kind", ("means",), help_text)
    if dataset := scope.catalogue.find(form.definition):
        message = f"`{form.definition}` is already a dataset ({dataset.title.zh})"
        reader.problem("POL022", message, ("definition",), "choose another name")
    raise_if_any(reader.problems)
    return DefinedTerm(
        name=form.definition,
        title=form.title,
        source=form.source,
        clause=form.clause,
        house=form.house,
        period_kind=form.period,
        source_text=form.means,
        term=term,
        file=source.file,
        sha256=source.sha256,
    )


@dataclass
class _Order:
    """Definitions in the order of use; those that explain themselves are `failed`, the circle is a problem."""

    sources: Mapping[str, DefinitionSource]
    failed: set[str]
    problems: list[Problem]
    found: list[str] = field(default_factory=list)

    def visit(self, name: str, above: tuple[str, ...] = ()) -> None:
        """Add `name` after what it uses; `above` is the path of use that led here."""
        if name in above:
            self._report((*above[above.index(name) :], name))
            return
        if name in self.found or name in self.failed:
            return
        for used in names_in(self.sources[name].form.means, self.sources):
            self.visit(used, (*above, name))
        if name not in self.failed:
            self.found.append(name)

    def _report(self, circle: tuple[str, ...]) -> None:
        message = f"the definition is explained by itself: {' → '.join(circle)}"
        place = self.sources[circle[0]].document.text_place("means")
        help_text = "let one of them say what it means without the others"
        self.problems.append(Problem("POL020", message, place, help_text))
        self.failed.update(circle)


def _speaks_of_period(value: object) -> bool:
    if isinstance(value, PeriodRef):
        return value.name == "period"
    if isinstance(value, tuple):
        return any(map(_speaks_of_period, value))
    return isinstance(value, Term) and any(_speaks_of_period(getattr(value, f.name)) for f in fields(value))
