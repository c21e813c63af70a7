"""Policies put together by hand, and deciding them by both evaluators, which must say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from enterprise_data.declarations.problems import Place
from enterprise_data.periods import Period, PeriodKind
from matcher.bind import Binder
from matcher.context import Context
from matcher.coverage import Feeds
from matcher.interpreter.rows import FirmRows
from matcher.plan import Plan, bind_policy
from matcher.trial import Answer, by_interpreter, by_sql
from policies.citation import Checked, Source, Title
from policies.language.compile import compile_expression
from policies.language.scope import Scope
from policies.language.terms import BOOL, Kind, Term, Type
from policies.model import PolicyKind, Status
from policies.parameters import Parameters
from policies.policy import Applies, Award, Group, Leaf, Policy
from tests.matcher.small_world import AS_OF, CATALOGUE

CONTEXT = Context(Period.parse("2024"), AS_OF)
MONEY = Type(Kind.MONEY)


def compiled(text: str, expect: Type | None = BOOL, row_dataset: str | None = None) -> Term:
    """Return the term of a text of the language over the small world, for yearly policies."""
    return compile_expression(text, Place(text), Scope(CATALOGUE, PeriodKind.YEAR, row_dataset), expect)


def leaf(name: str, term: Term) -> Leaf:
    """Return a condition."""
    return Leaf(name, name, "第一条", "", term)


def policy(
    name: str, members: Sequence[Leaf | Group], award: Award | None = None, applies: Sequence[Applies] = (), **more: Any
) -> Policy:
    """Return a policy in force, for all years unless `applies` says otherwise."""
    fixed: dict[str, Any] = {
        "kind": PolicyKind.AWARD,
        "status": Status.IN_FORCE,
        "source": Source(document="某号文", issuer="某局", checked=Checked.UNVERIFIED),
        "period_kind": PeriodKind.YEAR,
        "automatic": True,
        **dict.fromkeys(("service", "budget", "payout", "max_share")),
        **dict.fromkeys(("reason", "note", "file", "sha256"), ""),
        "supersedes": (),
        **more,
    }
    conditions = Group("all", tuple(members))
    return Policy(id=name, title=Title(zh=name), applies=tuple(applies), conditions=conditions, award=award, **fixed)


def planned(policies: Sequence[Policy], context: Context = CONTEXT) -> Plan:
    """Return the plan of policies of the small world."""
    binder = Binder(context, {}, Parameters({}))
    return Plan(context, CATALOGUE, tuple(bind_policy(each, CATALOGUE, binder) for each in policies), ())


def agreed(
    connection: duckdb.DuckDBPyConnection, plan: Plan, feeds: Feeds, firms: Sequence[FirmRows]
) -> dict[tuple[str, int], Answer]:
    """Return the answers by policy and firm, after seeing that both evaluators give the same."""
    expected = {(answer.policy, answer.firm): answer for answer in by_interpreter(plan, feeds, firms)}
    found = {(answer.policy, answer.firm): answer for answer in by_sql(connection, plan, feeds, firms)}
    assert found.keys() == expected.keys()
    for key, answer in expected.items():
        assert found[key] == answer, f"SQL {found[key]}\ninterpreter {answer}\nrows {firms[key[1]]}"
    return expected
