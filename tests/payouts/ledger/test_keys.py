"""Ids are what they say: a hash of the JSON of their parts."""

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from payouts.ledger.keys import digest

_PARTS = st.lists(st.integers() | st.text(st.characters(exclude_categories=["Cs"])), max_size=5)


@given(_PARTS)
def test_an_id_is_a_hash_of_the_json_of_its_parts(parts: list[str | int]) -> None:
    told = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    assert digest(*parts) == base64.b32encode(hashlib.sha256(told.encode()).digest()).decode()[:26]
