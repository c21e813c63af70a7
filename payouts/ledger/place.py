"""Where a workspace keeps its ledger: a file of its own by default, or the PostgreSQL that its settings name."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.workspace import Workspace
from payouts.ledger.creation import create
from payouts.ledger.database import Ledger, open_ledger

FILE = "ledger.sqlite"
# File systems on which locks of SQLite are not to be trusted (sqlite.org/lockingv3.html, section 6).
_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs")


def ledger_of(workspace: Workspace, *, make: bool = False) -> Ledger:
    """Open the ledger of a workspace; `make`: make it if there is none.

    Raises:
        MianshenError: there is none, it cannot be reached, or it would lie on a network's file system.
    """
    place = _place(workspace, make=make)
    ledger = open_ledger(place)
    try:
        if not _is_made(ledger, place):
            if not make:
                raise MianshenError(f"there is no ledger in {_shown(place)}: `mianshen officer add` makes it")
            create(ledger)
    except (SQLAlchemyError, ImportError) as error:
        ledger.close()
        raise MianshenError(f"cannot open the ledger {_shown(place)}: {_first_line(error)}") from error
    except MianshenError:
        ledger.close()
        raise
    return ledger


def _is_made(ledger: Ledger, place: Path | str) -> bool:
    with ledger.read() as connection:
        if not ledger.is_sqlite and connection.exec_driver_sql("SHOW fsync").scalar() != "on":
            raise MianshenError(
                f"the PostgreSQL of {_shown(place)} runs with fsync=off and may lose payments: set it on"
            )
        return inspect(connection).has_table("event")


def _place(workspace: Workspace, *, make: bool) -> Path | str:
    url = workspace.settings.payouts.ledger
    if url is not None:
        try:
            if make_url(url).get_backend_name() == "postgresql":
                return url
        except ArgumentError:
            pass
        raise MianshenError(
            f"payouts.ledger is no URL of a PostgreSQL, such as postgresql+psycopg://user@host/name: {url}"
        )
    folder, file = workspace.ledger, workspace.ledger / FILE
    if not file.exists():
        if not make:
            raise MianshenError(f"there is no ledger in {folder}: `mianshen officer add` makes it")
        folder.mkdir(mode=0o700, exist_ok=True)
        _require_local(folder)
        file.touch(mode=0o600)
    return file


def _require_local(folder: Path) -> None:
    """Refuse a file system that is on a network, where Linux tells."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return
    best = ("", "")
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        inside = str(folder.resolve()).startswith(point.rstrip("/") + os.sep)
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    if best[1].startswith(_NETWORK):
        raise MianshenError(
            f"{folder} lies on {best[1]}, where the ledger's locks do not hold: keep the workspace on a local disk, "
            "or name a PostgreSQL in payouts.ledger"
        )


def _shown(place: Path | str) -> str:
    return str(place) if isinstance(place, Path) else make_url(place).render_as_string(hide_password=True)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0]
