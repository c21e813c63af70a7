"""Reading a page: the files it shows, the sessions it shows, and running both.

A file is a fenced block below a line that holds nothing but its path in backticks (and a colon). A session is a
`console` block: lines after `$ ` are run, the others must be what they print. `…` stands for whatever was left out: a
line of its own for any lines, within a line for any text.
"""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.main import run
from enterprise_data.workspace import Workspace
from matcher import freeze, load

ROOT = Path(__file__).parents[2]
_FILE = re.compile(r"^`(?P<path>[\w./-]+)`[:：]?\n\n```\w*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_SESSION = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """One command line of a page, and what the page says it prints."""

    line: str
    shown: str


def read(page: str) -> str:
    """Return the text of a page, by its path in the repository."""
    return (ROOT / page).read_text(encoding="utf-8")


def files(page: str) -> dict[str, str]:
    """Return the files a page shows, by path."""
    return {found["path"]: found["text"] for found in _FILE.finditer(read(page))}


def commands(page: str) -> Iterator[Command]:
    """Yield the command lines of a page in order."""
    for block in _SESSION.findall(read(page)):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            yield Command(line, shown)


def write(folder: Path, shown: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in shown.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def printed(command: Command, folder: Path) -> str:
    """Run a command line in a folder and return what a terminal would show; it must succeed."""
    words = shlex.split(command.line)
    assert words[0] == "mianshen", f"only `mianshen` is run, not {command.line!r}"
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    with chdir(folder), redirect_stdout(terminal), redirect_stderr(terminal):
        code = run(words[1:])
    output = raw.getvalue().decode()
    assert code == 0, f"$ {command.line}\n{output}"
    return output


def is_shown(shown: str, output: str) -> bool:
    """Return whether a page shows an output, but for what `…` leaves out and blanks at the ends of lines."""
    lines = [re.escape(line.rstrip()).replace("…", ".*") + "\n" for line in shown.strip("\n").splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line == ".*\n" else line for line in lines)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())) is not None


def town(folder: Path) -> Path:
    """Make the workspace that the README walks through, loaded and frozen; its files lie beside it."""
    shown = files("README.md")
    space = Workspace.create(folder / "town", bare=True)
    write(folder, shown)
    for dataset in ("firms", "sales", "penalties"):
        load(space.root, dataset, folder / f"{dataset}.csv", date(2024, 12, 31))
    freeze(space.root)
    return space.root
