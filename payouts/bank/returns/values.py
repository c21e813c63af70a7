"""The values of one line, read strictly: a payment id, an amount, a day. What is not plainly one is a `LineFault`."""

from __future__ import annotations

import re
from datetime import date

LONGEST_TEXT = 200

# Only what a person cannot see and a bank pads with; control characters stay, and are found.
_SPACES = " \t\r\n\u00a0\u3000"
_LONGEST_ID = 140
_AS_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[Ee][+-]?[0-9]+")
_YUAN = re.compile(r"([0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,5}))?")
_FEN = re.compile(r"[0-9]{1,15}")
_DAY_FORMS = {
    "YYYYMMDD": re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    "YYYY-MM-DD": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
    "YYYY/MM/DD": re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    "YYYY年MM月DD日": re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
}


class LineFault(Exception):
    """Why a line cannot be read, and what to do; it costs this line alone."""


def trimmed(text: str) -> str:
    """Return a text without the spaces around it, full-width ones among them."""
    return text.strip(_SPACES)


def shortened(text: str) -> str:
    """Return a text for a message: on one line, cut to 200 characters, what does not print made visible."""
    plain = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return plain if plain.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in plain)


def payment_id(text: str) -> str:
    """Return a payment's id letter for letter; whose it is, the ledger says.

    Raises:
        LineFault: there is none, a spreadsheet made a number of it, or it has characters that do not print.
    """
    name = trimmed(text)
    if not name:
        raise LineFault("it names no payment; ask the bank which payment this line answers")
    refuse_number(name, "the payment's id")
    if len(name) > _LONGEST_ID or not name.isprintable():
        raise LineFault(
            "the payment's id has characters that do not print, or too many; ask the bank for the file anew"
        )
    return name


def refuse_number(text: str, what: str) -> None:
    """Raise where a spreadsheet turned a code into a number (1.2E+15), which has lost digits.

    Raises:
        LineFault: it looks like one.
    """
    if _AS_NUMBER.fullmatch(trimmed(text)):
        raise LineFault(
            f"{what} became a number in a spreadsheet ({shortened(text)}) and has lost digits; "
            "take the file as the bank sent it, not opened and saved"
        )


def fen_of_yuan(text: str) -> int:
    """Return an amount in yuan as fen, exactly.

    >>> fen_of_yuan("1,200.5")
    120050

    Raises:
        LineFault: not a plain positive amount in whole fen.
    """
    found = _YUAN.fullmatch(trimmed(text))
    decimals = (found[2] or "").ljust(2, "0") if found else ""
    if found is None or decimals[2:].strip("0"):
        raise _no_amount(text, "yuan with at most two decimals")
    return _positive(int(found[1].replace(",", "")) * 100 + int(decimals[:2]), text)


def fen_of_fen(text: str) -> int:
    """Return an amount in fen.

    Raises:
        LineFault: not a positive whole number.
    """
    if not _FEN.fullmatch(trimmed(text)):
        raise _no_amount(text, "a whole number of fen")
    return _positive(int(trimmed(text)), text)


def _positive(fen: int, text: str) -> int:
    if fen == 0:
        raise _no_amount(text, "more than zero")
    return fen


def _no_amount(text: str, wanted: str) -> LineFault:
    return LineFault(f"the amount is `{shortened(text)}`, not {wanted}; ask the bank what was paid")


def day(text: str, *forms: str) -> str:
    """Return a day as `2024-03-05`; empty for an empty text.

    Raises:
        LineFault: in none of the `forms`, or no day of the calendar.
    """
    written = trimmed(text)
    if not written:
        return ""
    found = next((match for form in forms if (match := _DAY_FORMS[form].fullmatch(written))), None)
    try:
        if found is not None:
            return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass
    raise LineFault(f"the day is `{shortened(text)}`, not a day in the form {forms[0]}; ask the bank for the file anew")
