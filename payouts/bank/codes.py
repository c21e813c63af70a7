"""The codes of bank branches (联行号, CNAPS): 12 digits, three for the bank, four for the place, four and a check."""

from __future__ import annotations

import re

_FORM = re.compile("[0-9]{12}")


def is_bank_code(text: str) -> bool:
    """Return whether a text has the form of a 联行号."""
    return _FORM.fullmatch(text) is not None


def has_check_digit(code: str) -> bool:
    """Return whether the last of 12 digits follows from the others by ISO 7064 MOD 11,10.

    No published rule says that it must, though nearly every code in use does; a wrong one is worth a second look.

    >>> has_check_digit("102100099996"), has_check_digit("102100099969")
    (True, False)
    """
    check = 10
    for digit in code[:-1]:
        check = ((check + int(digit)) % 10 or 10) * 2 % 11
    return (check + int(code[-1])) % 10 == 1
