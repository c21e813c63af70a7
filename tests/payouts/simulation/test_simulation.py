"""The ledger in many small worlds: nothing is lost and nothing paid twice, whatever the bank and the office do."""

import os
from pathlib import Path

import pytest

from tests.payouts.simulation.city import copied, template
from tests.payouts.simulation.sabotages import SABOTAGES, Sabotage
from tests.payouts.simulation.simulate import Failed, simulate

_NIGHTLY = 10_000
_SHARDS = 100


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("made") / "ledger.sqlite")


@pytest.mark.parametrize("shard", range(2))
def test_seeds(made: Path, shard: int) -> None:
    for seed in range(shard * 10, shard * 10 + 10):
        simulate(seed, made)


@pytest.mark.nightly
@pytest.mark.parametrize("shard", range(_SHARDS))
def test_more_seeds(made: Path, shard: int) -> None:
    """Ten thousand seeds; `SIMULATE_FROM` begins elsewhere, so that every night may look at others."""
    size, begin = _NIGHTLY // _SHARDS, int(os.environ.get("SIMULATE_FROM", "0"))
    for seed in range(begin + shard * size, begin + shard * size + size):
        simulate(seed, made)


def test_a_seed_is_one_run(made: Path) -> None:
    assert simulate(7, made) == simulate(7, made)


@pytest.mark.parametrize(("sabotage", "seed"), SABOTAGES, ids=[one.__name__ for one, _ in SABOTAGES])
def test_a_fault_is_found(made: Path, tmp_path: Path, sabotage: Sabotage, seed: int) -> None:
    """The seed that found it last goes first; after changes of the product it may be another."""
    path = copied(made, tmp_path / "ledger.sqlite")
    with sabotage(path), pytest.raises(Failed, match=r"replay: python -m tests\.payouts\.simulation"):
        for one in (seed, *range(300)):
            simulate(one, path)
