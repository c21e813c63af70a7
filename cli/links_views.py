"""What `mianshen data links` shows: tables and bars for people, one plain row a figure for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.links_bars import bar, split_bar
from cli.links_figures import KEYS, MEANT, figures
from cli.links_notes import tell_open_firms
from cli.output import Column, Format, Row, count_column, write_lines, write_rows, write_table
from cli.review_views import short
from enterprise_data.identity.wording import REASONS, RULES, remedy_of

if TYPE_CHECKING:
    from cli.session import Session
    from enterprise_data.snapshot.linking_report import DatasetLinks, LinkingReport

_SHOWN_CODES = 10
_SHOWN_ROWS = 50
_DATASETS = (
    Column("title", "Dataset"),
    Column("department", "Department"),
    count_column("rows", "Rows"),
    count_column("linked", "Linked"),
    count_column("unlinked", "Not linked"),
    count_column("repeated", "Repeated"),
    count_column("firms", "Firms left open"),
    Column("bar", "█ linked ░ not"),
)
_RULES = (
    Column("name", "Linked by"),
    count_column("rows", "Rows"),
    Column("meaning", "What agrees", wrap=True),
    Column("bar", ""),
)
_REASONS = (
    Column("name", "Not linked"),
    count_column("rows", "Rows"),
    Column("meaning", "Why", wrap=True),
    Column("remedy", "What to do", wrap=True),
    Column("bar", ""),
)
_COLLIDING = (
    Column("name", "Names equal by"),
    count_column("firms", "Firms"),
    count_column("keys", "Names shared"),
    Column("example", "For example", wrap=True),
)
_CODES = (
    Column("code", "Code"),
    Column("dataset", "Dataset"),
    count_column("rows", "Rows"),
    Column("row_nos", "Row"),
    Column("names", "Names", wrap=True),
)
_WITHOUT_FIRM = (count_column("row_no", "Row"), Column("uscc", "Code as delivered"), Column("name", "Name"))


def write_report(form: Format, report: LinkingReport, session: Session) -> None:
    """Write a report; the formats for machines give one row a figure, and all of the codes."""
    if form is not Format.TABLE:
        write_rows(form, [Column(key, key) for key in KEYS], list(figures(report)))
        return
    write_table(_DATASETS, [_dataset_row(entry) for entry in report.datasets])
    _section("", _RULES, _barred([_rule_row(name, rows) for name, rows in report.linked()]))
    decidable = any(entry.decidable for entry in report.datasets)
    _section("", _REASONS, _barred([_reason_row(*left, decidable=decidable) for left in report.unlinked()]))
    wrong = report.without_firm.head(_SHOWN_ROWS)
    rows = [{key: _cut(value) for key, value in row.items()} for row in wrong.iter_rows(named=True)]
    first = _first_of(wrong.height, report.without_firm.height)
    _section(f"Rows of the register that make no firm, since the code is wrong or missing{first}", _WITHOUT_FIRM, rows)
    _section("Firms of the register whose names are one to linking", _COLLIDING, _colliding(report))
    if report.colliding and not any(shared.firms for shared in report.colliding):
        write_lines(["", "No two firms of the register have names that are one to linking."])
    for kind, meant in MEANT.items():
        codes = report.suspicious.filter(report.suspicious["kind"] == kind)
        coded = [_code_row(row) for row in codes.head(_SHOWN_CODES).iter_rows(named=True)]
        _section(f"Suspicious codes: {meant}{_first_of(len(coded), codes.height)}", _CODES, coded)
    tell_open_firms(session, report)


def _first_of(shown: int, of: int) -> str:
    return f"; the first {shown} of {of:,}" if shown < of else ""


def _cut(value: Any) -> Any:
    return short(value) if isinstance(value, str) else value


def _section(heading: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    if rows:
        write_lines(["", heading] if heading else [""])
        write_table(columns, rows)


def _dataset_row(entry: DatasetLinks) -> Row:
    return {
        "title": f"{entry.title} ({entry.dataset})",
        "department": entry.department,
        "rows": entry.delivered,
        "linked": entry.linked_rows,
        "unlinked": entry.unlinked_rows,
        "repeated": entry.repeated,
        "firms": entry.open_firms,
        "bar": split_bar(entry.linked_rows, entry.unlinked_rows),
    }


def _barred(rows: list[dict[str, Any]]) -> list[Row]:
    most = max((row["rows"] for row in rows), default=1)
    return [row | {"bar": bar(row["rows"], most)} for row in rows]


def _rule_row(name: str, rows: int) -> dict[str, Any]:
    return {"name": name, "rows": rows, "meaning": RULES[name].en}


def _reason_row(name: str, rows: int, *, decidable: bool) -> dict[str, Any]:
    remedy = remedy_of(name, decidable=decidable)
    return {"name": name, "rows": rows, "meaning": REASONS[name].means.en, "remedy": remedy.en}


def _colliding(report: LinkingReport) -> list[Row]:
    return [
        {"name": entry.rung, "firms": entry.firms, "keys": entry.keys, "example": _example(entry.examples)}
        for entry in report.colliding
        if entry.firms
    ]


def _example(examples: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    return " = ".join(short(name) for name in examples[0][1][:2])


def _code_row(row: dict[str, Any]) -> Row:
    numbers = ", ".join(str(number) for number in row["row_nos"])
    more = ", …" if row["rows"] > len(row["row_nos"]) else ""
    return row | {"row_nos": numbers + more, "names": "; ".join(short(name) for name in row["names"])}
