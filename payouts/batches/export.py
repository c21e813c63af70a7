"""From an approved batch to files in a folder, in steps of which each is whole or was never taken.

Re-check, seal and release are a transaction each; only what is released is written. Whatever stops an export, doing
it again goes on from the last step that was finished, and ends in the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile
from payouts.bank.channels import Channel
from payouts.bank.saving import save
from payouts.batches.pulling import Pulled, pulled_from
from payouts.batches.recheck import Exclusions, mark, recheck, without_ground
from payouts.batches.record import existing
from payouts.batches.seal import files_of, release, seal
from payouts.batches.stale import refuse_stale_accounts
from payouts.ledger.act import Act
from payouts.ledger.database import Ledger
from payouts.ledger.tables import bank_file

_SHOWN = 5


@dataclass(frozen=True)
class Exported:
    """Where a batch's files are, and all that was ever pulled out of it; `again`: it had been released before.

    A batch of which everything was pulled is cancelled, and has no files.
    """

    batch_id: str
    paths: tuple[Path, ...]
    pulled: tuple[Pulled, ...]
    again: bool


def export(
    ledger: Ledger, batch_id: str, folder: Path, act: Act, *, channel: Channel, exclusions: Exclusions
) -> Exported:
    """Re-check, seal and release an approved batch and write its files; of a released one, write them again.

    `exclusions` are what the newest data say, as `payouts.batches.standing` finds it.

    Raises:
        OrderRefused: the bank's form cannot carry some payments; the batch stays approved, and `pull` takes them out.
        AlreadyReleased: another process released it at this very moment.
        MianshenError: the batch is not approved; the list of accounts by which it pays is too old by now; or a file of
            that name with other bytes is in the folder, and is left as it is.
    """
    if not folder.is_dir():
        raise MianshenError(f"{folder} is no folder; make it, and export again")
    before = _state(ledger, batch_id)
    if before in {"planned", "cancelled"}:
        raise MianshenError(f"batch {batch_id} is {before}: only an approved batch is exported")
    steps = _Steps(ledger, batch_id, channel, exclusions, act)
    again = before in {"released", "closed"}
    if not again:
        steps.recheck()
    if _state(ledger, batch_id) == "cancelled":
        return Exported(batch_id, (), steps.pulled(), again)
    files = steps.seal()
    if not again:
        steps.release(folder)
    return Exported(batch_id, _written(batch_id, files, folder), steps.pulled(), again)


@dataclass
class _Steps:
    """The steps of one export, each a transaction, each skipped if it was taken before."""

    ledger: Ledger
    batch_id: str
    channel: Channel
    exclusions: Exclusions
    act: Act
    checked: tuple[int, int] | None = None

    def recheck(self) -> None:
        with self.ledger.write() as connection:
            if existing(connection, self.batch_id).state == "approved":
                recheck(connection, self.batch_id, self.exclusions, self.act)
                refuse_stale_accounts(connection, self.batch_id, self.act.day.isoformat())
                self.checked = mark(connection)

    def pulled(self) -> tuple[Pulled, ...]:
        with self.ledger.read() as connection:
            return pulled_from(connection, self.batch_id)

    def seal(self) -> tuple[BankFile, ...]:
        """Return the files, sealed by now."""
        with self.ledger.write() as connection:
            known = existing(connection, self.batch_id)
            if known.state == "approved":
                return seal(connection, self.batch_id, self.channel, self.act)
            return files_of(connection, known, self.channel)

    def release(self, folder: Path) -> None:
        """Release what is sealed, unless a payment has lost its ground since: its files are fixed."""
        with self.ledger.write() as connection:
            if self.checked != mark(connection):
                self._refuse_lost_ground(connection)
            refuse_stale_accounts(connection, self.batch_id, self.act.day.isoformat())
            release(connection, self.batch_id, self.act)
            names = select(bank_file.c.name).where(bank_file.c.batch_id == self.batch_id)
            if there := [name for name in connection.execute(names).scalars() if (folder / name).exists()]:
                raise MianshenError(
                    f"{folder / there[0]} is there already, though the batch was never released: nothing was sent, "
                    "and the file is left as it is. Find out where it comes from, or name another folder"
                )

    def _refuse_lost_ground(self, connection: Connection) -> None:
        gone = without_ground(connection, self.batch_id, self.exclusions)
        if gone:
            shown = "\n".join(f"  {one.uscc} ({one.payment_id}): {one.reason}" for one in gone[:_SHOWN])
            raise MianshenError(
                f"batch {self.batch_id} is sealed, but {len(gone)} of its payments may not be sent any more; nothing "
                f"was sent. Cancel it and plan again:\n{shown}"
            )


def _written(batch_id: str, files: tuple[BankFile, ...], folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(save(file, folder) for file in files)
    except OSError as error:
        raise MianshenError(
            f"batch {batch_id} is released, but its files could not be written into {folder}: "
            f"{error.strerror or error}. Nothing is lost: make room, and export again"
        ) from error


def _state(ledger: Ledger, batch_id: str) -> str:
    with ledger.read() as connection:
        return existing(connection, batch_id).state
