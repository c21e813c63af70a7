"""Amounts typed in yuan; everything behind the command line is integer fen."""

from __future__ import annotations

import re
from typing import Any

import rich_click as click

_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?")


class Yuan(click.ParamType[int]):
    """An amount in yuan with at most two decimals, written 1234.50; its value is in fen."""

    name = "yuan"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the amount."""
        if isinstance(value, int):
            return value
        found = _AMOUNT.fullmatch(value)
        if found is None:
            self.fail(f"{value!r} is no amount in yuan; write it as 1234.50, without commas", param, ctx)
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
