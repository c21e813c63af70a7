"""Workspaces: made, opened, and refused with a remedy."""

from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from enterprise_data.workspace import Workspace


def test_a_bare_workspace_has_an_empty_catalogue_and_no_policies(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "w", bare=True)
    assert made.root == tmp_path / "w"
    assert dict(made.catalogue().datasets) == {}
    assert made.bundled_policies is False
    assert all(folder.is_dir() for folder in (made.policy_dir, made.snapshots, made.runs, made.deliveries.folder))
    with pytest.raises(MianshenError, match="role: register"):
        _ = made.catalogue().register


def test_a_second_person_is_asked_for_only_when_the_settings_say_so(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "w", bare=True)
    assert (made.settings.review.two_person_from, made.settings.review.two_person_negative) == (None, False)
    file = tmp_path / "w" / "mianshen.toml"
    text = file.read_text(encoding="utf-8").replace("# two_person_from", "two_person_from")
    file.write_text(text.replace("two_person_negative = false", "two_person_negative = true"), encoding="utf-8")
    asked = Workspace.open(tmp_path / "w").settings.review
    assert asked.two_person_from == 500_000
    assert asked.two_person_negative


def test_a_workspace_takes_in_what_is_bundled(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path)
    assert made.bundled_policies is True
    assert made.catalogue().register.dataset in made.catalogue().datasets


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    Workspace.create(tmp_path, bare=True)
    with pytest.raises(MianshenError, match="already is a workspace"):
        Workspace.create(tmp_path)
    assert Workspace.open(tmp_path).bundled_policies is False


def test_a_file_in_the_way_is_reported(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("")
    with pytest.raises(MianshenError, match="cannot make a workspace"):
        Workspace.create(tmp_path / "w")


def test_a_folder_that_is_none_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(MianshenError, match=r"mianshen init"):
        Workspace.open(tmp_path)


SETTINGS_FAULTS = [
    ("[catalogue]\nbundeld = true\n", (2, 1), "unknown setting `catalogue.bundeld`"),
    ("[match]\n\nmax_share = 2.5\n", (3, 1), "`match.max_share`"),
    ("[data]\nkeep_deliveries = 0\n", (2, 1), "`data.keep_deliveries`"),
    ("[review]\ntwo_person_from = -1\n", (2, 1), "`review.two_person_from`"),
    ("[review]\ntwo_person = true\n", (2, 1), "unknown setting `review.two_person`"),
    ("[colour]\nred = 1\n", (1, 2), "unknown setting `colour`"),
    ("[catalogue\nbundled = true\n", (1, 11), "not valid TOML"),
]


@pytest.mark.parametrize(("text", "place", "message"), SETTINGS_FAULTS)
def test_wrong_settings_are_reported_where_they_stand(
    tmp_path: Path, text: str, place: tuple[int, int], message: str
) -> None:
    Workspace.create(tmp_path, bare=True)
    (tmp_path / "mianshen.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        Workspace.open(tmp_path)
    (problem,) = found.value.problems
    assert (problem.place.line, problem.place.column) == place
    assert message in problem.message


def test_settings_that_are_not_utf8_are_reported(tmp_path: Path) -> None:
    Workspace.create(tmp_path, bare=True)
    (tmp_path / "mianshen.toml").write_bytes("# 设置".encode("gb18030"))
    with pytest.raises(ProblemsFound, match="not UTF-8"):
        Workspace.open(tmp_path)


def test_a_share_is_read_exactly(tmp_path: Path) -> None:
    Workspace.create(tmp_path, bare=True)
    (tmp_path / "mianshen.toml").write_text("[match]\nmax_share = 0.1\n", encoding="utf-8")
    assert str(Workspace.open(tmp_path).settings.match.max_share) == "0.1"
