"""What every command shares: which workspace is meant, where notes go, and how much is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console

    from enterprise_data.workspace import Workspace

# A pipe has no width: nothing in it is wrapped or cut.
_UNLIMITED = 10_000


class Step(Protocol):
    """Told how far a long piece of work has come."""

    def __call__(self, what: str, done: int = 0, of: int = 0, /) -> None:
        """Show `what` is being done; `of` 0 when its length is not known."""


@dataclass
class Session:
    """One invocation; `folder` None until `-w`, $MIANSHEN_WORKSPACE or the current folder says otherwise."""

    folder: Path | None = None
    quiet: bool = False

    @property
    def root(self) -> Path:
        """Return the workspace folder that is meant, whether or not it is one."""
        return self.folder or Path(os.environ.get("MIANSHEN_WORKSPACE") or ".")

    @property
    def named(self) -> bool:
        """Return whether the user said which workspace is meant."""
        return self.folder is not None or bool(os.environ.get("MIANSHEN_WORKSPACE"))

    def workspace(self) -> Workspace:
        """Open the workspace.

        Raises:
            MianshenError: it is none, or its settings are wrong.
        """
        from enterprise_data.workspace import Workspace

        return Workspace.open(self.root)

    def option(self) -> str:
        """Return the `-w` that a suggested command needs, with a blank before it; empty where none is needed."""
        return f" -w {self.root}" if self.folder is not None else ""

    def note(self, text: str) -> None:
        """Say something on stderr, unless quiet."""
        if not self.quiet:
            console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[Step]:
        """Show the progress of a long piece of work on stderr: a bar on a terminal, nothing elsewhere."""
        screen = console(stderr=True)
        if self.quiet or not screen.is_terminal:
            yield _unseen
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=screen, transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda what, done=0, of=0: bar.update(task, description=what, completed=done, total=of or None)


def _unseen(_what: str, _done: int = 0, _of: int = 0) -> None:
    """Show nothing."""


def console(*, stderr: bool = False) -> Console:
    """Return a rich console on stdout or stderr, as wide as the terminal, and unlimited in a pipe."""
    from rich.console import Console

    # $COLUMNS and $FORCE_COLOR speak of a terminal; what goes into a pipe is the same everywhere.
    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return Console(file=stream, width=None if terminal else _UNLIMITED, force_terminal=terminal, highlight=False)
