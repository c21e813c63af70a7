"""Amounts typed in yuan; everything behind the command line is integer fen."""

from __future__ import annotations

import re
from typing import Any

import rich_click as click

_AMOUNT = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")


class Yuan(click.ParamType[int]):
    """An amount in yuan with at most two decimals, written 1234.50; its value is in fen."""

    name = "yuan"

    def __init__(self, *, below_zero: bool = False) -> None:
        """Take amounts of nothing or more, or also those `below_zero`."""
        self._signs = ("", "-") if below_zero else ("",)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the amount."""
        if isinstance(value, int):
            return value
        found = _AMOUNT.fullmatch(value)
        if found is None or found[1] not in self._signs:
            self.fail(f"{value!r} is no amount in yuan; write it as 1234.50, without commas", param, ctx)
        fen = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
        return -fen if found[1] else fen
