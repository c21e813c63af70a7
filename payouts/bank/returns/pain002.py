"""ISO 20022 pain.002 (CustomerPaymentStatusReport, versions 3 to 14): a stream of transactions → `AnswerFile`.

A status speaks for the transactions that the report names, never for others. A report that names none is a
`WholeBatch`, for a person to act on. What contradicts itself or stands out of order is refused whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer, AnswerFile, AnswerLine, BadLine
from payouts.bank.returns.leaves import Leaves, Path, read_leaves
from payouts.bank.returns.report import ACCEPTED_AT, CODES, PAYMENTS, REASON, TOTAL, Level, fen_of
from payouts.bank.returns.values import LineFault, payment_id, shortened

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1[0-4])")
_REPORT: Path = ("Document", "CstmrPmtStsRpt")
_GROUP: Path = (*_REPORT, "OrgnlGrpInfAndSts")
_BLOCK: Path = (*_REPORT, "OrgnlPmtInfAndSts")
_LINE: Path = (*_BLOCK, "TxInfAndSts")
_SENT_AT: Path = (*_REPORT, "GrpHdr", "CreDtTm")
_AMOUNT, _OTHER_AMOUNT = "OrgnlTxRef/Amt/InstdAmt", "OrgnlTxRef/Amt/EqvtAmt/Amt"
_ID, _STATUS, _BLOCK_STATUS, _GROUP_STATUS = "OrgnlEndToEndId", "TxSts", "PmtInfSts", "GrpSts"
_REASONS = (*CODES, REASON)
_WANTED: dict[Path, frozenset[Path]] = {
    level: frozenset((*level, *path.split("/")) for path in paths)
    for level, paths in {
        _LINE: (_ID, _STATUS, _AMOUNT, _OTHER_AMOUNT, ACCEPTED_AT, *_REASONS),
        _BLOCK: ("OrgnlPmtInfId", _BLOCK_STATUS, PAYMENTS, TOTAL, *_REASONS),
        _GROUP: ("OrgnlMsgId", "OrgnlMsgNmId", _GROUP_STATUS, PAYMENTS, TOTAL, *_REASONS),
        _SENT_AT[:-1]: (_SENT_AT[-1],),
    }.items()
}
_LEAVES = {path: level for level, paths in _WANTED.items() for path in paths}


def read_pain002(data: bytes, name: str, doubtful_codes: Collection[str] = ()) -> AnswerFile:
    """Read a report; `doubtful_codes` are the bank's own reason codes for "had that before".

    Raises:
        MianshenError: it is no whole pain.002 of a known version, answers no payment order, or contradicts itself.
    """
    report = _Report(frozenset(doubtful_codes))
    try:
        read_leaves(data, Leaves(_NAMESPACE, _LEAVES, (_GROUP, _BLOCK, _LINE), report.opened, report.closed))
        return report.answer_file(hashlib.sha256(data).hexdigest(), name)
    except (MianshenError, LineFault) as error:
        remedy = "nothing of it was read; ask the bank for the file anew"
        raise MianshenError(f"{name} cannot be read as a pain.002 report: {error}; {remedy}") from error


class _Report:
    """What was read so far."""

    def __init__(self, doubtful: frozenset[str]) -> None:
        self._doubtful = doubtful
        self._header = Level("")
        self._group = Level(_GROUP_STATUS, doubtful)
        self._block = self._line = Level("")
        self._levels = {_LINE: self._line, _BLOCK: self._block, _GROUP: self._group, _SENT_AT[:-1]: self._header}
        self._groups = self._blocks = 0
        self._number = 0
        self._lines_of_block = 0
        self._empty_blocks: list[Level] = []
        self._lines: list[AnswerLine] = []
        self._bad_lines: list[BadLine] = []

    def opened(self, path: Path) -> None:
        if path == _GROUP:
            self._groups += 1
            if self._groups > 1 or self._blocks:
                raise MianshenError("`OrgnlGrpInfAndSts` stands twice, or after the payments")
        elif path == _BLOCK:
            self._blocks += 1
            self._lines_of_block = 0
            self._block = self._levels[_BLOCK] = Level(_BLOCK_STATUS, self._doubtful, self._group.codes)
        elif path == _LINE:
            self._line = self._levels[_LINE] = Level(_STATUS, self._doubtful, self._block.codes)

    def closed(self, path: Path, text: str, currency: str) -> None:
        level = _LEAVES.get(path)
        if level is not None:
            if level == _BLOCK and self._lines_of_block:
                raise MianshenError(f"`{path[-1]}` stands after the payments it is about")
            leaf = "/".join(path[len(level) :])
            self._levels[level].add(leaf, f"{currency} {text.strip()}" if leaf == _AMOUNT else text)
        elif path == _LINE:
            self._close_line()
        elif path == _BLOCK:
            if not self._lines_of_block:
                self._empty_blocks.append(self._block)
            _refuse_contradiction(self._group.answer, self._block.answer, "a block of payments")

    def _close_line(self) -> None:
        self._number += 1
        self._lines_of_block += 1
        try:
            line = self._answer_line()
        except LineFault as fault:
            shown = shortened(" ".join(" ".join(texts) for texts in self._line.leaves.values()))
            self._bad_lines.append(BadLine(self._number, shown, str(fault)))
            return
        for above in (self._group, self._block):
            _refuse_contradiction(above.answer, line.answer, line.payment_id)
        self._lines.append(line)

    def _answer_line(self) -> AnswerLine:
        line = self._line
        if line.leaves.get(_OTHER_AMOUNT):
            raise LineFault("the amount was converted from another currency; ask the bank what was paid")
        return AnswerLine(
            line=self._number,
            payment_id=payment_id(line.one(_ID)),
            answer=line.answer or Answer.UNKNOWN,
            fen=fen_of(line.one(_AMOUNT)),
            code=line.code,
            reason=line.reason or ("" if line.one(_STATUS) else "the bank states no status"),
            said_on=line.said_on(self._header.one(_SENT_AT[-1])),
        )

    def answer_file(self, sha256: str, name: str) -> AnswerFile:
        batch_id, kind = self._group.one("OrgnlMsgId"), self._group.one("OrgnlMsgNmId")
        if not batch_id or not kind.startswith("pain.001"):
            raise MianshenError(f"it answers `{shortened(kind or batch_id)}`, not a payment order (pain.001)")
        sent_at = self._header.one(_SENT_AT[-1])
        if self._number:
            for block in self._empty_blocks:
                self._number += 1
                why = "a block of payments is answered without naming one; ask the bank for their lines"
                self._bad_lines.append(BadLine(self._number, shortened(block.one("OrgnlPmtInfId")), why))
            return AnswerFile(sha256, name, tuple(self._lines), tuple(self._bad_lines), batch_id)
        speaking = self._speaking()
        answer = speaking.answer if speaking else None
        whole = (speaking or self._group).whole(answer or Answer.UNKNOWN, sent_at)
        return AnswerFile(sha256, name, (), (), batch_id, whole)

    def _speaking(self) -> Level | None:
        """Return the level that speaks for a batch as a whole: the group, or its one block if that is all."""
        if self._group.answer is not None:
            return self._group
        only = self._empty_blocks[0] if len(self._empty_blocks) == 1 else None
        count = self._group.one(PAYMENTS)
        return only if only and count and only.one(PAYMENTS) == count else None


def _refuse_contradiction(higher: Answer | None, lower: Answer | None, where: str) -> None:
    if {higher, lower} == {Answer.PAID, Answer.RETURNED}:
        raise MianshenError(f"it contradicts itself: {shortened(where)} is {lower}, and its whole is {higher}")
