"""Generate the sample city: department files, a README that says they are synthetic, and what is missing on purpose."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from enterprise_data.catalogue.model import Dataset
from enterprise_data.sample_city import finance
from enterprise_data.sample_city.department_file import KEY_HEADINGS, file_rows, headed, spoilt_rows
from enterprise_data.sample_city.feeds import CITY, FEEDS, MISSING, Feed, Form
from enterprise_data.sample_city.files import writer
from enterprise_data.sample_city.identities import identities
from enterprise_data.sample_city.lists import TRUTH_SCHEMA, is_list, truth
from enterprise_data.sample_city.population import population
from enterprise_data.sample_city.world import DELIVERED_ON, World

Progress = Callable[[int, int], None]

TRUTH = "truth.parquet"
_STRANGERS_APART = 20
# Families of firms and neighbours' names lie within a hundred numbers, so blocks are whole hundreds.
_BLOCK_STEP = 100
MAX_FIRMS = 30_000_000


@dataclass(frozen=True)
class CityDelivery:
    """One file of the city: load it as `dataset`, as of `data_date`."""

    dataset: str
    path: Path
    data_date: date
    rows: int


@dataclass(frozen=True)
class SampleCity:
    """What was generated.

    `catalogue` are entries for the workspace's `catalog/` folder, `missing` says which bundled datasets were never
    delivered and why; those of `stale` are older than their `max_age` in mid-2025. `truth` is no delivery: it says, for
    each row of the lists by name alone, which firm is meant, so that linking can be proved (see `TRUTH_SCHEMA`).
    """

    folder: Path
    deliveries: tuple[CityDelivery, ...]
    catalogue: tuple[Path, ...]
    missing: Mapping[str, str]
    stale: tuple[str, ...]
    truth: Path


def generate(out_dir: Path, firms: int, seed: int, progress: Progress | None = None, block: int = 50_000) -> SampleCity:
    """Write the files of a city of `firms` firms to `out_dir`, which must be empty or new.

    The bytes depend on `firms` and `seed` alone. `progress` is called with the firms done and the firms in all;
    `block` firms are in memory at a time.

    An interrupt or a full disk takes the folder away again.

    Raises:
        ValueError: for a number of firms outside 1 to 30,000,000.
        FileExistsError: when the folder already holds something.
    """
    if not 1 <= firms <= MAX_FIRMS:
        raise ValueError(f"{firms} firms cannot be generated; ask for 1 to {MAX_FIRMS:,}")
    out_dir.mkdir(parents=True, exist_ok=True)
    if any(out_dir.iterdir()):
        raise FileExistsError(f"{out_dir} is not empty; name a new folder for the sample city")
    try:
        return _generate(World(firms, seed), out_dir, progress, -(-block // _BLOCK_STEP) * _BLOCK_STEP)
    except BaseException:
        shutil.rmtree(out_dir)
        raise


@cache
def bundled_catalogue() -> Catalogue:
    """Return the bundled catalogue, by which the files are typed and headed."""
    return load_catalogue(None)


def _generate(world: World, out_dir: Path, progress: Progress | None, block: int) -> SampleCity:
    deliveries, meant = _write_feeds(world, bundled_catalogue(), out_dir, progress, block)
    meant.write_parquet(out_dir / TRUTH, compression="zstd", statistics=False)
    (out_dir / "README.txt").write_text(_readme(world), encoding="utf-8")
    stale = tuple(feed.dataset for feed in FEEDS if feed.data_date < DELIVERED_ON)
    return SampleCity(out_dir, deliveries, _own_entries(out_dir / "catalog"), MISSING, stale, out_dir / TRUTH)


def _write_feeds(
    world: World, catalogue: Catalogue, folder: Path, progress: Progress | None, block: int
) -> tuple[tuple[CityDelivery, ...], pl.DataFrame]:
    """Write the files; return them, and whom the rows of lists mean."""
    meant = [pl.DataFrame(schema=TRUTH_SCHEMA)]
    counts = dict.fromkeys((feed.dataset for feed in FEEDS), 0)
    writers = {feed.dataset: writer(_path(folder, feed), feed.form) for feed in FEEDS}
    try:
        for first in range(0, world.firms, block):
            last = min(first + block, world.firms)
            firms, strangers = population(world, first, last), _strangers(world, first, last)
            for feed in FEEDS:
                dataset = catalogue.datasets[feed.dataset]
                rows = spoilt_rows(world, feed, dataset, firms, strangers)
                if is_list(feed):
                    meant.append(truth(feed, rows, counts[feed.dataset]))
                writers[feed.dataset].write(file_rows(world, feed, dataset, rows))
                counts[feed.dataset] += rows.height
            if progress:
                progress(last, world.firms)
        for open_file in writers.values():
            open_file.close()
    except BaseException:
        for open_file in writers.values():
            open_file.abandon()
        raise
    done = [CityDelivery(f.dataset, _path(folder, f), f.data_date, counts[f.dataset]) for f in FEEDS]
    city = _city(world, catalogue.datasets[CITY], folder)
    return (*done, city), pl.concat(meant).sort("dataset", "row_no")


def _path(folder: Path, feed: Feed) -> Path:
    return folder / f"synthetic-{feed.dataset}.{feed.form.value}"


def _strangers(world: World, first: int, last: int) -> pl.DataFrame:
    """Return firms that the register lacks, one for every twenty firms, each beside the twenty it stands in for."""
    number = pl.int_range(first, last, eager=True)
    pairs = pl.DataFrame({"number": number, "stranger": number // _STRANGERS_APART * _STRANGERS_APART + world.firms})
    unknown = identities(world, pairs.select(number="stranger").unique(maintain_order=True))
    keys = unknown.select("number", *KEY_HEADINGS)
    return pairs.join(keys, left_on="stranger", right_on="number", maintain_order="left").drop("stranger")


def _city(world: World, dataset: Dataset, folder: Path) -> CityDelivery:
    rows = finance.city(world)
    rows = headed(
        dataset, rows.select("period", *(name for name in dataset.fields if name in rows.columns)), typed=False
    )
    path = folder / f"synthetic-{CITY}.{Form.CSV.value}"
    rows.write_csv(path)
    return CityDelivery(CITY, path, DELIVERED_ON, rows.height)


def _own_entries(folder: Path) -> tuple[Path, ...]:
    with as_file(files("enterprise_data.sample_city") / "data" / "catalog") as entries:
        shutil.copytree(entries, folder)
    return tuple(sorted(folder.glob("*.yaml")))


def _readme(world: World) -> str:
    missing = "\n".join(f"  {dataset}: {reason}" for dataset, reason in MISSING.items())
    return (
        "合成数据 / SYNTHETIC DATA\n\n"
        f"本目录全部文件由程序按种子 {world.seed} 生成，共 {world.firms} 户虚构企业；不含任何真实企业、个人或账户。\n"
        f"All files here were generated from seed {world.seed}: {world.firms} invented firms. No firm, person or\n"
        "account is real; a name or code that happens to exist means nothing. Regions and industries bear their real\n"
        "codes. "
        "About three rows in a hundred are spoilt on purpose, and names on lists without codes more often;\n"
        f"{TRUTH} says which firm each of those rows means. It is not data of any department.\n\n"
        f"Never delivered, on purpose:\n{missing}\n"
    )
