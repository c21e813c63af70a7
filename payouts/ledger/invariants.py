"""What must hold in every ledger at every moment (I1-I5, I8, I9); one function, run after faults and by `doctor`.

They are the queries of `invariants.sql`, which find the rows that break them. What needs the audit log (I6, I10), the
disk (I7) or the bank (I11) is not to be seen in a ledger: tests hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sqlalchemy import Connection

from payouts.ledger.states import GRAPHS


@dataclass(frozen=True)
class Violation:
    """A row that breaks an invariant."""

    invariant: str
    subject: str
    what: str


def violations(connection: Connection) -> list[Violation]:
    """Return everything that is wrong with a ledger; nothing, it is hoped."""
    found = [
        Violation(name, str(subject), str(what))
        for name, query in queries()
        for subject, what in connection.exec_driver_sql(query)
    ]
    return [*found, *_damage(connection)]


@cache
def queries() -> tuple[tuple[str, str], ...]:
    """Return the name and the query of every invariant, in the order of the file."""
    told = resources.files("payouts.ledger").joinpath("invariants.sql").read_text("utf-8")
    return tuple(
        (name, query.replace("{kind}", kind))
        for name, query in re.findall(r"^-- ([^\n]+)\n(SELECT[^;]*);", told, re.MULTILINE)
        for kind in (GRAPHS if "{kind}" in query else ("",))
    )


def _damage(connection: Connection) -> Iterator[Violation]:
    """Return what SQLite itself finds wrong with the file."""
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield Violation("the file is whole", "ledger", str(line))
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Violation("references hold", f"{table} {row}", f"refers to a row of {parent} that is not there")
