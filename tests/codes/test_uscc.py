"""The vectorised checks against python-stdnum, on random codes and on every single mistyped character."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle
from stdnum.iso7064 import mod_11_10

from enterprise_data.codes import uscc

bodies = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("1259"),
        st.sampled_from("1239"),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(uscc.ALPHABET, min_size=9, max_size=9),
    ),
)


def valid(codes: list[str | None]) -> list[bool]:
    frame = pl.DataFrame({"code": codes}, schema={"code": pl.String})
    return frame.select(uscc.uscc_is_valid(pl.col("code"))).to_series().to_list()


def one(expression: pl.Expr, text: str | None) -> object:
    return pl.DataFrame({"code": [text]}, schema={"code": pl.String}).select(expression).item()


@given(st.lists(bodies, min_size=1, max_size=20))
def test_the_check_character_makes_a_code_valid(drawn: list[str]) -> None:
    codes = [body + uscc.check_character(body) for body in drawn]
    assert all(oracle.is_valid(code) for code in codes)
    assert all(valid(list(codes)))


@given(bodies, st.integers(0, 17))
def test_no_single_mistyped_character_goes_unnoticed(body: str, position: int) -> None:
    code = body + uscc.check_character(body)
    typed = [code[:position] + other + code[position + 1 :] for other in uscc.ALPHABET if other != code[position]]
    assert not any(valid(list(typed)))


@given(st.lists(st.text(uscc.ALPHABET + "IOSVZ-", min_size=17, max_size=19), min_size=1, max_size=20))
def test_random_texts_are_judged_as_by_the_oracle(texts: list[str]) -> None:
    for text, judged in zip(texts, valid(list(texts)), strict=True):
        assert judged == (oracle.is_valid(text) and "-" not in text and text[0] in "123456789" and text[1] != "0")


@pytest.mark.parametrize(
    "code", [None, "", "9", "91110000600037341", "91110000600037341L0", "９１110000600037341L", "9" * 18]
)
def test_what_is_no_code_is_not_valid(code: str | None) -> None:
    assert valid([code]) == [False]


def test_rural_collectives_have_codes_too() -> None:
    body = "N2370200MF1234567"
    assert valid([body + uscc.check_character(body)]) == [True]


def test_a_check_character_needs_seventeen_known_characters() -> None:
    for body in ("9137", "I1110000600037341"):
        with pytest.raises(ValueError, match="17 characters"):
            uscc.check_character(body)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
        (" 9111 0000 6000 3734 1l ", "91110000600037341L"),
        ("'91110000600037341L", "91110000600037341L"),
        ("74176584-4", "741765844"),
        ("74176584\u2013x", "74176584X"),
        ("\u200b\ufeff-", None),
        ("", None),
        (None, None),
    ],
)
def test_codes_are_cleaned_of_what_does_not_belong(written: str | None, clean: str | None) -> None:
    assert one(uscc.clean_code(pl.col("code")), written) == clean


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("741765844", True),  # 74176584-4 and D2143569-X: the standard's own example among them
        ("D2143569X", True),
        ("741765843", False),
        ("D21435699", False),
        ("74176584", False),
        ("74176584Y", False),
        (None, False),
    ],
)
def test_organisation_codes(code: str | None, right: bool) -> None:
    assert one(uscc.organisation_code_is_valid(pl.col("code")), code) is right


def test_the_organisation_code_lies_inside_the_uscc() -> None:
    assert one(uscc.organisation_code_of(pl.col("code")), "91110000600037341L") == "600037341"


@given(st.lists(st.text("0123456789", min_size=15, max_size=15), min_size=1, max_size=20))
def test_registration_numbers_are_judged_as_by_the_oracle(numbers: list[str]) -> None:
    completed = [number[:14] + mod_11_10.calc_check_digit(number[:14]) for number in numbers]
    frame = pl.DataFrame({"code": [*completed, *numbers]})
    judged = frame.select(uscc.registration_no_is_valid(pl.col("code"))).to_series().to_list()
    assert all(judged[: len(numbers)])
    assert judged[len(numbers) :] == [mod_11_10.is_valid(number) for number in numbers]


def test_a_registration_number_has_fifteen_digits() -> None:
    assert [one(uscc.registration_no_is_valid(pl.col("code")), text) for text in ("3702001234567", "", None)] == [
        False
    ] * 3
