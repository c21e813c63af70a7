"""Many rows go in as they were given, in whichever order their columns come."""

import pytest
from sqlalchemy import select

from payouts.ledger.database import Ledger
from payouts.ledger.many import insert_many
from payouts.ledger.tables import budget_line


@pytest.mark.parametrize("columns", [("id", "title"), ("title", "id")])
def test_each_value_into_its_column(ledger: Ledger, columns: tuple[str, ...]) -> None:
    many = 5_001  # more than one statement takes
    rows = [{"id": f"line-{place:04}", "title": f"100% 指标 ? :id {place}"} for place in range(many)]
    with ledger.write() as connection:
        insert_many(connection, budget_line, columns, [tuple(row[name] for name in columns) for row in rows])
    with ledger.read() as connection:
        found = connection.execute(select(budget_line).order_by(budget_line.c.id)).mappings()
        assert [dict(row) for row in found] == rows


def test_no_row_is_no_statement(ledger: Ledger) -> None:
    with ledger.write() as connection:
        insert_many(connection, budget_line, ("id", "title"), [])
        assert connection.execute(select(budget_line)).all() == []


def test_values_do_not_slip_into_the_row_beside(ledger: Ledger) -> None:
    rows: list[tuple[object, ...]] = [("a", "A", "b"), ("B",)]
    with pytest.raises(ValueError, match="3 values for 2 columns"), ledger.write() as connection:
        insert_many(connection, budget_line, ("id", "title"), rows)
    with ledger.read() as connection:
        assert connection.execute(select(budget_line)).all() == []
