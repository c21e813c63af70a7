"""CSV and XLSX bytes → rows with the numbers that a person finds them by; nothing is interpreted here."""

from __future__ import annotations

import csv
import struct
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from enterprise_data.conform.readers.source import BROKEN, RAW
from enterprise_data.conform.readers.xlsx_file import XlsxLimits, open_xlsx
from enterprise_data.declarations.problems import MianshenError
from payouts.bank.returns.mapping import ReturnMapping
from payouts.bank.returns.tables import Row

_XLSX = XlsxLimits(unpacked=256 << 20, ratio=100, parts=1_000, seconds=120)


def csv_rows(data: bytes, mapping: ReturnMapping) -> list[Row]:
    """Return the rows of a CSV file that are not blank.

    Raises:
        MianshenError: a byte that is none in the mapping's encoding, or a last line that may be cut off.
    """
    text = _decoded(data, mapping).replace("\r\n", "\n")
    may_be_open = mapping.control is not None and mapping.control.at == "last"
    if not text.endswith("\n") and not may_be_open:
        raise MianshenError("its last line has no line end: it may be cut off")
    return [row for row in _split(text, mapping) if any(cell.strip() for cell in row.cells) or row.fault]


def _decoded(data: bytes, mapping: ReturnMapping) -> str:
    encoding = "utf-8-sig" if mapping.encoding == "utf-8" else str(mapping.encoding)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MianshenError(
            f"a byte on line {line} is not {mapping.encoding}: it is damaged, or another encoding"
        ) from error


def _split(text: str, mapping: ReturnMapping) -> Iterator[Row]:
    """Yield the rows of a text. A line is a row: were quotes to hold line ends, a stray one would hide what follows."""
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        if not mapping.quotes or '"' not in line:
            yield Row(number, tuple(line.split(mapping.separator)))
            continue
        try:
            (cells,) = csv.reader([line], delimiter=mapping.separator, strict=True)
        except (csv.Error, ValueError):
            yield Row(number, (), "its quotation marks do not match", line)
        else:
            yield Row(number, tuple(cells))


def xlsx_rows(data: bytes, mapping: ReturnMapping) -> list[Row]:
    """Return the rows of a workbook's sheet that are not blank, from its headings on.

    Raises:
        MianshenError: no workbook, a damaged one, a bomb, or one without headings in the mapping's row.
    """
    seen = 0

    def is_heading(row: Sequence[str]) -> bool:
        # Rows are offered from the first on; only the mapping's own will do.
        nonlocal seen
        seen += 1
        return seen == mapping.heading_row and any(cell.strip() for cell in row)

    with tempfile.TemporaryDirectory(prefix="mianshen-return-") as folder:
        path = Path(folder) / "return.xlsx"
        path.write_bytes(data)
        try:
            source = open_xlsx(path, is_heading, mapping.sheet, _XLSX)
        except (zlib.error, struct.error) as error:
            raise MianshenError("it is a damaged workbook") from error
        except MianshenError as error:
            raise MianshenError(str(error).replace(str(path), "the workbook")) from error
        try:
            rows = [Row(mapping.heading_row, source.headings)] if seen == mapping.heading_row else []
            line = mapping.heading_row
            for work in source.chunks():
                for cells in work().frame.drop(BROKEN, RAW).iter_rows():
                    line += 1
                    rows.append(Row(line, cells))
        finally:
            source.close()
    return [row for row in rows if any(cell.strip() for cell in row.cells)]
