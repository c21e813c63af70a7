"""Ledgers that one process opens by the hundred: what is kept of their statements is kept for all of them."""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

from payouts.ledger.database import Ledger, open_ledger

# SQLAlchemy keeps what it made of a statement by engine and by dialect; made anew for each ledger, it takes most of
# the time.
_COMPILED: LRUCache[Any, Any] = LRUCache(2_000)
_DIALECTS: dict[str, Dialect] = {}
_MEMORY = Path("/dev/shm")
# SQLite reads the whole schema's triggers for each statement that it prepares; Python would keep 128 of them.
PREPARED = 2_000


def opened(place: str | Path) -> Ledger:
    """Open a ledger at a path (SQLite) or a URL; it must have been made before."""
    url = f"sqlite:///{place}?cached_statements={PREPARED}" if isinstance(place, Path) else place
    ledger = open_ledger(url)
    share(ledger.engine, ledger.engine.dialect.name)
    return ledger


def share(engine: Engine, kind: str) -> None:
    """Let an engine keep what it makes of statements together with all others of its kind."""
    engine.dialect = _DIALECTS.setdefault(kind, engine.dialect)
    engine._compiled_cache = _COMPILED


@contextmanager
def in_memory() -> Iterator[Path]:
    """Give a folder in memory, where there is such a thing: what a disk does to a ledger is not every test's matter."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None, prefix="mianshen-") as name:
        yield Path(name)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for cycles seldom: there are few, and looking after each 700 objects takes a tenth of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
