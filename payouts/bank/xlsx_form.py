"""Workbooks: written part by part as ECMA-376 has them, and read back.

Not by a library: the hash of a released file is kept, and the same order must give the same bytes after the next
upgrade of any library. For the same reason nothing is compressed: compressed bytes differ between builds of zlib.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_uppercase, digits
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from payouts.bank.elements import elements
from payouts.bank.mapping import Mapping
from payouts.bank.parts import Line
from payouts.bank.values import Value

_SHEET = "xl/worksheets/sheet1.xml"
_TEXTS = "xl/sharedStrings.xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP knows
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NUMBERS = frozenset({Value.AMOUNT, Value.TOTAL})
_COLUMNS = [first + second for first in ("", *ascii_uppercase) for second in ascii_uppercase]  # A, …, Z, AA, …, ZZ
_PLACES = {letters: place for place, letters in enumerate(_COLUMNS)}
# What looks like the escape of a character (`_x000D_`) is escaped itself, or a reader would turn it into one.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x005F_")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/{_TEXTS}" ContentType="{_TYPE}.sharedStrings+xml"/></Types>'
)
_ROOT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
# Cell forms: 0 plain, 1 text (`@`), 2 two decimals (`0.00`), 3 whole (`0`); the numbers are built into spreadsheets.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    + "".join(
        f'<xf numFmtId="{form}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for form in (0, 49, 2, 1)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def to_xlsx(lines: Iterable[Line], mapping: Mapping) -> bytes:
    """Write lines as the one sheet of a workbook; all cells are text, but amounts that the bank wants as numbers."""
    sheet, texts = _sheet(lines, mapping)
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELATIONS,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(str(mapping.sheet))} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _BOOK_RELATIONS,
        "xl/styles.xml": _STYLES,
        _TEXTS: texts,
        _SHEET: sheet,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system = 3  # as on Unix, wherever this runs
            archive.writestr(entry, (_HEAD + content).encode())
    return file.getvalue()


def from_xlsx(content: bytes, mapping: Mapping) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a workbook that `to_xlsx` wrote, each up to its last text.

    Raises:
        ValueError: not such a workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts = [_ESCAPED.sub("_", entry[0].text or "") for entry in _named("si", archive.read(_TEXTS))]
            yield from _rows(archive.read(_SHEET), texts)
    except (zipfile.BadZipFile, KeyError, IndexError) as error:
        raise ValueError(f"not a workbook as {mapping.mapping} has it ({error})") from error


def _sheet(lines: Iterable[Line], mapping: Mapping) -> tuple[str, str]:
    """Return the sheet and the table of its texts, each of which stands there once."""
    places: dict[str, int] = {}
    as_numbers = _NUMBERS if mapping.amount_cells == "number" else frozenset()
    number_form = 2 if mapping.amounts == "yuan" else 3
    rows, used = [], 0
    for number, (cells, texts) in enumerate(lines, 1):
        row = []
        for letters, cell, text in zip(_COLUMNS, cells, texts, strict=False):
            if cell.value in as_numbers:
                row.append(f'<c r="{letters}{number}" s="{number_form}"><v>{text}</v></c>')
            elif text:
                row.append(f'<c r="{letters}{number}" s="1" t="s"><v>{places.setdefault(text, len(places))}</v></c>')
                used += 1
        rows.append(f'<row r="{number}">{"".join(row)}</row>')
    table = "".join([f"<si><t>{escape(_LOOKS_ESCAPED.sub('_x005F_', text))}</t></si>" for text in places])
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>',
        f'<sst xmlns="{_MAIN}" count="{used}" uniqueCount="{len(places)}">{table}</sst>',
    )


def _rows(sheet: bytes, texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for row in _named("row", sheet):
        cells: list[str] = []
        for cell in row:
            cells += [""] * (_PLACES[cell.attrib["r"].rstrip(digits)] - len(cells))
            written = cell[0].text or ""
            cells.append(texts[int(written)] if cell.get("t") == "s" else written)
        yield tuple(cells)


def _named(name: str, content: bytes) -> Iterator[Element]:
    tag = f"{{{_MAIN}}}{name}"
    for element in elements(content):
        if element.tag == tag:
            yield element
            element.clear()
