"""Chance is a function of seed, purpose and number: pinned values, even spread, no dependence on neighbours."""

from datetime import date

import polars as pl
import pytest

from enterprise_data.sample_city.draws import Draws, _mix

NUMBERS = pl.DataFrame({"n": range(50_000)})


def draws(seed: int = 1) -> Draws:
    return Draws(seed, pl.col("n"))


def test_the_mixer_gives_the_published_values_of_splitmix64() -> None:
    # The first outputs of SplitMix64 from state 0 are the mixes of 1, 2, 3 times the golden gamma.
    golden = 0x9E3779B97F4A7C15
    state = pl.Series([(i * golden) % 2**64 for i in (1, 2, 3)], dtype=pl.UInt64)
    assert _mix(state).to_list() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_draws_are_pinned_so_that_no_release_changes_a_city_unnoticed() -> None:
    few = NUMBERS.head(5).select(draws().below(1_000, "pinned")).to_series()
    assert few.to_list() == [496, 633, 834, 630, 936]


def test_a_draw_does_not_depend_on_its_neighbours() -> None:
    whole = NUMBERS.select(x=draws().below(10**6, "x"))["x"]
    part = NUMBERS[1_234:1_300].select(x=draws().below(10**6, "x"))["x"]
    assert whole[1_234:1_300].equals(part)


def test_seeds_and_purposes_are_independent() -> None:
    frame = NUMBERS.select(a=draws(1).below(100, "x"), b=draws(2).below(100, "x"), c=draws(1).below(100, "y"))
    for other in ("b", "c"):
        same = frame.filter(pl.col("a") == pl.col(other)).height
        assert same == pytest.approx(500, abs=120)


@pytest.mark.parametrize("bound", [2, 7, 1_000])
def test_draws_below_a_bound_are_even(bound: int) -> None:
    drawn = NUMBERS.select(x=draws().below(bound, "even"))["x"]
    assert drawn.min() == 0
    assert drawn.max() == bound - 1
    assert drawn.mean() == pytest.approx((bound - 1) / 2, rel=0.02)


def test_chances() -> None:
    share = NUMBERS.select(x=draws().chance(30_000, "rare"))["x"].mean()
    assert share == pytest.approx(0.03, abs=0.003)
    nothing = NUMBERS.select(x=draws().chance(0, "never"), y=draws().chance(1_000_000, "always"))
    assert not nothing["x"].any()
    assert nothing["y"].all()


def test_quantiles_follow_their_table() -> None:
    table = ((0, 0), (500_000, 10), (900_000, 100), (1_000_000, 1_000))
    drawn = NUMBERS.select(x=draws().quantile(table, "q"))["x"]
    assert (drawn < 10).mean() == pytest.approx(0.5, abs=0.01)
    assert (drawn < 100).mean() == pytest.approx(0.9, abs=0.01)
    assert drawn.max() is not None
    assert drawn.min() == 0
    assert drawn.is_between(0, 999).all()


def test_days_keep_within_their_ends() -> None:
    first, last = date(2024, 2, 27), date(2024, 3, 2)
    drawn = NUMBERS.select(x=draws().day(first, last, "d"))["x"]
    assert sorted(drawn.unique()) == [first, *(date(2024, 2, 28 + i) for i in (0, 1)), date(2024, 3, 1), last]


def test_picks_are_among_the_choices() -> None:
    drawn = NUMBERS.select(x=draws().pick(["甲", "甲", "乙"], "p"))["x"]
    assert (drawn == "甲").mean() == pytest.approx(2 / 3, abs=0.02)
    assert set(drawn.unique()) == {"甲", "乙"}
