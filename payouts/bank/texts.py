"""Which texts go into a bank's file: letter for letter, or not at all.

Nothing here repairs a text. A prefix, a `?` or a trimmed space would send the bank another name than the payee's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from payouts.bank.mapping import Charset, Form, Mapping, Quote

# A spreadsheet that opens the file would run these (OWASP, CSV injection), the full-width ones as well.
FORMULA_STARTS = "=+-@\t\r＝＋－＠"
_XLSX_CHARACTERS = 32_767
# Their bytes mean one character in GB 18030-2000 or -2005 and another in GB 18030-2022.
_DIFFERS_BY_EDITION = frozenset(map(chr, (0x1E3F, *range(0xFE10, 0xFE1A), *range(0x9FB4, 0x9FBC))))
_SHORTER = "agree on a shorter text with the bank; nothing is cut off"
_KINDS = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Co": "a private character, which every system draws differently",
    "Cn": "a character that Unicode does not know",
    "Cs": "half a character",
    "Zl": "a line break",
    "Zp": "a line break",
    "Zs": "a space of a special kind",
}


@dataclass(frozen=True)
class Fault:
    """Why a text cannot go into a file, and what to do."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Texts:
    """What a file's texts may be: its charset, and the signs that separate them if nothing quotes them."""

    charset: Charset
    separators: tuple[str, ...] = ()
    edition_matters: bool = False
    cell_characters: int | None = None

    def fault(self, text: str, max_bytes: int | None = None, max_characters: int | None = None) -> Fault | None:
        """Return the first fault of a text; None if it may be written as it is. Empty texts may."""
        if not text:
            return None
        if text[0] in FORMULA_STARTS:
            return Fault(f"begins with {_named(text[0])}, which spreadsheets run as a formula", "correct the text")
        if not text.isprintable() and (found := _unprintable(text)):
            return found
        if text[0] in " \u3000" or text[-1] in " \u3000":
            return Fault("has a space at its beginning or end, which banks cut off", "take it away at its source")
        for sign in self.separators:
            if sign in text:
                why = "which separates texts in this file, and the bank's form has no quotes"
                return Fault(f"holds {_named(sign)}, {why}", "ask the payee for a spelling without it")
        most = max_characters or self.cell_characters
        if most is not None and len(text) > most:
            return Fault(f"has {len(text):,} characters, and the bank takes {most:,}", _SHORTER)
        return self._fault_of_bytes(text, max_bytes)

    def clear(self, texts: Collection[str], max_bytes: int | None = None, max_characters: int | None = None) -> bool:
        """Return whether no text has a fault, many at a small part of the cost; False is for `fault` to tell.

        What is a fault lies in one sign, in the sign that a text begins or ends with, or in its length. So every sign
        is judged once, between two others, at a beginning and at an end.
        """
        told = {text for text in texts if text}
        inside = "".join(sorted(set("".join(told))))
        firsts, lasts = {text[0] for text in told}, {text[-1] for text in told}
        samples = (f"a{inside}a", *(f"{sign}a" for sign in firsts), *(f"a{sign}" for sign in lasts))
        if any(map(self.fault, samples)):
            return False
        longest = max(map(len, told), default=0)
        most = max_characters or self.cell_characters
        if most is not None and longest > most:
            return False
        codec = self.charset.text_codec
        return max_bytes is None or max((len(text.encode(codec)) for text in told), default=0) <= max_bytes

    def _fault_of_bytes(self, text: str, max_bytes: int | None) -> Fault | None:
        try:
            length = len(text.encode(self.charset.text_codec))
        except UnicodeEncodeError as error:
            what = f"holds {_named(text[error.start])}, which {self.charset.value} does not have"
            return Fault(what, "ask the bank for a file in a wider charset, or pay this one by another channel")
        if self.edition_matters and (differing := _DIFFERS_BY_EDITION & set(text)):
            what = f"holds {_named(min(differing))}, whose bytes mean another character in another GB 18030 edition"
            return Fault(what, "pay this one by another channel")
        if max_bytes is not None and length > max_bytes:
            what = f"has {length} bytes in {self.charset.value}, and the bank takes {max_bytes}"
            return Fault(what, _SHORTER)
        return None


def texts_of(mapping: Mapping) -> Texts:
    """Return what a mapping's texts may be."""
    separators: tuple[str, ...] = ()
    if mapping.form is Form.CSV and mapping.quote is Quote.NEVER:
        # Some readers take a quotation mark for a quote even where the bank's form has none.
        separators = (delimiter_of(mapping), '"')
    charset = mapping.characters
    edition = Charset.GB18030 in (charset, mapping.encoding)
    longest = _XLSX_CHARACTERS if mapping.form is Form.XLSX else None
    return Texts(charset, separators, edition, longest)


def delimiter_of(mapping: Mapping) -> str:
    """Return what stands between two texts; `tab` is the word for a tabulator."""
    return "\t" if mapping.delimiter == "tab" else str(mapping.delimiter)


def _unprintable(text: str) -> Fault | None:
    """Return the first character that nobody can see; the ideographic space (U+3000) is a plain one in Chinese."""
    found = next((c for c in text if not c.isprintable() and c != "\u3000"), None)
    if found is None:
        return None
    kind = _KINDS[unicodedata.category(found)]
    return Fault(f"holds {kind} (U+{ord(found):04X})", "correct the text at its source")


def _named(sign: str) -> str:
    """Return a sign so that it can be found: `|`, or `𠮷` (U+20BB7)."""
    if not sign.isprintable():
        return f"U+{ord(sign):04X}"
    return f"`{sign}`" if sign.isascii() else f"`{sign}` (U+{ord(sign):04X})"
