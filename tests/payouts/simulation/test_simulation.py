"""The ledger in many small worlds: nothing is lost and nothing paid twice, whatever the bank and the office do."""

import os
from pathlib import Path

import pytest

from tests.payouts.simulation.bank import PAID, UNKNOWN
from tests.payouts.simulation.city import CHANNEL, copied, template
from tests.payouts.simulation.counter import understood
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


@pytest.mark.parametrize(("status", "code", "word"), [("00", "00", PAID), ("0 ", "00", UNKNOWN), ("00", "0", PAID)])
def test_a_damaged_letter_is_heard_as_it_is_booked(status: str, code: str, word: str) -> None:
    """Else what the bank's line made of a letter would be taken for a fault of the ledger."""
    letter = f"HDR|0|1|100\r\n1|P|6222|x|100|{status}|{code}|\r\n".encode("gb18030")
    assert understood(CHANNEL.read_answer(letter, "letter")) == [("P", word, 100)]
