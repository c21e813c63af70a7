"""Groups that compare item by item: what others were paid for an item before is taken off it, or holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

import matcher
from enterprise_data.catalogue.load import Catalogue, load_catalogue
from enterprise_data.catalogue.model import Dataset
from matcher.bind import Binder
from matcher.coverage import Feed, Feeds
from matcher.explain.text import lines
from matcher.interpreter.rows import FirmRows
from matcher.plan import Plan, bind_policy
from matcher.trial import by_sql
from policies.awards_together import AwardsTogether
from policies.language.terms import BOOL, Constant
from policies.parameters import Parameters
from policies.policy import Applies, Award, Exclusive, Items, TopUp
from tests.matcher.deciding import CONTEXT, MONEY, compiled, leaf, policy
from tests.matcher.small_world import AS_OF, CATALOGUE
from tests.settlement.city import A, B, matched
from tests.settlement.city import policy as written

YUAN = 100  # fen
DRUGS = Dataset.model_validate(
    {
        "dataset": "drugs",
        "title": {"zh": "药品"},
        "department": "某局",
        "grain": "event",
        "key": ["uscc"],
        "fields": {"approval_no": {"type": "text", "label": "批准文号"}},
    }
)
PAYMENTS = load_catalogue(None, bundled=True).datasets["payments"]
SEEN = Catalogue({**CATALOGUE.datasets, "drugs": DRUGS, "payments": PAYMENTS})
FRESH: Feeds = {"payments": Feed(AS_OF), "drugs": Feed(AS_OF)}
ALWAYS = leaf("always", Constant(BOOL, value=True))
SINCE_2021 = (Applies(CONTEXT.period + -3, None),)
GROUP = Exclusive("drugs", by_item=True)


def award(yuan: int, **more: Any) -> Award:
    return Award(Items("drugs", None, "approval_no"), compiled(f"{yuan}元", MONEY), exclusive=GROUP, **more)


def paid(**fields: Any) -> dict[str, Any]:
    """Return a row of past payments: by default 2 元 to `low` for the item a1, of this period."""
    usual = {"policy": "low", "item": "a1", "amount": 2 * YUAN, "fiscal_year": 2024, "paid_on": date(2024, 8, 1)}
    return {**dict.fromkeys(PAYMENTS.fields), "belongs": True, **usual, **fields}


def due(payments: Sequence[dict[str, Any]], feeds: Feeds = FRESH, **more: Any) -> tuple[int | None, int | None]:
    """Return in yuan what a firm is due for its items a1 and a2, each of which `high` pays 3 元 and `low` 2 元."""
    policies = [policy("high", [ALWAYS], award(3, **more), SINCE_2021), policy("low", [ALWAYS], award(2), SINCE_2021)]
    together = AwardsTogether.of(policies, {})
    binder = Binder(CONTEXT, {}, Parameters({}))
    bound = tuple(bind_policy(each, SEEN, binder, together) for each in policies)
    items = [{"approval_no": name, "belongs": True} for name in ("a1", "a2")]
    firm = FirmRows(None, {"drugs": items, "payments": payments})
    with duckdb.connect(config={"threads": "1"}) as connection:
        answers = by_sql(connection, Plan(CONTEXT, SEEN, bound, (), together=together), feeds, [firm])
    found = {(answer.policy, each.item): each.fen for answer in answers for each in answer.due}
    assert found["low", "a1"] == found["low", "a2"] == 0
    first, second = (None if fen is None else fen // YUAN for fen in (found["high", "a1"], found["high", "a2"]))
    return first, second


@pytest.mark.parametrize(
    ("payments", "first", "second"),
    [
        ([], 3, 3),
        ([paid()], 1, 3),
        ([paid(item="a2")], 3, 1),
        ([paid(), paid()], 0, 3),
        ([paid(recovered_on=date(2024, 9, 1))], 3, 3),
        ([paid(fiscal_year=2023, paid_on=date(2023, 8, 1))], 3, 3),
        ([paid(policy="high")], 3, 3),  # its own
        ([paid(policy="other")], 3, 3),  # not of the group
        ([paid(item="a9")], 3, 3),  # for another item
        ([paid(item=None)], None, None),  # for which item?
        ([paid(item="A 1")], None, 3),  # a slip of the pen?
        ([paid(fiscal_year=None)], None, 3),  # for which year?
        ([paid(policy="某号文")], None, 3),  # under which policy of the document?
        ([paid(belongs=None)], None, 3),  # this firm's?
        ([paid(amount=3 * YUAN), paid(item=None)], 0, None),  # there is nothing left of a1 in any case
    ],
)
def test_what_was_paid_for_an_item_before(
    payments: list[dict[str, Any]], first: int | None, second: int | None
) -> None:
    assert due(payments) == (first, second)


@pytest.mark.parametrize("feeds", [{"drugs": Feed(AS_OF)}, {**FRESH, "payments": Feed(date(2024, 1, 1))}])
def test_without_the_history_every_item_is_held(feeds: Feeds) -> None:
    assert due([], feeds) == (None, None)


@pytest.mark.parametrize(
    ("payments", "first", "second"),
    [
        ([], 3, 3),
        ([paid(family="f")], 1, 3),  # taken off once, not twice
        ([paid(family="f", item="a2")], 3, 1),
        ([paid(family="g")], 1, 3),  # of the group, not of the family
        ([paid(policy="old", family="f", fiscal_year=2023, paid_on=date(2023, 8, 1))], 1, 3),  # the family's alone
        ([paid(family="f", item="a9")], 1, 3),  # the family's, for another item
        ([paid(family="f", item="a2", amount=4 * YUAN)], 2, 0),  # the family's, more than the item's own
        ([paid(family="f"), paid(family="g")], 0, 2),
        ([paid()], None, None),  # of which family?
        ([paid(family="f"), paid(policy="某号文", family="g")], None, None),
    ],
)
def test_a_top_up_takes_off_of_its_family_what_no_item_lost(
    payments: list[dict[str, Any]], first: int | None, second: int | None
) -> None:
    more: dict[str, Any] = {"family": "f", "since": date(2021, 1, 1), "top_up": TopUp(months=36)}
    assert due(payments, **more) == (first, second)


ITEM = """\
award:
  for_each: {{rows: drugs where approved_on during period, item: approval_no}}
  amount: {amount}
  claim: per item
  exclusive: {{group: drugs, by: item}}
"""
HEAD = "统一社会信用代码,批准文号,批准日期,创新药\n"


def test_it_is_said_why(tmp_path: Path) -> None:
    files = {
        name: written(name, ITEM.format(amount=amount)) for name, amount in {"high": "3万元", "low": "2万元"}.items()
    }
    drugs = HEAD + "".join(f"{firm},甲,2024-03-01,是\n" for firm in (A, B))
    past = f"{A},low,,2024,20000,2024-08-01,,甲\n{B},low,,2024,20000,2024-08-01\n"
    run = matched(tmp_path / "w", files, past, more={"drugs": drugs})
    told = "\n".join(lines(matcher.explain(tmp_path / "w", A, ["high"])))
    assert "exclusive group: 2万元 was paid before; 3万元 becomes 1万元" in told
    told = "\n".join(lines(matcher.explain(tmp_path / "w", B, ["high"])))
    assert "for which item others of the group were paid before is not known; 3万元 becomes held" in told
    assert {cut.why for cut in run.manifest.settlement} == {"displaced", "paid_before", "paid_item_unknown"}
