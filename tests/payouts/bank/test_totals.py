"""Totals are what the bytes say; a file that was touched, cut or mixed up has none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.mapping_file import find_mapping, shipped_mappings
from payouts.bank.totals import totals
from payouts.bank.write import write
from tests.payouts.bank.orders import numbered

WHOLE = numbered(3)  # 1.00, 1.07 and 1.14 yuan


def swapped(old: str, new: str, encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        changed = content.replace(old.encode(encoding), new.encode(encoding), 1)
        assert changed != content
        return changed

    return change


def in_sheet(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
            for name in source.namelist():
                part = source.read(name)
                archive.writestr(name, swapped(old, new)(part) if name.endswith("sheet1.xml") else part)
        return target.getvalue()

    return change


@pytest.mark.parametrize(
    ("name", "touch", "why"),
    [
        (
            "sample-pipe-gb18030",
            swapped("|1.14|", "|1.15|", "gb18030"),
            "states a sum of 3.21, and its lines sum to 322",
        ),
        ("sample-pipe-gb18030", swapped("|3|3.21", "|4|3.21", "gb18030"), "states 4 payments, and has 3"),
        ("sample-pipe-gb18030", swapped("HDR", "HDX", "gb18030"), "`HDX` stands where `HDR` should"),
        ("sample-pipe-gb18030", swapped("|1.14|", "|1,14|", "gb18030"), "`1,14` is no amount in yuan"),
        ("sample-pipe-gb18030", swapped("|1.14|", "|+1.14|", "gb18030"), r"`\+1\.14` is no amount in yuan"),
        ("sample-pipe-gb18030", swapped("|1.14|", "|1.14||", "gb18030"), "a row has 11 texts, not 10"),
        ("sample-pipe-gb18030", lambda content: content[:-2], "the last line does not end"),
        (
            "sample-pipe-gb18030",
            lambda content: content[: content.rindex(b"\r\n3|") + 2],
            "states 3 payments, and has 2",
        ),
        ("sample-pipe-gb18030", lambda content: content + b"\xff\r\n", "gb18030"),
        ("sample-pipe-gb18030", lambda _: b"", "it has no payment"),
        ("sample-same-bank-gbk", swapped("\t114\t", "\t1.14\t", "gbk"), "`1.14` is no amount in fen"),
        ("sample-same-bank-gbk", swapped("合计\t3", "合计\t2", "gbk"), "states 2 payments, and has 3"),
        ("sample-comma-utf8", swapped(",1.14,", ',"1.14,'), "unexpected end of data"),
        ("sample-workbook", in_sheet("<v>1.14</v>", "<v>1.15</v>"), "states a sum of 3.21, and its lines sum to 322"),
        ("sample-workbook", in_sheet("<v>1.14</v>", "<v>1.145</v>"), "`1.145` is no amount in yuan"),
        ("sample-workbook", in_sheet("</sheetData>", ""), "mismatched tag"),
        ("sample-workbook", in_sheet("<sheetData>", "<!--x--><sheetData>"), "a document type or a comment"),
        ("sample-workbook", lambda content: content[:-1], "not a zip file"),
        ("pain-001", swapped(">1.14<", ">1.15<"), "states"),
        ("pain-001", swapped("<NbOfTxs>3<", "<NbOfTxs>4<"), "states"),
        ("pain-001", swapped("pain.001.001.09", "pain.001.001.03"), "of another standard"),
        ("pain-001", lambda content: content[:-12], "no element found|unclosed"),
        ("treasury", swapped("业务流水号", "业务流水好"), "stands where"),
    ],
)
def test_a_touched_file_has_no_totals(name: str, touch: Callable[[bytes], bytes], why: str) -> None:
    mapping = find_mapping(name)
    (file,) = write(WHOLE, mapping)
    assert totals(file.content, mapping) == (3, 321)
    with pytest.raises(MianshenError, match=why):
        totals(touch(file.content), mapping)


@pytest.mark.parametrize("name", sorted(shipped_mappings()))
def test_a_file_of_another_mapping_has_no_totals(name: str) -> None:
    for other in sorted(set(shipped_mappings()) - {name}):
        (file,) = write(WHOLE, find_mapping(other))
        with pytest.raises(MianshenError, match=f"the file is not what {name} writes"):
            totals(file.content, find_mapping(name))
