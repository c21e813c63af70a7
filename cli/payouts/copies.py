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
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@common
@click.pass_obj
def restore(session: Session, path: Path) -> None:
    """Put the copy at PATH in the place of the ledger, if it is sound; what is there now is kept beside it.

    It takes no login: the ledger that knows the officers may be the one that is broken. Whoever may write the folder
    of the ledger may do it.

    Example: `mianshen payout restore ledger-2024-03-01.sqlite`
    """
    from cli.acting import time_of
    from enterprise_data.declarations.problems import MianshenError
    from payouts.ledger.backup import restore as put_back
    from payouts.ledger.place import FILE

    workspace = session.workspace()
    if workspace.settings.payouts.ledger is not None:
        raise MianshenError("this ledger is in PostgreSQL: restore it with pg_restore")
    workspace.ledger.mkdir(mode=0o700, exist_ok=True)
    file = workspace.ledger / FILE
    aside = file.with_name(f"{file.stem}-before-{time_of(workspace):%Y%m%dT%H%M%S}{file.suffix}")
    put_back(path, file, aside)
    session.note(f"The ledger is the copy now. What was there is {aside}.")
