"""The form of a rule that the database itself keeps; the same for SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """A rule: `broken` is a query that has a row when `NEW` breaks it; `when` narrows the rows it is asked for."""

    table: str
    name: str
    moment: str
    when: str
    broken: str
    message: str


def into(state: str) -> str:
    """Return what narrows a rule to rows that move into a state."""
    return f"NEW.state = '{state}' AND OLD.state <> '{state}'"


def not_as(role: str) -> str:
    """Return that an officer `o` has no open account, or not the role of this SQL expression."""
    without = f"replace(' ' || o.roles || ' ', ' ' || {role} || ' ', '')"
    return f"(o.disabled_at IS NOT NULL OR {without} = ' ' || o.roles || ' ')"
