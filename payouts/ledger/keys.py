"""Identifiers that follow from what they identify, so that doing a thing again finds it done."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence

_LETTERS = 26  # 130 bits


def entitlement_id(policy: str, period: str, uscc: str, item: str, part: int) -> str:
    """Return the id of an entitlement; `period` is empty for what may be claimed once in a life."""
    return digest("entitlement", policy, period, uscc, item, part)


def payment_id(entitlement: str, attempt: int) -> str:
    """Return the id of an attempt to pay; the bank gives it back with its answer."""
    return digest("payment", entitlement, attempt)


def digest(*parts: str | int) -> str:
    """Return 26 letters and digits (A-Z, 2-7) of the SHA-256 of the parts; other parts, other text."""
    told = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b32encode(hashlib.sha256(told).digest()).decode()[:_LETTERS]


def content_sha256(rows: Sequence[Sequence[object]]) -> str:
    """Return the SHA-256 (hex) of rows in the order given."""
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(told).hexdigest()
