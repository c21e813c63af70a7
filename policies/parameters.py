"""Parameters: dated values with a source, looked up on a day; a table becomes a choice by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType

from enterprise_data.codes import industries, regions
from enterprise_data.declarations.problems import raise_if_any
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from policies.citation import Source, Title
from policies.language.scope import ParameterSignature, Scope
from policies.language.terms import BOOL, Choose, Compare, Constant, Kind, Term, Type, Value, Within
from policies.parameter_files import DatedValue, KeyKind, ParameterFile, TableRow
from policies.reader import Reader

KEY_KINDS: Mapping[KeyKind, Kind | None] = MappingProxyType(
    {"none": None, "code": Kind.TEXT, "region": Kind.REGION, "industry": Kind.INDUSTRY, "number": Kind.NUMBER}
)


@dataclass(frozen=True)
class Row:
    """One row of a table: a bound (included or not), a code, or prefixes; all empty for the open last row."""

    value: Value
    bound: Fraction | None = None
    included: bool = True
    code: str | None = None
    prefixes: tuple[str, ...] = ()

    def condition(self, key: Term) -> Term | None:
        """Return when the row applies, given that no row before it did; None for the open row."""
        if self.bound is not None:
            return Compare(BOOL, "<=" if self.included else "<", key, Constant(key.type, self.bound))
        if self.code is not None:
            return Compare(BOOL, "=", key, Constant(key.type, self.code))
        return Within(BOOL, key, self.prefixes) if self.prefixes else None


@dataclass(frozen=True)
class InForce:
    """What a parameter is from `first` to `last`, both included: one row for a plain value, else its table."""

    first: date
    last: date | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class DatedParameter:
    """A compiled parameter; money is in fen, shares are ratios."""

    name: str
    title: Title
    source: Source
    type: Type
    key: KeyKind
    values: tuple[InForce, ...]
    file: str
    sha256: str


@dataclass(frozen=True)
class Parameters:
    """All parameters of a library, by name."""

    entries: Mapping[str, DatedParameter] = field(default_factory=dict)

    def signatures(self) -> dict[str, ParameterSignature]:
        """Return what the language must know: each parameter's type and the kind of its key."""
        return {name: self.signature(name) for name in self.entries}

    def signature(self, name: str) -> ParameterSignature:
        """Return the type of one parameter and the kind of its key (None: it takes none)."""
        entry = self.entries[name]
        return ParameterSignature(entry.type, KEY_KINDS[entry.key])

    def rows_at(self, name: str, day: date) -> tuple[Row, ...]:
        """Return the rows in force on `day` (one open row for a plain value), or none."""
        for value in self.entries[name].values:
            if value.first <= day and (value.last is None or day <= value.last):
                return value.rows
        return ()

    def value_at(self, name: str, day: date) -> Value:
        """Return a plain parameter's value on `day`, or None when nothing is laid down for it."""
        rows = self.rows_at(name, day)
        return rows[0].value if rows and self.entries[name].key == "none" else None

    def term(self, name: str, key: Term | None, day: date) -> Term:
        """Return the value on `day` as a term: a constant, or a choice by `key`; unknown where nothing is laid down."""
        kind = self.entries[name].type
        result: Term = Constant(kind, None)
        for row in reversed(self.rows_at(name, day)):
            value = Constant(kind, row.value)
            condition = row.condition(key) if key is not None else None
            result = Choose(kind, condition, value, result) if condition is not None else value
        return result


def compile_parameter(form: ParameterFile, document: Document, scope: Scope, file: str, sha256: str) -> DatedParameter:
    """Return the compiled parameter.

    Raises:
        ProblemsFound: every value or key that is not what `type` and `key` say.
    """
    reader = Reader(document, scope)
    kind = Type(Kind(form.type), form.unit)
    values = tuple(_in_force(form, i, kind, reader) for i in range(len(form.values)))
    raise_if_any(reader.problems)
    return DatedParameter(form.parameter, form.title, form.source, kind, form.key, values, file, sha256)


def _in_force(form: ParameterFile, index: int, kind: Type, reader: Reader) -> InForce:
    value = form.values[index]
    following = form.values[index + 1].from_ if index + 1 < len(form.values) else None
    last = value.to or (following - timedelta(days=1) if following else None)
    path = ("values", index)
    if value.value is not None:
        return InForce(value.from_, last, (Row(_value(value.value, (*path, "value"), kind, reader)),))
    return InForce(value.from_, last, _rows(value, form.key, (*path, "table"), kind, reader))


def _rows(value: DatedValue, key: KeyKind, path: YamlPath, kind: Type, reader: Reader) -> tuple[Row, ...]:
    rows = [_row(row, key, (*path, i), kind, reader) for i, row in enumerate(value.table)]
    closed = [row for row in rows if row.bound is not None or row.code is not None or row.prefixes]
    if len(rows) - len(closed) > 1 or rows[: len(closed)] != closed:
        reader.problem("POL031", "only the last row may be open", path, "give every other row its key or bound")
    bounds = [row.bound for row in closed if row.bound is not None]
    if bounds != sorted(set(bounds)):
        reader.problem("POL031", "the bounds of a table must rise", path, "write the smallest bound first")
    if key in ("region", "industry"):
        # The finer place decides: 青岛市 before 山东省, whatever their order in the file.
        closed.sort(key=lambda row: -max(map(len, row.prefixes), default=0))
    return (*closed, *rows[len(closed) :])


def _row(row: TableRow, key: KeyKind, path: YamlPath, kind: Type, reader: Reader) -> Row:
    value = _value(row.value, (*path, "value"), kind, reader)
    if row.up_to is not None or row.below is not None:
        name = "below" if row.up_to is None else "up_to"
        if key != "number":
            reader.problem("POL030", f"`{name}` bounds numbers; this table is keyed by {key}", (*path, name))
        bound = _number(row.up_to or row.below or "", (*path, name), reader)
        return Row(value, bound=bound, included=row.up_to is not None)
    if row.key is None:
        return Row(value)
    if key == "number":
        reader.problem("POL030", "a table keyed by number has `up_to` or `below`, not `key`", (*path, "key"))
    if key == "code":
        return Row(value, code=row.key)
    return Row(value, prefixes=_prefixes(row.key, key, (*path, "key"), reader))


def _prefixes(text: str, key: KeyKind, path: YamlPath, reader: Reader) -> tuple[str, ...]:
    try:
        if key == "region":
            return (regions.prefix_of(text),)
        first, _, last = text.partition("..")
        return industries.prefixes(first, last or first)
    except LookupError as error:
        reader.problem("POL030", str(error), path)
        return ()


def _number(text: str, path: YamlPath, reader: Reader) -> Fraction | None:
    term = reader.term(text, path, None)
    return term.value if isinstance(term, Constant) and isinstance(term.value, Fraction) else None


def _value(text: str, path: YamlPath, kind: Type, reader: Reader) -> Value:
    if kind.kind is Kind.TEXT:
        return text
    if kind.kind is Kind.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            reader.problem("POL032", f"`{text}` is not a date", path, "write it as 2024-01-31")
            return None
    return reader.constant(text, path, kind)
