"""The check digit of 联行号, held to python-stdnum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from payouts.bank.codes import has_check_digit, is_bank_code


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_check_digit_is_that_of_iso_7064_mod_11_10(code: str) -> None:
    assert has_check_digit(code) == mod_11_10.is_valid(code)
    assert [has_check_digit(code[:-1] + digit) for digit in "0123456789"].count(True) == 1
    assert has_check_digit(code[:-1] + mod_11_10.calc_check_digit(code[:-1]))


@pytest.mark.parametrize(
    "text", ["", "10210009999", "1021000999960", "10210009999a", "１02100099996", "102100099996\n"]
)
def test_what_is_not_twelve_digits_is_no_code(text: str) -> None:
    assert not is_bank_code(text)
