"""Who is acting: the officer that is logged in, what time it is, and the ledger they act in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from enterprise_data.declarations.problems import MianshenError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cli.session import Session
    from enterprise_data.workspace import Workspace
    from payouts.ledger.act import Act
    from payouts.ledger.database import Ledger
    from payouts.officers.accounts import Officer

TOKEN = "MIANSHEN_TOKEN"  # noqa: S105  # the name of a variable
CLOCK = "MIANSHEN_CLOCK"
# What is done also with a ledger of an older version: it is copied, and its officers are seen to.
_KEEPS = ("keep_ledger", "keep_officers")


@dataclass(frozen=True)
class Acting:
    """An officer at work: the workspace, its open ledger, who it is and when."""

    workspace: Workspace
    ledger: Ledger
    officer: Officer
    now: datetime

    def act(self, reason: str = "", code: str = "") -> Act:
        """Return an act of this officer, now."""
        from payouts.ledger.act import Act, instant

        return Act(self.officer.id, instant(self.now), reason, code)


@contextmanager
def acting(session: Session, what: str) -> Iterator[Acting]:
    """Give the officer that is logged in, who must have a role that may do `what` (payouts.officers.roles).

    Raises:
        MianshenError: there is no ledger, or it lacks what this version has; nobody is logged in, or the role does not
            allow it.
    """
    from payouts.officers.logins import who_is

    with opened(session) as (workspace, ledger):
        now = time_of(workspace)
        with ledger.read() as connection:
            officer = who_is(connection, _token(workspace), now)
            if what not in _KEEPS:
                _refuse_lacking(connection)
        officer.require(what)
        yield Acting(workspace, ledger, officer, now)


def _refuse_lacking(connection: Connection) -> None:
    from payouts.ledger.whole import lacking

    if missing := lacking(connection):
        raise MianshenError(
            f"the ledger lacks {len(missing)} of the tables, indexes and guards of this version, such as "
            f"{missing[0]}: an older version made it, or somebody took them away. Nothing was done; `mianshen doctor` "
            "says what to do"
        )


@contextmanager
def opened(session: Session, *, make: bool = False) -> Iterator[tuple[Workspace, Ledger]]:
    """Give the workspace and its open ledger; `make`: make the ledger if there is none."""
    from payouts.ledger.place import ledger_of

    workspace = session.workspace()
    ledger = ledger_of(workspace, make=make)
    try:
        yield workspace, ledger
    finally:
        ledger.close()


def time_of(workspace: Workspace) -> datetime:
    """Return the time; in a rehearsal it is what $MIANSHEN_CLOCK says.

    Raises:
        MianshenError: the variable is set where money is paid in earnest, or is no instant.
    """
    said = os.environ.get(CLOCK)
    if not said:
        return datetime.now(UTC)
    if not workspace.settings.payouts.rehearsal:
        raise MianshenError(f"${CLOCK} is for rehearsals only: unset it, or set payouts.rehearsal in mianshen.toml")
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise MianshenError(f"${CLOCK} is no instant such as 2024-03-01T16:00:00+08:00: {said}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def keep_token(workspace: Workspace, token: str) -> None:
    """Keep a token for this user of the machine alone, until the next login or logout."""
    file = _token_file(workspace)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(token)


def forget_token(workspace: Workspace) -> str | None:
    """Remove the token that was kept, and return it."""
    file = _token_file(workspace)
    if not file.exists():
        return None
    token = file.read_text()
    file.unlink()
    return token


def _token(workspace: Workspace) -> str:
    given = os.environ.get(TOKEN)
    if given:
        return given
    file = _token_file(workspace)
    if not file.exists():
        raise MianshenError("nobody is logged in: run `mianshen officer login`")
    return file.read_text()


def _token_file(workspace: Workspace) -> Path:
    """Return where this user's token for this workspace is: outside it, since others may read the workspace."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "mianshen" / hashlib.sha256(str(workspace.root.resolve()).encode()).hexdigest()[:16]
