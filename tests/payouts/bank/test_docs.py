"""The page about bank files says what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from payouts.bank.channels import Channel, export
from payouts.bank.mapping import Column, Mapping
from payouts.bank.mapping_file import find_mapping, read_mapping, shipped_mappings
from payouts.bank.values import OF_FILE, Value
from payouts.bank.write import write
from tests.docs.pages import files, read
from tests.docs.pages import write as write_files
from tests.payouts.bank.orders import numbered

PAGE = "docs/bank-files.md"


def table(heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading; a cell that is one piece of code, without its backticks."""
    section = read(PAGE).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [[re.sub("^`([^`]*)`$", r"\1", cell) for cell in row] for row in rows]


def test_every_key_is_explained() -> None:
    assert [row[0] for row in table("Keys")] == list(Mapping.model_fields)
    (columns,) = [row[1] for row in table("Keys") if row[0] == "columns"]
    assert all(f"`{key}`" in columns for key in Column.model_fields)


def test_every_value_is_explained() -> None:
    of = {value.value: "the file" if value in OF_FILE else "a payment" for value in Value}
    assert [(row[0], row[2]) for row in table("Values")] == list(of.items())


def test_what_is_shipped_is_listed() -> None:
    assert {row[0] for row in table("What is shipped")} == set(shipped_mappings())


def test_the_treasurys_fields_are_those_of_the_file() -> None:
    columns = [
        (column.title, column.value.value if column.value else column.fixed or "the bureau")
        for column in find_mapping("treasury").columns
    ]
    assert [(row[0], row[1]) for row in table("The treasury's hand-over")] == columns


def test_the_examples_are_mappings_that_write_what_is_shown(tmp_path: Path) -> None:
    write_files(tmp_path, files(PAGE))
    (file,) = write(numbered(3), read_mapping(tmp_path / "our-bank.yaml"))
    shown = re.search(r"this writes\n\n```\n(.*?)```", read(PAGE), re.DOTALL)
    assert shown
    assert file.content.decode("gb18030").replace("\r\n", "\n") == shown[1]
    assert write(numbered(3), read_mapping(tmp_path / "our-iso.yaml"))


def test_the_example_of_a_channel_is_one() -> None:
    module = ModuleType("example_channel")
    exec(files(PAGE)["example_channel.py"], vars(module))
    channel = module.open_channel(None)
    assert isinstance(channel, Channel)
    (file,) = export(numbered(3), channel)
    assert file.total_fen == numbered(3).total_fen
