"""pain.002: what each status means, at which level, and what is refused whole."""

from __future__ import annotations

import hashlib

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer, AnswerFile, WholeBatch
from payouts.bank.returns.read import read_return
from tests.payouts.returns.files import NAMESPACE, pid, report, status, transaction

PAID, RETURNED, UNKNOWN = Answer.PAID, Answer.RETURNED, Answer.UNKNOWN


def read(data: bytes) -> AnswerFile:
    return read_return(data, "r.xml")


STATUSES = [
    ("ACSC", [], PAID),
    ("ACCC", [], PAID),
    ("RJCT", [], RETURNED),
    ("RJCT", ["AC04"], RETURNED),
    ("RJCT", ["AC04", "AM05"], UNKNOWN),  # had that before: what came before may have been paid
    ("RJCT", ["DU04"], UNKNOWN),
    *((code, [], UNKNOWN) for code in ("ACTC", "ACCP", "ACSP", "ACWC", "PDNG", "PATC", "PART", "RCVD", "CANC", "BLCK")),
    *((code, [], UNKNOWN) for code in ("", "acsc", "ACSC1", "AC SC", "成功", "ACFC")),
]


@pytest.mark.parametrize(("code", "reasons", "answer"), STATUSES)
def test_a_status_means(code: str, reasons: list[str], answer: Answer) -> None:
    (line,) = read(report(transaction(pid(1), status(code, reasons), "1200.50"))).lines
    assert (line.payment_id, line.answer, line.fen) == (pid(1), answer, 120_050)


def test_a_line_has_the_banks_words_and_its_day() -> None:
    told = status("RJCT", ["AC04", "MS03"], "账户已销户")
    file = read(
        report(
            transaction(f"\n  {pid(1)} \u3000", told, "88.00", more="<AccptncDtTm>2024-03-04T23:59:59</AccptncDtTm>"),
            transaction(pid(2), status("ACSC")),
        )
    )
    first, second = file.lines
    assert (first.line, first.code, first.reason, first.said_on) == (1, "AC04; MS03", "账户已销户", "2024-03-04")
    assert (second.line, second.payment_id, second.fen, second.code, second.said_on) == (
        2, pid(2), None, "ACSC", "2024-03-05",
    )  # fmt: skip
    assert file.batch_id == "B-1"
    assert file.whole_batch is None
    assert file.bad_lines == ()


def test_a_file_is_known_by_the_hash_of_its_bytes() -> None:
    data = report(transaction(pid(1), status("ACSC")))
    assert read(data).sha256 == hashlib.sha256(data).hexdigest()


def test_doubled_lines_stay_two_lines() -> None:
    both = transaction(pid(1), status("ACSC"), "5.00") + transaction(pid(1), status("RJCT"), "5.00")
    assert [(line.line, line.answer) for line in read(report(both)).lines] == [(1, PAID), (2, RETURNED)]


