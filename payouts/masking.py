"""How an account may be shown to whoever does not write the bank's file."""

from __future__ import annotations

_SHOWN = 4


def masked(bank_name: str, account_no: str) -> str:
    """Return an account's bank and its last four digits.

    >>> masked("虚构银行", "6222020000001234")
    '虚构银行 …1234'
    """
    return f"{bank_name} …{account_no[-_SHOWN:]}".lstrip()
