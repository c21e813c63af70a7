"""A form of the language is there for everybody or for nobody: no table of rules lacks a class of term."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from enterprise_data.catalogue.model import RESERVED
from matcher.bind import _RULES as BINDING
from matcher.explain.describe import _RULES as DESCRIBING
from matcher.interpreter.evaluate import _RULES as INTERPRETING
from matcher.sql.compile import _RULES as COMPILING
from matcher.walk import every_term
from policies.language import terms as t
from policies.language.check.calls import FUNCTIONS
from policies.language.check.rows import ROW_FUNCTIONS
from tests.matcher.random_terms import Generator

# What binding turns into something else.
BOUND_AWAY = {t.AsOf, t.PeriodDay, t.Parameter, t.Definition, t.Quantified}
GROUND = set(t.Term.__subclasses__()) - BOUND_AWAY
TABLES: Mapping[str, Mapping[type[t.Term], Any]] = {
    "matcher/interpreter/evaluate.py": INTERPRETING,
    "matcher/sql/compile.py": COMPILING,
    "matcher/explain/describe.py": DESCRIBING,
}


@pytest.mark.parametrize("file", TABLES)
def test_every_ground_term_has_a_rule(file: str) -> None:
    assert {term.__name__ for term in GROUND} == {term.__name__ for term in TABLES[file]}


def test_what_is_not_ground_is_bound_away() -> None:
    assert BINDING.keys() >= BOUND_AWAY


def test_random_terms_draw_every_ground_term() -> None:
    generator = Generator(random.Random(1))
    drawn = {type(part) for _ in range(2_000) for part in every_term(generator.condition())}
    assert {term.__name__ for term in GROUND - drawn} == set()


def test_no_dataset_may_be_called_like_a_function() -> None:
    assert {*FUNCTIONS, *ROW_FUNCTIONS} <= RESERVED


def test_walking_sees_every_part_that_is_a_term() -> None:
    """`matcher.walk` finds terms in fields and in tuples of them; a field of another shape would hide some."""
    shapes = {str(field.type) for term in GROUND for field in fields(term) if "Term" in str(field.type)}
    assert shapes <= {"Term", "Term | None", "tuple[Term, ...]"}
