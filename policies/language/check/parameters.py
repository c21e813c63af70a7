"""Parameters: plain ones, tables by a key, and either as of another period."""

from __future__ import annotations

from dataclasses import replace

from enterprise_data.codes import industries, regions
from enterprise_data.declarations.problems import suggest
from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.check.periods import known_period
from policies.language.kinds import misfit
from policies.language.terms import Constant, Kind, Parameter, PeriodRef, Term, Type


@checks(s.ParameterUse)
def _parameter(checker: Checker, node: s.ParameterUse) -> Term | None:
    signature = checker.scope.parameters.get(node.name.text)
    if signature is None:
        help_text = suggest(node.name.text, checker.scope.parameters)
        checker.fault("LANG014", f"there is no parameter `{node.name.text}`", node.name, help_text)
        return None
    key_type, index = signature.key_type, node.index
    name = f"param.{node.name.text}"
    if key_type is not None and not index:
        checker.fault("LANG015", f"`{name}` is a table", node, f"write `{name}[key]`")
        return None
    if len(index) > (1 if key_type is None else 2):
        checker.fault("LANG015", f"`{name}` takes no key", node, f"write `{name}` or `{name}[period - 1]`")
        return None
    if key_type is None:
        return _dated(checker, Parameter(signature.type, node.name.text), index)
    key = _key(checker, index[0], key_type)
    return _dated(checker, Parameter(signature.type, node.name.text, key), index[1:]) if key else None


def _dated(checker: Checker, term: Parameter, index: tuple[s.Node, ...]) -> Term | None:
    if not index:
        return term
    period = known_period(checker, index[0])
    return replace(term, at=period) if isinstance(period, PeriodRef) else None


def _key(checker: Checker, node: s.Node, key_type: Type) -> Term | None:
    if isinstance(node, s.Text) and key_type.kind in (Kind.REGION, Kind.INDUSTRY):
        return _code_key(checker, node, key_type)
    term = checker.term(node)
    if term is None:
        return None
    fault = misfit(term, key_type)
    if fault:
        checker.refuse(fault, node)
        return None
    return term


def _code_key(checker: Checker, node: s.Text, key_type: Type) -> Term | None:
    try:
        if key_type.kind is Kind.REGION:
            return Constant(key_type, regions.canonical_code(regions.prefix_of(node.value)))
        return Constant(key_type, industries.prefix_of(node.value))
    except LookupError as error:
        checker.fault("LANG016" if key_type.kind is Kind.REGION else "LANG017", str(error), node)
        return None
