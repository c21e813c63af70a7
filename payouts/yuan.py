"""Amounts in messages: people read yuan, as in every table, and not the ledger's fen."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """Return an amount in yuan.

    >>> yuan(123_456), yuan(-5)
    ('1,234.56 yuan', '-0.05 yuan')
    """
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d} yuan"
