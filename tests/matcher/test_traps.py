"""Traps, family by family: each file of `traps/` gives rows, conditions with their truth, and amounts in 元.

A block has `given` (what is special), `rows` by dataset (what is left out is empty; money in 元), and

    says:  condition -> true | false | unknown
    pays:  amount -> 元 | unknown

Both evaluators decide every line, and must also agree with each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from enterprise_data.catalogue.model import DataField, Dataset, FieldType, Grain
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from matcher.context import Context
from matcher.interpreter.rows import FirmRows
from matcher.sql.exact import Overflow
from policies.language.terms import BOOL, Constant
from policies.policy import Applies, Award, Policy
from tests.matcher.deciding import MONEY, agreed, compiled, leaf, planned, policy
from tests.matcher.small_world import AS_OF, CATALOGUE, FEEDS

TRAPS = Path(__file__).parent / "traps"
OUTCOMES = {"true": "eligible", "false": "ineligible", "unknown": "undetermined"}
ALWAYS = leaf("always", Constant(BOOL, value=True))


def blocks() -> list[Any]:
    """Return every block as a test case; all scalars are texts."""
    reader = YAML(typ="base", pure=True)
    return [
        pytest.param(block, id=f"{path.stem}: {block['given']}")
        for path in sorted(TRAPS.glob("*.yaml"))
        for block in reader.load(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})


@pytest.mark.parametrize("block", blocks())
def test_trap(connection: duckdb.DuckDBPyConnection, block: Mapping[str, Any]) -> None:
    says, pays = block.get("says", {}), block.get("pays", {})
    policies = [policy(text, [leaf("it", compiled(text))]) for text in says] + [_paying(text) for text in pays]
    context = Context(Period.parse(block.get("period", "2024")), date.fromisoformat(block.get("as_of", str(AS_OF))))
    answers = agreed(connection, planned(policies, context), FEEDS, [_firm(block)])
    outcomes = {text: answers[text, 0].outcome for text in says}
    assert outcomes == {text: OUTCOMES[truth] for text, truth in says.items()}
    amounts = {text: answers[text, 0].due[0].fen for text in pays}
    assert amounts == {text: None if yuan == "unknown" else _fen(yuan) for text, yuan in pays.items()}


def _paying(text: str) -> Policy:
    return policy(text, [ALWAYS], Award(None, compiled(text, MONEY)))


def _fen(yuan: str) -> int:
    fen = Decimal(yuan.replace("_", "")) * 100
    assert fen == int(fen)
    return int(fen)


def _firm(block: Mapping[str, Any]) -> FirmRows:
    rows = {name: [_row(CATALOGUE.datasets[name], row) for row in given] for name, given in block["rows"].items()}
    region = block.get("region") or None
    if region is not None and "reg" not in rows:
        rows["reg"] = [_row(CATALOGUE.datasets["reg"], {"region": region})]
    return FirmRows(region, rows)


def _row(dataset: Dataset, given: Mapping[str, str]) -> dict[str, Any]:
    unexpected = given.keys() - dataset.fields.keys() - {"period", "belongs"}
    assert not unexpected, f"{dataset.dataset} has no {unexpected}"
    row: dict[str, Any] = {name: _value(field, given.get(name, "")) for name, field in dataset.fields.items()}
    if dataset.grain is not Grain.REGION:
        row["belongs"] = None if given.get("belongs") == "maybe" else True
    if dataset.period is not None:
        row["period"] = Period.parse(given["period"]).first_day
    return row


def _value(field: DataField, text: str) -> Any:
    if text == "":
        return None
    match field.type:
        case FieldType.MONEY:
            return _fen(text)
        case FieldType.COUNT:
            return int(text)
        case FieldType.SHARE | FieldType.NUMBER:
            return Decimal(text).quantize(Decimal(1).scaleb(-field.digits))
        case FieldType.DATE:
            return date.fromisoformat(text)
        case FieldType.BOOLEAN:
            return {"true": True, "false": False}[text]
        case _:
            return text


@pytest.mark.parametrize(
    "text",
    [
        "sum(all.gain) * (sum(all.gain) / 1元) >= 1元",
        "reg.capital / 1元 * (reg.capital / 1元) * (reg.capital / 1元) >= 1",
        "tax.revenue[2023] * 0.12345678 * 0.12345678 * 0.12345678 * 0.12345678 * 0.1234567 >= 1元",
        "reg.capital / tax.revenue[2021] + reg.capital / tax.revenue[2022] + reg.capital / tax.revenue[2023] >= 1",
        "count(all) * 0.000000000000000000000000000000000000001 >= 1",
        "count(all) >= 100000000000000000000000000000000000000000",
    ],
)
def test_what_could_exceed_38_digits_is_refused_before_any_firm_is_decided(
    connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    plan = planned([policy("p", [leaf("it", compiled(text))])])
    with pytest.raises(Overflow, match="digits could arise"):
        agreed(connection, plan, FEEDS, [FirmRows(None, {})])


SHANDONG, QINGDAO, SHINAN, NANJING, YANTAI = "370000", "370200", "370202", "320100", "370602"


@pytest.mark.parametrize(
    ("rules", "outcomes"),
    [
        ([], "EEEEEE"),
        ([("2024", (), ())], "EEEEEE"),
        ([("2024", ("37",), ())], "EEE-EU"),
        ([("2024", ("37",), ("3702",))], "U---EU"),
        ([("2024", ("37",), ("370202",))], "UU--EU"),
        ([("2024", (), ("3702",))], "U--EEU"),
        ([("2024", ("3702", "32"), ())], "UEEE-U"),
        ([("2024", ("37",), ("3702",)), ("2024", ("370202",), ())], "UUE-EU"),
        ([("2023", (), ()), ("2024", ("32",), ())], "---E-U"),
        ([("2023", (), ()), ("2025", (), ())], "------"),
    ],
)
def test_scope(
    connection: duckdb.DuckDBPyConnection, rules: list[tuple[str, tuple[str, ...], tuple[str, ...]]], outcomes: str
) -> None:
    """Eligible, undetermined or (`-`) out of scope, for firms of six regions, the last unknown."""
    applies = [Applies(Period.parse(year), Period.parse(year), inside, outside) for year, inside, outside in rules]
    firms = [FirmRows(region, {}) for region in (SHANDONG, QINGDAO, SHINAN, NANJING, YANTAI, None)]
    answers = agreed(connection, planned([policy("p", [ALWAYS], applies=applies)]), FEEDS, firms)
    marks = {"eligible": "E", "undetermined": "U"}
    assert "".join(marks[answers["p", n].outcome] if ("p", n) in answers else "-" for n in range(6)) == outcomes


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("reg.founded before as_of - 3000 years", "more than 200 years"),
        ("reg.founded + 150 years + 60 years > as_of", "more than 200 years"),
        ("exists(all where on + 80000 days after as_of)", "more than 200 years"),
        ("reg.founded before 0001-01-05 - 3 years", "outside the calendar"),
        ("tax.staff[period - 3000] > 1人", "outside the calendar"),
        ("tax.staff[period + 7975] > 1人", "outside the calendar"),
    ],
)
def test_what_leaves_the_calendar_is_refused(text: str, fault: str) -> None:
    with pytest.raises(MianshenError, match=fault):
        planned([policy("p", [leaf("it", compiled(text))])])
