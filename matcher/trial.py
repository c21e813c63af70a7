"""Deciding firms that are given as rows, by both evaluators: worked cases, what-if questions, tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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
    places = sorted(range(len(firms)), key=lambda place: (firms[place].region is None, firms[place].region))
    lay_down(connection, plan.catalogue, feeds.keys() & plan.datasets(), [firms[place] for place in places])
    engine = Engine(plan, feeds, connection, complete=True)
    engine.run(unseen)
    patterns = {(pattern.policy_no, *pattern.words): pattern for pattern in engine.patterns}
    rows = connection.execute("SELECT policy_no, firm_no, w0, w1 FROM kept").fetchall()
    due = _due(connection)
    answers = []
    for policy_no, firm_no, *words in sorted(rows, key=lambda row: (row[0], places[row[1]])):
        found = patterns[policy_no, *words].verdict
        paid = tuple(due.get((policy_no, firm_no), ()))
        policy, firm = plan.policies[policy_no].id, places[firm_no]
        answers.append(Answer(policy, firm, found.outcome.value, found.failed, found.unknown, paid))
    return answers


def as_settled(connection: duckdb.DuckDBPyConnection, answers: Sequence[Answer]) -> list[Answer]:
    """Return answers of one policy for one firm with what the settlement made of their amounts.

    The connection has just decided the same firm by SQL; amounts that were not the same before stay as they are.
    """
    query = "SELECT item, first(before_fen ORDER BY step), last(after_fen ORDER BY step) FROM cuts GROUP BY item"
    cuts = {item: (before, after) for item, before, after in connection.execute(query).fetchall()}

    def after(due: Due) -> Due:
        before, settled = cuts.get(due.item, (due.fen, due.fen))
        return replace(due, fen=settled) if due.fen == before else due

    return [replace(answer, due=tuple(map(after, answer.due))) for answer in answers]


def steps_that_cut(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Return the numbers of the settlement's steps that changed an amount."""
    query = "SELECT DISTINCT step FROM cuts WHERE before_fen IS DISTINCT FROM after_fen"
    return {step for (step,) in connection.execute(query).fetchall()}


def _due(connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], list[Due]]:
    """Return what is due by policy and firm number, items in the order of their keys."""
    due: dict[tuple[int, int], list[Due]] = {}
    query = "SELECT policy_no, firm_no, item, counts, amount_fen FROM awards ORDER BY policy_no, firm_no, item"
    for policy_no, firm_no, *paid in connection.execute(query).fetchall():
        due.setdefault((policy_no, firm_no), []).append(Due(*paid))
    return due


def lay_down(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, loaded: Iterable[str], firms: Sequence[FirmRows]
) -> None:
    """Make the tables that a snapshot has: `firms`, and `rows_<dataset>` for each dataset that was loaded.

    Firms are numbered in the order given; those of one region must stand together, as in a snapshot.
    """
    _table(connection, FIRMS, {"firm_no": "INTEGER", "region": "VARCHAR", "uscc": "VARCHAR"})
    rows = [(number, firm.region, firm.uscc or f"{number:06d}") for number, firm in enumerate(firms)]
    insert_rows(connection, FIRMS, rows)
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
