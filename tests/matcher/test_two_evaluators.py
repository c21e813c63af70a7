"""The SQL that decides for everybody and the interpreter that explains one firm mean the same, outcome by outcome."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.intervals import Interval
from matcher.interpreter.rows import FirmRows, RowFacts
from matcher.plan import facts_in
from matcher.sql.build import Expr
from matcher.sql.columns import Ends
from matcher.sql.compile import Compiler
from matcher.sql.exact import Overflow, Ratio
from matcher.sql.facts import FactBuilder
from matcher.trial import lay_down
from matcher.walk import children, every_term
from policies.language import terms as t
from tests.matcher.random_terms import Generator
from tests.matcher.small_world import AS_OF, CATALOGUE, FEEDS, firms

FIRMS = 12
TERMS = 5


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})


def by_sql(connection: duckdb.DuckDBPyConnection, terms: list[t.Term]) -> list[list[Any]]:
    """Return the value of each term for each firm, read from DuckDB in the interpreter's forms."""
    facts = [fact for term in terms for fact in facts_in(term)]
    table = FactBuilder(CATALOGUE, FEEDS, AS_OF).plan(facts)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE facts AS {table.query.sql('duckdb')}")
    compiler = Compiler(table.columns)
    columns: list[Expr] = []
    readers = [_reader(compiler.compile(term), columns) for term in terms]
    selected = ", ".join(f"{column.sql('duckdb')} AS c{place}" for place, column in enumerate(columns))
    rows = connection.execute(f"SELECT firm_no, {selected} FROM facts ORDER BY firm_no").fetchall()
    return [[reader(row[1:]) for row in rows] for reader in readers]


def _reader(value: Any, columns: list[Expr]) -> Any:
    """Add the columns that hold a value; return a function that reads it from a row."""
    if not isinstance(value, Ends):
        columns.append(value)
        place = len(columns) - 1
        return lambda row: row[place]
    low, high = _end(value.low, columns), _end(value.high, columns)
    return lambda row: Interval(low(row), high(row))


def _end(value: Any, columns: list[Expr]) -> Any:
    if not isinstance(value, Ratio):
        columns.append(value)
        place = len(columns) - 1
        return lambda row: row[place]
    columns.append(value.numerator.expr)
    columns.append(value.denominator.expr if value.denominator else Ratio.of(Fraction(1)).numerator.expr)
    place, scale = len(columns) - 2, value.scale

    def read(row: tuple[Any, ...]) -> Fraction | None:
        numerator, denominator = row[place : place + 2]
        return None if numerator is None or denominator is None else Fraction(numerator, denominator * scale)

    return read


def by_interpreter(world: list[FirmRows], terms: list[t.Term]) -> list[list[Any]]:
    """Return the value of each term for each firm."""
    interpreters = [Interpreter(RowFacts(CATALOGUE, FEEDS, AS_OF, firm)) for firm in world]
    return [[interpreter.evaluate(term) for interpreter in interpreters] for term in terms]


def smallest_difference(connection: duckdb.DuckDBPyConnection, world: list[FirmRows], term: t.Term) -> str:
    """Return the smallest part of a term on which the evaluators differ, with both answers, firm by firm."""
    parts = [part for part in every_term(term) if not _speaks_of_a_row(part)]
    for part in sorted(parts, key=lambda part: len(list(every_term(part)))):
        found, expected = by_sql(connection, [part])[0], by_interpreter(world, [part])[0]
        for firm, sql_value, value in zip(world, found, expected, strict=True):
            if sql_value != value:
                rows = {
                    fact.dataset: firm.rows.get(fact.dataset) for fact in every_term(part) if hasattr(fact, "dataset")
                }
                return f"{part}\n SQL {sql_value}\n interpreter {value}\n region {firm.region}\n rows {rows}"
    return f"{term} differs only as a whole"


def _speaks_of_a_row(term: t.Term) -> bool:
    if isinstance(term, t.Aggregate):
        return False
    return isinstance(term, t.RowField) or any(_speaks_of_a_row(child) for child in children(term))


# As many random terms as the profile has examples: 20,000 by night.
@settings(max_examples=max(40, settings().max_examples // TERMS))
@given(st.integers(min_value=0, max_value=2**63))
def test_both_evaluators_agree(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Five terms by twelve firms an example."""
    rnd = random.Random(seed)
    world = firms(rnd, FIRMS)
    lay_down(connection, CATALOGUE, FEEDS, world)
    generator = Generator(rnd)
    terms = [generator.condition() for _ in range(TERMS - 1)] + [generator.number(3)]
    try:
        found = by_sql(connection, terms)
    except Overflow:
        return  # refused when compiled, for every firm alike: nothing was decided
    for term, sql_values, values in zip(terms, found, by_interpreter(world, terms), strict=True):
        assert sql_values == values, smallest_difference(connection, world, term)
