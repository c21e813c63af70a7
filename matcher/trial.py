"""Deciding firms that are given as rows, by both evaluators: worked cases, what-if questions, tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import DataField, Dataset, FieldType, Grain
from matcher.coverage import Feeds
from matcher.decide import decide
from matcher.interpreter.rows import FirmRows, RowFacts
from matcher.plan import Plan
from matcher.run.engine import Engine, unseen
from matcher.sql.relations import FIRMS, table_of
from matcher.sql.rows_in import insert_rows
from policies.language.terms import Defined


@dataclass(frozen=True)
class Due:
    """What is due for a firm (`item` None) or one of its items; `fen` None is unknown, `counts` None not sure."""

    item: str | None
    counts: bool | None
    fen: int | None


@dataclass(frozen=True)
class Answer:
    """One policy's answer for one firm."""

    policy: str
    firm: int
    outcome: str
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    due: tuple[Due, ...]


def by_interpreter(plan: Plan, feeds: Feeds, firms: Sequence[FirmRows]) -> list[Answer]:
    """Return the answers of every policy in whose scope a firm is, by policy, then firm."""
    facts = [RowFacts(plan.catalogue, feeds, plan.context.as_of, firm) for firm in firms]
    answers = []
    for policy in plan.policies:
        for number, of_firm in enumerate(facts):
            decision = decide(policy, of_firm)
            if decision is not None:
                due = tuple(Due(payment.item, payment.counts, payment.fen) for payment in decision.payments)
                found = decision.verdict
                answers.append(Answer(policy.id, number, found.outcome.value, found.failed, found.unknown, due))
    return answers


def by_sql(connection: duckdb.DuckDBPyConnection, plan: Plan, feeds: Feeds, firms: Sequence[FirmRows]) -> list[Answer]:
    """Return the same answers, decided in DuckDB; the connection's tables of an earlier trial are replaced."""
    asked = {fact.dataset for fact in plan.facts() if not isinstance(fact, Defined)}
    lay_down(connection, plan.catalogue, feeds.keys() & asked, firms)
    engine = Engine(plan, feeds, connection, complete=True)
    engine.run(unseen)
    patterns = {pattern.number: pattern for pattern in engine.patterns}
    rows = connection.execute("SELECT policy_no, firm_no, pattern_no FROM kept ORDER BY ALL").fetchall()
    answers = []
    for policy_no, firm, pattern_no in rows:
        found = patterns[pattern_no].verdict
        due = tuple(_due(connection, policy_no, firm))
        policy = plan.policies[policy_no].id
        answers.append(Answer(policy, firm, found.outcome.value, found.failed, found.unknown, due))
    return answers


def _due(connection: duckdb.DuckDBPyConnection, policy_no: int, firm: int) -> Iterator[Due]:
    query = "SELECT item, counts, amount_fen FROM awards WHERE policy_no = ? AND firm_no = ? ORDER BY item"
    yield from (Due(*row) for row in connection.execute(query, [policy_no, firm]).fetchall())


def lay_down(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, loaded: Iterable[str], firms: Sequence[FirmRows]
) -> None:
    """Make the tables that a snapshot has: `firms`, and `rows_<dataset>` for each dataset that was loaded.

    Firms are numbered in the order given, but those of one region stand together, as in a snapshot.
    """
    _table(connection, FIRMS, {"firm_no": "INTEGER", "region": "VARCHAR"})
    insert_rows(connection, FIRMS, [(number, firm.region) for number, firm in enumerate(firms)])
    for name in loaded:
        dataset = catalogue.datasets[name]
        columns = _columns(dataset)
        _table(connection, table_of(name), columns)
        insert_rows(connection, table_of(name), list(_rows(dataset, columns, firms)))


def _columns(dataset: Dataset) -> dict[str, str]:
    of_firm = {} if dataset.grain is Grain.REGION else {"firm_no": "INTEGER", "belongs": "BOOLEAN"}
    period = {"period": "DATE"} if dataset.period is not None else {}
    return {**of_firm, **period, **{name: _type(field) for name, field in dataset.fields.items()}}


def _type(field: DataField) -> str:
    if field.type in (FieldType.SHARE, FieldType.NUMBER):
        return f"DECIMAL(18, {field.digits})"
    return _TYPES.get(field.type, "VARCHAR")


_TYPES = {
    FieldType.MONEY: "BIGINT",
    FieldType.COUNT: "BIGINT",
    FieldType.DATE: "DATE",
    FieldType.BOOLEAN: "BOOLEAN",
}


def _rows(dataset: Dataset, columns: dict[str, str], firms: Sequence[FirmRows]) -> Iterator[tuple[object, ...]]:
    # Reference rows belong to no firm: every firm carries the same ones.
    holders = firms[:1] if dataset.grain is Grain.REGION else firms
    for number, firm in enumerate(holders):
        for row in firm.rows.get(dataset.dataset, ()):
            yield tuple({"firm_no": number, **row}[column] for column in columns)


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str]) -> None:
    definitions = [
        exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=exp.DataType.build(kind, dialect="duckdb"))
        for column, kind in columns.items()
    ]
    schema = exp.Schema(this=exp.to_table(name), expressions=definitions)
    connection.execute(exp.Create(this=schema, kind="TABLE", replace=True).sql("duckdb"))
