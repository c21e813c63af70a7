"""APSW behind Python's DBAPI, as far as SQLAlchemy asks for it, so that a ledger can lie on a disk that fails."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw

paramstyle = "qmark"
threadsafety = 1
apilevel = "2.0"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
PARSE_DECLTYPES = PARSE_COLNAMES = 0
Binary = bytes

Error = sqlite3.Error
DatabaseError = sqlite3.DatabaseError
InterfaceError = sqlite3.InterfaceError
OperationalError = sqlite3.OperationalError
IntegrityError = sqlite3.IntegrityError
NotSupportedError = sqlite3.NotSupportedError
ProgrammingError = sqlite3.ProgrammingError
DataError = sqlite3.DataError
InternalError = sqlite3.InternalError
Warning = sqlite3.Warning  # noqa: A001  # the name that the DBAPI wants


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.ConstraintError as error:
        raise IntegrityError(str(error)) from error
    except apsw.Error as error:
        raise OperationalError(str(error)) from error


class Cursor:
    """A cursor that has every row at hand."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.arraysize = 1

    @property
    def lastrowid(self) -> int:
        return self._connection.last_insert_rowid()

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        self._run(statement, [parameters])
        return self

    def executemany(self, statement: str, every: Iterable[Sequence[Any]]) -> "Cursor":
        self._run(statement, every)
        return self

    def _run(self, statement: str, every: Iterable[Sequence[Any]]) -> None:
        self._rows, self.description, self.rowcount = [], None, 0
        cursor = self._connection.cursor()
        cursor.exec_trace = self._describe
        with _translated():
            for parameters in every:
                self._rows += list(cursor.execute(statement, tuple(parameters)))
                self.rowcount += self._connection.changes()
        if self.description is not None:
            self.rowcount = -1

    def _describe(self, cursor: apsw.Cursor, _statement: str, _bindings: Any) -> bool:
        columns = cursor.get_description()
        self.description = [(name, kind, None, None, None, None, None) for name, kind in columns] or None
        return True

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        taken, self._rows = self._rows[: size or self.arraysize], self._rows[size or self.arraysize :]
        return taken

    def fetchall(self) -> list[Any]:
        taken, self._rows = self._rows, []
        return taken

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    def close(self) -> None:
        self._rows = []


class Connection:
    """A connection; transactions are begun by whoever uses it."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.apsw = connection
        self.isolation_level: str | None = None

    def cursor(self) -> Cursor:
        return Cursor(self.apsw)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(statement, parameters)

    def commit(self) -> None:
        if self.apsw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.apsw.in_transaction:
            self.execute("ROLLBACK")

    def create_function(self, name: str, count: int, function: Callable[..., Any], *, deterministic: bool) -> None:
        self.apsw.create_scalar_function(name, function, count, deterministic=deterministic)

    def close(self) -> None:
        self.apsw.close(force=True)


def connect(path: str, vfs: str | None = None) -> Connection:
    with _translated():
        return Connection(apsw.Connection(path, vfs=vfs))
