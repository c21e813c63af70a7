"""One file for a bank, as bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BankFile:
    """A part of an order, from 1, ready to be saved under `name`: how many payments it has and their sum in fen.

    `sha256` is of `content`; both are the same for the same order and mapping, whenever and wherever they are made.
    """

    part: int
    name: str
    content: bytes = field(repr=False)
    rows: int
    total_fen: int
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        """Hash the bytes."""
        object.__setattr__(self, "sha256", hashlib.sha256(self.content).hexdigest())
