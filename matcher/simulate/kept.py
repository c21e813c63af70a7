"""What simulations keep in a workspace: the facts table of the last ones, and what a version came to over all of it.

A threshold is no fact: when only a threshold changes, the facts are the same and need not be built again. An entry is
a folder named after the snapshot and the statement that makes its facts; equal names hold equal facts. It may be
removed at any time. An entry that cannot be written, or is not what was written, counts as none.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.atomic import replace_text
from enterprise_data.snapshot.manifest import sha256_of
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.simulate.baseline import Baseline
from matcher.sql.build import text
from matcher.sql.facts import FactTable

ENTRIES = 8  # so many stay, those used last
_FACTS, _SEAL = "facts.parquet", "seal"
# Shared conditions, which rest beside the facts as t0, t1 and so on, belong to one simulation only.
_ROWS = "SELECT COLUMNS('^(firm_no|region|f[0-9].*)$') FROM facts ORDER BY firm_no"


@dataclass(frozen=True)
class Kept:
    """The entry of one facts table, whether or not it is there yet."""

    folder: Path

    @staticmethod
    def of(folder: Path, snapshot: Snapshot, table: FactTable) -> Kept:
        """Return the entry of a facts table over a snapshot, below `folder`."""
        statement = table.query.sql("duckdb")
        return Kept(folder / hashlib.sha256(f"{snapshot.id}\n{statement}".encode()).hexdigest()[:24])

    def rows(self) -> exp.Select | None:
        """Return the query that reads the facts; None where there are none, or not what was written."""
        path = self.folder / _FACTS
        try:
            if (self.folder / _SEAL).read_text(encoding="utf-8") != sha256_of(path):
                return None
            (self.folder / _SEAL).touch()
        except OSError:
            return None
        return exp.select("*").from_(exp.func("read_parquet", text(str(path))))

    def keep(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write down the facts of the table `facts`, and remove the entries not used for longest."""
        with suppress(OSError, duckdb.IOException):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder.parent))
            try:
                connection.sql(_ROWS).write_parquet(str(draft / _FACTS))
                (draft / _SEAL).write_text(sha256_of(draft / _FACTS), encoding="utf-8")
                shutil.rmtree(self.folder, ignore_errors=True)
                draft.rename(self.folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            _remove_oldest(self.folder.parent)

    def baseline(self, name: str) -> Baseline | None:
        """Return what the version of this name came to over all firms; None where that is not known."""
        try:
            return Baseline.read(json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep_baseline(self, name: str, found: Baseline) -> None:
        """Write down what a version came to; without facts there is nothing to lay it beside."""
        if (self.folder / _SEAL).exists():
            with suppress(OSError):
                replace_text(self.folder / f"{name}.json", json.dumps(asdict(found), ensure_ascii=False))


def _remove_oldest(folder: Path) -> None:
    entries: Sequence[Path] = [path for path in folder.iterdir() if (path / _SEAL).exists()]
    for path in sorted(entries, key=lambda path: (path / _SEAL).stat().st_mtime_ns)[:-ENTRIES]:
        shutil.rmtree(path, ignore_errors=True)
