"""Ground terms in words: the datasets' and fields' Chinese names, fixed periods and days, the language's own forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.codes import industries, regions
from matcher.explain.values import shown
from matcher.interpreter.evaluate import has_bounds
from matcher.interpreter.intervals import exactly
from matcher.interpreter.rows import HOME_REGION
from policies.language import terms as t

_ROUNDING = {"down": "whole", "up": "ceil", "half_up": "round"}


@dataclass(frozen=True)
class Describer:
    """Puts ground terms into words by one catalogue; `titles` are the definitions' names for people."""

    catalogue: Catalogue
    titles: Mapping[str, str] = field(default_factory=dict)

    def describe(self, term: t.Term) -> str:
        """Return the term in words, with parentheses wherever they could matter."""
        return _RULES[type(term)](self, term)

    def field(self, dataset: str, name: str) -> str:
        """Return the label of a field."""
        found = self.catalogue.datasets[dataset].fields.get(name)
        return found.label if found else name


def _constant(at: Describer, term: t.Constant) -> str:
    return shown(exactly(term.value) if has_bounds(term.type) else term.value, term.type)


def _fact(at: Describer, term: t.Fact) -> str:
    title = at.catalogue.datasets[term.dataset].title.zh
    period = f" {term.period.fixed}" if term.period and term.period.fixed else ""
    return f"{title}·{at.field(term.dataset, term.field)}{period}"


def _row_field(at: Describer, term: t.RowField) -> str:
    if term.field == "period":
        return "所属期首日"
    if term == HOME_REGION:
        return "the firm's region"
    return at.field(term.dataset, term.field)


def _aggregate(at: Describer, term: t.Aggregate) -> str:
    title = at.catalogue.datasets[term.dataset].title.zh
    what = f"{title}·{at.field(term.dataset, term.field)}" if term.field else title
    where = f" where {at.describe(term.where)}" if term.where is not None else ""
    return f"{term.function}({what}{where})"


def is_presence(term: t.Compare) -> bool:
    """Return whether a comparison only asks if there are rows."""
    counted = isinstance(term.left, t.Aggregate) and term.left.function == "count"
    return counted and isinstance(term.right, t.Constant) and term.right.value == 0


def _compare(at: Describer, term: t.Compare) -> str:
    if is_presence(term) and term.operator == ">":
        return at.describe(term.left).replace("count", "exists", 1)
    return f"{at.describe(term.left)} {term.operator} {at.describe(term.right)}"


def _joined(at: Describer, members: tuple[t.Term, ...], word: str) -> str:
    if len(members) == 1:
        return at.describe(members[0])
    return f" {word} ".join(f"({at.describe(m)})" if isinstance(m, t.Some | t.All) else at.describe(m) for m in members)


def _within(at: Describer, term: t.Within) -> str:
    tree = regions if term.member.type.kind is t.Kind.REGION else industries
    names = "、".join(_code_name(tree.name_of, prefix) for prefix in term.prefixes)
    return f"{at.describe(term.member)} within {names}"


def _code_name(name_of: Callable[[str], str], prefix: str) -> str:
    try:
        return name_of(prefix)
    except LookupError:
        return prefix


def _one_of(at: Describer, term: t.OneOf) -> str:
    kind = term.member.type
    values = (_constant(at, t.Constant(kind, value)) for value in term.values)
    return f"{at.describe(term.member)} in [{', '.join(values)}]"


def _arithmetic(at: Describer, term: t.Arithmetic) -> str:
    sides = (
        f"({at.describe(side)})" if isinstance(side, t.Arithmetic | t.Choose) else at.describe(side)
        for side in (term.left, term.right)
    )
    return f" {term.operator} ".join(sides)


def _call(name: str, *parts: str) -> str:
    return f"{name}({', '.join(parts)})"


def _shift(at: Describer, term: t.Shift) -> str:
    if isinstance(term.member, t.RowField) and term.member.field == "period" and term.days == -1:
        return "所属期末日"
    moves = [
        f" {'+' if n >= 0 else '-'} {abs(n)} {unit}" for n, unit in ((term.months, "months"), (term.days, "days")) if n
    ]
    return at.describe(term.member) + "".join(moves)


def _defined(at: Describer, term: t.Defined) -> str:
    return at.titles.get(term.name, term.name)


def _growth(term: t.Choose) -> tuple[t.Fact, t.Fact] | None:
    """Return the value and its base where a choice is what `growth` becomes: (now - base) / base if base > 0."""
    then = term.then
    if not isinstance(then, t.Arithmetic) or then.operator != "/" or not isinstance(then.left, t.Arithmetic):
        return None
    now, base = then.left.left, then.left.right
    if then.left.operator != "-" or base != then.right or not isinstance(now, t.Fact) or not isinstance(base, t.Fact):
        return None
    test = term.condition
    positive = isinstance(test, t.Compare) and test.operator == ">" and test.left == base
    return (now, base) if positive else None


def _choose(at: Describer, term: t.Choose) -> str:
    if grown := _growth(term):
        now, base = grown
        since = base.period.fixed if base.period else None
        otherwise = "" if term.otherwise == t.Constant(term.type, None) else f", else {at.describe(term.otherwise)}"
        return f"growth({at.describe(now)} over {since}{otherwise})"
    then, otherwise = at.describe(term.then), at.describe(term.otherwise)
    return f"if {at.describe(term.condition)} then {then} else {otherwise}"


_RULES: dict[type[t.Term], Callable[[Describer, Any], str]] = {
    t.Constant: _constant,
    t.Fact: _fact,
    t.RowField: _row_field,
    t.Aggregate: _aggregate,
    t.Compare: _compare,
    t.All: lambda at, term: _joined(at, term.members, "and"),
    t.Some: lambda at, term: _joined(at, term.members, "or"),
    t.Not: lambda at, term: f"not ({at.describe(term.member)})",
    t.OneOf: _one_of,
    t.Within: _within,
    t.Known: lambda at, term: f"{at.describe(term.member)} is known",
    t.Arithmetic: _arithmetic,
    t.Extreme: lambda at, term: _call(term.function, *(at.describe(m) for m in term.members)),
    t.Absolute: lambda at, term: _call("abs", at.describe(term.member)),
    t.Rounded: lambda at, term: _call(_ROUNDING[term.mode], at.describe(term.member)),
    t.Choose: _choose,
    t.Shift: _shift,
    t.Defined: _defined,
    t.Between: lambda at, term: _call(f"{term.unit}_between", at.describe(term.start), at.describe(term.end)),
}
