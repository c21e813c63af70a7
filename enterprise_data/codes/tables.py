"""Read the code tables that the package ships."""

from __future__ import annotations

import csv
import gzip
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped table, `name` being its file name (`.csv` or `.csv.gz`)."""
    return list(csv.DictReader(_lines(name)))


def read_words(name: str) -> list[str]:
    """Return the words of a shipped list, one a line, `name` being its file name (`.txt` or `.txt.gz`)."""
    return [word for line in _lines(name) if (word := line.strip())]


def _lines(name: str) -> list[str]:
    raw = files("enterprise_data.codes").joinpath("data", name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    return text.decode("utf-8-sig").splitlines()
