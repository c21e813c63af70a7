"""LOG001 never true, LOG002 contradiction with a definition: conditions that no firm meets, alone or together."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.analysis.finding import Finding, listed
from matcher.analysis.logic import Logic, meets
from matcher.analysis.parts import Part
from matcher.walk import children
from policies.language import terms as t

NEVER, DEFINITION = "LOG001", "LOG002"


def find(logic: Logic) -> Iterator[Finding]:
    """Yield the conditions that no firm meets, then the smallest set that no firm meets together."""
    parts = logic.parts.all
    alone = [part for part in parts if not logic.possible(meets(part))]
    if alone:
        yield from (_finding(logic, (part,)) for part in alone if part is not logic.parts.scope)
    elif not logic.possible(meets(*parts)):
        yield _finding(logic, logic.minimal(parts))
    else:
        for part in logic.parts.conditions:
            yield from _dead_alternatives(logic, part)


def _dead_alternatives(logic: Logic, group: Part) -> Iterator[Finding]:
    """Yield the members of a group of which any may hold that cannot hold beside the other conditions."""
    if group.every:
        return
    others = [part for part in logic.parts.all if part is not group]
    for member in group.members:
        if not logic.possible(meets(*others, member)):
            found = _finding(logic, logic.minimal([member, *others]))
            yield Finding(found.code, found.message, member.path, found.help, parts=found.parts)


def _finding(logic: Logic, parts: tuple[Part, ...]) -> Finding:
    """Return the finding at the last of the conditions, which is where a reader meets the contradiction."""
    names = tuple(part.name for part in parts)
    written = [part for part in parts if part.path[0] == "conditions"]
    last = max(written, default=parts[-1], key=_order)
    used = _definitions(parts)
    if used and logic.possible(meets(*parts), bodies=False):
        saying = ", ".join(f"`{name}`" for name in used)
        message = f"{_whole(parts)}, because of what is defined: {saying}"
        help_text = "read the definitions again: they exclude what is asked here"
        return Finding(DEFINITION, message, last.path, help_text, parts=names)
    help_text = "check the bounds, the units and the direction of each comparison"
    return Finding(NEVER, _whole(parts), last.path, help_text, parts=names)


def _order(part: Part) -> int:
    """Return which of the policy's conditions it is in."""
    return int(part.path[1])


def _whole(parts: tuple[Part, ...]) -> str:
    if len(parts) == 1:
        return f"{listed(parts)} is never true: no firm whose facts are known meets it"
    return f"{listed(parts)} exclude each other: no firm whose facts are known meets them together"


def _definitions(parts: tuple[Part, ...]) -> list[str]:
    """Return the definitions that the conditions name, without those that these are made of."""
    open_terms = [term for part in parts for term in part.terms()]
    found = set()
    while open_terms:
        term = open_terms.pop()
        if isinstance(term, t.Defined):
            found.add(term.name)
        else:
            open_terms += children(term)
    return sorted(found)
