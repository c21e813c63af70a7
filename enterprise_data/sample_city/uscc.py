"""Codes of firms that do not exist: unified social credit codes, organisation codes, registration numbers.

Check characters are right (GB 32100-2015, GB 11714-1997, GS 15-2006), so that only rows spoilt on purpose fail. All
sums are looked up per block of three characters, because taking texts apart letter by letter is slow.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = pl.Series(list(ALPHABET), dtype=pl.String)
_ORGANISATION_CHECKS = pl.Series(list("0123456789X"), dtype=pl.String)
_BLOCK = len(ALPHABET) ** 3

# Each step turns the firm's number into a seemingly random one; prime to its space, it never maps two to one.
_OLD_SPACE, _OLD_STEP = 10**8, 61_803_399
_NEW_SPACE, _NEW_STEP = _BLOCK**2, 548_813_513


def with_codes(firms: pl.DataFrame, offset: int) -> pl.DataFrame:
    """Add `uscc`, `organisation_code` and `registration_no` (null for young firms).

    Of `firms` it reads `number` (below 10^8, tells firms apart), `code_district` (six digits), `code_kind` (`1` for
    firms, `2` for sole traders, `3` for cooperatives) and `old_code` (founded before the code of October 2015).
    """
    number, district, old = pl.col("number"), pl.col("code_district"), pl.col("old_code")
    seeded = firms.with_columns(
        _serial=(number * _OLD_STEP + offset) % _OLD_SPACE,
        _letters=(number * _NEW_STEP + offset) % _NEW_SPACE,
    )
    bodies = seeded.with_columns(
        _body=pl.when(old).then(_padded("_serial")).otherwise(_written("_letters")),
        _organisation_sum=pl.when(old).then(_digits(_ORGANISATION_WEIGHTS)).otherwise(_organisation_letters()),
        _body_sum=pl.when(old).then(_digits(_WEIGHTS[8:16])).otherwise(_code_letters()),
        _front_sum=_front_sum(),
    )
    checked = bodies.with_columns(_check=(11 - pl.col("_organisation_sum") % 11) % 11)
    whole = pl.col("_front_sum") + pl.col("_body_sum") + pl.col("_check_value") * _WEIGHTS[16]
    # The organisation code's check character X counts 29 in the longer code.
    return (
        checked.with_columns(_check_value=pl.when(pl.col("_check") == 10).then(29).otherwise(pl.col("_check")))
        .with_columns(organisation_code=pl.col("_body") + pl.lit(_ORGANISATION_CHECKS).gather(pl.col("_check")))
        .with_columns(
            uscc=pl.lit("9")
            + pl.col("code_kind")
            + district
            + pl.col("organisation_code")
            + pl.lit(_CHARACTERS).gather((31 - whole % 31) % 31),
            registration_no=pl.when(old).then(
                district
                + _padded("_serial")
                + pl.struct("code_district", "_serial").map_batches(
                    _registration_check, return_dtype=pl.String, is_elementwise=True
                )
            ),
        )
        .drop(pl.selectors.starts_with("_"))
    )


def _padded(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.pad_start(8, "0")


def _digits(weights: tuple[int, ...]) -> pl.Expr:
    places = [pl.col("_serial") // 10 ** (7 - i) % 10 * weight for i, weight in enumerate(weights)]
    return pl.sum_horizontal(places)


def _front_sum() -> pl.Expr:
    """Return the weighted sum of the first eight characters, all digits."""
    digits = [pl.lit(9), pl.col("code_kind").cast(pl.Int64)]
    district = pl.col("code_district").cast(pl.Int64)
    digits += [district // 10 ** (5 - i) % 10 for i in range(6)]
    return pl.sum_horizontal(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))


@cache
def _texts() -> pl.Series:
    return pl.Series(["".join(letters) for letters in product(ALPHABET, repeat=3)], dtype=pl.String)


@cache
def _sums(alphabet: str, weights: tuple[int, ...]) -> pl.Series:
    values = [alphabet.index(letter) for letter in ALPHABET]
    return pl.Series(
        [a * weights[0] + b * weights[1] + c * weights[2] for a, b, c in product(values, repeat=3)], dtype=pl.Int64
    )


def _written(column: str) -> pl.Expr:
    texts = pl.lit(_texts())
    return pl.lit("MA") + texts.gather(pl.col(column) // _BLOCK) + texts.gather(pl.col(column) % _BLOCK)


def _letters_sum(alphabet: str, weights: tuple[int, ...]) -> pl.Expr:
    """Return the weighted sum of `MA` and the six letters after it."""
    front = alphabet.index("M") * weights[0] + alphabet.index("A") * weights[1]
    first, second = pl.lit(_sums(alphabet, weights[2:5])), pl.lit(_sums(alphabet, weights[5:8]))
    return first.gather(pl.col("_letters") // _BLOCK) + second.gather(pl.col("_letters") % _BLOCK) + front


def _organisation_letters() -> pl.Expr:
    return _letters_sum(_ORGANISATION_ALPHABET, _ORGANISATION_WEIGHTS)


def _code_letters() -> pl.Expr:
    return _letters_sum(ALPHABET, _WEIGHTS[8:16])


def _registration_check(parts: pl.Series) -> pl.Series:
    """Return the check digit of district and serial number (ISO 7064 MOD 11,10)."""
    district = parts.struct.field("code_district").cast(pl.Int64)
    front = district * _OLD_SPACE + parts.struct.field("_serial")
    carry = front * 0 + 10
    for i in range(14):
        rest = (carry + front // 10 ** (13 - i) % 10) % 10
        carry = rest.replace(0, 10) * 2 % 11
    return ((11 - carry) % 10).cast(pl.String)
