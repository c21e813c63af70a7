"""Faults of the form, in the words of the file and without echoes."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from enterprise_data.declarations.problems import ProblemsFound
from enterprise_data.declarations.schema import Declared, validate
from enterprise_data.declarations.strict_yaml import parse


class Part(Declared):
    name: str
    whole: bool = True


class Whole(Declared):
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    notes: dict[str, str] = Field(default_factory=dict)


FAULTS = [
    ("parts: []\n", ["1:8 `parts`: needs at least one entry"]),
    ("parts: one\n", ["1:8 `parts`: must be a list"]),
    ("parts: [one]\n", ["1:9 `parts`: must hold `key: value` lines"]),
    ("parts: [{}]\n", ["1:9 `name` is missing"]),
    ("parts:\n  - {nmae: a}\n", ["2:5 `name` is missing", "2:6 unknown key `nmae`"]),
    ("parts: [{name: [a]}]\n", ["1:16 `name`: must be a text"]),
    ("parts: [{name: a, whole: maybe}]\n", ["1:26 `whole`: must be true or false"]),
    ("parts: [{name: a}]\nnotes: b\n", ["2:8 `notes`: must hold `key: value` lines"]),
    ("- a\n", ["1:1 the file must hold `key: value` lines"]),
]


@pytest.mark.parametrize(("text", "found"), FAULTS)
def test_each_fault_is_told_once_at_its_place(text: str, found: list[str]) -> None:
    with pytest.raises(ProblemsFound) as caught:
        validate(Whole, parse(text.encode(), "f.yaml"), "X001")
    assert [f"{p.place.line}:{p.place.column} {p.message}" for p in caught.value.problems] == found
