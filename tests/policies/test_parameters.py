from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from policies.language.terms import Choose, Compare, Constant, Fact, Kind, Term, Type, Within
from policies.parameters import Parameters
from tests.policies.writing import SOURCE, faults, library

HEAD = "parameter: limit\ntitle: {zh: 限额}\n" + SOURCE


def parameters(folder: Path, text: str) -> Parameters:
    return library(folder, parameters__limit=HEAD + text).parameters


PLAIN = """\
type: money
values:
  - {from: 2020, to: 2021, value: 100元}
  - {from: 2022-07-01, value: 120元}
  - {from: 2024, value: 1.5万元}
"""


@pytest.mark.parametrize(
    ("day", "fen"),
    [
        ("2019-12-31", None),
        ("2020-01-01", 10_000),
        ("2021-12-31", 10_000),
        ("2022-01-01", None),
        ("2022-06-30", None),
        ("2022-07-01", 12_000),
        ("2023-12-31", 12_000),
        ("2024-01-01", 1_500_000),
        ("2199-01-01", 1_500_000),
    ],
)
def test_a_value_holds_until_its_end_or_the_next(day: str, fen: int | None, tmp_path: Path) -> None:
    found = parameters(tmp_path, PLAIN)
    assert found.value_at("limit", date.fromisoformat(day)) == fen
    assert found.term("limit", None, date.fromisoformat(day)) == Constant(
        Type(Kind.MONEY), None if fen is None else Fraction(fen)
    )


def chosen(term: Term) -> list[tuple[str, object]]:
    """Read a chain of choices as (condition, value) pairs; the last condition is `else`."""
    pairs: list[tuple[str, object]] = []
    while isinstance(term, Choose):
        condition, value = term.condition, term.then
        assert isinstance(value, Constant)
        if isinstance(condition, Compare):
            assert isinstance(condition.right, Constant)
            pairs.append((f"{condition.operator} {condition.right.value}", value.value))
        else:
            assert isinstance(condition, Within)
            pairs.append((" ".join(condition.prefixes), value.value))
        term = term.otherwise
    assert isinstance(term, Constant)
    return [*pairs, ("else", term.value)]


KEY = Fact(Type(Kind.NUMBER), "tax", "any")
SHARES = "type: share\nvalues: [{from: 2020, table: [%s]}]\nkey: %s\n"


@pytest.mark.parametrize(
    ("key", "table", "expected"),
    [
        (
            "number",
            "{up_to: 30人, value: 20%}, {below: 100, value: 10%}, {value: 5.5%}",
            [("<= 30", Fraction(1, 5)), ("< 100", Fraction(1, 10)), ("else", Fraction(11, 200))],
        ),
        ("number", "{up_to: 30, value: 20%}", [("<= 30", Fraction(1, 5)), ("else", None)]),
        ("code", "{key: 大型, value: 30%}, {value: 60%}", [("= 大型", Fraction(3, 10)), ("else", Fraction(3, 5))]),
        (
            "region",
            "{key: 山东省, value: 1%}, {key: 青岛市, value: 2%}",
            [("3702", Fraction(1, 50)), ("37", Fraction(1, 100)), ("else", None)],
        ),
        (
            "industry",
            "{key: C13..C15, value: 1%}, {key: C151, value: 2%}",
            [("C151", Fraction(1, 50)), ("C13 C14 C15", Fraction(1, 100)), ("else", None)],
        ),
    ],
)
def test_tables_become_choices(key: str, table: str, expected: list[tuple[str, object]], tmp_path: Path) -> None:
    found = parameters(tmp_path, SHARES % (table, key))
    assert chosen(found.term("limit", KEY, date(2024, 1, 1))) == expected
    assert found.value_at("limit", date(2024, 1, 1)) is None


def test_signatures(tmp_path: Path) -> None:
    found = parameters(tmp_path, SHARES % ("{up_to: 1, value: 1%}", "number"))
    signature = found.signatures()["limit"]
    assert (signature.type, signature.key) == (Type(Kind.SHARE), Kind.NUMBER)


def test_dates_and_texts(tmp_path: Path) -> None:
    assert parameters(tmp_path, "type: date\nvalues: [{from: 2020, value: 2020-02-29}]\n").value_at(
        "limit", date(2020, 1, 1)
    ) == date(2020, 2, 29)
    found = parameters(tmp_path / "b", "type: text\nvalues: [{from: 2020, value: 甲}]\n")
    assert found.value_at("limit", date(2020, 1, 1)) == "甲"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type: money\nvalues: [{from: 2020, value: 100}]\n", "LANG"),
        ("type: money\nvalues: [{from: 2020, value: 100%}]\n", "LANG"),
        ("type: money\nvalues: [{from: 2020, value: 1元 + 1元}]\n", "POL010"),
        ("type: date\nvalues: [{from: 2020, value: 2021-02-29}]\n", "POL032"),
        ("type: money\nvalues: []\n", "POL001"),
        ("type: money\nvalues: [{from: 20, value: 1元}]\n", "POL001 `from`: '20' is not a period"),
        ("type: money\nvalues: [{from: 2021, to: 2020, value: 1元}]\n", "POL001 `values`: `to` lies before `from`"),
        ("type: money\nvalues: [{from: 2021, value: 1元}, {from: 2021, value: 2元}]\n", "overlaps the one before"),
        (
            "type: money\nvalues: [{from: 2020, to: 2021, value: 1元}, {from: 2021, value: 2元}]\n",
            "overlaps the one before",
        ),
        ("type: money\nkey: code\nvalues: [{from: 2020, value: 1元}]\n", "any other key a `table`"),
        ("type: money\nvalues: [{from: 2020, value: 1元, table: [{value: 1元}]}]\n", "write either `value` or `table`"),
        (SHARES % ("{value: 1%}, {up_to: 3, value: 1%}", "number"), "POL031 only the last row may be open"),
        (SHARES % ("{up_to: 3, value: 1%}, {up_to: 3, value: 2%}", "number"), "POL031 the bounds of a table must rise"),
        (SHARES % ("{up_to: 3, below: 4, value: 1%}", "number"), "a row has one of `key`, `up_to`, `below`"),
        (SHARES % ("{key: 3, value: 1%}", "number"), "POL030 a table keyed by number has `up_to` or `below`"),
        (SHARES % ("{up_to: 3, value: 1%}", "code"), "POL030 `up_to` bounds numbers"),
        (SHARES % ("{key: 山冬省, value: 1%}", "region"), "POL030 no region is called 山冬省"),
        (SHARES % ("{key: Z99, value: 1%}", "industry"), "POL030"),
    ],
)
def test_faults_of_parameters(text: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, parameters__limit=HEAD + text)
    assert any(expected in fault for fault in found), found
