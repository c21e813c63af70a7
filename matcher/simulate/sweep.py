"""A sweep: one literal of a policy, or a parameter, through several values, all decided over the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from enterprise_data.declarations.problems import MianshenError, suggest
from enterprise_data.declarations.strict_yaml import Document
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.run.engine import Progress, undelivered_in, unseen
from matcher.simulate.binding import Bound, Setting
from matcher.simulate.compare import notes
from matcher.simulate.decide import decided
from matcher.simulate.ground import Ground
from matcher.simulate.literals import Varied, find_literal
from matcher.simulate.staleness import stale
from matcher.simulate.sums import Totals
from matcher.simulate.totals import totals
from matcher.simulate.versions import Version, read_version
from policies.compile import compile_policy
from policies.definition_files import definitions_in
from policies.language.scope import Scope
from policies.language.terms import Kind, Type
from policies.parameters import DatedParameter, InForce, Parameters, Row
from policies.policy import Policy


@dataclass(frozen=True)
class Point:
    """What the policy comes to at one value; `own` marks the value that stands in the file."""

    value: Fraction
    written: str
    own: bool
    totals: Totals


@dataclass(frozen=True)
class Sweep:
    """A policy at each value, in the order of the values."""

    snapshot: str
    context: Context
    policy: str
    title: str
    varied: str
    points: tuple[Point, ...]
    notes: tuple[str, ...]


def sweep(
    space: Workspace,
    snapshot: Snapshot,
    file: Path,
    context: Context,
    varied: Varied,
    *,
    threads: int | None = None,
    progress: Progress = unseen,
) -> Sweep:
    """Decide a policy at each value of what is varied; the value in the file is always among them.

    Raises:
        ProblemsFound: every fault of the file, or of the file with one of the values.
        MianshenError: what cannot be varied or simulated, and why.
    """
    version = read_version(space, snapshot.catalogue, file)
    setting = Setting(snapshot.catalogue, context, undelivered_in(snapshot))
    own, versions = _varied(version, setting, varied)
    points = sorted(versions)
    bound = [versions[value] for value in points]
    with decided(Ground.of(space.facts, snapshot, setting, bound), bound, threads, progress) as found:
        sums = totals(found)
        read = found.plan.datasets()
    said = (*notes(version, bound[:1]), *stale(space, snapshot, read, context.as_of))
    made = tuple(Point(value, varied.written(value), value == own, sums[place]) for place, value in enumerate(points))
    return Sweep(snapshot.id, context, version.policy.id, version.policy.title.zh, _name(version, varied), made, said)


def _varied(version: Version, setting: Setting, varied: Varied) -> tuple[Fraction | None, Mapping[Fraction, Bound]]:
    """Return the value in the file, and the policy bound at each value."""
    if varied.parameter is not None:
        return _by_parameter(version, setting, varied, varied.parameter)
    literal = find_literal(version.document, varied)
    values = dict.fromkeys((literal.value, *varied.values))
    return literal.value, {
        value: setting.bound(replace(version, policy=policy), drafts=True)
        for value in values
        for policy in [_compiled(version, setting, literal.put(version.document, varied.written(value)))]
    }


def _compiled(version: Version, setting: Setting, document: Document) -> Policy:
    library, policy = version.library, version.policy
    scope = Scope(setting.catalogue, policy.period_kind, parameters=library.parameters.signatures())
    usable = definitions_in(scope, library.definitions, policy.period_kind)
    return compile_policy(document, usable, policy.file, policy.sha256)[0]


def _by_parameter(
    version: Version, setting: Setting, varied: Varied, name: str
) -> tuple[Fraction | None, Mapping[Fraction, Bound]]:
    parameters = version.library.parameters
    entry = parameters.entries.get(name)
    if entry is None:
        near = suggest(name, parameters.entries) or "the policy must use it"
        raise MianshenError(f"{version.policy.id} uses no parameter `{name}`; {near}")
    if entry.key != "none":
        raise MianshenError(f"the parameter `{name}` is a table; only a single value can be varied")
    scale = _scale(entry.type, varied)
    own = parameters.value_at(name, setting.context.period.last_day)
    known = own / scale if isinstance(own, Fraction) else None
    values = dict.fromkeys((*([] if known is None else [known]), *varied.values))
    return known, {
        value: setting.bound(version, drafts=True, parameters=_with(parameters, entry, value * scale))
        for value in values
    }


def _with(parameters: Parameters, entry: DatedParameter, value: Fraction) -> Parameters:
    """Return the parameters with one of them at another value, on whatever day it is asked for."""
    always = tuple(InForce(dated.first, dated.last, (Row(value),)) for dated in entry.values)
    return Parameters({**parameters.entries, entry.name: replace(entry, values=always)})


def _scale(kind: Type, varied: Varied) -> Fraction:
    """Return by what a value as written is multiplied at rest: money rests in fen, a share as a ratio."""
    units = {
        Kind.MONEY: ("元", Fraction(100)),
        Kind.SHARE: ("%", Fraction(1, 100)),
        Kind.POINTS: ("pp", Fraction(1, 100)),
    }
    unit, scale = units.get(kind.kind, (kind.unit or "", Fraction(1)))
    if varied.unit != unit:
        raise MianshenError(f"`{varied.name}` is in {unit or 'plain numbers'}, the values in {varied.unit or 'none'}")
    return scale


def _name(version: Version, varied: Varied) -> str:
    """Return what is varied, for people: a condition's text where it is one."""
    texts = {leaf.id: leaf.text for leaf in version.policy.conditions.leaves()}
    return texts.get(varied.name, varied.name)
