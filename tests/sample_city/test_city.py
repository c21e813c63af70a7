"""The city's files: the same bytes from the same seed, spoilt as promised, and loadable by the project itself."""

import csv
import hashlib
import zipfile
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.catalogue.load import load_catalogue
from enterprise_data.catalogue.model import FirmKey
from enterprise_data.conform.load import load
from enterprise_data.sample_city.feeds import CITY, FEEDS, MISSING, Form
from enterprise_data.sample_city.generate import SampleCity, bundled_catalogue, generate
from enterprise_data.workspace import Workspace

FIRMS = 1_500


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> SampleCity:
    return generate(tmp_path_factory.mktemp("city"), FIRMS, seed=7)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_whatever_the_blocks(city: SampleCity, tmp_path: Path) -> None:
    again = generate(tmp_path, FIRMS, seed=7, block=800)
    assert hashes(again.folder) == hashes(city.folder)
    assert [d.rows for d in again.deliveries] == [d.rows for d in city.deliveries]


def test_another_seed_gives_another_city(city: SampleCity, tmp_path: Path) -> None:
    other = generate(tmp_path, FIRMS, seed=8)
    differing = {name for name, sha in hashes(other.folder).items() if sha != hashes(city.folder)[name]}
    assert len(differing) > len(FEEDS)


def test_every_bundled_dataset_is_delivered_or_missing_on_purpose(city: SampleCity) -> None:
    delivered = [delivery.dataset for delivery in city.deliveries]
    assert sorted([*delivered, *MISSING]) == sorted(bundled_catalogue().datasets)
    assert city.missing


def test_forms_are_mixed_and_every_file_says_that_it_is_synthetic(city: SampleCity) -> None:
    assert {feed.form for feed in FEEDS} == set(Form)
    assert all(delivery.path.name.startswith("synthetic-") for delivery in city.deliveries)
    assert "SYNTHETIC" in (city.folder / "README.txt").read_text(encoding="utf-8")


def test_one_feed_is_older_than_the_catalogue_allows(city: SampleCity) -> None:
    dates = {delivery.dataset: delivery.data_date for delivery in city.deliveries}
    catalogue = bundled_catalogue()
    newest = max(dates.values())
    too_old = {name for name, day in dates.items() if (newest - day).days > (catalogue.datasets[name].max_age or 0)}
    assert too_old == set(city.stale)


def test_own_entries_differ_from_the_bundled_ones_only_in_what_they_cover(city: SampleCity) -> None:
    catalogue = bundled_catalogue()
    own = load_catalogue(city.folder / "catalog")
    changed = {name for name in own.datasets if own.datasets[name] != catalogue.datasets[name]}
    assert changed == {path.stem for path in city.catalogue}
    for name in changed:
        kept = own.datasets[name].model_copy(update={"covers": catalogue.datasets[name].covers, "note": ""})
        assert kept == catalogue.datasets[name]


def test_lists_by_name_carry_no_codes(city: SampleCity) -> None:
    by_name = {feed.dataset for feed in FEEDS if feed.keys == (FirmKey.NAME,)}
    assert {"honours", "first_sets"} <= by_name
    listed = next(d.path for d in city.deliveries if d.dataset == "first_sets")
    heading = listed.read_text(encoding="utf-8").splitlines()[0]
    assert "企业名称" in heading
    assert "代码" not in heading


def test_no_person_is_named(city: SampleCity) -> None:
    register = next(d.path for d in city.deliveries if d.dataset == "registration")
    lines = register.read_bytes().decode("gb18030").splitlines()
    people = {row["法定代表人"] for row in csv.DictReader(lines)}
    assert all(person.startswith("合成人") or not person for person in people)


def test_workbooks_bear_no_time_of_their_making(city: SampleCity) -> None:
    book = next(d.path for d in city.deliveries if d.dataset == "honours")
    with zipfile.ZipFile(book) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2025, 6, 20, 0, 0, 0)}


def test_every_file_loads_and_every_row_is_accounted_for(city: SampleCity, tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w", bare=False)
    workspace = Workspace.open(tmp_path / "w")
    for delivery in city.deliveries:
        loaded = load(workspace, delivery.dataset, delivery.path, data_date=delivery.data_date)
        assert loaded.input_rows == delivery.rows
        assert loaded.ignored_columns == ()
        assert loaded.rejected_rows <= max(delivery.rows // 25, 3), loaded.rejects


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generate(tmp_path, 250, seed=1, progress=lambda done, total: told.append((done, total)), block=100)
    assert told == [(100, 250), (200, 250), (250, 250)]


@pytest.mark.parametrize("firms", [1, 101])
def test_the_smallest_cities_have_all_their_files(firms: int, tmp_path: Path) -> None:
    small = generate(tmp_path, firms, seed=1, block=100)
    assert all(delivery.path.exists() for delivery in small.deliveries)
    assert {d.dataset for d in small.deliveries} == {*(feed.dataset for feed in FEEDS), CITY}


@pytest.mark.parametrize("firms", [0, -1, 30_000_001])
def test_impossible_sizes_are_refused(firms: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be generated"):
        generate(tmp_path, firms, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not empty"):
        generate(tmp_path, 10, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "city", 300, seed=1, progress=stop, block=100)
    assert not (tmp_path / "city").exists() or list((tmp_path / "city").iterdir()) == []
    assert isinstance(generate(tmp_path / "city", 10, seed=1), SampleCity)


def test_frames_have_the_same_columns_in_every_block(city: SampleCity) -> None:
    monthly = next(d.path for d in city.deliveries if d.dataset == "social_insurance")
    frame = pl.read_parquet(monthly)
    assert frame.columns[:3] == ["uscc", "organisation_code", "period"]
    assert frame["period"].drop_nulls().n_unique() == 17
