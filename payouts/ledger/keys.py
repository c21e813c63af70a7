"""Identifiers that follow from what they identify, so that doing a thing again finds it done."""

from __future__ import annotations

import hashlib
import itertools
import json
import string
from collections.abc import Sequence
from json.encoder import encode_basestring

_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_AT_ONCE = 500
# Base 32 of RFC 4648, up to three letters at a time; several times as fast as `base64.b32encode`.
_LETTERS = string.ascii_uppercase + "234567"
_TWO, _THREE = (["".join(letters) for letters in itertools.product(_LETTERS, repeat=many)] for many in (2, 3))
_RIGHT = (1 << 75) - 1


def entitlement_id(policy: str, period: str, uscc: str, item: str, part: int) -> str:
    """Return the id of an entitlement; `period` is empty for what may be claimed once in a life."""
    return digest("entitlement", policy, period, uscc, item, part)


def payment_id(entitlement: str, attempt: int) -> str:
    """Return the id of an attempt to pay; the bank gives it back with its answer."""
    return digest("payment", entitlement, attempt)


def digest(*parts: str | int) -> str:
    """Return 26 letters and digits (A-Z, 2-7; 130 bits) of the SHA-256 of the parts; other parts, other text.

    What is hashed is the JSON array of the parts, without spaces, in UTF-8; its texts are quoted one by one, which is
    several times as fast as encoding an array.
    """
    told = ",".join([encode_basestring(part) if isinstance(part, str) else str(part) for part in parts])
    bits = int.from_bytes(hashlib.sha256(f"[{told}]".encode()).digest()[:17]) >> 6
    left, right = bits >> 75, bits & _RIGHT
    return (
        f"{_TWO[left >> 45]}{_THREE[left >> 30 & 32767]}{_THREE[left >> 15 & 32767]}{_THREE[left & 32767]}"
        f"{_THREE[right >> 60]}{_THREE[right >> 45 & 32767]}{_THREE[right >> 30 & 32767]}"
        f"{_THREE[right >> 15 & 32767]}{_THREE[right & 32767]}"
    )


def content_sha256(rows: Sequence[Sequence[object]]) -> str:
    """Return the SHA-256 (hex) of the JSON array of rows in the order given, of which some are encoded at a time."""
    told = hashlib.sha256(b"[")
    for first in range(0, len(rows), _AT_ONCE):
        some = _JSON.encode(rows[first : first + _AT_ONCE])[1:-1]
        told.update(f"{',' if first else ''}{some}".encode())
    told.update(b"]")
    return told.hexdigest()
