"""Which encoding a text file is in: decoded strictly to the end, UTF-8 first, then GB18030; never guessed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from enterprise_data.conform.readers.source import hash_file
from enterprise_data.declarations.problems import MianshenError

_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_AROUND = 1 << 19  # bytes on either side of the first fault that are looked at
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class TextFile:
    """A text file whose every byte was read once: its encoding, its hash, its size in bytes."""

    path: Path
    encoding: str
    sha256: str
    size: int
    mark_bytes: int = 0
    """How many bytes of a byte order mark stand before the text."""


@dataclass
class _Trial:
    """One encoding, tried block by block; `failed_line` is where it first did not fit."""

    encoding: str
    line: int = 1
    failed_line: int | None = None
    mostly_fits: bool = False
    _decoder: codecs.IncrementalDecoder = field(init=False)

    def __post_init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder(self.encoding)()

    def feed(self, block: bytes, *, final: bool = False) -> None:
        if self.failed_line is not None:
            return
        try:
            self._decoder.decode(block, final)
            self.line += block.count(b"\n")
        except UnicodeDecodeError as error:
            self.failed_line = self.line + error.object.count(b"\n", 0, error.start)
            around = error.object[max(0, error.start - _AROUND) : error.start + _AROUND]
            self.mostly_fits = _mostly_fits(self.encoding, around)


def recognise(path: Path) -> TextFile:
    """Read a text file to its end and tell its encoding.

    Raises:
        MianshenError: neither encoding fits, it is UTF-16, or it cannot be read; the message has the line.
    """
    utf8, gb18030 = _Trial("utf-8"), _Trial("gb18030")
    sha256 = hash_file(path, utf8.feed)
    with path.open("rb") as file:
        mark = file.read(3)
    if mark[:2] in _UTF16:
        raise MianshenError(f"{path} is in UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)")
    utf8.feed(b"", final=True)
    if utf8.failed_line is None:
        mark_bytes = len(codecs.BOM_UTF8) if mark == codecs.BOM_UTF8 else 0
        return TextFile(path, "utf-8-sig", sha256, path.stat().st_size, mark_bytes)
    if utf8.mostly_fits:
        raise MianshenError(
            f"{path}, line {utf8.failed_line}: a byte that is not UTF-8, though the text around it is; "
            "the file is damaged there: export it again"
        )
    hash_file(path, gb18030.feed)
    gb18030.feed(b"", final=True)
    if gb18030.failed_line is not None:
        raise MianshenError(
            f"{path} is neither UTF-8 (line {utf8.failed_line}) nor GB18030 (line {gb18030.failed_line}); "
            "save it as UTF-8"
        )
    return TextFile(path, "gb18030", sha256, path.stat().st_size)


def _mostly_fits(encoding: str, block: bytes) -> bool:
    """Tell a damaged file from one in another encoding, where replacements outnumber what reads as Chinese.

    Latin and Greek letters prove nothing: many pairs of GB18030 bytes are such a letter in UTF-8.
    """
    text = block.decode(encoding, "replace")
    return text.count("\ufffd") * 10 < len(_CHINESE.findall(text))
