"""A disk that fails once: with an error, when it is full, or by losing power, at the n-th operation that changes it."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import apsw
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from payouts.ledger.database import Ledger
from tests.payouts.faults import apsw_dbapi
from tests.payouts.reopening import share


class Fault(StrEnum):
    """What happens at the chosen operation."""

    NONE = "none"
    ERROR = "EIO"
    FULL = "ENOSPC"
    KILLED = "killed"  # the process is gone; what it wrote is in the system's hands, and is kept
    POWER_CUT = "power cut"  # the machine is gone, and everything that was not synced with it


class Gone(BaseException):
    """The process, or the machine, is gone: nothing that follows happens."""


class Disk(apsw.VFS):
    """The real disk, but for one operation; `operations` counts those that change something."""

    def __init__(self, fault: Fault = Fault.NONE, at: int = 0) -> None:
        self.fault, self.at, self.operations, self.gone = fault, at, 0, False
        self._undo: dict[str, list[Callable[[], None]]] = {}
        self.name = f"disk-{id(self)}"
        super().__init__(self.name, "")

    def ledger(self, path: str) -> Ledger:
        """Open the ledger at a path on this disk."""
        engine = create_engine(
            "sqlite://", module=apsw_dbapi, creator=lambda: apsw_dbapi.connect(path, self.name), poolclass=NullPool
        )
        share(engine, "apsw")
        return Ledger(engine)

    def step(self) -> None:
        """Count an operation; fail if it is the chosen one, or if the machine is gone."""
        if self.gone:
            raise Gone
        self.operations += 1
        if self.operations != self.at:
            return
        if self.fault is Fault.ERROR:
            raise apsw.IOError("disk I/O error")
        if self.fault is Fault.FULL:
            raise apsw.FullError("database or disk is full")
        if self.fault in (Fault.KILLED, Fault.POWER_CUT):
            self.lose_power()
            raise Gone

    def lose_power(self) -> None:
        """Undo what was not synced, newest first, and do nothing any more."""
        self.gone = True
        if self.fault is Fault.POWER_CUT:
            for undone in self._undo.values():
                for undo in reversed(undone):
                    undo()

    def remember(self, path: str, undo: Callable[[], None]) -> None:
        self._undo.setdefault(path, []).append(undo)

    def synced(self, path: str) -> None:
        self._undo.pop(path, None)

    def xOpen(self, name: Any, flags: list[int]) -> "File":  # noqa: N802  # SQLite's name
        return File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802  # SQLite's name
        self.step()
        path = Path(filename)
        if not syncdir and path.exists():
            content = path.read_bytes()
            self.remember(filename, lambda: _put_back(path, content))
        super().xDelete(filename, syncdir)
        if syncdir:
            self.synced(filename)


class File(apsw.VFSFile):
    """A file on such a disk."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else str(name or "")
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # SQLite's name
        self.disk.step()
        self._remember(offset, len(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802  # SQLite's name
        self.disk.step()
        self._remember(newsize, max(0, self.xFileSize() - newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802  # SQLite's name
        self.disk.step()
        super().xSync(flags)
        self.disk.synced(self.path)

    def _remember(self, offset: int, length: int) -> None:
        if self.disk.fault is not Fault.POWER_CUT or not self.path:
            return
        size = self.xFileSize()
        old = self.xRead(min(length, size - offset), offset) if offset < size else b""
        path = Path(self.path)

        def undo() -> None:
            if not path.exists():
                return
            with path.open("r+b") as stream:
                stream.seek(offset)
                stream.write(old)
                stream.truncate(size)

        self.disk.remember(self.path, undo)


def _put_back(path: Path, content: bytes) -> None:
    path.write_bytes(content)
