"""Settling a run: every step in its order, over the tables of `matcher.settlement.tables`."""

from __future__ import annotations

import duckdb

from matcher.settlement.budgets import budgets
from matcher.settlement.deduct import top_ups
from matcher.settlement.derived import derived_awards
from matcher.settlement.exclusive import exclusive_groups
from matcher.settlement.members import Members
from matcher.settlement.shared_caps import shared_cap
from matcher.settlement.tables import lay_down

_SETTLED = """
    UPDATE awards SET amount_fen = d.fen FROM due d
    WHERE NOT d.is_open AND awards.counts AND awards.policy_no = d.policy_no AND awards.firm_no = d.firm_no
      AND awards.item IS NOT DISTINCT FROM d.item AND awards.amount_fen IS DISTINCT FROM d.fen
"""


def settle(connection: duckdb.DuckDBPyConnection, members: Members) -> None:
    """Bring the amounts of `awards` to what is due after all steps; `cuts` then says what each step did."""
    lay_down(connection, members)
    for level in range(members.depth):
        derived_awards(connection, level)
        exclusive_groups(connection, level)
        top_ups(connection, level)
        for cap in members.named_caps:
            shared_cap(connection, level, cap)
        budgets(connection, level)
    connection.execute(_SETTLED)
