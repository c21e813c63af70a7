"""Mapping files: read strictly, every fault with its place; those of the samples are found by name."""

from __future__ import annotations

import json
from pathlib import Path

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import MianshenError, raise_if_any, suggest
from enterprise_data.declarations.schema import validate
from enterprise_data.declarations.strict_yaml import Document
from payouts.bank.mapping import Mapping
from payouts.bank.mapping_checks import problems_of

# The samples show how a bank's file may be described; the standards hold as they are.
FOLDERS = (Path(__file__).parent / "samples", Path(__file__).parent / "standards")
SCHEMA_PATH = Path(__file__).parent / "mapping.schema.json"


def read_mapping(path: Path) -> Mapping:
    """Read a bureau's own mapping file.

    Raises:
        ProblemsFound: every fault, with file, line, column and what to do.
    """
    return checked(strict_yaml.read(path))


def checked(document: Document) -> Mapping:
    """Return the mapping that a document holds.

    Raises:
        ProblemsFound: every fault; those between keys only when the keys themselves have none.
    """
    mapping = validate(Mapping, document, "BANK001")
    raise_if_any(problems_of(mapping, document))
    return mapping


def find_mapping(word: str) -> Mapping:
    """Return the mapping of a path (anything that ends in .yaml or .yml), or the shipped one of that name.

    Raises:
        MianshenError: no such name, with those there are; `ProblemsFound` as `read_mapping`.
    """
    if word.endswith((".yaml", ".yml")):
        return read_mapping(Path(word))
    shipped = shipped_mappings()
    if word not in shipped:
        near = suggest(word, shipped) or f"shipped are {', '.join(sorted(shipped))}"
        raise MianshenError(f"there is no mapping `{word}`: {near}; your own bank's is named by its path, `bank.yaml`")
    return read_mapping(shipped[word])


def shipped_mappings() -> dict[str, Path]:
    """Return the files of the samples and the standards, by name."""
    return {path.stem: path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))}


def mapping_schema() -> str:
    """Return the JSON Schema of mapping files, by which editors complete and check; `mapping.schema.json` is a copy."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Mapping.model_json_schema(by_alias=True),
        "title": "Mianshen bank file mapping",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
