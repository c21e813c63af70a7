"""The JSON Schema of policy files, by which editors complete and check while one writes."""

from __future__ import annotations

import json
from pathlib import Path

from policies.model import PolicyFile

SCHEMA_PATH = Path(__file__).parent / "policy.schema.json"


def policy_schema() -> str:
    """Return the JSON Schema as text; `policy.schema.json` is a copy of it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PolicyFile.model_json_schema(by_alias=True),
        "title": "Mianshen policy",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
