"""Worked cases beside a policy: given facts → outcome, amount, failing and unknown conditions.

A case holds the rows one firm has in each dataset, typed at rest as in a snapshot. A dataset that the case does not
name is loaded and holds no row of the firm; `missing` ones were never loaded, `stale` ones are too old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Coverage
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import Place, raise_if_any, suggest
from enterprise_data.declarations.schema import Declared, validate
from enterprise_data.periods import Period
from policies.case_rows import CaseReader, CaseRow, Given, case_rows
from policies.citation import Slug, TextOrNumber
from policies.model import RESERVED_IDS
from policies.policy import Policy

Outcome = Literal["eligible", "ineligible", "undetermined"]


CutName = Literal["exclusive", "top_up", "shared_cap", "budget"]


class ExpectForm(Declared):
    """What must come out; `amount: unknown` for a firm whose amount cannot be told yet.

    `cuts` names all later steps that cut or hold the amount; without it, they are not looked at.
    """

    outcome: Outcome
    amount: str | None = None
    items: dict[str, str] = Field(default_factory=dict)
    failed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    cuts: tuple[CutName, ...] | None = None


class CaseForm(Declared):
    """One case; `given` adds to the file's own `given`, dataset by dataset."""

    name: str
    period: TextOrNumber | None = None
    as_of: date | None = None
    given: Given = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    covers: dict[str, Coverage] = Field(default_factory=dict)
    expect: ExpectForm


class CasesFile(Declared):
    """The cases of one policy, with the period, the day and the facts they share."""

    policy: Slug
    period: TextOrNumber
    as_of: date
    given: Given = Field(default_factory=dict)
    cases: Annotated[tuple[CaseForm, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Case:
    """One case, ready to be decided: rows by dataset, and what must come out (`amount_fen` None: not stated)."""

    name: str
    period: Period
    as_of: date
    rows: Mapping[str, tuple[CaseRow, ...]]
    missing: frozenset[str]
    stale: frozenset[str]
    covers: Mapping[str, Coverage]
    outcome: Outcome
    amount_fen: int | None
    amount_unknown: bool
    item_amounts_fen: Mapping[str, int]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    cuts: tuple[CutName, ...] | None
    place: Place


def load_cases(path: Path, policy: Policy, catalogue: Catalogue) -> tuple[Case, ...]:
    """Read the cases file of `policy`.

    Raises:
        ProblemsFound: every value, dataset, field or condition id that does not fit, in one run.
    """
    document = strict_yaml.read(path)
    form = validate(CasesFile, document, "CASE001")
    reader = CaseReader(document, catalogue)
    if form.policy != policy.id:
        reader.problem(f"these cases are for `{form.policy}`, the policy is `{policy.id}`", ("policy",))
    _check_expectations(form, policy, reader)
    cases = tuple(_case(case, i, form, reader) for i, case in enumerate(form.cases))
    raise_if_any(reader.problems)
    return cases


def _check_expectations(form: CasesFile, policy: Policy, reader: CaseReader) -> None:
    known = {leaf.id for leaf in policy.conditions.leaves()} | RESERVED_IDS
    names = [case.name for case in form.cases]
    for i, case in enumerate(form.cases):
        if case.name in names[:i]:
            reader.problem(f"two cases are called `{case.name}`", ("cases", i, "name"), "a name says what is shown")
        for key in ("failed", "unknown"):
            for j, condition in enumerate(getattr(case.expect, key)):
                if condition not in known:
                    message = f"`{policy.id}` has no condition `{condition}`"
                    reader.problem(message, ("cases", i, "expect", key, j), suggest(condition, known))


def _case(case: CaseForm, index: int, form: CasesFile, reader: CaseReader) -> Case:
    path = ("cases", index)
    amount = case.expect.amount
    given = case_rows(case.given, form.given, path, reader)
    for key in ("missing", "stale", "covers"):
        for j, name in enumerate(getattr(case, key)):
            reader.dataset(name, (*path, key, name if key == "covers" else j))
    return Case(
        name=case.name,
        period=reader.periods(case.period or form.period, (*path, "period"))[0],
        as_of=case.as_of or form.as_of,
        rows={name: rows for name, rows in given.items() if name not in case.missing},
        missing=frozenset(case.missing),
        stale=frozenset(case.stale),
        covers=case.covers,
        outcome=case.expect.outcome,
        amount_fen=reader.money(amount, (*path, "expect", "amount")) if amount and amount != "unknown" else None,
        amount_unknown=amount == "unknown",
        item_amounts_fen={
            item: reader.money(text, (*path, "expect", "items", item)) for item, text in case.expect.items.items()
        },
        failed=case.expect.failed,
        unknown=case.expect.unknown,
        cuts=case.expect.cuts,
        place=reader.document.place(*path, "name"),
    )
