"""The bank of `mianshen demo`: it reads the files that lie in a folder, pays, and says which payments it sent back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

_HEADING = "业务流水号,收款账号,金额,处理结果,返回码,返回信息,处理日期"
_EVERY_RETURNED = 40  # each fortieth payment comes back


def answer(files: tuple[Path, ...], day: date, *, all_well: bool = False) -> str:
    """Return the bank's answer to files of the sample mapping `sample-pipe-gb18030`, as `sample-comma-return` reads it.

    Each fortieth payment is sent back, since the account does not bear the name; none where `all_well`.
    """
    lines: list[str] = []
    total = 0
    for file in files:
        for row in file.read_text("gb18030").splitlines()[1:]:
            _, payment, account, *_, amount, _, _ = row.split("|")
            fails = not all_well and len(lines) % _EVERY_RETURNED == _EVERY_RETURNED - 1
            said = "已退汇,B0012,户名不符" if fails else "交易成功,0000,"
            lines.append(f"{payment},{account},{amount},{said},{day}")
            total += int(amount.replace(".", ""))
    control = f"合计,{len(lines)},{total // 100}.{total % 100:02d}"
    return "\n".join([_HEADING, *lines, control]) + "\n"
