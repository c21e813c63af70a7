"""A run's plan: the policies that decide in a period, bound to it, and the facts they ask for.

The leaves of a policy are numbered: first `applies` (is the firm in its scope?), then the conditions in the order of
the file, then, where a repealed policy finishes its instalments, `started` (was a part paid?), for what may be claimed
once, `claim` (was it never paid?), and, where an award is paid by item, `items` (is there at least one?). A decision
keeps one truth a leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import PeriodKind
from matcher.bind import Binder, Undelivered
from matcher.context import Context
from matcher.dates import shift
from matcher.history import History
from matcher.interpreter.rows import HOME_REGION
from matcher.left_out import not_ready, why_not
from matcher.walk import children
from policies.awards_together import AwardsTogether, exclusive_peers
from policies.history_form import PAYMENTS
from policies.language import terms as t
from policies.load import Library
from policies.policy import Applies, Award, Items, Policy

FactTerm = t.Fact | t.Aggregate | t.Defined

APPLIES, STARTED, CLAIM, ITEMS = "applies", "started", "claim", "items"
EXCLUSIVE, EXCLUSIVE_ITEMS, TOP_UP, CAP, OWN = "exclusive", "exclusive_items", "top_up", "cap:", "own"
MAX_LEAVES = 62


@dataclass(frozen=True)
class BoundLeaf:
    """One leaf with its ground term."""

    id: str
    term: t.Term


@dataclass(frozen=True)
class BoundInstalment:
    """One part of a payment: its share, the day it is due, and its condition as a ground term."""

    share: Fraction
    due_on: date
    when: t.Term | None


@dataclass(frozen=True)
class BoundPolicy:
    """A policy bound to one period and as-of date; `award` holds ground terms.

    `paid` holds what was paid before, for the steps that deduct it (`exclusive`, `exclusive_items`, `top_up`,
    `cap:<id>`), and of this very award (`own`); `rank` is what a budget line serves firms by.
    """

    policy: Policy
    leaves: tuple[BoundLeaf, ...]
    award: Award | None
    paid: Mapping[str, t.Term] = field(default_factory=dict)
    rank: t.Term | None = None
    instalments: tuple[BoundInstalment, ...] = ()

    @property
    def id(self) -> str:
        """Return the policy's id."""
        return self.policy.id

    @property
    def scope(self) -> t.Term:
        """Return the term of the leaf `applies`."""
        return self.leaves[0].term

    def facts(self) -> Iterator[FactTerm]:
        """Yield the facts of conditions and award, each as often as it is used."""
        terms = [leaf.term for leaf in self.leaves]
        if self.award is not None:
            terms += award_terms(self.award)
        terms += [*self.paid.values(), *([] if self.rank is None else [self.rank])]
        terms += [part.when for part in self.instalments if part.when is not None]
        for term in terms:
            yield from facts_in(term)


def facts_in(term: t.Term) -> Iterator[FactTerm]:
    """Yield the facts and definitions a term asks for, those that others are made of first."""
    for child in children(term):
        yield from facts_in(child)
    if isinstance(term, t.Fact | t.Aggregate | t.Defined):
        yield term


def award_terms(award: Award) -> list[t.Term]:
    """Return the terms an award is computed from."""
    tiers = [term for tier in award.tiers for term in (tier.when, tier.pay)]
    limits = (award.item_cap, award.cap, award.lifetime)
    return [award.amount, *tiers, *(term for term in limits if term is not None)]


