"""Ids are what they say: a hash of the JSON of their parts."""

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.ledger.keys import content_sha256, digest

_PARTS = st.lists(st.integers() | st.text(st.characters(exclude_categories=["Cs"])), max_size=5)


@given(_PARTS)
def test_an_id_is_a_hash_of_the_json_of_its_parts(parts: list[str | int]) -> None:
    told = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    assert digest(*parts) == base64.b32encode(hashlib.sha256(told.encode()).digest()).decode()[:26]


@pytest.mark.parametrize("many", [0, 1, 499, 500, 501, 1_000, 1_001])
def test_a_content_is_hashed_as_one_array(many: int) -> None:
    rows = [(f"甲{number}", number, None) for number in range(many)]
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    assert content_sha256(rows) == hashlib.sha256(told.encode()).hexdigest()