BAD_LINES = [
    ("another currency", transaction(pid(2), status("ACSC"), "5.00", "USD"), "in `USD`, not in CNY"),
    ("no currency", transaction(pid(2), status("ACSC"), "5.00", ""), "not in CNY"),
    ("a third decimal", transaction(pid(2), status("ACSC"), "5.005"), "at most two decimals"),
    ("nothing", transaction(pid(2), status("ACSC"), "0.00"), "more than zero"),
    ("less than nothing", transaction(pid(2), status("ACSC"), "-5.00"), "`-5.00`"),
    ("an exponent", transaction(pid(2), status("ACSC"), "5E2"), "`5E2`"),
    ("full-width digits", transaction(pid(2), status("ACSC"), "５.00"), "`５.00`"),
    ("no payment", transaction(" ", status("ACSC"), "5.00"), "names no payment"),
    ("two statuses", transaction(pid(2), status("RJCT") + status("ACSC"), "5.00"), "`TxSts` stands 2 times"),
    ("two payments", transaction(f"{pid(2)}</OrgnlEndToEndId><OrgnlEndToEndId>X", status("ACSC")), "stands 2 times"),
    ("an invisible sign", transaction(pid(2) + "\u200b", status("ACSC")), "do not print"),
    ("a spreadsheet's number", transaction("1.2E+15", status("ACSC")), "became a number in a spreadsheet (1.2E+15)"),
    ("no day", transaction(pid(2), status("ACSC"), more="<AccptncDtTm>2024-02-30T1</AccptncDtTm>"), "`2024-02-30`"),
    ("converted", transaction(pid(2), status("ACSC"), more='<OrgnlTxRef><Amt><EqvtAmt><Amt Ccy="USD">1</Amt></EqvtAmt>'
     "</Amt></OrgnlTxRef>"), "converted from another currency"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bad", "why"), BAD_LINES, ids=[name for name, *_ in BAD_LINES])
def test_a_line_that_cannot_be_read_costs_itself_alone(name: str, bad: str, why: str) -> None:
    file = read(report(transaction(pid(1), status("ACSC")) + bad, transaction(pid(3), status("RJCT"))))
    assert [(line.line, line.payment_id) for line in file.lines] == [(1, pid(1)), (3, pid(3))]
    (line,) = file.bad_lines
    assert line.line == 2
    assert why in line.why
    assert file.line_count == 3


def whole(group: str, *blocks: str) -> WholeBatch | None:
    file = read(report(*blocks, group=group))
    assert file.lines == ()
    assert file.bad_lines == ()
    assert file.batch_id == "B-1"
    return file.whole_batch


COUNTS = "<OrgnlNbOfTxs>2</OrgnlNbOfTxs><OrgnlCtrlSum>12.5</OrgnlCtrlSum>"
WHOLE = [
    ("all rejected", COUNTS + status("RJCT", ["FF01"], "格式有误", "GrpSts"), [], (RETURNED, 2, 1250, "FF01")),
    ("all rejected, no counts", status("RJCT", name="GrpSts"), [], (RETURNED, None, None, "RJCT")),
    ("all settled", COUNTS + status("ACSC", name="GrpSts"), [], (PAID, 2, 1250, "ACSC")),
    ("the file came twice", COUNTS + status("RJCT", ["DU01"], name="GrpSts"), [], (UNKNOWN, 2, 1250, "DU01")),
    ("received", status("ACTC", name="GrpSts"), [], (UNKNOWN, None, None, "ACTC")),
    ("in part", status("PART", name="GrpSts"), [""], (UNKNOWN, None, None, "PART")),
    ("no status", COUNTS, [], (UNKNOWN, 2, 1250, "")),
    ("its only block rejected", COUNTS, [COUNTS + status("RJCT", ["AC01"], name="PmtInfSts")],
     (RETURNED, 2, 1250, "AC01")),
    ("a block, maybe not the only one", "", [COUNTS + status("RJCT", name="PmtInfSts")], (UNKNOWN, None, None, "")),
    ("a block of several", "<OrgnlNbOfTxs>9</OrgnlNbOfTxs>", [COUNTS + status("RJCT", name="PmtInfSts")],
     (UNKNOWN, 9, None, "")),
    ("both of two blocks", COUNTS, [COUNTS + status("RJCT", name="PmtInfSts")] * 2, (UNKNOWN, 2, 1250, "")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "group", "blocks", "expected"), WHOLE, ids=[name for name, *_ in WHOLE])
def test_a_report_without_lines_is_a_message_about_the_batch(
    name: str, group: str, blocks: list[str], expected: tuple[Answer, int | None, int | None, str]
) -> None:
    found = whole(group, *blocks)
    assert found is not None
    assert (found.answer, found.payments, found.fen, found.code) == expected
    assert found.said_on == "2024-03-05"


def test_a_status_of_the_whole_never_speaks_for_lines_that_are_not_there() -> None:
    block = status("RJCT", name="PmtInfSts") + transaction(pid(1), status("RJCT", ["AC04"]))
    file = read(report(block, status("RJCT", name="PmtInfSts"), group=COUNTS + status("RJCT", name="GrpSts")))
    assert file.whole_batch is None
    assert [(line.payment_id, line.answer) for line in file.lines] == [(pid(1), RETURNED)]
    (bad,) = file.bad_lines
    assert (bad.line, bad.text) == (2, "P2")
    assert "without naming one" in bad.why


@pytest.mark.parametrize("level", ["GrpSts", "PmtInfSts"])
def test_a_rejection_within_a_rejection_for_having_come_before_is_unknown(level: str) -> None:
    why = status("RJCT", ["DU01"], name=level)
    line = transaction(pid(1), status("RJCT"))
    data = report(line, group=why) if level == "GrpSts" else report(why + line)
    assert read(data).lines[0].answer is UNKNOWN


LINE = transaction(pid(1), status("ACSC"))
PLAIN = report(LINE)
REFUSED = [
    ("rejected, and a line paid", report(LINE, group=status("RJCT", name="GrpSts")), "contradicts itself"),
    ("settled, and a line rejected", report(LINE.replace("ACSC", "RJCT"), group=status("ACSC", name="GrpSts")),
     "contradicts itself"),
    ("block rejected, and a line paid", report(status("RJCT", name="PmtInfSts") + LINE), "contradicts itself"),
    ("group and block", report(status("ACSC", name="PmtInfSts"), group=status("RJCT", name="GrpSts")), "contradicts"),
    ("status after its lines", report(LINE + status("RJCT", name="PmtInfSts")), "stands after the payments"),
    ("two statuses of the group", report(LINE, group=status("ACSC", name="GrpSts") * 2), "stands 2 times"),
    ("another message", report(LINE, kind="pain.008.001.08"), "not a payment order"),
    ("no message", PLAIN.replace(b"<OrgnlMsgId>B-1</OrgnlMsgId>", b""), "not a payment order"),
    ("two groups", PLAIN.replace(b"<OrgnlPmtInfAndSts>", b"<OrgnlGrpInfAndSts/><OrgnlPmtInfAndSts>"), "stands twice"),
    ("a version before blocks", report(LINE, namespace=NAMESPACE[:-2] + "02"), "kind or the version"),
    ("a version nobody knows", report(LINE, namespace=NAMESPACE[:-2] + "15"), "kind or the version"),
    ("no namespace", PLAIN.replace(f' xmlns="{NAMESPACE}"'.encode(), b""), "kind or the version"),
    ("an order", report(LINE, namespace=NAMESPACE.replace("002", "001", 1)), "kind or the version"),
    ("a line in a line", report(LINE.replace("<OrgnlInstrId>1<", f"<OrgnlInstrId>{LINE}<")), "does not belong"),
    ("a line beside the blocks", PLAIN.replace(b"<OrgnlPmtInfAndSts>", f"{LINE}<OrgnlPmtInfAndSts>".encode()),
     "does not belong"),
    ("a status with parts", PLAIN.replace(b"ACSC", b"AC<b/>SC"), "`TxSts` holds other elements"),
    ("an id with parts", PLAIN.replace(b"MSP", b"MS<b>P</b>").replace(b"<OrgnlEndToEndId>",
     b"<OrgnlEndToEndId><b>X</b>"), "holds other elements"),
    ("a batch of letters", report(group="<OrgnlNbOfTxs>two</OrgnlNbOfTxs>"), "not a number"),
    ("cut", PLAIN[:-20], "damaged or cut off"),
    ("glued", PLAIN + PLAIN.partition(b"\n")[2], "damaged or cut off"),
    ("a DTD", PLAIN.replace(b"<Document", b"<!DOCTYPE Document><Document", 1), "DTD or entities"),
    ("an entity", PLAIN.replace(b"<Document", b'<!DOCTYPE d [<!ENTITY a "ACSC">]><Document', 1), "DTD or entities"),
    ("an unknown entity", PLAIN.replace(b"ACSC", b"&paid;"), "damaged"),
    ("depth without end", PLAIN.replace(b"<OrgnlInstrId>1", b"<OrgnlInstrId>" + b"<a>" * 100_000), "deep"),
    ("a page for one status", PLAIN.replace(b"ACSC", b"A" * 20_000), "more than 10,000 characters"),
    ("GB18030", PLAIN.replace(b"UTF-8", b"GB18030").replace(b"ACSC", "ACSC样例".encode("gb18030")), "not UTF-8"),
    ("a table", b"a,b\n1,2\n", "damaged"),
    ("nothing", b" \n", "is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "why"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_a_file_that_is_damaged_cut_or_contradictory_is_refused_whole(name: str, data: bytes, why: str) -> None:
    with pytest.raises(MianshenError, match=r"^r.xml cannot be read|^r.xml is empty") as found:
        read(data)
    assert why in str(found.value)
    assert "ask the bank" in str(found.value)


@pytest.mark.parametrize("version", [f"{number:02d}" for number in range(3, 15)])
def test_every_version_with_blocks_is_read_with_any_prefix(version: str) -> None:
    data = report(LINE, namespace=NAMESPACE[:-2] + version)
    assert read(data).lines[0].answer is PAID
    prefixed = data.replace(b"</", b"</p:").replace(b"<", b"<p:").replace(b"<p:/p:", b"</p:").replace(b"<p:?", b"<?")
    assert read(prefixed.replace(b"xmlns=", b"xmlns:p=")).lines == read(data).lines


def test_elements_that_mean_nothing_here_are_passed_over() -> None:
    charges = (
        '<ChrgsInf><Amt Ccy="CNY">9.00</Amt></ChrgsInf><SplmtryData><x:TxSts xmlns:x="y">RJCT</x:TxSts></SplmtryData>'
    )
    (line,) = read(report(transaction(pid(1), status("ACSC"), "5.00", more=charges))).lines
    assert (line.answer, line.fen) == (PAID, 500)
