"""How one bank's return files are to be read (回盘格式): columns, words, a control row; a YAML file per bank."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import MianshenError, suggest
from enterprise_data.declarations.schema import Declared, validate
from payouts.bank.returns.values import trimmed

SAMPLES = Path(__file__).parent / "samples"

DayForm = Literal["YYYYMMDD", "YYYY-MM-DD", "YYYY/MM/DD", "YYYY年MM月DD日"]


def _position(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _delimiter(text: str) -> str:
    if text != "tab" and (len(text) != 1 or text.isalnum() or not text.isprintable() or text in "\"' .-"):
        raise ValueError("write one sign, such as `','` or `'|'`, or the word `tab`")
    return text


def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    if any(not word or word != trimmed(word) for word in words):
        raise ValueError("a word must not be empty or have spaces around it")
    return words


Heading = Annotated[int | str, BeforeValidator(_position)]
Words = Annotated[tuple[str, ...], AfterValidator(_words)]


class Columns(Declared):
    """Which column holds what: by its heading, or by its number from 1 if the file has no headings.

    `payee_account` is not kept: it is looked at, to notice a file that a spreadsheet has spoilt.
    """

    payment_id: Heading
    status: Heading
    amount: Heading | None = None
    code: Heading | None = None
    reason: Heading | None = None
    date: Heading | None = None
    payee_account: Heading | None = None

    def named(self) -> dict[str, int | str]:
        """Return the columns that are mapped, by what they hold."""
        return {name: heading for name, heading in self if heading is not None}


class ControlRow(Declared):
    """The row that says how many lines there are (合计行), first or last in the file; cells by number from 1."""

    at: Literal["first", "last"]
    begins_with: Annotated[str, Field(min_length=1)] | None = None
    count: Annotated[int, Field(ge=1)]
    total: Annotated[int, Field(ge=1)] | None = None


class ReturnMapping(Declared):
    """A bank's return file. `heading_row` counts from 1, 0: none, and then `width` is how many cells a line has.

    A status word that stands in neither list is unknown. `doubtful_codes` are the bank's codes for "had that before":
    a rejection with one of them does not say that the payment failed.
    """

    mapping: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    title: str
    sample: bool = False
    form: Literal["csv", "xlsx"]
    encoding: Literal["utf-8", "gbk", "gb18030"] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    quotes: bool = True
    sheet: str | None = None
    heading_row: Annotated[int, Field(ge=0, le=20)] = 1
    width: Annotated[int, Field(ge=2, le=200)] | None = None
    columns: Columns
    amounts: Literal["yuan", "fen"] = "yuan"
    days: DayForm = "YYYY-MM-DD"
    paid: Annotated[Words, Field(min_length=1)]
    returned: Annotated[Words, Field(min_length=1)]
    doubtful_codes: Words = ()
    control: ControlRow | None = None

    @model_validator(mode="after")
    def _fits(self) -> ReturnMapping:
        both = sorted(set(self.paid) & set(self.returned))
        if both:
            raise ValueError(f"`{both[0]}` stands under `paid` and under `returned`")
        if (self.form == "csv") != (self.encoding is not None and self.delimiter is not None):
            raise ValueError("`form: csv` needs `encoding` and `delimiter`; `form: xlsx` has neither")
        if self.form == "xlsx" and (self.heading_row == 0 or (self.control and self.control.at == "first")):
            raise ValueError("a workbook needs a `heading_row`, and its control row comes last")
        if self.control and self.control.total is not None and self.columns.amount is None:
            raise ValueError("`control: total` needs a column `amount`")
        self._check_columns()
        return self

    def _check_columns(self) -> None:
        headings = list(self.columns.named().values())
        doubled = next((heading for heading in headings if headings.count(heading) > 1), None)
        if doubled is not None:
            raise ValueError(f"column `{doubled}` is mapped twice")
        if self.heading_row:
            if self.width is not None or any(isinstance(heading, int) for heading in headings):
                raise ValueError("with headings, columns are named by them, and `width` is left out")
        elif self.width is None or not all(isinstance(h, int) and 1 <= h <= self.width for h in headings):
            raise ValueError("without headings, columns are numbers from 1 up to `width`, which is needed")

    @property
    def separator(self) -> str:
        """Return what stands between two cells."""
        return "\t" if self.delimiter == "tab" else str(self.delimiter)


def read_return_mapping(path: Path) -> ReturnMapping:
    """Read a bureau's own mapping file.

    Raises:
        ProblemsFound: every fault, with file, line, column and what to do.
    """
    return validate(ReturnMapping, strict_yaml.read(path), "BANK101")


def find_return_mapping(word: str) -> ReturnMapping:
    """Return the mapping of a path (anything that ends in .yaml or .yml), or the shipped sample of that name.

    Raises:
        MianshenError: no such name, with those there are; `ProblemsFound` as `read_return_mapping`.
    """
    if word.endswith((".yaml", ".yml")):
        return read_return_mapping(Path(word))
    shipped = {path.stem: path for path in SAMPLES.glob("*.yaml")}
    if word not in shipped:
        near = suggest(word, shipped) or f"shipped are {', '.join(sorted(shipped))}"
        raise MianshenError(f"there is no return mapping `{word}`: {near}; your own bank's is named by its path")
    return read_return_mapping(shipped[word])
