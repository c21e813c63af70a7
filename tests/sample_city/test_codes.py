"""Generated codes are valid by the standards, with python-stdnum as the judge, and never given twice."""

import polars as pl
import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from enterprise_data.sample_city.uscc import with_codes


def coded(first: int, last: int, offset: int = 3) -> pl.DataFrame:
    number = pl.int_range(first, last, eager=True)
    firms = pl.DataFrame({"number": number}).with_columns(
        code_district=pl.when(pl.col("number") % 3 == 0).then(pl.lit("370602")).otherwise(pl.lit("441900")),
        code_kind=pl.when(pl.col("number") % 5 == 0).then(pl.lit("2")).otherwise(pl.lit("1")),
        old_code=pl.col("number") % 2 == 0,
    )
    return with_codes(firms, offset)


@pytest.mark.parametrize("first", [0, 1_679_000, 59_999_000])
def test_unified_codes_are_valid(first: int) -> None:
    codes = coded(first, first + 1_000)["uscc"]
    assert [code for code in codes if not uscc.is_valid(code)] == []


def test_organisation_codes_stand_inside_and_bear_their_own_check() -> None:
    codes = coded(0, 2_000)
    assert (codes["uscc"].str.slice(8, 9) == codes["organisation_code"]).all()
    weights, alphabet = (3, 7, 9, 10, 5, 8, 4, 2), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for code in codes["organisation_code"]:
        total = sum(alphabet.index(letter) * weight for letter, weight in zip(code, weights, strict=False))
        assert code[8] == "0123456789X0"[(11 - total % 11)]


def test_registration_numbers_belong_to_old_firms_and_are_valid() -> None:
    codes = coded(0, 2_000)
    assert (codes["registration_no"].is_not_null() == codes["old_code"]).all()
    numbers = codes["registration_no"].drop_nulls()
    assert numbers.str.len_chars().unique().to_list() == [15]
    assert [number for number in numbers if not mod_11_10.is_valid(number)] == []


def test_no_code_is_given_twice() -> None:
    codes = coded(0, 300_000)
    for column in ("uscc", "organisation_code"):
        assert codes[column].n_unique() == codes.height


def test_the_seed_moves_all_codes() -> None:
    assert not set(coded(0, 5_000, offset=3)["uscc"]) & set(coded(0, 5_000, offset=4)["uscc"])
