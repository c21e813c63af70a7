"""The files of a notice, and `notice.yaml`, which says what every notice says of the bureau."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.output import Column, Format, count_column, money_column, write_rows
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError

if TYPE_CHECKING:
    from enterprise_data.workspace import Workspace
    from payouts.workflow.notices import Heading, Published

FILE = "notice.yaml"
EXAMPLE = """\
title: 某市2024年度惠企政策免申即享拟兑付名单公示
issuer: 某市财政局
department: 某市财政局企业科      # where objections go
phone: 0000-0000000
address: 某市某路1号
how_to_object: 对名单有异议的，请在公示期内以书面形式实名反映。
"""
_PUBLISHED = (
    Column("notice", "Notice"),
    Column("published_on", "From"),
    Column("ends_on", "To"),
    count_column("working_days", "Working days"),
    count_column("firms", "Firms"),
    count_column("items", "Items"),
    money_column("total_fen", "Total"),
    Column("folder", "Files in", wrap=True),
)


def heading_of(workspace: Workspace, title: str) -> Heading:
    """Read what the workspace's notices say of the bureau; `title`, if given, stands in place of the file's.

    Raises:
        MianshenError: there is no such file; the message shows how one begins.
        ProblemsFound: what is wrong in it, with its place.
    """
    from payouts.workflow.heading_file import read_heading

    file = workspace.root / FILE
    if not file.is_file():
        raise MianshenError(
            f"{file} is missing: it says who publishes, and how one may object. Begin with:\n\n{EXAMPLE}"
        )
    return read_heading(file, title)


def write_files(session: Session, workspace: Workspace, made: Published) -> Path:
    """Write the three files of a notice into a folder of its own, and return that.

    Raises:
        MianshenError: they cannot be written; the notice is in the ledger by then, and they can be written again.
    """
    from enterprise_data.atomic import replaced
    from payouts.notice_lists.page import html
    from payouts.notice_lists.sheets import csv_file, xlsx_file

    folder = workspace.ledger / "notices" / made.id
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, written in (("notice.html", html), ("notice.xlsx", xlsx_file), ("notice.csv", csv_file)):
            with replaced(folder / name) as draft:
                draft.write_bytes(written(made.notice))
    except (OSError, MianshenError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise MianshenError(
            f"notice {made.id} is published in the ledger, but its files could not be written into {folder}: {told}. "
            f"Then run `mianshen payout notice write{session.option()} {made.id}`"
        ) from error
    return folder


def tell(form: Format, made: Published, folder: Path) -> None:
    """Write what a notice comes to."""
    told = made.notice
    days = {"published_on": told.published_on, "ends_on": told.ends_on, "working_days": told.working_days}
    size = {"firms": told.firms, "items": len(told.items), "total_fen": told.total_fen}
    write_rows(form, _PUBLISHED, [{"notice": made.id, **days, **size, "folder": str(folder)}])