@dataclass(frozen=True)
class Skipped:
    """A policy that does not decide in this run, and why."""

    policy: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """Everything a run decides, before it meets data; `titles` are the definitions' Chinese names, for people."""

    context: Context
    catalogue: Catalogue
    policies: tuple[BoundPolicy, ...]
    skipped: tuple[Skipped, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    together: AwardsTogether = field(default_factory=AwardsTogether)

    def datasets(self) -> set[str]:
        """Return the datasets that the facts are made of."""
        return {fact.dataset for fact in self.facts() if not isinstance(fact, t.Defined)}

    def facts(self) -> tuple[FactTerm, ...]:
        """Return every fact asked for, once, in the order of first use."""
        return tuple(dict.fromkeys(fact for policy in self.policies for fact in policy.facts()))


def plan(
    library: Library,
    catalogue: Catalogue,
    context: Context,
    only: Iterable[str] = (),
    undelivered: Undelivered = MappingProxyType({}),
) -> Plan:
    """Bind the policies that are in force, apply to the period and are ready for it, in the order of their ids.

    `only` takes no others than these, each once, in whatever order they are named. Of `undelivered` fields, nothing is
    known, not even that they are empty.

    Raises:
        MianshenError: an unknown policy, or one that cannot be bound (a scope without regions, too many conditions).
    """
    chosen = [library.policy(name) for name in sorted(set(only))] or list(library.policies)
    binder = Binder(context, library.definition_terms, library.parameters, undelivered=undelivered)
    together = library.together
    bound, skipped = [], []
    for policy in chosen:
        reason = why_not(policy, context) or not_ready(policy, library)
        if reason is None:
            bound.append(bind_policy(policy, catalogue, binder, together))
        else:
            skipped.append(Skipped(policy.id, reason))
    titles = {name: definition.title.zh for name, definition in library.definitions.items()}
    return Plan(context, catalogue, tuple(bound), tuple(skipped), titles, together)


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Say in whatever is refused inside which part of which policy is meant."""
    try:
        yield
    except MianshenError as error:
        raise type(error)(f"{error} ({where})") from error


def bind_policy(
    policy: Policy, catalogue: Catalogue, binder: Binder, together: AwardsTogether | None = None
) -> BoundPolicy:
    """Return one policy bound to the binder's context; `together` tells which others its award has to do with."""
    with naming(f"policy {policy.id}, award"):
        award = _bound_award(policy, catalogue, binder)
    if award and award.items and (award.cap or award.lifetime or award.item_cap) and award.rounding_mode != "down":
        raise MianshenError(
            f"policy {policy.id} rounds item amounts up under a cap, which could lift them above it: "
            "round down, or round inside the amount's expression"
        )
    leaves = [BoundLeaf(APPLIES, _scope(policy, catalogue, binder.context))]
    for leaf in policy.conditions.leaves():
        with naming(f"policy {policy.id}, condition {leaf.id}"):
            leaves.append(BoundLeaf(leaf.id, binder.bind(leaf.term)))
    if policy.finishing:
        leaves.append(BoundLeaf(STARTED, binder.bind(History.of(catalogue, policy, binder.context.period).started())))
    if award is not None and award.claim == "once":
        history = History.of(catalogue, policy, binder.context.period)
        leaves.append(BoundLeaf(CLAIM, binder.bind(history.not_claimed())))
    if award is not None and award.items is not None:
        leaves.append(BoundLeaf(ITEMS, _some_item(award.items)))
    if len(leaves) > MAX_LEAVES:
        raise MianshenError(f"policy {policy.id} has {len(leaves)} conditions; at most {MAX_LEAVES} can be decided")
    paid = {
        what: binder.bind(term) for what, term in _paid_before(policy, catalogue, binder, together or AwardsTogether())
    }
    rank = policy.budget_line.rank if policy.budget_line else None
    rank = None if rank is None else binder.bind(rank)
    return BoundPolicy(policy, tuple(leaves), award, paid, rank, tuple(_instalments(policy, binder)))


def _instalments(policy: Policy, binder: Binder) -> Iterator[BoundInstalment]:
    for part in policy.instalments:
        due_on = shift(binder.context.period.last_day, part.months, 0)
        yield BoundInstalment(part.share, due_on, None if part.when is None else binder.bind(part.when))


def _paid_before(
    policy: Policy, catalogue: Catalogue, binder: Binder, together: AwardsTogether
) -> Iterator[tuple[str, t.Term]]:
    """Yield the past payments that later steps deduct, as terms still to be bound."""
    award = policy.award
    if award is None:
        return
    context = binder.context
    peers = exclusive_peers(together, policy)
    by_item = award.exclusive is not None and award.exclusive.by_item
    if peers:
        paid_to_peers = History.of(catalogue, policy, context.period).paid_to_peers(peers)
        yield EXCLUSIVE_ITEMS if by_item else EXCLUSIVE, paid_to_peers
    if award.top_up is not None:
        history = History.of(catalogue, policy, context.period)
        yield TOP_UP, history.paid_in_family(context.as_of, award.top_up.months, () if by_item else peers)
    for name in award.shared_caps:
        if name in together.caps and together.caps[name].lifetime:
            members = together.members("cap", name)
            yield f"{CAP}{name}", History.of(catalogue, policy, context.period).paid_under(members)
    # Within one year nothing tells which part of it a payment was for.
    asks = bool(policy.instalments) or policy.budget_line is not None
    if asks and PAYMENTS in catalogue.datasets and context.period.kind is PeriodKind.YEAR:
        yield OWN, History.of(catalogue, policy, context.period).paid_for_itself()


def _scope(policy: Policy, catalogue: Catalogue, context: Context) -> t.Term:
    rules = [rule for rule in policy.applies if rule.covers(context.period)]
    if policy.applies and not rules:
        return t.Constant(t.BOOL, value=False)
    if not rules or any(not rule.region_prefixes and not rule.except_prefixes for rule in rules):
        return t.Constant(t.BOOL, value=True)
    if catalogue.register.home_region is None:
        raise MianshenError(
            f"policy {policy.id} applies to a region, but {catalogue.register.dataset} has no field of type region"
        )
    return t.Some(t.BOOL, tuple(_in_region(rule) for rule in rules))


def _in_region(rule: Applies) -> t.Term:
    inside: list[t.Term] = []
    if rule.region_prefixes:
        inside.append(t.Within(t.BOOL, HOME_REGION, rule.region_prefixes))
    if rule.except_prefixes:
        inside.append(t.Not(t.BOOL, t.Within(t.BOOL, HOME_REGION, rule.except_prefixes)))
    return t.All(t.BOOL, tuple(inside))


def _some_item(items: Items) -> t.Term:
    count = t.Aggregate(t.Type(t.Kind.COUNT), "count", items.dataset, None, items.where)
    return t.Compare(t.BOOL, ">", count, t.Constant(count.type, Fraction(0)))


def _bound_award(policy: Policy, catalogue: Catalogue, binder: Binder) -> Award | None:
    award = policy.award
    if award is None:
        return None

    def bound(term: t.Term | None) -> t.Term | None:
        return None if term is None else binder.bind(term)

    items = replace(award.items, where=bound(award.items.where)) if award.items else None
    tiers = tuple(replace(tier, when=binder.bind(tier.when), pay=binder.bind(tier.pay)) for tier in award.tiers)
    return replace(
        award,
        items=items,
        amount=binder.bind(award.amount),
        tiers=tiers,
        item_cap=bound(award.item_cap),
        cap=bound(award.cap),
        lifetime=bound(_left_of_lifetime(policy, award.lifetime, catalogue, binder)) if award.lifetime else None,
    )


def _left_of_lifetime(policy: Policy, limit: t.Term, catalogue: Catalogue, binder: Binder) -> t.Term:
    """Return what a lifetime cap leaves for this period: the cap less what was paid for others."""
    paid = History.of(catalogue, policy, binder.context.period).paid_in_other_periods()
    return t.Arithmetic(limit.type, "-", limit, paid)
