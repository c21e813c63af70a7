"""The bundled catalogue holds together: every entry reads, none leaves a gap that would trip the compiler."""

from functools import cache
from pathlib import Path

import pytest

import enterprise_data.catalogue
from enterprise_data.catalogue.load import load_catalogue
from enterprise_data.catalogue.model import Absence, Dataset, FieldType, Grain, Role
from enterprise_data.declarations import schema, strict_yaml

FOLDER = Path(enterprise_data.catalogue.__file__).parent / "bundled"
FILES = sorted(FOLDER.glob("*.yaml"))
NUMERIC = {FieldType.MONEY, FieldType.COUNT, FieldType.SHARE, FieldType.NUMBER}


@cache
def entry(file: Path) -> Dataset:
    return schema.validate(Dataset, strict_yaml.read(file), "CAT001")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_entry_reads_and_bears_its_file_name(file: Path) -> None:
    assert entry(file).dataset == file.stem


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_number_has_a_range(file: Path) -> None:
    numbers = {name for name, field in entry(file).fields.items() if field.type in NUMERIC}
    assert all(entry(file).fields[name].range for name in numbers)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_chinese_names_can_stand_in_a_condition(file: Path) -> None:
    dataset = entry(file)
    for name in (dataset.title.zh, *(field.label for field in dataset.fields.values())):
        assert name.isalnum(), name
        assert not {*name} & {"且", "或", "非"}, f"{name} holds an operator"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_entry_says_who_supplies_it_and_until_when_it_holds(file: Path) -> None:
    dataset = entry(file)
    assert dataset.department
    assert dataset.max_age
    assert dataset.title.en


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_event_rows_are_dated(file: Path) -> None:
    dataset = entry(file)
    assert (dataset.grain is Grain.EVENT) == (dataset.dated_by is not None)
    if dataset.dated_by:
        assert dataset.fields[dataset.dated_by].required


def test_the_catalogue_loads_whole_and_from_its_own_text() -> None:
    catalogue = load_catalogue(None)
    assert sorted(catalogue.datasets) == [file.stem for file in FILES]
    assert catalogue.from_json(catalogue.to_json()).sha256 == catalogue.sha256


def test_one_register_and_one_list_of_former_names() -> None:
    roles = [entry(file).role for file in FILES]
    assert roles.count(Role.REGISTER) == 1
    assert roles.count(Role.FORMER_NAMES) == 1


def test_titles_are_told_apart() -> None:
    titles = [entry(file).title.zh for file in FILES]
    assert len(set(titles)) == len(titles)


def test_negative_lists_are_closed_worlds() -> None:
    negative = {entry(file).dataset for file in FILES if entry(file).negative}
    assert {"penalties", "dishonesty", "serious_violations", "abnormal_operation"} <= negative
    assert all(entry(file).absence is Absence.NONE for file in FILES if entry(file).negative)


def test_the_whole_history_of_high_tech_firms_is_claimed() -> None:
    assert entry(FOLDER / "hightech.yaml").covers.from_ is None


def test_personal_data_is_classified() -> None:
    fields = entry(FOLDER / "registration.yaml").fields
    assert fields["legal_representative"].classification == "personal"
    accounts = entry(FOLDER / "bank_accounts.yaml").fields
    assert {field.classification for field in accounts.values()} == {"restricted"}
