"""Typed columns, as Parquet and databases have them, as the text a person would write: exactly, nothing rounded."""

from __future__ import annotations

import polars as pl

from enterprise_data.declarations.problems import MianshenError


def as_text(frame: pl.DataFrame, source: object) -> pl.DataFrame:
    """Return the frame with every column as text: whole numbers plain, dates ISO, floats by their shortest form.

    Raises:
        MianshenError: for columns of lists, structs or bytes, which no cell of a table can hold.
    """
    return frame.select(_column(name, dtype, source) for name, dtype in frame.schema.items())


def _column(name: str, dtype: pl.DataType, source: object) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Null:
        return column.cast(pl.String)
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        message = f"{source}: column `{name}` holds {dtype}, not plain values; select or convert it at the source"
        raise MianshenError(message)
    if isinstance(dtype, pl.Datetime):
        pattern = "%Y-%m-%d %H:%M:%S%.f%:z" if dtype.time_zone else "%Y-%m-%d %H:%M:%S%.f"
        return column.dt.to_string(pattern)
    if dtype.is_float():
        # A whole number in a float column is a whole number; NaN and infinities stay visible, and are rejected.
        whole = column.cast(pl.Int64, strict=False)
        is_whole = (column == whole.cast(dtype)) & (column.abs() < 1e15)
        return pl.when(is_whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String)).alias(name)
    return column.cast(pl.String)
