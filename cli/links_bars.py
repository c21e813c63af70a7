"""Bars of block characters for tables in a terminal."""

from __future__ import annotations

_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(part: int, of: int) -> str:
    """Return a bar of at most 24 cells for a share; whatever is not nothing can be seen."""
    eighths = max(round(part * _BAR * 8 / of), 1) if part else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def split_bar(part: int, rest: int) -> str:
    """Return a bar of 24 cells for a whole and its rest; both can be seen unless they are nothing."""
    if not part + rest:
        return ""
    cells = round(part * _BAR / (part + rest))
    cells = min(max(cells, 1 if part else 0), _BAR - 1 if rest else _BAR)
    return "█" * cells + "░" * (_BAR - cells)
