"""Durations as a policy file writes them, in whole months."""

from __future__ import annotations

import re

from enterprise_data.declarations.strict_yaml import YamlPath
from policies.language.literals import WORDS
from policies.reader import Reader

_DURATION = re.compile(r"\s*(\d{1,4})\s*(\S+?)\s*")


def months_of(text: str, path: YamlPath, reader: Reader) -> int:
    """Return a duration of years or months in months; 0 after a fault, which is kept."""
    match = _DURATION.fullmatch(text)
    unit = WORDS.get(match[2]) if match else None
    if match is None or unit not in ("years", "months"):
        reader.problem("POL010", f"`{text}` is not a duration in years or months", path, "write `3 years`")
        return 0
    return int(match[1]) * (12 if unit == "years" else 1)
