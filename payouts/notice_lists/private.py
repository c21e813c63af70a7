"""What a public list must not show of a person, even where somebody wrote it into another field (个人信息)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from enterprise_data.codes.uscc import check_character
from enterprise_data.declarations.problems import MianshenError

_IDENTITY_NO = re.compile(r"(?<![0-9])[0-9]{6}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE_NO = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def refuse_private(where: str, uscc: str, texts: Iterable[str]) -> None:
    """Refuse a code that is no unified social credit code, and texts with an identity or mobile number.

    Raises:
        MianshenError: `where` it is, without the number itself.
    """
    where = _without_digits(where)
    if uscc and not _is_uscc(uscc):
        # An identity number has 18 characters, too.
        raise MianshenError(f"{where}: its code is not a unified social credit code; correct it, or leave it empty")
    for text in texts:
        if any(_is_identity_no(found[0]) for found in _IDENTITY_NO.finditer(text)):
            raise MianshenError(f"{where}: a text holds an identity number, which must not be published; take it out")
        if _MOBILE_NO.search(text):
            raise MianshenError(f"{where}: a text holds a mobile number, which must not be published; take it out")


def _without_digits(text: str) -> str:
    return re.sub(r"[0-9Xx]{8,}", "…", text)


def _is_uscc(code: str) -> bool:
    try:
        return len(code) == 18 and check_character(code[:17]) == code[17]
    except ValueError:
        return False


def _is_identity_no(text: str) -> bool:
    """Say whether 18 characters are an identity number (公民身份号码, GB 11643-1999), by their check character."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _IDENTITY_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()
