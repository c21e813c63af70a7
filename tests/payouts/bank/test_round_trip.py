"""What a bank reads in a file is what the order says, payment by payment, in every shipped mapping."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from payouts.bank.mapping import Mapping
from payouts.bank.mapping_file import find_mapping, shipped_mappings
from payouts.bank.totals import totals
from payouts.bank.write import write
from tests.payouts.bank.orders import PAYEE, numbered, order, payee
from tests.payouts.bank.reading import expected, payments_of, rows_of

TABLES = sorted(set(shipped_mappings()) - {"pain-001"})


def in_parts(name: str, limit: int) -> Mapping:
    return find_mapping(name).model_copy(update={"row_limit": limit})


def test_at_least_four_samples_say_that_they_are_samples() -> None:
    samples = [name for name, path in shipped_mappings().items() if path.parent.name == "samples"]
    assert len(samples) >= 4
    for name in samples:
        assert find_mapping(name).sample
        assert "须与开户银行核对" in find_mapping(name).title
        assert shipped_mappings()[name].read_text(encoding="utf-8").startswith("# SAMPLE")


@pytest.mark.parametrize("name", TABLES)
def test_every_payment_is_in_exactly_one_part_as_the_order_has_it(name: str) -> None:
    mapping, whole = in_parts(name, 3), numbered(7)
    files = write(whole, mapping)
    extension = {"sample-pipe-gb18030": "txt", "sample-same-bank-gbk": "txt", "sample-workbook": "xlsx"}.get(
        name, "csv"
    )
    assert [file.name for file in files] == [f"B2024-7-{part}of3.{extension}" for part in (1, 2, 3)]
    assert [(file.part, file.rows) for file in files] == [(1, 3), (2, 3), (3, 1)]
    assert sum(file.total_fen for file in files) == whole.total_fen
    for start, file in zip((0, 3, 6), files, strict=True):
        payments = whole.instructions[start : start + 3]
        want = [expected(payment, number, whole, mapping) for number, payment in enumerate(payments, 1)]
        assert payments_of(file.content, mapping) == want
        assert totals(file.content, mapping) == (len(payments), sum(payment.fen for payment in payments))
        assert file.sha256 == hashlib.sha256(file.content).hexdigest()


@pytest.mark.parametrize(
    ("name", "row", "of_first", "of_second"),
    [
        ("sample-pipe-gb18030", 0, "HDR|B2024-7|20240302|3700001|2|9.00", "HDR|B2024-7|20240302|3700001|1|1.07"),
        ("sample-same-bank-gbk", -1, "合计|2|900", "合计|1|107"),
        (
            "sample-workbook",
            0,
            "付款户名|样例市财政局|付款账号|3700001|||",
            "付款户名|样例市财政局|付款账号|3700001|||",
        ),
        ("sample-workbook", 1, "批次号|B2024-7|日期|2024-03-02|||", "批次号|B2024-7|日期|2024-03-02|||"),
        ("sample-workbook", -1, "合计|2|笔||9.00||", "合计|1|笔||1.07||"),
    ],
)
def test_what_stands_before_and_after_the_payments_is_each_parts_own(
    name: str, row: int, of_first: str, of_second: str
) -> None:
    mapping = in_parts(name, 2)
    files = write(order(payee(0), payee(100), payee(1)), mapping)
    assert ["|".join(rows_of(file.content, mapping)[row]) for file in files] == [of_first, of_second]


@pytest.mark.parametrize("fen", [1, 10, 814, 99_999_999_99, 10**15 - 1])
@pytest.mark.parametrize("cells", ["text", "number"])
@pytest.mark.parametrize("amounts", ["yuan", "fen"])
def test_an_amount_in_a_workbook_is_exact_to_the_fen(fen: int, cells: str, amounts: str) -> None:
    mapping = find_mapping("sample-workbook").model_copy(update={"amount_cells": cells, "amounts": amounts})
    (file,) = write(order(replace(PAYEE, fen=fen)), mapping)
    assert totals(file.content, mapping) == (1, fen)
    cell = payments_of(file.content, mapping)[0][4]
    assert round(float(cell) * (1 if amounts == "fen" else 100)) == fen


def test_a_delimiter_inside_a_text_is_quoted_where_the_form_has_quotes() -> None:
    mapping = find_mapping("sample-comma-utf8")
    whole = order(payee(1, purpose='样例,"奖励"'))
    (file,) = write(whole, mapping)
    assert payments_of(file.content, mapping) == [expected(whole.instructions[0], 1, whole, mapping)]


def test_a_byte_order_mark_stands_once_at_the_beginning() -> None:
    (file,) = write(numbered(2), find_mapping("sample-comma-utf8"))
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert file.content.count(b"\xef\xbb\xbf") == 1
