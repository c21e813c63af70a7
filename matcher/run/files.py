"""The files of a run, written by DuckDB from the engine's tables in a fixed order.

decisions.parquet    policy, uscc, item, outcome, amount_fen, failed, unknown, truths (T F ? a leaf)
near_misses.parquet  policy, firm_no, failed, unknown
funnel.parquet       policy, position, condition, true, false, unknown, remaining, sole_reason
facts.parquet        firm_no, uscc, region, f0, ... for every firm with a stored decision
items.parquet        policy, uscc, item, row_no, belongs, fields (JSON): the rows awards by item were paid for
instalments.parquet  policy, uscc, item, part, amount_fen, due_on, state: how awards are paid in parts
settlement.parquet   policy, uscc, item, step, rule, before_fen, after_fen, why, other: what the later steps did
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import DataField, FieldType
from matcher.coverage import Feeds
from matcher.interpreter.intervals import Truth
from matcher.outcomes import Outcome
from matcher.plan import ITEMS, Plan
from matcher.run.engine import Engine
from matcher.run.funnel import FunnelRow, funnel
from matcher.run.patterns import Pattern
from matcher.sql.build import Expr, cast, column, named, text
from matcher.sql.relations import table_of
from matcher.sql.rows_in import insert_rows

_MARKS: dict[Truth, str] = {True: "T", False: "F", None: "?"}


def write_all(engine: Engine, folder: Path) -> None:
    """Write every file of a finished run into `folder`.

    Unless the engine keeps every decision, ineligible firms stand in near_misses.parquet or nowhere.
    """
    connection = engine.connection
    _lay_down(connection, engine.plan, engine.patterns)
    connection.execute("UPDATE patterns SET stored = ? OR outcome <> ?", [engine.complete, Outcome.INELIGIBLE.value])
    _copy(connection, _DECISIONS, folder / "decisions.parquet")
    _copy(connection, _NEAR_MISSES, folder / "near_misses.parquet")
    _copy(connection, "SELECT * FROM funnel ORDER BY policy, position", folder / "funnel.parquet")
    _copy(connection, _facts(connection), folder / "facts.parquet")
    _copy(connection, _items(engine.plan, engine.feeds), folder / "items.parquet")
    _copy(connection, _INSTALMENTS, folder / "instalments.parquet")
    _copy(connection, _SETTLEMENT, folder / "settlement.parquet")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.sql(query).write_parquet(str(path), compression="zstd", row_group_size=122_880)


def marks(truths: Iterable[Truth]) -> str:
    """Return one letter a leaf: T, F or ?."""
    return "".join(_MARKS[truth] for truth in truths)


def _lay_down(connection: duckdb.DuckDBPyConnection, plan: Plan, patterns: Sequence[Pattern]) -> None:
    """Bring what Python knows of policies, patterns and funnels into tables."""
    connection.execute("CREATE TABLE policies (policy_no SMALLINT, policy VARCHAR)")
    connection.execute(
        "CREATE TABLE patterns (policy_no SMALLINT, w0 BIGINT, w1 BIGINT, outcome VARCHAR, failed VARCHAR[], "
        "unknown VARCHAR[], near_miss BOOLEAN, truths VARCHAR, stored BOOLEAN)"
    )
    connection.execute(
        'CREATE TABLE funnel (policy VARCHAR, position INTEGER, condition VARCHAR, "true" BIGINT, "false" BIGINT, '
        "unknown BIGINT, remaining BIGINT, sole_reason BIGINT)"
    )
    insert_rows(connection, "policies", [(no, policy.id) for no, policy in enumerate(plan.policies)])
    insert_rows(connection, "patterns", [_pattern_row(pattern) for pattern in patterns if pattern.kept])
    insert_rows(connection, "funnel", [_funnel_row(row) for row in _funnels(plan, patterns)])


def _funnels(plan: Plan, patterns: Sequence[Pattern]) -> Iterable[FunnelRow]:
    by_policy: dict[int, list[Pattern]] = {no: [] for no in range(len(plan.policies))}
    for pattern in patterns:
        by_policy[pattern.policy_no].append(pattern)
    for no, policy in enumerate(plan.policies):
        yield from funnel(policy, by_policy[no])


def _pattern_row(pattern: Pattern) -> tuple[object, ...]:
    found = pattern.verdict
    near = found.near_miss and found.outcome is Outcome.INELIGIBLE
    return (
        pattern.policy_no,
        *pattern.words,
        found.outcome.value,
        list(found.failed),
        list(found.unknown),
        near,
        marks(pattern.truths),
        True,
    )


def _funnel_row(row: FunnelRow) -> tuple[object, ...]:
    counts = (row.true, row.false, row.unknown, row.remaining, row.sole_reason)
    return (row.policy, row.position, row.condition, *counts)


_DECISIONS = f"""
    SELECT p.policy, f.uscc, a.item,
           CASE WHEN a.firm_no IS NOT NULL AND a.counts IS NULL THEN 'undetermined' ELSE t.outcome END AS outcome,
           a.amount_fen, t.failed,
           CASE WHEN a.firm_no IS NOT NULL AND a.counts IS NULL THEN ['{ITEMS}'] ELSE t.unknown END AS unknown,
           t.truths
    FROM kept k
    JOIN patterns t USING (policy_no, w0, w1)
    JOIN policies p ON p.policy_no = k.policy_no
    JOIN firms f ON f.firm_no = k.firm_no
    LEFT JOIN awards a ON a.policy_no = k.policy_no AND a.firm_no = k.firm_no
    WHERE t.stored
    ORDER BY k.policy_no, k.firm_no, a.item
