"""How one bank wants its files (银行文件格式): columns, characters, amounts, limits; one YAML file per bank."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from enterprise_data.declarations.schema import Declared
from payouts.bank.values import Value


class Form(StrEnum):
    """What kind of file the bank reads."""

    CSV = "csv"
    XLSX = "xlsx"
    PAIN_001 = "pain.001.001.09"  # ISO 20022 CustomerCreditTransferInitiation, version 9


class Charset(StrEnum):
    """Which characters there are, and in how many bytes each."""

    GBK = "gbk"  # GBK as code page 936 has it: 21,003 hanzi
    GB18030 = "gb18030"  # GB 18030: every character of Unicode
    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-bom"  # UTF-8 behind a byte order mark, by which spreadsheets know it

    @property
    def codec(self) -> str:
        """Return Python's name for a whole file."""
        return "utf-8-sig" if self is Charset.UTF_8_BOM else self.value

    @property
    def text_codec(self) -> str:
        """Return Python's name for a single text, which has no byte order mark."""
        return self.value.removesuffix("-bom")


class Quote(StrEnum):
    """Whether a text of a CSV file stands in double quotes (RFC 4180): never, where it must, or always."""

    NEVER = "never"
    NEEDED = "needed"
    ALWAYS = "always"


def _fen(yuan: Decimal) -> Decimal:
    if yuan <= 0 or yuan != yuan.quantize(Decimal("0.01")):
        raise ValueError("write a positive amount in yuan with at most two decimals, such as `5000000.00`")
    return yuan


def _clearing_code(text: str) -> str:
    if not re.fullmatch("[0-9]{3}", text):
        raise ValueError("write the three digits with which the bank's 联行号 begin, such as `102`")
    return text


def _delimiter(text: str) -> str:
    if text != "tab" and (len(text) != 1 or text.isalnum() or not text.isprintable() or text in "\"' .-=+@"):
        raise ValueError("write one sign, such as `','` or `'|'`, or the word `tab`")
    return text


class Cell(Declared):
    """A cell: a `value`, or a `fixed` text, which may be empty."""

    value: Value | None = None
    fixed: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Cell:
        if (self.value is None) == (self.fixed is None):
            raise ValueError("give either `value` or `fixed`; an empty cell is `fixed: ''`")
        return self


class Column(Cell):
    """A column, with its title as the bank spells it.

    `max_bytes` counts in the mapping's charset; `required` refuses payments whose text is empty.
    """

    title: str
    max_bytes: Annotated[int, Field(ge=1)] | None = None
    max_characters: Annotated[int, Field(ge=1)] | None = None
    required: bool = False


Row = Annotated[tuple[Cell, ...], Field(min_length=1, max_length=200)]


class SameBank(Declared):
    """The flag for payees at the payer's own bank (同行): `own` is the beginning of that bank's 联行号."""

    own: Annotated[str, AfterValidator(_clearing_code)]
    same: str
    other: str


class Mapping(Declared):
    """A bank's file, whole; `docs/bank-files.md` explains every key.

    `sample: true` says that no bank's form is meant. `charset` is what the bank's own system can hold, where that is
    less than the file can: a text outside it is refused, and bytes are counted in it. `max_amount` is in yuan.
    """

    mapping: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    title: str
    sample: bool = False
    form: Form
    extension: Annotated[str, Field(pattern=r"^[a-z0-9]{1,8}$")] | None = None
    encoding: Charset | None = None
    charset: Charset | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    quote: Quote = Quote.NEVER
    line_ending: Literal["crlf", "lf"] | None = None
    sheet: str | None = None
    amounts: Literal["yuan", "fen"] = "yuan"
    amount_cells: Literal["text", "number"] = "text"
    days: Literal["2024-03-01", "20240301"] = "2024-03-01"
    before: tuple[Row, ...] = ()
    titles: bool = True
    columns: Annotated[tuple[Column, ...], Field(max_length=200)] = ()
    after: tuple[Row, ...] = ()
    row_limit: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    max_amount: Annotated[Decimal, AfterValidator(_fen)] | None = None
    accounts: Literal["digits", "digits and hyphens", "letters and digits"] = "digits"
    bank_code_required: bool = True
    same_bank: SameBank | None = None

    @cached_property
    def sha256(self) -> str:
        """Return the hash of all that the mapping says: a batch keeps it, so that a changed mapping is noticed."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def characters(self) -> Charset:
        """Return which characters a text may have, and in what its bytes are counted."""
        return self.charset or self.encoding or Charset.UTF_8

    @property
    def file_extension(self) -> str:
        """Return how the names of the files end, without the dot."""
        return self.extension or {Form.PAIN_001: "xml"}.get(self.form, self.form.value)

    @property
    def max_fen(self) -> int | None:
        """Return the most that one payment may be, in fen."""
        return None if self.max_amount is None else int(self.max_amount * 100)

    def needs(self, value: Value) -> bool:
        """Return whether any column holds `value`."""
        return any(column.value is value for column in self.columns)
