"""Files of separated texts: written, and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from payouts.bank.mapping import Charset, Mapping, Quote
from payouts.bank.parts import Line
from payouts.bank.texts import delimiter_of

_LINE_ENDINGS = {"crlf": "\r\n", "lf": "\n"}


def to_csv(lines: Iterable[Line], mapping: Mapping) -> bytes:
    """Write lines of texts; nothing is escaped or replaced, since what would need it was refused."""
    ending = _LINE_ENDINGS[str(mapping.line_ending)]
    delimiter = delimiter_of(mapping)
    if mapping.quote is Quote.NEVER:
        text = "".join([delimiter.join(row) + ending for _, row in lines])
    else:
        buffer = io.StringIO()
        csv.writer(buffer, _dialect(mapping)).writerows(row for _, row in lines)
        text = buffer.getvalue()
    return text.encode(_charset(mapping).codec)


def from_csv(content: bytes, mapping: Mapping) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a file that `to_csv` wrote.

    Raises:
        ValueError: bytes or quotes that the mapping does not have.
    """
    ending = _LINE_ENDINGS[str(mapping.line_ending)]
    delimiter = delimiter_of(mapping)
    *lines, rest = content.decode(_charset(mapping).codec).split(ending)
    if rest:
        raise ValueError("the last line does not end")
    if mapping.quote is Quote.NEVER:
        return (tuple(line.split(delimiter)) for line in lines)
    try:
        return iter([tuple(row) for row in csv.reader(lines, _dialect(mapping))])
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _dialect(mapping: Mapping) -> type[csv.Dialect]:
    class Dialect(csv.excel):
        delimiter = delimiter_of(mapping)
        lineterminator = _LINE_ENDINGS[str(mapping.line_ending)]
        quoting = csv.QUOTE_ALL if mapping.quote is Quote.ALWAYS else csv.QUOTE_MINIMAL
        strict = True

    return Dialect


def _charset(mapping: Mapping) -> Charset:
    return mapping.encoding or Charset.UTF_8
