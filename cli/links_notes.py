"""What is said on stderr about links: rows of the register without a firm, and what unlinked rows leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.failures import counted
from cli.review_views import short

if TYPE_CHECKING:
    from cli.session import Session
    from enterprise_data.snapshot.linking_report import LinkingReport
    from enterprise_data.snapshot.snapshot import Snapshot

_TOLD_ROWS = 10


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


def tell_open_firms(session: Session, report: LinkingReport) -> None:
    """Say for how many firms facts are open because rows are not linked, and where to decide whose they are."""
    unlinked = sum(entry.unlinked_rows for entry in report.datasets)
    if not unlinked:
        session.note("every row is linked to its firm")
        return
    open_ = f"{counted(unlinked, 'row')} not linked leave facts of {counted(report.open_firms, 'firm')} open"
    review = f"; decide whose they are: `mianshen data review{session.option()}`"
    session.note(open_ + (review if any(entry.decidable for entry in report.datasets) else ""))
