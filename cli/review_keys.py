"""What a person at the keyboard answers: single keys on a terminal, lines where the answers come from elsewhere."""

from __future__ import annotations

import sys
import unicodedata

import click

QUIT = "q"


def key(prompt: str) -> str:
    """Ask for one key and return it in plain small letters; the end of what is typed is `q`."""
    click.echo(prompt, err=True, nl=False)
    if not sys.stdin.isatty():
        return _plain(_line() or QUIT)[:1]
    try:
        pressed = _plain(click.getchar())[:1]
    except EOFError:
        pressed = QUIT
    click.echo(pressed, err=True)
    return pressed


def line(prompt: str) -> str:
    """Ask for a line and return it without blanks around it; empty at the end of what is typed."""
    click.echo(prompt, err=True, nl=False)
    return (_line() or "").strip()


def agreed(question: str) -> bool:
    """Ask a question and return whether the answer begins with y or 是."""
    return key(f"{question} [y/n] ") in ("y", "是")


def _line() -> str | None:
    read = sys.stdin.readline()
    if not sys.stdin.isatty():
        click.echo(read.rstrip("\n"), err=True)
    return read or None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
