"""Pydantic models over strict YAML: every schema fault becomes a `Problem` with its place."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from enterprise_data.declarations.problems import Place, Problem, ProblemsFound, suggest
from enterprise_data.declarations.strict_yaml import Document


class Declared(BaseModel):
    """Base of everything read from YAML: unknown keys are errors, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


Model = TypeVar("Model", bound=BaseModel)

# Pydantic's faults in the words of YAML; those not here are plain already.
_WORDS = {
    "too_short": "needs at least one entry",
    "tuple_type": "must be a list",
    "model_type": "must hold `key: value` lines",
    "dict_type": "must hold `key: value` lines",
    "string_type": "must be a text",
    "bool_parsing": "must be true or false",
}


def validate(model: type[Model], document: Document, code: str) -> Model:
    """Read a document as `model`.

    Raises:
        ProblemsFound: all schema faults of the document, under `code`, each at its key or value.
    """
    if not isinstance(document.data, dict):
        message = "the file must hold `key: value` lines"
        raise ProblemsFound([Problem(code, message, Place(document.file))])
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        faults = [detail for detail in error.errors() if not _is_echo(detail)]
        raise ProblemsFound([_problem(model, document, detail, code) for detail in faults]) from error


def _is_echo(detail: Any) -> bool:
    """Return whether a list is only called empty because its entries have faults of their own."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _problem(model: type[BaseModel], document: Document, detail: Any, code: str) -> Problem:
    path = _in_file(document, detail["loc"])
    if detail["type"] == "extra_forbidden":
        known = sorted(_known_keys(model, path[:-1]))
        help_text = suggest(str(path[-1]), known) or (f"known keys: {', '.join(known)}" if known else "")
        return Problem(code, f"unknown key `{path[-1]}`", document.key_place(*path), help_text)
    if detail["type"] == "missing":
        return Problem(code, f"`{detail['loc'][-1]}` is missing", document.place(*path), "add it")
    message = _WORDS.get(detail["type"]) or str(detail["msg"]).removeprefix("Value error, ")
    named = next((part for part in reversed(path) if isinstance(part, str)), None)
    return Problem(code, f"`{named}`: {message}" if named else message, document.place(*path))


def _in_file(document: Document, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Drop the parts that pydantic adds for unions and validators and that no file has."""
    path: tuple[str | int, ...] = ()
    for part in loc:
        if (*path, part) in document.values:
            path = (*path, part)
    return path


def _known_keys(model: Any, path: tuple[str | int, ...]) -> set[str]:
    """Follow `path` through nested models and return the keys known at its end."""
    models: list[type[BaseModel]] = [model]
    for part in path:
        models = [inner for m in models for inner in _inner_models(m, part)]
    return {(f.alias or name) for m in models for name, f in m.model_fields.items()}


def _inner_models(model: type[BaseModel], part: str | int) -> list[type[BaseModel]]:
    if isinstance(part, int):
        return [model]
    for name, info in model.model_fields.items():
        if part in (name, info.alias):
            return _models_in(info.annotation)
    return []


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arg in getattr(annotation, "__args__", ()) for m in _models_in(arg)]
