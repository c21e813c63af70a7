"""An order cut into the parts that a bank takes, and what the cells of each part say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from operator import attrgetter

from payouts.bank.instruction import Instruction, Order
from payouts.bank.mapping import Cell, Form, Mapping
from payouts.bank.values import OF_FILE, Value

# A sheet has 1,048,576 rows; what stands before and after the payments fits into the rest.
_SHEET_ROWS = 1_000_000
# China has one time zone and, since 1991, no summer time.
_CHINA = timezone(timedelta(hours=8))
# The cells of a row and their texts.
Line = tuple[Sequence[Cell], tuple[str, ...]]
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Part:
    """A file's payments: part `number` of `count`."""

    order: Order
    number: int
    count: int
    instructions: tuple[Instruction, ...]

    @property
    def total_fen(self) -> int:
        """What this part pays, in fen."""
        return sum(instruction.fen for instruction in self.instructions)


def split(order: Order, mapping: Mapping) -> tuple[Part, ...]:
    """Cut an order into parts of at most `row_limit` payments, in its own order."""
    whole = _SHEET_ROWS if mapping.form is Form.XLSX else len(order.instructions)
    limit = mapping.row_limit or whole
    starts = range(0, len(order.instructions), limit)
    cut = [order.instructions[start : start + limit] for start in starts]
    return tuple(Part(order, number, len(cut), part) for number, part in enumerate(cut, 1))


def file_name(part: Part, mapping: Mapping) -> str:
    """Return a name that tells batch and part: `B7.csv`, or `B7-2of3.csv`."""
    numbered = f"-{part.number}of{part.count}" if part.count > 1 else ""
    return f"{part.order.batch_id}{numbered}.{mapping.file_extension}"


def created_at(order: Order) -> datetime:
    """Return when the order was made, in China's time.

    Raises:
        ValueError: the text is no instant of the ledger.
    """
    return datetime.strptime(order.created_at + "+0000", _INSTANT + "%z").astimezone(_CHINA)


def amount(fen: int, mapping: Mapping) -> str:
    """Write fen as the bank wants them.

    >>> yuan(1_234_05)
    '1234.05'
    """
    return str(fen) if mapping.amounts == "fen" else yuan(fen)


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals, without a float in between."""
    return f"{fen // 100}.{fen % 100:02d}"


def lines(part: Part, mapping: Mapping) -> Iterator[Line]:
    """Yield a file's rows from first to last: what stands before, the titles, the payments, what stands after."""
    once = of_file(part, mapping)
    for cells in mapping.before:
        yield cells, row_of(cells, once)
    if mapping.titles:
        titles = tuple(Cell(fixed=column.title) for column in mapping.columns)
        yield titles, row_of(titles, once)
    for row in zip(*(_column(column, part, mapping, once) for column in mapping.columns), strict=True):
        yield mapping.columns, row
    for cells in mapping.after:
        yield cells, row_of(cells, once)


def of_file(part: Part, mapping: Mapping) -> dict[Value, str]:
    """Return the texts that belong to a whole file."""
    order = part.order
    day = created_at(order).date().isoformat()
    return {
        Value.BATCH_ID: order.batch_id,
        Value.CREATED_ON: day.replace("-", "") if mapping.days == "20240301" else day,
        Value.PAYER_NAME: order.payer_name,
        Value.PAYER_ACCOUNT: order.payer_account,
        Value.PAYER_BANK_CODE: order.payer_bank_code,
        Value.PART: str(part.number),
        Value.PARTS: str(part.count),
        Value.ROWS: str(len(part.instructions)),
        Value.TOTAL: amount(part.total_fen, mapping),
    }


def row_of(cells: Sequence[Cell], once: dict[Value, str]) -> tuple[str, ...]:
    """Return the texts of a row before or after the payments."""
    return tuple(str(cell.fixed) if cell.value is None else once[cell.value] for cell in cells)


def _column(column: Cell, part: Part, mapping: Mapping, once: dict[Value, str]) -> Iterable[str]:
    """Return a column's texts, one for each payment of a part."""
    value, payments = column.value, part.instructions
    if value is None or value in OF_FILE:
        return [row_of([column], once)[0]] * len(payments)
    if value is Value.ROW_NO:
        return map(str, range(1, len(payments) + 1))
    if value is Value.AMOUNT:
        return [amount(payment.fen, mapping) for payment in payments]
    if value is Value.SAME_BANK and (flag := mapping.same_bank):
        return [flag.same if payment.bank_code.startswith(flag.own) else flag.other for payment in payments]
    return map(attrgetter(value.value), payments)
