"""A chunk of text rows becomes typed rows: accepted, doubtful (rejected, but naming a firm), and faults."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from enterprise_data.catalogue.headings import PERIOD
from enterprise_data.catalogue.model import DataField, Dataset, FieldType, FirmKey
from enterprise_data.conform import faults
from enterprise_data.conform.cells import INDEX, Cells, at
from enterprise_data.conform.columns import Columns, required_fields
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.keys import USCC_SHAPE, conform_keys
from enterprise_data.conform.numbers import conform_count, conform_decimal, conform_money
from enterprise_data.conform.readers.source import BROKEN, RAW, ROW_NO, Chunk, cell_names
from enterprise_data.conform.times import conform_date, conform_period
from enterprise_data.conform.words import (
    conform_boolean,
    conform_code,
    conform_industry,
    conform_region,
    conform_text,
)

Repairs = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Conformed:
    """What became of a chunk; `input_rows` = accepted + rejected, blank rows are no rows.

    `row_no` counts from 1 within the chunk, blank rows included.
    """

    accepted: pl.DataFrame
    doubtful: pl.DataFrame
    rejects: pl.DataFrame
    input_rows: int
    rejected_rows: int
    blank_rows: int
    repairs: Repairs = field(default_factory=dict)


def rest_schema(dataset: Dataset) -> dict[str, pl.DataType]:
    """Return the columns of conformed rows at rest: `row_no`, the keys, the period, the fields."""
    schema: dict[str, pl.DataType] = {ROW_NO: pl.Int64()} | {key.value: pl.String() for key in dataset.key}
    if dataset.period is not None:
        schema[PERIOD] = pl.Date()
    return schema | {name: rest_type(declared) for name, declared in dataset.fields.items()}


def rest_type(declared: DataField) -> pl.DataType:
    """Return the type of a field's values at rest."""
    match declared.type:
        case FieldType.MONEY | FieldType.COUNT:
            return pl.Int64()
        case FieldType.SHARE | FieldType.NUMBER:
            return pl.Decimal(18, declared.digits)
        case FieldType.DATE:
            return pl.Date()
        case FieldType.BOOLEAN:
            return pl.Boolean()
        case _:
            return pl.String()


def conform_chunk(dataset: Dataset, columns: Columns, chunk: Chunk) -> Conformed:
    """Conform one chunk; a row with any fault is rejected whole."""
    numbered = chunk.frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW_NO))
    frame, blank_rows = _without_blanks(numbered, len(columns.headings))
    whole = frame.filter(pl.col(BROKEN).is_null()) if frame[BROKEN].null_count() < frame.height else frame
    typed, found, repairs, readable = _typed(dataset, columns, whole)
    for position, count in chunk.binary_noise.items():
        repairs.setdefault(columns.headings[position].strip(), {})["binary_noise"] = count
    broken = frame.filter(pl.col(BROKEN).is_not_null())
    rejected = typed[ROW_NO].is_in(found[ROW_NO].unique().implode()) if found.height else None
    accepted = typed if rejected is None else typed.filter(~rejected)
    doubtful = typed.clear() if rejected is None else typed.filter(rejected & readable)
    if broken.height:
        found = pl.concat([found, _broken_rejects(broken)]).sort(ROW_NO, maintain_order=True)
        doubtful = pl.concat([doubtful, _named_in_broken(dataset, columns, broken)]).sort(ROW_NO)
    rejected_rows = frame.height - accepted.height
    return Conformed(accepted, doubtful, found, frame.height, rejected_rows, blank_rows, repairs)


def _without_blanks(frame: pl.DataFrame, width: int) -> tuple[pl.DataFrame, int]:
    """Turn empty cells to null, and leave out the rows that have nothing in any cell."""
    cells = [pl.col(name) for name in cell_names(width)]
    frame = frame.with_columns(pl.when(cell != "").then(cell) for cell in cells)
    if not all(frame[name].null_count() for name in cell_names(width)):
        return frame, 0
    blank = pl.all_horizontal(cell.is_null() | (cell.str.strip_chars() == "") for cell in cells)
    kept = frame.filter(~blank | (pl.col(RAW).is_not_null() & (pl.col(RAW) != "")))
    return kept, frame.height - kept.height


