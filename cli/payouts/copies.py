"""`mianshen payout backup` and `restore`: copies of the ledger."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from cli.acting import acting
from cli.options import common
from cli.session import Session


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@common
@click.pass_obj
def backup(session: Session, path: Path) -> None:
    """Copy the ledger to a new file at PATH, whole, while others go on working; the copy is checked.

    Example: `mianshen payout backup /media/backup/ledger-2024-03-01.sqlite`
    """
    from payouts.ledger.backup import back_up

    with acting(session, "keep_ledger") as keeper:
        done = back_up(keeper.ledger, path)
    session.note(f"{path} holds the whole ledger, and every invariant holds in it. SHA-256:")
    click.echo(done.sha256)


@click.command("restore")
@click.argument("copy", metavar="COPY")
@common
@click.pass_obj
def restore(session: Session, copy: str) -> None:
    """Put a COPY in the place of the ledger, if it is sound; what is there now is kept beside it.

    COPY is the path of a file; for a ledger in PostgreSQL, the name of a database of the same server into which
    pg_restore has put a copy. Nobody may work with the ledger meanwhile. A copy by which firms would be paid again is
    refused: it does not know of a batch that went to the bank, or says that came back what is paid by now.

    It takes no login: the ledger that knows the officers may be the one that is broken. Whoever may write the folder
    of the ledger, or rename its database, may do it.

    Example: `mianshen payout restore ledger-2024-03-01.sqlite`
    """
    from sqlalchemy import make_url

    from cli.acting import time_of
    from payouts.ledger.backup import restore as put_back
    from payouts.ledger.place import FILE
    from payouts.ledger.swap import BEFORE, put_in_place

    workspace = session.workspace()
    now = f"{BEFORE}{time_of(workspace):%Y%m%dT%H%M%S}"
    url = workspace.settings.payouts.ledger
    if url is not None:
        kept = f"{make_url(url).database}{now}"
        forgotten = put_in_place(url, copy, kept)
        session.note(f"The ledger is the copy now. What was there is the database {kept}. {forgotten}".rstrip())
        return
    workspace.ledger.mkdir(mode=0o700, exist_ok=True)
    file = workspace.ledger / FILE
    aside = file.with_name(f"{file.stem}{now}{file.suffix}")
    forgotten = put_back(Path(copy), file, aside).forgotten
    session.note(f"The ledger is the copy now. What was there is {aside}. {forgotten}".rstrip())