"""  # noqa: S608  # a constant of ours

# By number, not by code: near misses are many, and facts.parquet has the code of each number.
_NEAR_MISSES = """
    SELECT p.policy, k.firm_no, t.failed, t.unknown
    FROM kept k
    JOIN patterns t USING (policy_no, w0, w1)
    JOIN policies p ON p.policy_no = k.policy_no
    WHERE t.near_miss
    ORDER BY k.policy_no, k.firm_no
"""


_INSTALMENTS = """
    SELECT p.policy, f.uscc, i.item, i.part, i.amount_fen, i.due_on, i.state
    FROM instalments i JOIN policies p USING (policy_no) JOIN firms f USING (firm_no)
    ORDER BY i.policy_no, i.firm_no, i.item, i.part
"""

_SETTLEMENT = """
    SELECT p.policy, f.uscc, c.item, c.step, c.rule, c.before_fen, c.after_fen, c.why, c.other
    FROM cuts c JOIN policies p USING (policy_no) JOIN firms f USING (firm_no)
    ORDER BY c.policy_no, c.firm_no, c.item, c.step, c.rule, c.why
"""


def _facts(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the query of the stored facts; HUGEINT would rest as DOUBLE in Parquet, DECIMAL(38, 0) keeps it exact."""
    columns = connection.execute("SELECT column_name, column_type FROM (DESCRIBE facts)").fetchall()
    columns = [(name, kind) for name, kind in columns if kind != "UTINYINT"]  # shared conditions follow from the facts
    selected = [
        exp.alias_(exp.cast(column(name), "DECIMAL(38, 0)", dialect="duckdb"), name, quoted=True)
        if kind == "HUGEINT"
        else column(name, "facts")
        for name, kind in columns
    ]
    concerned = exp.select("firm_no").distinct().from_("kept")
    query = (
        exp.select(column("uscc", "firms"), *selected)
        .from_("facts")
        .join("firms", on="firms.firm_no = facts.firm_no")
        .where(exp.column("firm_no", table="facts").isin(query=concerned))
        .order_by(column("firm_no", "facts"))
    )
    return query.sql("duckdb")


def _packed(name: str, field: DataField, table: str) -> tuple[Expr, Expr]:
    """Return a field's name and value for JSON; decimals go as text, which no reader rounds."""
    rest = column(name, table)
    return text(name), cast(rest, "VARCHAR") if field.type in (FieldType.SHARE, FieldType.NUMBER) else rest


def _items(plan: Plan, feeds: Feeds) -> str:
    """Return the query of the rows that awards by item looked at, for the firms that were due one."""
    parts = []
    for no, policy in enumerate(plan.policies):
        if policy.award is None or policy.award.items is None or policy.award.items.dataset not in feeds:
            continue
        dataset = policy.award.items.dataset
        table = table_of(dataset)
        declared = plan.catalogue.datasets[dataset].fields.items()
        fields = [part for name, field in declared for part in _packed(name, field, table)]
        if plan.catalogue.datasets[dataset].period is not None:
            fields += [text("period"), column("period", table)]
        packed = exp.cast(exp.Anonymous(this="json_object", expressions=fields), "VARCHAR", dialect="duckdb")
        due = exp.select("firm_no").distinct().from_("awards").where(exp.column("policy_no").eq(no))
        parts.append(
            exp.select(named(text(policy.id), "policy"), column("firm_no", table), column("row_no", table))
            .select(column("belongs", table), named(packed, "fields"))
            .from_(table)
            .where(exp.column("firm_no", table=table).isin(query=due))
        )
    if not parts:
        return "SELECT '' AS policy, '' AS uscc, 0::BIGINT AS row_no, TRUE AS belongs, '' AS fields WHERE FALSE"
    rows: exp.Query = parts[0]
    for part in parts[1:]:
        rows = rows.union(part, distinct=False)
    query = (
        exp.select("policy", "uscc", "row_no", "belongs", "fields")
        .from_(rows.subquery("items"))
        .join("firms", using="firm_no")
        .order_by("policy", "firm_no", "row_no", "fields")
    )
    return query.sql("duckdb")
