"""Why a cell or a row is rejected: stable codes, the sentence for each, and the frame they are kept in."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

COLUMN = "column"
VALUE = "value"
CODE = "code"
REASON = "reason"
LONGEST_VALUE = 200

SCHEMA: dict[str, type[pl.DataType]] = {
    "row_no": pl.Int64,
    COLUMN: pl.String,
    VALUE: pl.String,
    CODE: pl.String,
    REASON: pl.String,
}


class Fault(StrEnum):
    """The codes; they stand in reject files that departments keep, and never change their meaning."""

    BAD_ROW_SHAPE = "bad_row_shape"
    NO_KEY = "no_key"
    BAD_USCC = "bad_uscc"
    BAD_KEY = "bad_key"
    BAD_PERIOD = "bad_period"
    REQUIRED_MISSING = "required_missing"
    NOT_A_NUMBER = "not_a_number"
    LOSSY_NUMBER = "lossy_number"
    WRONG_UNIT = "wrong_unit"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_IN_VALUES = "not_in_values"
    NOT_A_REGION = "not_a_region"
    NOT_AN_INDUSTRY = "not_an_industry"
    TEXT_TOO_LONG = "text_too_long"
    DUPLICATE_ROW = "duplicate_row"
    CONFLICTING_ROWS = "conflicting_rows"


def none() -> pl.DataFrame:
    """Return an empty frame of faults."""
    return pl.DataFrame(schema=SCHEMA)


def frame(
    row_no: pl.Series, column: str, value: pl.Series, code: pl.Series | str, reason: pl.Series | str
) -> pl.DataFrame:
    """Return one fault per row number."""
    table = pl.DataFrame({"row_no": row_no, VALUE: value})
    extra = [
        pl.lit(column).alias(COLUMN),
        (pl.lit(code) if isinstance(code, str) else pl.lit(code).cast(pl.String)).alias(CODE),
        (pl.lit(reason) if isinstance(reason, str) else pl.lit(reason).cast(pl.String)).alias(REASON),
    ]
    shown = pl.col(VALUE).cast(pl.String).str.slice(0, LONGEST_VALUE)
    return table.with_columns(shown, *extra).select(*SCHEMA)
