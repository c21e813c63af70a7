"""Our own payments added to the delivery of past payments that is in force; done again, they are replaced, not doubled.

The bureau's records are loaded as ever (`mianshen data load payments`). What comes of that, its rejects and doubtful
rows among it, stays as it is, and so does the day that it stands for; our payments follow as further rows, but for
those that the records hold already. A file beside the rows says how many are ours, so that the next time they are
taken off first. A new load holds none of them: then this is to be done again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from enterprise_data.catalogue.load import entry_sha256
from enterprise_data.catalogue.model import Dataset, FirmKey
from enterprise_data.conform.columns import match_columns
from enterprise_data.conform.readers.source import ROW_NO, hash_file, whole_chunk
from enterprise_data.conform.rows import conform_chunk, rest_schema
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.deliveries import DOUBTFUL, REJECTS, ROWS, Delivery
from enterprise_data.workspace import Workspace
from payouts.history.own import own_payments
from payouts.history.same import same_payments
from policies.history_form import PAYMENTS

_OWN = "own.json"
_LOAD = f"`mianshen data load {PAYMENTS} FILE`"


@dataclass(frozen=True)
class PastPayments:
    """The delivery in force and what it is made of; `same` are payments of ours that the bureau's records hold."""

    delivery: Delivery
    theirs: int
    own: int
    same: int


def deliver_own(connection: Connection, workspace: Workspace, families: Mapping[str, str]) -> PastPayments:
    """Put a delivery of past payments in force that holds the bureau's records and our own payments, each once.

    `families` gives the family of each policy that has one. Where nothing has changed, nothing is done.

    Raises:
        MianshenError: no records of the bureau were loaded (a file of headings alone will do, if there are none), the
            catalogue's entry has changed since, or cannot hold our payments. The delivery in force stays.
    """
    entry = _entry(workspace)
    current = _current(workspace, entry)
    base = _base(current)
    theirs = pl.read_parquet(current.rows_path, glob=False).filter(pl.col(ROW_NO) <= base.input_rows + base.blank_rows)
    own = _at_rest(entry, own_payments(connection, families))
    pairs = same_payments(own, theirs)
    added = own.with_row_index("_place").filter(~pl.col("_place").is_in(pairs["own_row"].implode())).drop("_place")
    after = pl.int_range(1, pl.len() + 1, dtype=pl.Int64) + base.input_rows + base.blank_rows
    merged = pl.concat([theirs, added.with_columns(after.alias(ROW_NO))])
    if not merged.equals(pl.read_parquet(current.rows_path, glob=False)):
        current = _put_in_force(workspace, current, base, merged)
    return PastPayments(current, theirs.height, added.height, pairs.height)


def holds_own(workspace: Workspace) -> bool:
    """Return whether our own payments are in the delivery in force; a new load of the bureau's records has none."""
    current = workspace.deliveries.current(PAYMENTS)
    return current is not None and (current.folder / _OWN).exists()


def _entry(workspace: Workspace) -> Dataset:
    entry = workspace.catalogue().datasets.get(PAYMENTS)
    if entry is None or FirmKey.USCC not in entry.key:
        raise MianshenError(f"the catalogue has no dataset `{PAYMENTS}` with the key `uscc`, as the bundled one has")
    return entry


def _current(workspace: Workspace, entry: Dataset) -> Delivery:
    current = workspace.deliveries.current(PAYMENTS)
    if current is None:
        raise MianshenError(
            f"the bureau's past payments were never loaded; load them with {_LOAD}; if there are none before the "
            "ledger's, load a file that has the headings alone"
        )
    if current.catalogue_sha256 != entry_sha256(entry):
        raise MianshenError(f"the catalogue entry of `{PAYMENTS}` has changed since it was loaded; run {_LOAD} again")
    if hash_file(current.rows_path) != current.rows_sha256:
        raise MianshenError(f"the loaded rows of `{PAYMENTS}` are not what was loaded; run {_LOAD} again")
    return current


def _base(current: Delivery) -> Delivery:
    """Return the bureau's own delivery, of which the one in force was made."""
    told = current.folder / _OWN
    if not told.exists():
        return current
    return current.model_copy(update=json.loads(told.read_text("utf-8")))


def _at_rest(entry: Dataset, own: pl.DataFrame) -> pl.DataFrame:
    """Return our payments as they rest, with every column of the entry; what the entry does not know is left out."""
    columns = match_columns(entry, own.columns, "our payments")
    conformed = conform_chunk(entry, columns, whole_chunk(own))
    if conformed.rejected_rows:
        reason = conformed.rejects.row(0, named=True)
        raise MianshenError(
            f"the dataset `{PAYMENTS}` cannot hold {conformed.rejected_rows} of our payments: {reason['column']} "
            f"`{reason['value']}`: {reason['reason']}; correct the catalogue's entry"
        )
    return conformed.accepted.select(*rest_schema(entry))


def _put_in_force(workspace: Workspace, current: Delivery, base: Delivery, merged: pl.DataFrame) -> Delivery:
    deliveries = workspace.deliveries
    with deliveries.drafting(PAYMENTS) as folder:
        if deliveries.current(PAYMENTS) != current:
            raise MianshenError(f"`{PAYMENTS}` was loaded anew in the meantime; run this again")
        merged.write_parquet(folder / ROWS, compression="zstd", compression_level=1)
        for name in (REJECTS, DOUBTFUL):
            shutil.copyfile(current.folder / name, folder / name)
        kept = {name: getattr(base, name) for name in ("source", "source_sha256", "input_rows", "loaded_rows")}
        (folder / _OWN).write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", "utf-8")
        return deliveries.put_in_force(_record(folder, base, merged))


def _record(folder: Path, base: Delivery, merged: pl.DataFrame) -> Delivery:
    own = merged.height - base.loaded_rows
    rows_sha256 = hash_file(folder / ROWS)
    changed = {
        "folder": folder,
        "source": f"{base.source} and {own:,} payments of the ledger",
        "source_sha256": hashlib.sha256(f"{base.source_sha256} {rows_sha256}".encode()).hexdigest(),
        "input_rows": base.input_rows + own,
        "loaded_rows": merged.height,
        "rows_sha256": rows_sha256,
    }
    return base.model_copy(update=changed)
