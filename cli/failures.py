"""From an error to a message on stderr and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from pathlib import Path

import click

from cli.exit_codes import ExitCode
from enterprise_data.declarations.problems import MianshenError, ProblemsFound


def exit_code_of(error: BaseException) -> ExitCode:
    """Say on stderr what went wrong, and return the exit code for it."""
    if isinstance(error, click.ClickException):
        error.show()
        return ExitCode(error.exit_code)
    if _interrupted(error):
        _say("interrupted; what was there before is whole")
        return ExitCode.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PIPE_CLOSED
    message = _of_user(error)
    if message is not None:
        _say(message)
        return ExitCode.PROBLEMS
    _report(error)
    return ExitCode.INTERNAL


def _interrupted(error: BaseException) -> bool:
    """Return whether the user pressed Ctrl-C; DuckDB says so in an error of its own, or in a plain RuntimeError."""
    if isinstance(error, click.exceptions.Abort | KeyboardInterrupt) or _is("duckdb", "InterruptException", error):
        return True
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def _of_user(error: BaseException) -> str | None:
    """Return the message for a fault that lies outside this program; None for a bug."""
    if isinstance(error, ProblemsFound):
        return f"{error}\n{_count(error)}"
    if isinstance(error, MianshenError):
        return f"error: {error}"
    if isinstance(error, MemoryError) or _is("duckdb", "OutOfMemoryException", error):
        return "error: not enough memory; close other programs, or run this on a bigger machine"
    if isinstance(error, OSError) and error.errno is not None:
        return f"error: {_of_system(error)}"
    if _is("sqlalchemy.exc", "OperationalError", error):
        return _of_database(error)
    return None


def _of_database(error: BaseException) -> str | None:
    """Return the message for a database whose disk or connection fails; its transaction never was."""
    told = str(getattr(error, "orig", error)).lower()
    causes = {
        "disk is full": "the disk is full; make room",
        "no space left": "the disk of the database is full; make room",
        "disk i/o error": "the disk fails; see to it",
        "readonly database": "the ledger cannot be written; check its permissions, or the disk's",
        "database is locked": "another program holds the ledger; wait for it, or close it",
        "connection": "the database cannot be reached, or has gone; see to it",
    }
    found = next((cause for word, cause in causes.items() if word in told), None)
    return None if found is None else f"error: {found}, then run this again. What was not finished has left no trace"


def _of_system(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    remedy = {errno.ENOSPC: "; make room on the disk, then run this again", errno.EACCES: "; check its permissions"}
    return f"{error.strerror}{where}{remedy.get(error.errno or 0, '')}"


def _count(found: ProblemsFound) -> str:
    errors = sum(problem.severity == "error" for problem in found.problems)
    warnings = len(found.problems) - errors
    return f"found {counted(errors, 'error')}" + (f" and {counted(warnings, 'warning')}" if warnings else "")


def counted(number: int, noun: str) -> str:
    """Return `1 error` or `2 errors`.

    >>> counted(2, "firm"), counted(0, "policy")
    ('2 firms', '0 policies')
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _is(module: str, name: str, error: BaseException) -> bool:
    """Return whether `error` is of a class of a module that may not even be imported."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(error, kind)


def _say(message: str) -> None:
    click.echo(message, err=True)


def _report(error: BaseException) -> None:
    """Own up to a bug: where it is, and how to report it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{'/'.join(Path(last.filename).parts[-2:])}:{last.lineno}"
    _say(f"internal error: {type(error).__name__} at {where}: {error}")
    _say("This is a fault in Mianshen. What was there before is whole.")
    if os.environ.get("MIANSHEN_DEBUG") == "1":
        traceback.print_exception(error)
    else:
        _say("Run it again with MIANSHEN_DEBUG=1 and send what it prints to the developers.")
