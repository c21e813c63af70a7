"""Who takes part in a settlement: the run's policies by number, with the groups, caps and budget lines they share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from enterprise_data.declarations.problems import MianshenError
from matcher.context import Context
from matcher.plan import OWN, BoundPolicy, Plan
from policies.awards_together import ties_of
from policies.derived import Order, base_of
from policies.floors import plain
from policies.policy import BudgetLine
from policies.shared_caps import SharedCap

Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class SharedLine:
    """A budget line: its amount in fen (None: none stated), and the unit in which it is divided."""

    name: str
    amount_fen: int | None
    unit: int
    rule: BudgetLine


@dataclass(frozen=True)
class Members:
    """The bound policies of a run in the order of their numbers, and the caps they name."""

    policies: tuple[BoundPolicy, ...]
    caps: Mapping[str, SharedCap]
    levels: Mapping[str, int] = field(default_factory=dict)
    context: Context | None = None

    @staticmethod
    def of(plan: Plan) -> Members:
        """Return the members of a plan."""
        return Members(plan.policies, plan.together.caps, Order.of(plan.together).levels, plan.context)

    @property
    def depth(self) -> int:
        """Return how many levels there are: awards that are shares of others come after them."""
        return 1 + max((self.levels.get(policy.id, 0) for policy in self.policies), default=0)

    @property
    def _bases(self) -> set[str]:
        return {p.award.share_of.policy for p in self.policies if p.award and p.award.share_of}

    def _derived(self) -> Rows:
        numbers = {policy.id: no for no, policy in enumerate(self.policies)}
        shares = [(no, p.award, p.award.share_of) for no, p in enumerate(self.policies) if p.award is not None]
        return [
            (no, of.policy, numbers.get(of.policy), of.rate.numerator, of.rate.denominator, award.rounding_mode)
            for no, award, of in shares
            if of is not None
        ]

    @property
    def named_caps(self) -> list[SharedCap]:
        """Return the caps that the run's policies name, by their ids."""
        named = {name for policy in self.policies if policy.award for name in policy.award.shared_caps}
        return [self.caps[name] for name in sorted(named)]

    def tables(self) -> Mapping[str, Rows]:
        """Return the rows of the tables that tell DuckDB of the members."""
        return {
            "settling": [
                (no, p.id, _unit(p), most_fen(p), self.levels.get(p.id, 0))
                for no, p in enumerate(self.policies)
                if takes_part(p) or p.id in self._bases
            ],
            "derived_members": self._derived(),
            "exclusive_members": list(self._exclusive()),
            "cap_members": self._cap_members(),
            "budget_members": [(no, line.line) for no, line in self._budgeted()],
            "budget_lines": self._budget_lines(),
        }

    def _exclusive(self) -> Rows:
        groups = [(no, p.award.exclusive) for no, p in enumerate(self.policies) if p.award is not None]
        return [(no, group.group, group.rank, group.by_item) for no, group in groups if group is not None]

    def _cap_members(self) -> Rows:
        rows: Rows = []
        for cap in self.named_caps:
            under = {p.id: no for no, p in enumerate(self.policies) if p.award and cap.id in p.award.shared_caps}
            rows += [(under[name], cap.id, place) for place, name in enumerate(cap.ordered(under))]
        return rows

    def _budgeted(self) -> list[tuple[int, BudgetLine]]:
        lines = [(no, p.policy.budget_line) for no, p in enumerate(self.policies) if p.award is not None]
        return [(no, line) for no, line in lines if line is not None]

    def _budget_lines(self) -> Rows:
        return [_budget_row(line) for line in self.lines()]

    def lines(self) -> list[SharedLine]:
        """Return the budget lines that the run's policies name, by their names."""
        named: dict[str, list[int]] = {}
        for no, line in self._budgeted():
            named.setdefault(line.line, []).append(no)
        return [self._line(name, sharing) for name, sharing in sorted(named.items())]

    def _amount(self, line: BudgetLine) -> int | None:
        return line.amount_fen if self.context is None else line.amount_for(self.context.period, self.context.as_of)

    def _line(self, name: str, sharing: Sequence[int]) -> SharedLine:
        own = dict(self._budgeted())
        amount = next((fen for no in sharing if (fen := self._amount(own[no])) is not None), None)
        unit = math.gcd(*(_unit(self.policies[no]) for no in sharing))
        return SharedLine(name, amount, unit, own[sharing[0]])


def _budget_row(line: SharedLine) -> tuple[object, ...]:
    rule = line.rule
    return (line.name, rule.when_short, line.amount_fen, line.unit, rule.rank is not None, rule.highest)


def takes_part(policy: BoundPolicy) -> bool:
    """Return whether an award has to do with others, or with what was paid before."""
    award = policy.award
    if award is None:
        return False
    contested = award.items is not None and award.items.first_by is not None
    return contested or bool(ties_of(policy.policy)) or bool(policy.paid.keys() - {OWN}) or award.share_of is not None


def _unit(policy: BoundPolicy) -> int:
    return policy.award.rounding_quantum_fen if policy.award else 1


def most_fen(policy: BoundPolicy) -> int | None:
    """Return the most a policy can award one firm, where plain numbers say so, rounded up; None without a bound."""
    award = policy.award
    if award is None:
        return 0
    amount = plain(award.amount) if award.items is None else None
    limits = [plain(award.cap), amount]
    known = [max(limit, Fraction(0)) for limit in limits if limit is not None]
    return -(-math.ceil(min(known)) // _unit(policy)) * _unit(policy) if known else None


def refuse_parts(plan: Plan) -> None:
    """Refuse to settle some of the policies that belong together, while the others are left out by choice.

    Raises:
        MianshenError: what is left out, and of what.
    """
    inside = {policy.id for policy in plan.policies}
    decided = inside | {skipped.policy for skipped in plan.skipped}
    for name in sorted(inside & plan.together.policies.keys()):
        base = base_of(plan.together.policies, name)
        if base in plan.together.policies and base not in decided:
            raise MianshenError(f"{name} awards a share of what {base} does, which this run leaves out")
    for tie in plan.together.ties():
        missing = [name for name in tie.members if name not in decided]
        if missing and inside & set(tie.members):
            raise MianshenError(
                f"{_WORDS[tie.kind]} `{tie.name}` is shared with {', '.join(missing)}, which this run leaves out: "
                "match them together, or all policies"
            )


_WORDS = {"exclusive": "the exclusive group", "cap": "the cap", "budget": "the budget line"}
