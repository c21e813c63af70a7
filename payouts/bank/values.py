"""What a cell of a bank's file can say."""

from __future__ import annotations

from enum import StrEnum


class Value(StrEnum):
    """What a cell holds. The first group belongs to one payment, the second to the whole file."""

    ROW_NO = "row_no"  # 序号, from 1 in each part
    PAYMENT_ID = "payment_id"  # what the bank gives back with its answer
    AMOUNT = "amount"
    PAYEE_NAME = "payee_name"  # 收款人户名
    ACCOUNT_NO = "account_no"  # 收款账号
    BANK_NAME = "bank_name"  # 开户行
    BANK_CODE = "bank_code"  # 联行号
    SAME_BANK = "same_bank"  # 同行/跨行标志
    PURPOSE = "purpose"  # 用途、附言
    BUDGET_LINE = "budget_line"  # 指标文号
    USCC = "uscc"  # 统一社会信用代码

    BATCH_ID = "batch_id"
    CREATED_ON = "created_on"  # the day in China on which the batch was made
    PAYER_NAME = "payer_name"
    PAYER_ACCOUNT = "payer_account"
    PAYER_BANK_CODE = "payer_bank_code"
    PART = "part"  # from 1
    PARTS = "parts"
    ROWS = "rows"  # payments in this part
    TOTAL = "total"  # their sum, in the form of the amounts


OF_PAYEE = frozenset({
    Value.PAYMENT_ID, Value.PAYEE_NAME, Value.ACCOUNT_NO, Value.BANK_NAME, Value.BANK_CODE, Value.PURPOSE,
    Value.BUDGET_LINE, Value.USCC,
})  # fmt: skip
OF_FILE = frozenset(list(Value)[list(Value).index(Value.BATCH_ID) :])
