"""A thousand damaged return files: none crashes the reader, and none says of a payment what its bytes do not.

What is asked of a damaged file that is still read:
- its lines and bad lines are all its lines;
- a payment of the good file is answered as there, or is unknown: one flipped byte never turns returned into paid;
- an id that the good file does not have differs from one that it has in the damaged place only, so the ledger, which
  knows every id it sent, calls the line foreign;
- an amount that differs stands so in the bytes, for the ledger to find.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer, AnswerFile, AnswerLine
from payouts.bank.returns.mapping import find_return_mapping
from payouts.bank.returns.read import read_return
from tests.payouts.returns.files import comma, pid, pipe, report, status, transaction, workbook

_COUNT = 30
_COMMA_WORDS = [("交易成功", "0000", ""), ("交易失败", "E1", "户名不符"), ("处理中", "", "")]
_PIPE_WORDS = [("00", "", ""), ("E1", "A1", "户名不符"), ("99", "", "")]
_STATUSES = [status("ACSC"), status("RJCT", ["AC04"]), status("ACSP")]


def _comma(numbers: range) -> bytes:
    return comma([(pid(n), f"{n * 7}.{n:02d}", *_COMMA_WORDS[n % 3]) for n in numbers])


def _pipe(numbers: range) -> bytes:
    return pipe([(pid(n), f"{n * 700}", *_PIPE_WORDS[n % 3]) for n in numbers])


def _xml(numbers: range) -> bytes:
    lines = [transaction(pid(n), _STATUSES[n % 3], f"{n * 7}.{n:02d}") + "\n" for n in numbers]
    return report("".join(lines[:10]), "".join(lines[10:]))


_WORKBOOK = workbook(
    [(pid(n), f"{n * 7}.00", ["成功", "失败", "处理中"][n % 3], "", "2024-03-05") for n in range(1, _COUNT)]
)


_MAPPINGS = {form: find_return_mapping(f"sample-{form}-return") for form in ("comma", "pipe", "workbook")}


def _read(form: str, data: bytes) -> AnswerFile:
    return read_return(data, "r", _MAPPINGS.get(form))


_MADE = {"comma": _comma, "pipe": _pipe, "xml": _xml}
_FILES = {form: make(range(1, _COUNT)) for form, make in _MADE.items()} | {"workbook": _WORKBOOK}
_GOOD = {form: _read(form, data) for form, data in _FILES.items()}


def _said(line: AnswerLine) -> tuple[str, Answer, int | None]:
    return line.payment_id, line.answer, line.fen


def _flip(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


def _overwrite(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + draw.choice([b"0", b"9", b",", b"|", b'"', b"\n", b"<", b"A", b"\0", b"\xff"]) + data[at + 1 :]


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data))]


def _cut_out(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + data[at + draw.randrange(1, 60) :]


def _doubled_line(data: bytes, draw: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    at = draw.randrange(len(lines))
    return b"".join([*lines[: at + 1], *lines[at:]])


def _lost_line(data: bytes, draw: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[draw.randrange(len(lines))]
    return b"".join(lines)


def _damage_is_one_place(form: str, data: bytes, before: AnswerFile, found: AnswerFile) -> None:
    """Assert the sentences of this module's first lines."""
    good = {line.payment_id: line for line in before.lines}
    changed = [line for line in found.lines if _said(line) not in set(map(_said, before.lines))]
    for line in changed:
        original = good.get(line.payment_id)
        if original is None:
            assert line.payment_id.encode("gb18030" if form == "pipe" else "utf-8") in data
        else:
            assert line.answer in {original.answer, Answer.UNKNOWN}
            assert line.fen in {None, original.fen} or _stands(form, data, line)
    assert len(changed) <= 2  # a line end that is lost or made touches two lines


def _stands(form: str, data: bytes, line: AnswerLine) -> bool:
    """Tell whether an amount stands in the bytes close behind its payment's id."""
    at = data.index(line.payment_id.encode())
    written = data[at : at + 300].decode("gb18030" if form == "pipe" else "utf-8", "replace")
    amounts = re.findall(r"[0-9][0-9,.]*", written)
    scale = 1 if form == "pipe" else 100
    return line.fen is not None and any(_hundredths(text) * scale == line.fen * 100 for text in amounts)


