import hashlib
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from policies.load import BUNDLED, load_library
from tests.policies.writing import SOURCE, catalogue, faults, library, policy_text, write

DEFINITION = (
    "definition: {name}\ntitle: {{zh: 试验}}\n" + SOURCE.replace("{", "{{").replace("}", "}}") + "means: {means}\n"
)


def test_policies_are_sorted_by_id_whatever_their_folder(tmp_path: Path) -> None:
    found = library(tmp_path, zz__b=policy_text("b"), a=policy_text("a"), aa__c=policy_text("c"))
    assert [policy.id for policy in found.policies] == ["a", "b", "c"]


def test_files_are_hashed_under_names_that_are_the_same_everywhere(tmp_path: Path) -> None:
    one = library(tmp_path / "one", x__a=policy_text("a"))
    two = library(tmp_path / "two", x__a=policy_text("a"))
    assert one.sha256 == two.sha256
    assert one.sha256["policies/x/a.yaml"] == hashlib.sha256(policy_text("a").encode()).hexdigest()
    assert one.policies[0].sha256 == one.sha256[one.policies[0].file]


def test_all_faults_of_all_files_in_one_run(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        a=policy_text("a").replace("<= 2亿元", "<= 2").replace("山东省", "山冬省"),
        b="policy: [",
        c=policy_text("c").replace("status: in_force\n", ""),
        definitions__d=DEFINITION.format(name="d", means="tax.revenu[period] > 0元"),
        parameters__e="parameter: e\n",
        f=policy_text("f"),
    )
    assert {fault.split(":")[0] for fault in found} == {"a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml"}
    assert sum(fault.startswith("a.yaml") for fault in found) == 2


def test_a_broken_definition_is_told_where_it_is_and_not_where_it_is_used(tmp_path: Path) -> None:
    used = policy_text("a").replace("tax.revenue[period - 1] <= 2亿元", "outer and tax.revenu[period] > 0元")
    found = faults(
        tmp_path,
        a=used,
        b=policy_text("b").replace("tax.revenue[period - 1] <= 2亿元", "not outer"),
        definitions__inner=DEFINITION.format(name="inner", means="registration.statu = 1"),
        definitions__outer=DEFINITION.format(name="outer", means="not inner"),
    )
    assert [fault.split(":")[0] for fault in found] == ["inner.yaml"]


def test_an_unreadable_definition_hides_nothing_else(tmp_path: Path) -> None:
    used = policy_text("a").replace("tax.revenue[period - 1] <= 2亿元", "inner")
    found = faults(tmp_path, a=used, definitions__inner="means: &x 1\n", b=policy_text("b").replace("year", "yeer"))
    assert [fault.split(":")[0] for fault in found] == ["b.yaml", "inner.yaml"]


def test_two_files_for_one_policy(tmp_path: Path) -> None:
    found = faults(tmp_path, x__a=policy_text("a"), y__a=policy_text("a"))
    assert len(found) == 1
    assert "POL003 two files for the policy `a`; the other is" in found[0]


def test_a_later_folder_replaces_what_an_earlier_one_has(tmp_path: Path) -> None:
    first = write(tmp_path / "first", a=policy_text("a"), b=policy_text("b"))
    own = write(tmp_path / "own", a=policy_text("a").replace("10万元", "20万元"))
    found = load_library([first, own], catalogue())
    assert [policy.file for policy in found.policies] == ["own/a.yaml", "first/b.yaml"]
    assert found.paths["a"] == own / "a.yaml"


def test_a_file_that_would_not_be_read_is_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "policies", a=policy_text("a"))
    (folder / "a.yaml").rename(folder / "a.yml")
    with pytest.raises(ProblemsFound, match=r"POL040.*`a\.yml` is not read"):
        load_library([folder], catalogue())


def test_cases_and_other_files_are_no_policies(tmp_path: Path) -> None:
    folder = write(tmp_path / "policies", a=policy_text("a"))
    (folder / "a.cases.yaml").write_text("policy: a\n", encoding="utf-8")
    (folder / "README.md").write_text("# Notes\n", encoding="utf-8")
    assert [policy.id for policy in load_library([folder], catalogue()).policies] == ["a"]


def test_an_empty_folder_and_a_missing_one_make_an_empty_library(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    assert load_library([tmp_path / "policies", tmp_path / "none"], catalogue()).policies == ()


def test_an_unknown_policy_is_suggested() -> None:
    found = load_library(BUNDLED, catalogue())
    assert found.policy("job-stability-2024").id == "job-stability-2024"
    with pytest.raises(MianshenError, match="did you mean `job-stability-2024`"):
        found.policy("job-stabilty-2024")


def test_a_file_that_is_not_utf8_or_cannot_be_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "policies", a=policy_text("a"))
    (folder / "b.yaml").write_bytes("policy: 乙".encode("gb18030"))
    (folder / "c.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(ProblemsFound) as caught:
        load_library([folder], catalogue())
    assert [p.code for p in caught.value.problems] == ["YAML003"]
