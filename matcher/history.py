"""What was paid before (兑付历史), as ground terms of the language: both evaluators, coverage and explain read them.

Past payments are rows of the dataset `payments`. A row is a policy's own when it names the policy; one that names
only the document the policy stands in may be it (one document often pays several things): it counts possibly. Nobody
is paid under a policy before it began, so the history must reach back to that day; for a `family`, which may be older,
without end, unless the award says `since`. What the history cannot answer is unknown, and never pays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period, PeriodKind
from matcher.dates import shift
from policies.history_form import PAYMENTS
from policies.language import terms as t
from policies.language.scope import type_of
from policies.policy import Policy

MAYBE = t.Constant(t.BOOL, None)


@dataclass(frozen=True)
class History:
    """Asks the payment history on behalf of one policy in one period; its terms are still to be bound."""

    payments: Dataset
    policy: Policy
    period: Period

    @staticmethod
    def of(catalogue: Catalogue, policy: Policy, period: Period) -> History:
        """Return the history by the catalogue's entry of past payments.

        Raises:
            MianshenError: the catalogue has no such entry.
        """
        dataset = catalogue.datasets.get(PAYMENTS)
        if dataset is None:
            raise MianshenError(f"policy {policy.id} depends on past payments, and no dataset `{PAYMENTS}` is declared")
        return History(dataset, policy, period)

    def not_claimed(self) -> t.Term:
        """Return whether nothing was ever paid of what may be claimed once, whatever became of the payment later.

        Of what is paid in instalments, the parts of this period's own award do not count: the later ones are still due.
        """
        part = t.Not(t.BOOL, self._itself()) if self.policy.instalments else None
        paid = t.Aggregate(t.Type(t.Kind.COUNT), "count", PAYMENTS, None, self._all(self._own(), part, self._since()))
        return t.Not(t.BOOL, t.Compare(t.BOOL, ">", paid, t.Constant(paid.type, Fraction(0))))

    def started(self) -> t.Term:
        """Return whether a part of this period's own award was paid, and kept."""
        paid = t.Aggregate(t.Type(t.Kind.COUNT), "count", PAYMENTS, None, self._own_parts())
        return t.Compare(t.BOOL, ">", paid, t.Constant(paid.type, Fraction(0)))

    def paid_for_itself(self) -> t.Term:
        """Return what was paid, and kept, of this period's own award."""
        return self._sum(self._own_parts())

    def _own_parts(self) -> t.Term:
        return self._all(self._of(self.policy), self._this_period(), self._in_period(), self._kept())

    def paid_in_other_periods(self) -> t.Term:
        """Return what counts toward the lifetime cap: of this policy or its family, not for this period, kept."""
        return self._sum(self._own(), self._other_period(), self._kept(), self._since())

    def paid_to_peers(self, peers: Collection[Policy]) -> t.Term:
        """Return what other policies of the exclusive group paid for this period: the highest is paid less it."""
        return self._sum(self._to_peers(peers), self._kept())

    def paid_in_family(self, as_of: date, months: int | None, peers: Collection[Policy] = ()) -> t.Term:
        """Return what a top-up deducts: the family's payments of the last months, but this award's own.

        What `peers` of an exclusive group were paid for the period is left out: that was deducted before. Where the
        group compares by item it stays in, for only what was paid for this award's own items was deducted.
        """
        left_out = [self._itself(), *([self._to_peers(peers)] if peers else [])]
        within = None if months is None else self._paid(">", shift(as_of, -months, 0))
        return self._sum(self._own(), t.Not(t.BOOL, _any(left_out)), self._kept(), within, self._since())

    def _to_peers(self, peers: Collection[Policy]) -> t.Term:
        """Return whether a payment is of one of the policies, for this period; it may have been made ahead of it."""
        first = self.period.first_day
        if self.period.kind is PeriodKind.YEAR:  # within one year, a payment before the period is one for another
            first = max(shift(first, -12, 0), min(first, _first_applied(peers) or first))
        return self._all(_any(self._of(peer) for peer in peers), self._this_period(), self._paid(">=", first))

    def _itself(self) -> t.Term:
        """Return whether a payment is this policy's own for this period."""
        return self._all(self._is("policy", self.policy.id), self._this_period(), self._in_period())

    def paid_under(self, members: Collection[Policy]) -> t.Term:
        """Return what counts toward a lifetime cap over several policies: paid for other periods, and kept."""
        first = _first_applied(members)
        since = None if first is None else self._paid(">=", first)
        return self._sum(_any(self._of(each) for each in members), self._other_period(), self._kept(), since)

    def _own(self) -> t.Term:
        """Return whether a payment is of this policy, or of its family."""
        of_family = [] if self._award_family is None else [self._is("family", self._award_family)]
        return _any([self._of(self.policy), *of_family])

    def _of(self, policy: Policy) -> t.Term:
        """Return whether a payment is of a policy: unknown where it only names the policy's document."""
        named = self._is("policy", policy.id)
        document = policy.source.document
        return named if document == policy.id else _any([named, self._all(self._is("policy", document), MAYBE)])

    def _in_period(self) -> t.Term:
        return self._paid(">=", self.period.first_day)

    def _this_period(self) -> t.Term:
        """Return whether a payment was for this period; within one year nothing tells which part of it."""
        year = t.Constant(self._field("fiscal_year").type, Fraction(self.period.year))
        same: list[t.Term] = [t.Compare(t.BOOL, "=", self._field("fiscal_year"), year)]
        return self._all(*same, None if self.period.kind is PeriodKind.YEAR else MAYBE)

    @property
    def _award_family(self) -> str | None:
        return self.policy.award.family if self.policy.award else None

    def _other_period(self) -> t.Term:
        """Return whether a payment was for another period; within one year only the day it was paid can tell."""
        year = t.Constant(self._field("fiscal_year").type, Fraction(self.period.year))
        other = [t.Compare(t.BOOL, "!=", self._field("fiscal_year"), year), self._paid("<", self.period.first_day)]
        if self.period.kind is not PeriodKind.YEAR:
            other.append(MAYBE)
        return t.Some(t.BOOL, tuple(other))

    def _kept(self) -> t.Term:
        """Return whether the firm kept the money: it was not recovered (追回)."""
        return t.Not(t.BOOL, t.Known(t.BOOL, self._field("recovered_on")))

    def _since(self) -> t.Term | None:
        first = first_day(self.policy)
        return None if first is None else self._paid(">=", first)

    def _paid(self, operator: t.Comparison, day: date) -> t.Term:
        return t.Compare(t.BOOL, operator, self._field("paid_on"), t.Constant(t.DATE, day))

    def _is(self, field: str, value: str) -> t.Term:
        return t.Compare(t.BOOL, "=", self._field(field), t.Constant(t.Type(t.Kind.TEXT), value))

    def _field(self, name: str) -> t.RowField:
        return t.RowField(type_of(self.payments.fields[name]), PAYMENTS, name)

    def _sum(self, *conditions: t.Term | None) -> t.Term:
        return t.Aggregate(type_of(self.payments.fields["amount"]), "sum", PAYMENTS, "amount", self._all(*conditions))

    @staticmethod
    def _all(*conditions: t.Term | None) -> t.Term:
        return t.All(t.BOOL, tuple(condition for condition in conditions if condition is not None))


def _any(terms: Iterable[t.Term]) -> t.Term:
    return t.Some(t.BOOL, tuple(terms))


def first_day(policy: Policy) -> date | None:
    """Return the day from which payments may concern the policy; None where no day bounds them."""
    award = policy.award
    if award is not None and award.since is not None:
        return award.since
    if award is not None and award.family is not None:
        return None
    return _first_applied([policy])


def _first_applied(policies: Collection[Policy]) -> date | None:
    days = [rule.first.first_day for policy in policies for rule in policy.applies]
    return min(days, default=None)
