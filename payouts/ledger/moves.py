"""Beginning and moving: the only code that writes a state, each time with the event that says who, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, insert, literal, select, update

from payouts.ledger.act import Act
from payouts.ledger.tables import event

_COLUMNS = ("kind", "subject", "from_state", "to_state", "actor", "at", "code", "reason")
_COUNTED = {"preserve_rowcount": True}


def begin(connection: Connection, table: Table, state: str, rows: Sequence[Mapping[str, object]], act: Act) -> None:
    """Insert rows of a table with states (they have an `id`), and the event of each."""
    if not rows:
        return
    told = {"kind": table.name, "from_state": "", "to_state": state}
    told |= {"actor": act.actor, "at": act.at, "code": act.code, "reason": act.reason}
    connection.execute(insert(event), [{**told, "subject": row["id"]} for row in rows])
    connection.execute(insert(table), [{**row, "state": state} for row in rows])


def begin_selected(connection: Connection, table: Table, state: str, rows: Select[Any], act: Act) -> int:
    """Insert the rows that a query finds, and the event of each; return how many there were.

    The query names its columns as the table does, `id` among them.
    """
    found = rows.subquery()
    by = (literal(act.actor), literal(act.at), literal(act.code), literal(act.reason))
    told = select(literal(table.name), found.c.id, literal(""), literal(state), *by).order_by(found.c.id)
    written = connection.execute(insert(event).from_select(_COLUMNS, told), execution_options=_COUNTED).rowcount
    names = [*rows.selected_columns.keys(), "state"]
    made = insert(table).from_select(names, rows.add_columns(literal(state)))
    begun = connection.execute(made, execution_options=_COUNTED).rowcount
    if begun != written:
        raise AssertionError(f"{written} events for {begun} rows of {table.name}")
    return begun


def move(connection: Connection, table: Table, where: ColumnElement[bool], state: str, act: Act) -> int:
    """Move every row that `where` finds into a state; return how many there were.

    One statement for the events and one for the rows, however many. A move that the graph does not have is refused
    by the database (`sqlalchemy.exc.IntegrityError`), and with it the whole transaction.
    """
    by = (literal(act.actor), literal(act.at), literal(act.code), literal(act.reason))
    rows = select(literal(table.name), table.c.id, table.c.state, literal(state), *by).where(where)
    told = insert(event).from_select(_COLUMNS, rows.order_by(table.c.id))
    written = connection.execute(told, execution_options=_COUNTED).rowcount
    moved = connection.execute(update(table).where(where).values(state=state)).rowcount
    if moved != written:
        raise AssertionError(f"{written} events for {moved} rows of {table.name}")
    return moved


def record(connection: Connection, kind: str, subject: str, step: tuple[str, str], act: Act) -> None:
    """Write down what happened to something that has no state (`states.RECORDS`); `step` is from where to where."""
    told = {"kind": kind, "subject": subject, "from_state": step[0], "to_state": step[1]}
    who = {"actor": act.actor, "at": act.at, "code": act.code, "reason": act.reason}
    connection.execute(insert(event), [{**told, **who}])
