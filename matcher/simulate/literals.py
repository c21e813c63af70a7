"""Literals of a policy file that may be varied, by the id of their condition or tier or by their place in the award.

    sales=1亿元,2亿元,3亿元        the money literal of condition `sales`
    sales:2=1亿元..3亿元 by 5000万元    the second one, in equal steps, both ends included
    award.cap.per_period=…         a place in the award; `amount` is award.amount, a tier's id its `pay`
    param.min_wage_monthly=…       a parameter

Which literal is meant follows from the unit of the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from enterprise_data.declarations.problems import MianshenError, Place, ProblemsFound, suggest
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from policies.language.literals import DURATIONS, read_quantity, write_quantity
from policies.language.parse import parse
from policies.language.source import Source
from policies.language.tree import Quantity

MOST_VALUES = 50
_SPLIT = re.compile(r"(?P<name>[^=:]+)(?::(?P<number>[1-9]\d*))?=(?P<values>.+)", re.DOTALL)
_STEPS = re.compile(r"(?P<first>.+?)\.\.(?P<last>.+?)\s+by\s+(?P<step>.+)")
_FORM = "write ID=VALUE,VALUE,... or ID=FIRST..LAST by STEP, such as `sales=1亿元..3亿元 by 5000万元`"


@dataclass(frozen=True)
class Varied:
    """What is varied: the `number`-th literal (None: the only one) of that unit under `name`, through `values`."""

    name: str
    number: int | None
    unit: str
    values: tuple[Fraction, ...]

    @property
    def parameter(self) -> str | None:
        """Return the name of the parameter that is varied; None for a literal of the policy itself."""
        return self.name.removeprefix("param.") if self.name.startswith("param.") else None

    def written(self, value: Fraction) -> str:
        """Return a value as it stands in a policy."""
        return write_quantity(value, self.unit)


def read_varied(text: str) -> Varied:
    """Read what `--vary` says.

    Raises:
        MianshenError: it is not of the form, mixes units, or asks for too many values.
    """
    found = _SPLIT.fullmatch(text.strip())
    if found is None:
        raise MianshenError(f"cannot read `{text}`: {_FORM}")
    steps = _STEPS.fullmatch(found["values"].strip())
    listed = steps.groups() if steps else re.split(r"[,，]", found["values"])
    read = [_quantity(part.strip()) for part in listed]
    units = sorted({unit for _, unit in read})
    if len(units) > 1:
        raise MianshenError(f"the values of `{found['name']}` have different units: {', '.join(units)}")
    numbers = [number for number, _ in read]
    values = tuple(_stepped(*numbers)) if steps else tuple(dict.fromkeys(numbers))
    return Varied(found["name"].strip(), int(found["number"]) if found["number"] else None, units[0], values)


def _quantity(text: str) -> tuple[Fraction, str]:
    try:
        return read_quantity(text)
    except ValueError as error:
        raise MianshenError(f"cannot read the value `{text}`: {error}; {_FORM}") from error


def _stepped(first: Fraction, last: Fraction, step: Fraction) -> Iterator[Fraction]:
    if step <= 0 or last < first or (last - first) / step >= MOST_VALUES:
        raise MianshenError(f"the steps must lead from the first value up to the last, in at most {MOST_VALUES}")
    for number in range(int((last - first) / step) + 1):
        yield first + number * step


@dataclass(frozen=True)
class Literal:
    """One literal in a policy file: the path of its expression, and the characters it takes there."""

    path: YamlPath
    span: tuple[int, int]
    value: Fraction

    def put(self, document: Document, text: str) -> Document:
        """Return the document with another text in the place of the literal."""
        data = deepcopy(document.data)
        holder: Any = data
        for key in self.path[:-1]:
            holder = holder[key]
        old, (first, past) = str(holder[self.path[-1]]), self.span
        holder[self.path[-1]] = old[:first] + text + old[past:]
        return replace(document, data=data, folded={k: v for k, v in document.folded.items() if k != self.path})


def find_literal(document: Document, varied: Varied) -> Literal:
    """Return the literal that is meant.

    Raises:
        MianshenError: nothing has that name, or no single literal of that unit is there; it says what there is.
    """
    places = dict(_places(document.data))
    path = places.get(varied.name)
    if path is None:
        near = suggest(varied.name, places) or f"there are {', '.join(places)}"
        raise MianshenError(f"nothing in the policy is called `{varied.name}`; {near}")
    text = str(_at(document.data, path))
    found = [
        Literal(path, node.span, node.value) for node in _quantities(text) if _unit(node.unit) == _unit(varied.unit)
    ]
    if varied.number is not None and varied.number <= len(found):
        return found[varied.number - 1]
    if varied.number is None and len(found) == 1:
        return found[0]
    unit = varied.unit or "no unit"
    if not found:
        raise MianshenError(f"`{varied.name}` has no literal with {unit}: it reads `{text}`")
    choices = ", ".join(
        f"{varied.name}:{place} is {text[slice(*literal.span)]}" for place, literal in enumerate(found, 1)
    )
    raise MianshenError(f"`{varied.name}` has {len(found)} literals with {unit}: {choices}")


def _unit(unit: str) -> str:
    return "duration" if unit in DURATIONS else unit


def _quantities(text: str) -> list[Quantity]:
    try:
        tree = parse(Source(text, Place("expression")))
    except ProblemsFound:
        return []
    return sorted((node for node in tree.walk() if isinstance(node, Quantity)), key=lambda node: node.span)


def _places(data: Mapping[str, Any]) -> Iterator[tuple[str, YamlPath]]:
    """Yield the names under which expressions can be varied, with their paths."""
    yield from _conditions(data.get("conditions"), ("conditions",))
    award = data.get("award")
    if not isinstance(award, dict):
        return
    if "amount" in award:
        yield "amount", ("award", "amount")
    for place, tier in enumerate(award.get("tiers") or []):
        name = tier.get("id", f"tier-{place + 1}")
        yield name, ("award", "tiers", place, "pay")
        yield f"{name}.when", ("award", "tiers", place, "when")
    yield from ((".".join(map(str, path)), path) for path in _texts(award, ("award",)) if path[1] != "tiers")


def _conditions(members: Any, path: YamlPath) -> Iterator[tuple[str, YamlPath]]:
    for place, member in enumerate(members or []):
        mode = next((mode for mode in ("all", "any", "none") if mode in member), None)
        if mode is None:
            yield member["id"], (*path, place, "when")
        else:
            yield from _conditions(member[mode], (*path, place, mode))


def _texts(data: Any, path: YamlPath) -> Iterator[YamlPath]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, str):
        yield path


def _at(data: Any, path: YamlPath) -> Any:
    for key in path:
        data = data[key]
    return data