def _hundredths(text: str) -> int:
    whole, _, decimals = text.replace(",", "").partition(".")
    return int(whole or 0) * 100 + int(re.sub("[^0-9]", "", decimals)[:2].ljust(2, "0"))


_MUTATIONS = [_flip, _overwrite, _cut, _cut_out, _doubled_line, _lost_line]


@pytest.mark.parametrize("mutate", _MUTATIONS, ids=lambda mutate: mutate.__name__.strip("_"))
@pytest.mark.parametrize("form", ["comma", "pipe", "xml"])
def test_a_damaged_file_is_refused_or_says_what_its_bytes_say(
    form: str, mutate: Callable[[bytes, random.Random], bytes]
) -> None:
    refused = 0
    for seed in range(60):
        data = mutate(_FILES[form], random.Random(f"{form} {mutate.__name__} {seed}"))
        try:
            found = _read(form, data)
        except MianshenError:
            refused += 1
            continue
        assert found.whole_batch is None, seed
        _damage_is_one_place(form, data, _GOOD[form], found)
    if mutate is _cut:
        assert refused >= 59
    if mutate in (_doubled_line, _lost_line) and form != "xml":
        assert refused == 60  # the control row counts


@pytest.mark.parametrize("form", ["comma", "pipe", "xml"])
def test_no_single_bit_turns_returned_into_paid(form: str) -> None:
    data = _MADE[form](range(1, 4))
    before = _read(form, data)
    read = 0
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = _read(form, bytes(flipped))
        except MianshenError:
            continue
        read += 1
        _damage_is_one_place(form, bytes(flipped), before, found)
    assert read > len(data) // 2


@pytest.mark.parametrize("mutate", [_flip, _overwrite, _cut, _cut_out], ids=lambda mutate: mutate.__name__.strip("_"))
def test_a_damaged_workbook_is_refused_or_reads_as_before(mutate: Callable[[bytes, random.Random], bytes]) -> None:
    for seed in range(10):
        data = mutate(_WORKBOOK, random.Random(f"{mutate.__name__} {seed}"))
        try:
            found = _read("workbook", data)
        except MianshenError:
            continue
        assert set(map(_said, found.lines)) <= set(map(_said, _GOOD["workbook"].lines)), seed
        assert found.line_count == _GOOD["workbook"].line_count, seed


@pytest.mark.parametrize("seed", range(20))
def test_swapped_columns_answer_the_same_or_nobody(seed: int) -> None:
    draw = random.Random(seed)
    first, second = draw.sample(range(9), 2)

    def swapped(line: str) -> str:
        cells = line.split(",")
        if len(cells) == 9:
            cells[first], cells[second] = cells[second], cells[first]
        return ",".join(cells)

    lines = _FILES["comma"].decode().split("\r\n")
    with_headings = "\r\n".join(map(swapped, lines))
    assert list(map(_said, _read("comma", with_headings.encode()).lines)) == list(map(_said, _GOOD["comma"].lines))
    without = "\r\n".join([lines[0], *map(swapped, lines[1:])])
    try:
        found = _read("comma", without.encode())
    except MianshenError:
        return
    known = {line.payment_id: line for line in _GOOD["comma"].lines}
    for line in found.lines:
        if line.payment_id in known and line.answer is not Answer.UNKNOWN:
            assert _said(line) == _said(known[line.payment_id])


def test_a_workbook_in_which_one_cell_is_rewritten_says_what_it_says() -> None:
    shared = "xl/sharedStrings.xml"
    with zipfile.ZipFile(io.BytesIO(_WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[shared] = parts[shared].replace("失败<".encode(), "失 败<".encode()).replace(b"7.00<", b"7.005<", 1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    found = _read("workbook", buffer.getvalue())
    assert not any(line.answer is Answer.RETURNED for line in found.lines)
    assert len(found.bad_lines) == 1
