"""Caps over several policies: the most a firm receives under all of them together, in a period or in its lifetime.

A cap is declared once, with its source, in a file of its own below a folder `caps/`; the awards under it name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from enterprise_data.declarations.problems import Problem, raise_if_any, suggest
from enterprise_data.declarations.schema import Declared, validate
from enterprise_data.declarations.strict_yaml import Document
from enterprise_data.periods import PeriodKind
from policies.award_form import underscored
from policies.citation import Slug, Source, TextOrNumber, Title
from policies.language.scope import Scope
from policies.reader import MONEY, Reader

Span = Annotated[
    Literal["per_period", "lifetime"],
    BeforeValidator(underscored),
    Field(json_schema_extra={"enum": ["per period", "per_period", "lifetime"]}),
]


class SharedCapFile(Declared):
    """One cap; `order` says which policies are served first, those it does not name follow by their ids."""

    cap: Slug
    title: Title
    source: Source
    clause: TextOrNumber = ""
    limit: str
    span: Span = "per_period"
    period: PeriodKind
    order: tuple[Slug, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class SharedCap:
    """A cap, ready to be applied to the policies that name it; `limit_fen` is the most a firm receives."""

    id: str
    title: Title
    source: Source
    clause: str
    limit_fen: int
    lifetime: bool
    period_kind: PeriodKind
    order: tuple[str, ...]
    document: Document

    def ordered(self, members: Iterable[str]) -> list[str]:
        """Return the policies in the order in which the cap serves them."""
        places = {name: place for place, name in enumerate(self.order)}
        return sorted(members, key=lambda name: (places.get(name, len(places)), name))


def compile_shared_cap(document: Document, scope: Scope) -> SharedCap:
    """Return the cap of a file.

    Raises:
        ProblemsFound: every fault of the file.
    """
    form = validate(SharedCapFile, document, "POL001")
    reader = Reader(document, scope)
    fen = reader.constant(form.limit, ("limit",), MONEY)
    if fen is not None and (fen <= 0 or fen.denominator != 1):
        reader.problem("POL012", "a cap must be more than nothing, in whole fen", ("limit",), "write 400万元")
    raise_if_any(reader.problems)
    return SharedCap(
        id=form.cap,
        title=form.title,
        source=form.source,
        clause=form.clause,
        limit_fen=int(fen or 0),
        lifetime=form.span == "lifetime",
        period_kind=form.period,
        order=form.order,
        document=document,
    )


def check_members(
    caps: Mapping[str, SharedCap], members: Mapping[str, Sequence[str]], *, complete: bool
) -> Iterable[Problem]:
    """Yield caps to which no policy belongs, and orders that name what is no member.

    Where some policies could not be read (`complete` false), members may be missing, and nothing is said.
    """
    for name, cap in caps.items():
        if not complete:
            continue
        own = members.get(name, ())
        if not own:
            help_text = f"write `shared_caps: [{name}]` in the award of each policy under it, or remove the file"
            yield Problem("POL053", f"no policy belongs to the cap `{name}`", cap.document.place("cap"), help_text)
            continue
        for i, policy in enumerate(cap.order):
            if policy not in own:
                place = cap.document.place("order", i)
                yield Problem("POL053", f"`{policy}` does not name this cap", place, suggest(policy, own))