def _typed(
    dataset: Dataset, columns: Columns, frame: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, Repairs, pl.Series]:
    """Return the rows at rest, every fault, the repairs by heading, and where a key could be read."""
    texts = {name: frame[str(position)] for name, position in columns.positions.items()}
    done: dict[str, Cells] = {}
    readable = pl.repeat(value=True, n=frame.height, eager=True)
    if dataset.key:
        found = {key: texts[key.value] for key in dataset.key if key.value in texts}
        keys = conform_keys(dataset, found, frame.height)
        done |= {key.value: cells for key, cells in keys.cells.items()}
        readable = ~keys.unreadable
    if dataset.period is not None:
        done[PERIOD] = _required(conform_period(texts[PERIOD], dataset.period), Fault.BAD_PERIOD, "no period")
    needed = required_fields(dataset)
    for name, declared in dataset.fields.items():
        if name in texts:
            cells = conform_field(texts[name], declared)
            reason = f"`{declared.label}` must be there"
            done[name] = _required(cells, Fault.REQUIRED_MISSING, reason) if name in needed else cells
    schema = rest_schema(dataset)
    rows = pl.DataFrame({name: _at_rest(name, dtype, frame, done) for name, dtype in schema.items()})
    rejects = [_rejects(frame, columns, name, cells) for name, cells in done.items() if cells.faults.height]
    repairs = {columns.heading(name): cells.repairs for name, cells in done.items() if cells.repairs}
    every = pl.concat(rejects).sort(ROW_NO, maintain_order=True) if rejects else faults.none()
    return rows, every, repairs, readable


def conform_field(texts: pl.Series, declared: DataField) -> Cells:
    """Conform one column to its declared type."""
    match declared.type:
        case FieldType.MONEY:
            return conform_money(texts, declared)
        case FieldType.COUNT:
            return conform_count(texts, declared)
        case FieldType.SHARE | FieldType.NUMBER:
            return conform_decimal(texts, declared)
        case FieldType.DATE:
            return conform_date(texts)
        case FieldType.BOOLEAN:
            return conform_boolean(texts)
        case FieldType.CODE:
            return conform_code(texts, declared)
        case FieldType.REGION:
            return conform_region(texts)
        case FieldType.INDUSTRY:
            return conform_industry(texts)
        case FieldType.TEXT:
            return conform_text(texts)


def _required(cells: Cells, code: Fault, reason: str) -> Cells:
    """Add a fault where a value is missing and no other fault says why."""
    if not cells.values.null_count():
        return cells
    missing = at(cells.values.is_null(), code, reason)
    return Cells(
        cells.values, pl.concat([cells.faults, missing.join(cells.faults, on=INDEX, how="anti")]), cells.repairs
    )


def _at_rest(name: str, dtype: pl.DataType, frame: pl.DataFrame, done: dict[str, Cells]) -> pl.Series:
    if name == ROW_NO:
        return frame[ROW_NO]
    return done[name].values if name in done else pl.Series([None], dtype=dtype).new_from_index(0, frame.height)


def _rejects(frame: pl.DataFrame, columns: Columns, name: str, cells: Cells) -> pl.DataFrame:
    indices = cells.faults[INDEX]
    values = frame[str(columns.positions[name])].gather(indices)
    row_no = frame[ROW_NO].gather(indices)
    return faults.frame(row_no, columns.heading(name), values, cells.faults["code"], cells.faults["reason"])


def _broken_rejects(broken: pl.DataFrame) -> pl.DataFrame:
    return faults.frame(broken[ROW_NO], "", broken[RAW], Fault.BAD_ROW_SHAPE.value, broken[BROKEN])


def _named_in_broken(dataset: Dataset, columns: Columns, broken: pl.DataFrame) -> pl.DataFrame:
    """Keep broken rows that have a USCC just where one belongs: an extra comma further right does not move it."""
    schema = rest_schema(dataset)
    position = columns.positions.get(FirmKey.USCC.value)
    if position is None or FirmKey.USCC not in dataset.key:
        return pl.DataFrame(schema=schema)
    named = broken.filter(pl.col(str(position)).str.contains(USCC_SHAPE))
    given = {ROW_NO: pl.col(ROW_NO), FirmKey.USCC.value: pl.col(str(position))}
    return named.select(given.get(name, pl.lit(None, dtype=dtype)).alias(name) for name, dtype in schema.items())
