"""What `mianshen doctor` looks at in a ledger: its schema, its file, and every invariant."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from cli.doctor_checks import Finding
from cli.failures import counted
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.workspace import Workspace
from payouts.ledger.creation import is_current
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import queries, violations
from payouts.ledger.place import FILE, ledger_of
from payouts.ledger.whole import lacking

_SHOWN = 5
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def of_ledger(session: Session) -> Iterator[Finding]:
    """Check the ledger of the workspace; nothing where there is none."""
    try:
        workspace = session.workspace()
    except MianshenError:
        return  # the workspace's own checks say what is wrong with it
    if workspace.settings.payouts.ledger is None and not (workspace.ledger / FILE).exists():
        return
    try:
        ledger = ledger_of(workspace)
    except MianshenError as error:
        yield Finding("Ledger", "wrong", str(error), "see what it says; `mianshen payout restore` puts a copy back")
        return
    try:
        yield from _contents(ledger)
    finally:
        ledger.close()
    yield from _protection(workspace)


def _contents(ledger: Ledger) -> Iterator[Finding]:
    try:
        current = is_current(ledger)
    except MianshenError as error:
        yield Finding("Ledger", "wrong", str(error), "install the newer Mianshen")
        return
    if not current:
        yield Finding("Ledger", "wrong", "made by an older version", "back it up, then run `mianshen payout upgrade`")
        return
    with ledger.read() as connection:
        missing = lacking(connection)
        found = [] if any(one.startswith("table ") for one in missing) else violations(connection)
    for violation in found[:_SHOWN]:
        what = f"{violation.invariant}: {violation.subject} {violation.what}"
        yield Finding("Ledger", "wrong", what, "pay nothing, keep the file, and find out who wrote to it")
    if len(found) > _SHOWN:
        yield Finding("Ledger", "wrong", f"and {len(found) - _SHOWN} more", "")
    if missing:
        what = f"{len(missing)} of its tables, indexes and guards are not there or not as made, such as {missing[0]}"
        remedy = "pay nothing: somebody took them away, or a version made it that was never released; restore a copy"
        yield Finding("Ledger", "wrong", what, remedy)
    if not found and not missing:
        yield Finding("Ledger", "ok", f"{counted(len({name for name, _ in queries()}), 'invariant')} hold")


def _protection(workspace: Workspace) -> Iterator[Finding]:
    file = workspace.ledger / FILE
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & _OTHERS:
        yield Finding("Ledger", "wrong", f"others may read {file}", f"chmod 600 {file}")
