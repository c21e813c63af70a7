"""Putting a bank's file into a folder: whole or not at all, and never over another."""

from __future__ import annotations

from pathlib import Path

from enterprise_data.atomic import replaced, settle_file
from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile


def save(file: BankFile, folder: Path) -> Path:
    """Write a file under its name, durable when this returns; one that is there with equal bytes is left alone.

    Raises:
        MianshenError: other bytes stand under that name; they stay as they are.
        OSError: the folder cannot be written.
    """
    path = folder / file.name
    if _is_there(path, file):
        # Whoever wrote it may have been stopped before its name was durable.
        settle_file(path)
        return path
    with replaced(path) as draft:
        draft.write_bytes(file.content)
        # Another process may have been quicker.
        _is_there(path, file)
    return path


def _is_there(path: Path, file: BankFile) -> bool:
    """Return whether the very bytes are there already."""
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return False
    if there != file.content:
        raise MianshenError(
            f"{path} is there already with other bytes, and is left as it is: it may have been sent. "
            "Find out where it comes from; to write this one, name another folder"
        )
    return True
