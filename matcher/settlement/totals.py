"""What a settlement came to: for each step, rule and reason the awards it concerned, and how budget lines stand."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CutTotal(_Part):
    """How often a step did something to a policy's awards, by how much in fen, and how many it holds."""

    step: int
    rule: str
    policy: str
    why: str
    awards: int
    cut_fen: int
    held: int


class BudgetTotal(_Part):
    """A budget line, in fen; `open` counts awards on it that are held or may yet come to be due."""

    line: str
    when_short: str
    amount_fen: int | None
    claimed_fen: int
    paid_fen: int
    carried_over_fen: int
    open: int


@dataclass(frozen=True)
class Settled:
    """Both kinds of totals."""

    cuts: tuple[CutTotal, ...]
    budgets: tuple[BudgetTotal, ...]


_CUTS = """
    SELECT c.step, c.rule, s.policy, c.why, count(*), coalesce(sum(c.before_fen - c.after_fen), 0)::BIGINT,
           count(*) FILTER (c.after_fen IS NULL)
    FROM cuts c JOIN settling s USING (policy_no)
    WHERE c.step > 1 OR c.after_fen IS NULL
    GROUP BY ALL ORDER BY c.step, c.rule, s.policy, c.why
"""

_BUDGETS = """
    WITH paid AS (
        SELECT b.line, coalesce(sum(d.fen), 0) AS paid, count(*) FILTER (d.is_open OR d.fen IS NULL) AS open
        FROM budget_members b LEFT JOIN due d USING (policy_no) GROUP BY b.line
    ), cut AS (
        SELECT rule AS line, sum(before_fen - coalesce(after_fen, 0)) AS cut,
               sum(before_fen) FILTER (why = 'carried_over') AS carried_over
        FROM cuts WHERE step = 8 GROUP BY rule
    )
    SELECT l.line, l.when_short, l.amount_fen, (paid + coalesce(cut, 0))::BIGINT, paid::BIGINT,
           coalesce(carried_over, 0)::BIGINT, open
    FROM budget_lines l JOIN paid USING (line) LEFT JOIN cut USING (line) ORDER BY l.line
"""


def cut_totals(connection: duckdb.DuckDBPyConnection) -> tuple[CutTotal, ...]:
    """Return what the steps did, summed up; the connection has just settled."""
    rows = connection.execute(_CUTS).fetchall()
    return tuple(CutTotal(**dict(zip(CutTotal.model_fields, row, strict=True))) for row in rows)


def budget_totals(connection: duckdb.DuckDBPyConnection) -> tuple[BudgetTotal, ...]:
    """Return how the budget lines stand."""
    rows = connection.execute(_BUDGETS).fetchall()
    return tuple(BudgetTotal(**dict(zip(BudgetTotal.model_fields, row, strict=True))) for row in rows)
