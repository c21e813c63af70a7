"""Money for people: exact, in 元 or 万元, always two decimals and thousands separated; machines get integer fen."""

from __future__ import annotations

FEN_A_YUAN = 100
FEN_A_WAN = 1_000_000


def money(fen: int | None) -> str:
    """Return an amount exactly: in 万元 where it comes out even at two decimals, else in 元.

    >>> money(1_661_000_000)
    '1,661.00 万元'
    >>> money(123_456)
    '1,234.56 元'
    """
    if fen is None:
        return "—"
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    if fen >= FEN_A_WAN and fen % (FEN_A_WAN // 100) == 0:
        return f"{sign}{_two_decimals(fen // (FEN_A_WAN // 100))} 万元"
    return f"{sign}{_two_decimals(fen)} 元"


def _two_decimals(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}.{rest:02d}"
