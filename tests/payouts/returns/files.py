"""Return files to test with: pain.002 from parts, and files in the forms of the sample mappings."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


def pid(number: int) -> str:
    """Return a payment id: 26 characters A-Z and 2-7."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "MS" + "".join(digits[(number * 7919 + 31 * place) % 32] for place in range(24))


def status(code: str = "", reasons: Iterable[str] = (), text: str = "", name: str = "TxSts") -> str:
    """Return a status with its reasons, as XML."""
    told = "".join(f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" for reason in reasons)
    told += f"<StsRsnInf><AddtlInf>{text}</AddtlInf></StsRsnInf>" if text else ""
    return (f"<{name}>{code}</{name}>" if code else "") + told


def transaction(payment: str, state: str, amount: str = "", currency: str = "CNY", more: str = "") -> str:
    """Return a transaction, as XML; no `amount`: the file does not say it."""
    reference = f'<OrgnlTxRef><Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt></OrgnlTxRef>' if amount else ""
    return (
        f"<TxInfAndSts><OrgnlInstrId>1</OrgnlInstrId><OrgnlEndToEndId>{payment}</OrgnlEndToEndId>"
        f"{state}{more}{reference}</TxInfAndSts>"
    )


def report(*blocks: str, group: str = "", kind: str = "pain.001.001.09", namespace: str = NAMESPACE) -> bytes:
    """Return a whole report on batch B-1; each of the `blocks` is what stands in one OrgnlPmtInfAndSts."""
    told = "".join(
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>P{n}</OrgnlPmtInfId>{b}</OrgnlPmtInfAndSts>"
        for n, b in enumerate(blocks, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>R-1</MsgId><CreDtTm>2024-03-05T17:30:00+08:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>B-1</OrgnlMsgId><OrgnlMsgNmId>{kind}</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>"
        f"{told}</CstmrPmtStsRpt></Document>\n"
    ).encode()


COMMA_HEADINGS = "序号,业务流水号,收款账号,收款户名,金额,处理结果,返回码,返回信息,处理日期"
PIPE_WIDTH = 8


def comma(rows: Sequence[Sequence[str]], control: str | None = None) -> bytes:
    """Return a file in the form of `sample-comma-return`: rows of id, amount in yuan, result, code, reason."""
    lines = [COMMA_HEADINGS] + [
        f'{n},{name},622202{n:013d},"样例{n}号店",{amount},{result},{code},{reason},2024-03-05'
        for n, (name, amount, result, code, reason) in enumerate(rows, 1)
    ]
    fen = sum(round(float(amount) * 100) for _, amount, *_ in rows) if control is None else 0
    lines.append(control if control is not None else f"合计,{len(rows)},{fen // 100}.{fen % 100:02d}")
    return ("\r\n".join(lines) + "\r\n").encode()


def pipe(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a file in the form of `sample-pipe-return`: rows of id, amount in fen, result, code, reason."""
    total = sum(int(amount) for _, amount, *_ in rows)
    lines = [f"HDR|B-1|{len(rows)}|{total}|CNY"] + [
        f"{n}|{name}|622202{n:013d}|样例{n}号店|{amount}|{result}|{code}|{reason}"
        for n, (name, amount, result, code, reason) in enumerate(rows, 1)
    ]
    return ("\n".join(lines) + "\n").encode("gb18030")


def workbook(rows: Sequence[Sequence[object]], headings: Sequence[str] = (), above: int = 2) -> bytes:
    """Return a workbook in the form of `sample-workbook-return`: rows of id, amount, result, reason, date."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("回盘")
        sheet.write_string(0, 0, "批量代付回盘")
        for column, heading in enumerate(headings or ("客户流水号", "交易金额（元）", "状态", "失败原因", "交易日期")):
            sheet.write_string(above, column, heading)
        for number, row in enumerate(rows, above + 1):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return buffer.getvalue()
