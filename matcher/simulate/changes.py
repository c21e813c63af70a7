"""Who gains and who loses between two versions, firm by firm and in groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import polars as pl
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset, FieldType
from enterprise_data.codes import industries, regions
from enterprise_data.queries import column
from matcher.simulate.decide import Decided
from matcher.simulate.sums import Group
from matcher.sql.relations import table_of

# What may have happened to a firm, in the order in which it is shown.
GAINS, LOSES, MORE, LESS, HELD, OPENS, CLOSES = "gains", "loses", "more", "less", "amount_open", "opens", "closes"
MEANINGS: Mapping[str, str] = {
    GAINS: "eligible only after",
    LOSES: "eligible only before",
    MORE: "eligible both times, and paid more",
    LESS: "eligible both times, and paid less",
    HELD: "eligible both times, the amount known only once",
    OPENS: "not eligible before, undetermined after",
    CLOSES: "undetermined before, ineligible after",
}


def lay_down_changes(found: Decided, before: int, after: int) -> None:
    """Make the table `changes`: firm_no, change, both outcomes and both amounts; also of firms that stay as they are.

    Firms that are ineligible both times are left out.
    """
    found.connection.execute(_CHANGES, [before, after])


def changed_firms(found: Decided) -> pl.DataFrame:
    """Return every firm for whom something changes: by kind of change, then as the snapshot numbers them."""
    return pl.DataFrame(found.connection.sql(_FIRMS))


def breakdowns(found: Decided, register: Dataset) -> list[Group]:
    """Return the changes by region, and by industry and size where the register has them."""
    connection = found.connection
    groups = _grouped(connection, "region", "SELECT firm_no, region AS key FROM firms")
    for by, query in _of_register(register):
        groups += _grouped(connection, by, query)
    return groups


def _of_register(register: Dataset) -> Iterator[tuple[str, str]]:
    """Yield how each firm's industry (its section) and size are found in the rows of the register."""
    for name, declared in register.fields.items():
        value: exp.Expr = column(name)
        if declared.type is FieldType.INDUSTRY:
            value = exp.Left(this=value, expression=exp.Literal.number(1))
            by = "industry"
        elif declared.type is FieldType.CODE and name.endswith("size"):
            by = "size"
        else:
            continue
        query = exp.select("firm_no", exp.alias_(exp.Min(this=value), "key")).from_(table_of(register.dataset))
        changed = exp.column("firm_no").isin(query=exp.select("firm_no").from_("changes"))
        yield by, query.where(column("belongs"), changed).group_by("firm_no").sql("duckdb")


def _grouped(connection: duckdb.DuckDBPyConnection, by: str, keys: str) -> list[Group]:
    connection.sql(keys).create_view("group_keys", replace=True)
    rows = connection.execute(_GROUPS).fetchall()
    return [_group(by, key, (gain, lose, other), (int(old), int(new))) for key, gain, lose, other, old, new in rows]


def _group(by: str, key: str | None, firms: tuple[int, int, int], fen: tuple[int, int]) -> Group:
    return Group(by, key, _named(by, key), *firms, *fen)


def _named(by: str, key: str | None) -> str:
    if key is None:
        return "not known"
    try:
        return {"region": regions.name_of, "industry": industries.name_of}.get(by, str)(key)
    except LookupError:
        return key


_CHANGES = """
    CREATE OR REPLACE TEMP TABLE changes AS
    SELECT *, CASE
        WHEN outcome_after = 'eligible' AND outcome_before <> 'eligible' THEN 'gains'
        WHEN outcome_before = 'eligible' AND outcome_after <> 'eligible' THEN 'loses'
        WHEN outcome_before = 'eligible' AND held_before <> held_after THEN 'amount_open'
        WHEN outcome_before = 'eligible' AND after_fen > before_fen THEN 'more'
        WHEN outcome_before = 'eligible' AND after_fen < before_fen THEN 'less'
        WHEN outcome_before = 'ineligible' THEN 'opens'
        WHEN outcome_before = 'undetermined' AND outcome_after = 'ineligible' THEN 'closes'
        ELSE 'same' END AS change
    FROM (
        SELECT firm_no, coalesce(b.outcome, 'ineligible') AS outcome_before,
               coalesce(a.outcome, 'ineligible') AS outcome_after, b.fen AS before_fen, a.fen AS after_fen,
               coalesce(b.held, FALSE) AS held_before, coalesce(a.held, FALSE) AS held_after
        FROM (SELECT * FROM stands WHERE version = ?) b
        FULL JOIN (SELECT * FROM stands WHERE version = ?) a USING (firm_no)
    )
"""
_FIRMS = """
    SELECT c.change, f.uscc, f.name, f.region, c.outcome_before, c.outcome_after, c.before_fen, c.after_fen
    FROM changes c JOIN firms f USING (firm_no)
    WHERE c.change <> 'same'
    ORDER BY list_position(['gains', 'loses', 'more', 'less', 'amount_open', 'opens', 'closes'], c.change), firm_no
"""
_GROUPS = """
    SELECT key, count(*) FILTER (change = 'gains'), count(*) FILTER (change = 'loses'),
           count(*) FILTER (change IN ('more', 'less', 'amount_open')),
           coalesce(sum(before_fen), 0), coalesce(sum(after_fen), 0)
    FROM changes LEFT JOIN group_keys USING (firm_no)
    GROUP BY key ORDER BY key NULLS LAST
"""
