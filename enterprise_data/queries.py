"""Queries for DuckDB, built as expressions: names are quoted, values are literals, nothing is pasted from strings."""

from __future__ import annotations

import duckdb
from sqlglot import exp, parse_one


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a quoted column, so that a name may be any identifier, also a word of SQL."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def parsed(text: str) -> exp.Expr:
    """Return the expression that a constant piece of SQL stands for."""
    return parse_one(text, dialect="duckdb")


def run(con: duckdb.DuckDBPyConnection, query: exp.Expr) -> duckdb.DuckDBPyRelation:
    """Return the relation of a built query."""
    return con.sql(query.sql("duckdb"))
