"""Texts of a file, letter for letter."""

from __future__ import annotations

from payouts.bank.mapping_file import find_mapping
from payouts.bank.write import write
from tests.payouts.bank.orders import PAYEE, order


def test_a_file_of_separated_texts_says_what_the_order_says() -> None:
    (file,) = write(order(PAYEE), find_mapping("sample-pipe-gb18030"))
    assert file.content.decode("gb18030").splitlines() == [
        "HDR|B2024-7|20240302|3700001|1|1234.05",
        f"1|{PAYEE.payment_id}|{PAYEE.account_no}|某某科技有限公司|{PAYEE.bank_code}|{PAYEE.bank_name}|CNY|1234.05|样例奖励|",
    ]
    assert (file.part, file.name, file.rows, file.total_fen) == (1, "B2024-7.txt", 1, 1_234_05)
