"""Read the code tables that the package ships."""

from __future__ import annotations

import csv
import gzip
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped table, `name` being its file name (`.csv` or `.csv.gz`)."""
    raw = files("enterprise_data.codes").joinpath("data", name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    return list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
