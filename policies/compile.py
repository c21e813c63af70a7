"""One policy file becomes a `Policy`: scope, conditions, award, with every fault of the file reported at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from enterprise_data.codes import regions
from enterprise_data.declarations.problems import Problem, raise_if_any
from enterprise_data.declarations.schema import validate
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from enterprise_data.periods import Period, PeriodKind
from policies.budgets import compile_budget
from policies.compile_award import compile_award
from policies.compile_conditions import compile_conditions
from policies.instalments import compile_instalments
from policies.language.scope import Scope
from policies.model import AppliesRule, PolicyFile
from policies.policy import Applies, Policy
from policies.reader import SHARE, Reader


def compile_policy(
    document: Document, scope: Scope, file: str, sha256: str, broken: frozenset[str] = frozenset()
) -> tuple[Policy, tuple[Problem, ...]]:
    """Return the policy of a file and the warnings about it; the scope's period kind is replaced by the file's.

    `file` is the path the policy is known by in a run (relative to its library), `sha256` the hash of its bytes;
    `broken` names definitions and parameters that have faults of their own.

    Raises:
        ProblemsFound: every fault of the file.
    """
    form = validate(PolicyFile, document, "POL001")
    reader = Reader(document, replace(scope, period_kind=form.period), broken)
    _check_name(form, document, reader)
    policy = Policy(
        id=form.policy,
        title=form.title,
        kind=form.kind,
        status=form.status,
        source=form.source,
        service=form.service,
        applies=tuple(_applies(rule, form.period, i, reader) for i, rule in enumerate(form.applies)),
        period_kind=form.period,
        conditions=compile_conditions(form.conditions, reader),
        award=compile_award(form.award, reader) if form.award else None,
        budget=form.budget,
        payout=form.payout,
        max_share=reader.constant(form.max_share, ("max_share",), SHARE) if form.max_share else None,
        automatic=form.automatic,
        reason=form.reason,
        supersedes=form.supersedes,
        note=form.note,
        file=file,
        sha256=sha256,
        budget_line=compile_budget(form.budget, form.period, reader),
        instalments=compile_instalments(form.payout, reader),
    )
    _warn(form, reader)
    raise_if_any(reader.problems)
    return policy, tuple(reader.problems)


def _check_name(form: PolicyFile, document: Document, reader: Reader) -> None:
    stem = PurePosixPath(document.file.replace("\\", "/")).stem
    if stem != form.policy:
        help_text = f"rename the file to {form.policy}.yaml, or write `policy: {stem}`"
        reader.problem("POL002", f"the file is `{stem}.yaml`, the policy `{form.policy}`", ("policy",), help_text)


def _applies(rule: AppliesRule, kind: PeriodKind, index: int, reader: Reader) -> Applies:
    path = ("applies", index)
    first, last = _periods(rule.periods, kind, (*path, "periods"), reader)
    inside = () if rule.region is None else (_prefix(rule.region, (*path, "region"), reader),)
    outside = tuple(_prefix(name, (*path, "except", i), reader) for i, name in enumerate(rule.except_))
    for i, prefix in enumerate(outside):
        if inside and not prefix.startswith(inside[0]):
            message = f"`{rule.except_[i]}` does not lie in `{rule.region}`"
            reader.problem("POL008", message, (*path, "except", i), "except only parts of the region")
    return Applies(first, last, inside, outside)


def _periods(text: str, kind: PeriodKind, path: YamlPath, reader: Reader) -> tuple[Period, Period | None]:
    """Read `2021..2024`, `2025..` (open) or `2024`, in the policy's own kind of period."""
    first_text, dots, last_text = (part.strip() for part in text.partition(".."))
    try:
        first = _in_kind(Period.parse(first_text), kind, last=False)
        open_end = bool(dots) and not last_text
        last = None if open_end else _in_kind(Period.parse(last_text or first_text), kind, last=True)
    except ValueError as error:
        reader.problem("POL007", str(error), path, "write `2021..2024`, `2025..` or `2024`")
        return Period(kind, 0), None
    if last is not None and last < first:
        reader.problem("POL007", f"{last} lies before {first}", path, "write the earlier period first")
    return first, last


def _in_kind(period: Period, kind: PeriodKind, *, last: bool) -> Period:
    if period.kind.per_year > kind.per_year:
        raise ValueError(f"{period} is shorter than this policy's period, a {kind.value}")
    return Period.containing(period.last_day if last else period.first_day, kind)


def _prefix(name: str, path: YamlPath, reader: Reader) -> str:
    try:
        return regions.prefix_of(name)
    except LookupError as error:
        reader.problem("POL008", str(error), path)
        return ""


def _warn(form: PolicyFile, reader: Reader) -> None:
    if form.service is None and form.matchable:
        message = "no `service`: a firm that asks why is sent nowhere"
        reader.problem("POL101", message, ("policy",), "add `service: {office, phone, address}`", "warning")
