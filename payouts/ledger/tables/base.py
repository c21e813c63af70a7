"""What all tables share: one collection, and the few kinds of columns that both databases keep exactly."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, Table, Text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# 64 bits in both; SQLite's STRICT tables know only INTEGER.
_INTEGER = BigInteger().with_variant(Integer(), "sqlite")


def text(name: str, *args: Any, **options: Any) -> Column[str]:
    """Return a column of text that must be given."""
    return Column(name, Text, *args, nullable=False, **options)


def optional_text(name: str, *args: Any, **options: Any) -> Column[str | None]:
    """Return a column of text that may be missing."""
    return Column(name, Text, *args, nullable=True, **options)


def whole(name: str, *args: Any, nullable: bool = False, **options: Any) -> Column[int]:
    """Return a column of whole numbers: fen, counts, sequence numbers."""
    return Column(name, _INTEGER, *args, nullable=nullable, **options)


def number(name: str = "id") -> Column[int]:
    """Return a primary key that counts up and never gives a number again."""
    return Column(name, _INTEGER, primary_key=True, autoincrement=True)


def state(*, indexed: bool = True) -> Column[str]:
    """Return the column in which a row's place in its state graph stands; only `moves` writes it."""
    return Column("state", Text, nullable=False, index=indexed)


def positive(column: str) -> CheckConstraint:
    """Return the rule that an amount is above nothing."""
    return CheckConstraint(f"{column} > 0", name=f"{column}_positive")


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the rule that a text is one of those that the code knows."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def table(name: str, *parts: Any) -> Table:
    """Return a table of the ledger; in SQLite it is STRICT, and numbers are never given twice."""
    return Table(name, METADATA, *parts, sqlite_strict=True, sqlite_autoincrement=_counts(parts))


def _counts(parts: tuple[Any, ...]) -> bool:
    return any(isinstance(part, Column) and part.primary_key and part.type is _INTEGER for part in parts)
