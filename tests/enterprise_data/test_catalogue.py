"""The catalogue as a whole: found by name, checked across entries, the same after a round trip."""

from decimal import Decimal
from pathlib import Path

import pytest

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.load import Catalogue, entry_sha256, load_catalogue
from enterprise_data.declarations.problems import Problem, ProblemsFound
from tests.enterprise_data.bench import PENALTIES, REGISTER, TAX, declared


def problems(folder: Path, *entries: str) -> list[Problem]:
    for number, entry in enumerate(entries):
        (folder / f"{number}.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_catalogue(folder, bundled=False)
    return list(found.value.problems)


def test_entries_are_found_by_name_title_and_label(tmp_path: Path) -> None:
    for number, entry in enumerate((TAX, REGISTER)):
        (tmp_path / f"{number}.yaml").write_text(entry, encoding="utf-8")
    catalogue = load_catalogue(tmp_path, bundled=False)
    assert list(catalogue.datasets) == ["registration", "tax"]
    assert catalogue.register.dataset == "registration"
    assert catalogue.find("纳税") is catalogue.find("tax") is catalogue.datasets["tax"]
    assert catalogue.find("海关") is None
    assert catalogue.field_name("tax", "销售收入") == "revenue"
    assert catalogue.find_field("纳税", "revenue") is catalogue.datasets["tax"].fields["revenue"]
    assert catalogue.find_field("tax", "利润") is None


def test_a_catalogue_survives_json_and_its_hash_knows_every_change(tmp_path: Path) -> None:
    (tmp_path / "0.yaml").write_text(REGISTER + "max_age: 45 days\ncovers: {from: 2020-01-01}\n", encoding="utf-8")
    catalogue = load_catalogue(tmp_path, bundled=False)
    again = Catalogue.from_json(catalogue.to_json())
    assert again == catalogue
    assert again.sha256 == catalogue.sha256
    (tmp_path / "0.yaml").write_text(REGISTER, encoding="utf-8")
    changed = load_catalogue(tmp_path, bundled=False)
    assert changed.sha256 != catalogue.sha256
    assert entry_sha256(changed.register) != entry_sha256(catalogue.register)


def test_the_bundled_catalogue_survives_json() -> None:
    catalogue = load_catalogue(None)
    assert Catalogue.from_json(catalogue.to_json()) == catalogue


def test_an_own_entry_replaces_the_bundled_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "registration.yaml").write_text(REGISTER, encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert list(catalogue.datasets["registration"].fields) == ["region"]
    assert len(catalogue.datasets) == len(load_catalogue(None).datasets)


CROSS_FAULTS = {
    "two registers": ([REGISTER, REGISTER.replace("registration", "second").replace("企业登记", "第二")], "CAT022"),
    "no register": ([TAX], "CAT021"),
    "one name twice": ([REGISTER, TAX, TAX.replace("纳税", "纳税二")], "CAT020"),
    "one title twice": ([REGISTER, TAX, TAX.replace("dataset: tax", "dataset: tax_two")], "CAT020"),
    "a field that is a key": ([REGISTER.replace("region:", "name:").replace("登记地", "名")], "CAT010"),
    "a label that is a key's heading": ([REGISTER.replace("登记地", "企业名称")], "CAT011"),
    "one heading for two fields": ([REGISTER, TAX.replace("营业收入", "职工人数")], "CAT011"),
    "a range beyond what rests": ([REGISTER, TAX.replace("unit: 人", "unit: 人, range: [-1, 5]")], "CAT012"),
    "a region of coverage that is none": ([REGISTER + "covers: {region: 山东县}\n"], "CAT013"),
    "a region of a list that is none": ([REGISTER + "listed_region: 青岛\n"], "CAT013"),
    "a range that means nothing": ([REGISTER.replace("type: region", "type: region, range: [1, 2]")], "CAT012"),
    "an unknown key": ([REGISTER.replace("grain:", "grian:")], "CAT001"),
}


@pytest.mark.parametrize("case", CROSS_FAULTS)
def test_faults_are_found_with_their_place(tmp_path: Path, case: str) -> None:
    entries, code = CROSS_FAULTS[case]
    found = problems(tmp_path, *entries)
    assert code in {problem.code for problem in found}
    assert all(Path(problem.place.file).is_file() for problem in found)


def test_every_problem_of_every_file_is_reported_in_one_run(tmp_path: Path) -> None:
    found = problems(
        tmp_path, REGISTER.replace("region}", "regin}").replace("type: region", "type: regin"),
        TAX.replace("职工人数", "营业收入"), "a: [", PENALTIES,
    )  # fmt: skip
    assert {Path(problem.place.file).name for problem in found} == {"0.yaml", "1.yaml", "2.yaml"}


BOUNDS = [
    ({"type": "money", "unit": "万元", "range": [0, "1.5"]}, (Decimal(0), Decimal(1_500_000))),
    ({"type": "money", "unit": "元"}, (Decimal(-(10**16)), Decimal(10**16))),
    ({"type": "count", "unit": "人"}, (Decimal(0), Decimal(10**10))),
    ({"type": "share", "unit": "%", "range": [0, 100]}, (Decimal(0), Decimal(1))),
    ({"type": "number", "digits": 8}, (-(10**10) + Decimal("0.00000001"), 10**10 - Decimal("0.00000001"))),
    ({"type": "text"}, None),
]


@pytest.mark.parametrize(("attributes", "expected"), BOUNDS)
def test_bounds_are_those_at_rest(attributes: dict[str, object], expected: object) -> None:
    assert bounds(declared(**attributes)) == expected
