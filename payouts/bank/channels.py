"""By which way an order reaches a bank and the answer comes back: a mapping file, or a plug-in of somebody else's.

A plug-in is a Python package with an entry point in the group `mianshen.payout_channels`: a function that takes the
path of its own settings (or None) and gives a `Channel`. What it writes is checked like our own files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import AnswerFile
from payouts.bank.bank_file import BankFile
from payouts.bank.instruction import Order
from payouts.bank.mapping import Mapping
from payouts.bank.mapping_file import find_mapping
from payouts.bank.returns.mapping import ReturnMapping, find_return_mapping
from payouts.bank.returns.read import read_return
from payouts.bank.totals import totals
from payouts.bank.write import write

GROUP = "mianshen.payout_channels"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@runtime_checkable
class Channel(Protocol):
    """A way to a bank. Nothing here sends: files are given to a person, or to what the bureau uses to send them."""

    @property
    def fingerprint(self) -> str:
        """What the files depend on beside the order, as a text that changes with it: a batch keeps it."""

    def export(self, order: Order) -> tuple[BankFile, ...]:
        """Write an order: every payment in exactly one file, and equal orders as equal bytes.

        Raises:
            OrderRefused: with every payment that cannot be told to the bank as it is.
        """

    def totals(self, content: bytes) -> tuple[int, int]:
        """Return the number of payments in a file's bytes and their sum in fen, read from those bytes alone.

        Raises:
            MianshenError: the bytes are not one of this channel's files.
        """

    def read_answer(self, content: bytes, name: str) -> AnswerFile:
        """Read what the bank answers; `name` is for messages.

        Raises:
            MianshenError: the file cannot be read as a whole.
        """


@dataclass(frozen=True)
class MappedChannel:
    """Files by a mapping; answers by a mapping of their own, or as ISO 20022 pain.002 without one."""

    mapping: Mapping
    answers: ReturnMapping | None = None

    @property
    def fingerprint(self) -> str:
        """The hash of the mapping."""
        return self.mapping.sha256

    def export(self, order: Order) -> tuple[BankFile, ...]:
        """Write an order; see `payouts.bank.write`."""
        return write(order, self.mapping)

    def totals(self, content: bytes) -> tuple[int, int]:
        """Read the totals back; see `payouts.bank.totals`."""
        return totals(content, self.mapping)

    def read_answer(self, content: bytes, name: str) -> AnswerFile:
        """Read a return file; see `payouts.bank.returns.read`."""
        return read_return(content, name, self.answers)


def find_channel(word: str, answers: str = "", settings: Path | None = None) -> Channel:
    """Return the plug-in of that name, or the channel of a mapping: its name, or the path of its file.

    `answers` names the mapping of a mapped channel's return files; `settings` is for plug-ins.

    Raises:
        MianshenError: no such channel, two of that name, or one that cannot be loaded.
    """
    plugged = list(entry_points(group=GROUP, name=word))
    if not plugged:
        return MappedChannel(find_mapping(word), find_return_mapping(answers) if answers else None)
    if len(plugged) > 1:
        offered = " and ".join(sorted(_package(point) for point in plugged))
        raise MianshenError(f"{offered} both offer a channel `{word}`: uninstall one of them")
    return _load(plugged[0], settings)


def export(order: Order, channel: Channel) -> tuple[BankFile, ...]:
    """Write an order by a channel, and hold what it wrote against the order, each file read back from its bytes.

    Raises:
        OrderRefused: with every payment that cannot be told to the bank as it is.
        MianshenError: the files are not exactly the order; nothing of them may be sent.
    """
    files = channel.export(order)
    for number, file in enumerate(files, 1):
        if file.part != number or not _FILE_NAME.fullmatch(file.name):
            raise _wrong(f"its file {number} is called `{file.name}`, part {file.part}")
        found = channel.totals(file.content)
        if found != (file.rows, file.total_fen):
            stated = (file.rows, file.total_fen)
            raise _wrong(f"{file.name} should hold {stated} payments and fen, but its bytes hold {found}")
    if len({file.name.lower() for file in files}) != len(files):
        raise _wrong("two of its files have one name")
    whole = sum(file.rows for file in files), sum(file.total_fen for file in files)
    if whole != (len(order.instructions), order.total_fen):
        ordered = (len(order.instructions), order.total_fen)
        raise _wrong(f"its files hold {whole} payments and fen in all, and the batch {ordered}")
    return files


def _load(point: EntryPoint, settings: Path | None) -> Channel:
    try:
        channel = cast("Callable[[Path | None], object]", point.load())(settings)
    except (ImportError, AttributeError, TypeError) as error:
        raise MianshenError(f"the channel `{point.name}` of {_package(point)} cannot be loaded: {error}") from error
    if not isinstance(channel, Channel):
        raise MianshenError(f"`{point.name}` of {_package(point)} is no channel: ask who wrote it for a newer version")
    return channel


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value


def _wrong(what: str) -> MianshenError:
    return MianshenError(f"the channel did not write this order: {what}; send nothing of it, and report it")
