import json

import pytest

from policies.award_form import AwardForm
from policies.model import PolicyFile
from policies.schema import SCHEMA_PATH, policy_schema


def test_the_copy_in_the_repository_is_fresh() -> None:
    assert SCHEMA_PATH.read_text(encoding="utf-8") == policy_schema()


def test_every_key_of_the_form_is_in_the_schema() -> None:
    schema = json.loads(policy_schema())
    assert set(schema["properties"]) == set(PolicyFile.model_fields)
    assert set(schema["$defs"]["AwardForm"]["properties"]) == set(AwardForm.model_fields)
    assert schema["$defs"]["AppliesRule"]["properties"].keys() >= {"periods", "region", "except"}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(("definition", "key"), [("AppliesRule", "periods"), ("LeafForm", "clause")])
def test_what_an_editor_takes_for_a_number_is_allowed(definition: str, key: str) -> None:
    schema = json.loads(policy_schema())
    assert schema["$defs"][definition]["properties"][key]["type"] == ["string", "number"]
