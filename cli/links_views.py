"""What `mianshen data links` shows: tables and bars for people, one plain row a figure for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.failures import counted
from cli.links_figures import KEYS, MEANT, figures
from cli.output import Column, Format, Row, count_column, write_lines, write_rows, write_table
from cli.review_views import short
from enterprise_data.identity.wording import REASONS, RULES, remedy_of

if TYPE_CHECKING:
    from cli.session import Session
    from enterprise_data.snapshot.linking_report import DatasetLinks, LinkingReport
    from enterprise_data.snapshot.snapshot import Snapshot

_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHOWN_CODES = 10
_TOLD_ROWS = 10
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


def bar(part: int, of: int) -> str:
    """Return a bar of at most 24 cells for a share; whatever is not nothing can be seen."""
    eighths = max(round(part * _BAR * 8 / of), 1) if part else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def split_bar(part: int, rest: int) -> str:
    """Return a bar of 24 cells for a whole and its rest; both can be seen unless they are nothing."""
    if not part + rest:
        return ""
    cells = round(part * _BAR / (part + rest))
    cells = min(max(cells, 1 if part else 0), _BAR - 1 if rest else _BAR)
    return "█" * cells + "░" * (_BAR - cells)


def write_report(form: Format, report: LinkingReport, session: Session) -> None:
    """Write a report; the formats for machines give one row a figure, and all of the codes."""
    if form is not Format.TABLE:
        write_rows(form, [Column(key, key) for key in KEYS], list(figures(report)))
        return
    write_table(_DATASETS, [_dataset_row(entry) for entry in report.datasets])
    _section("", _RULES, _barred([_rule_row(name, rows) for name, rows in report.linked()]))
    decidable = any(entry.decidable for entry in report.datasets)
    _section("", _REASONS, _barred([_reason_row(*left, decidable=decidable) for left in report.unlinked()]))
    _section("Rows of the register that make no firm, since their code is wrong", _WITHOUT_FIRM, _without_firm(report))
    _section("Firms of the register whose names are one to linking", _COLLIDING, _colliding(report))
    if report.colliding and not any(shared.firms for shared in report.colliding):
        write_lines(["", "No two firms of the register have names that are one to linking."])
    for kind, meant in MEANT.items():
        codes = report.suspicious.filter(report.suspicious["kind"] == kind)
        shown = f"; the first {_SHOWN_CODES} of {codes.height:,}" if codes.height > _SHOWN_CODES else ""
        rows = [_code_row(row) for row in codes.head(_SHOWN_CODES).iter_rows(named=True)]
        _section(f"Suspicious codes: {meant}{shown}", _CODES, rows)
    _close(report, session)


def tell_without_firm(session: Session, snapshot: Snapshot) -> None:
    """Name on stderr the first rows of the register that make no firm, since their code is wrong."""
    from enterprise_data.snapshot.linking_report import rows_without_firm

    rows = rows_without_firm(snapshot)
    if rows.is_empty():
        return
    make = "makes" if rows.height == 1 else "make"
    session.note(f"{counted(rows.height, 'row')} of the register {make} no firm, since the code is wrong or missing:")
    for number, code, name in rows.head(_TOLD_ROWS).iter_rows():
        session.note(f"  row {number:,}: {short(code or 'no code')}, {short(name or 'no name')}")
    more = f"and {rows.height - _TOLD_ROWS:,} more: " if rows.height > _TOLD_ROWS else "see "
    register = snapshot.catalogue.register.dataset
    session.note(f"  {more}`mianshen data links{session.option()} {register}`")


def _section(heading: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    if rows:
        write_lines(["", heading] if heading else [""])
        write_table(columns, rows)


def _close(report: LinkingReport, session: Session) -> None:
    unlinked = sum(entry.unlinked_rows for entry in report.datasets)
    if not unlinked:
        session.note("every row is linked to its firm")
        return
    session.note(
        f"{counted(unlinked, 'row')} not linked leave facts of {counted(report.open_firms, 'firm')} open; "
        f"decide whose they are: `mianshen data review{session.option()}`"
    )


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


def _without_firm(report: LinkingReport) -> list[Row]:
    return [row | {"name": row["name"] and short(row["name"])} for row in report.without_firm.iter_rows(named=True)]


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
