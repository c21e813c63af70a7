"""Rows of a mapped return file → `AnswerFile`: one judgement per line, and the control row held against them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer, AnswerLine, BadLine
from payouts.bank.returns.mapping import ControlRow, ReturnMapping
from payouts.bank.returns.values import (
    LineFault,
    day,
    fen_of_fen,
    fen_of_yuan,
    payment_id,
    refuse_number,
    shortened,
    trimmed,
)

# In a line whose cells are shifted, an account may stand anywhere.
_ACCOUNT = re.compile(r"[0-9]{8,}(?=[0-9]{4})")


@dataclass(frozen=True)
class Row:
    """A row that is not blank: where it stands, from 1, its cells, and why these cannot be told apart, if so."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""
    raw: str = ""


def answers(rows: Iterable[Row], mapping: ReturnMapping) -> tuple[tuple[AnswerLine, ...], tuple[BadLine, ...]]:
    """Judge every row of a file: headings, control row and lines.

    Raises:
        MianshenError: headings are missing or doubled, or the control row is missing or says something else.
    """
    body = list(rows)
    control = _take_control(body, mapping.control)
    columns, width = _columns(body, mapping)
    lines: list[AnswerLine] = []
    bad_lines: list[BadLine] = []
    for row in body:
        try:
            lines.append(_line(row, columns, width, mapping))
        except LineFault as fault:
            bad_lines.append(BadLine(row.line, _shown(row, columns), str(fault)))
    if mapping.control and control:
        _check_control(control, mapping.control, mapping, lines, len(bad_lines))
    return tuple(lines), tuple(bad_lines)


def _take_control(body: list[Row], form: ControlRow | None) -> Row | None:
    if form is None:
        return None
    row = (body.pop(0) if form.at == "first" else body.pop()) if body else None
    if row is None or not _is_control(row, form):
        raise MianshenError(f"its {form.at} row is not the control row of the mapping: it is cut off, or another form")
    again = next((other.line for other in body if form.begins_with and _is_control(other, form)), None)
    if again is not None:
        raise MianshenError(f"a control row stands on line {again}, too: it is two files in one")
    return row


def _is_control(row: Row, form: ControlRow) -> bool:
    return form.begins_with is None or trimmed(row.cells[0] if row.cells else "").startswith(form.begins_with)


def _columns(body: list[Row], mapping: ReturnMapping) -> tuple[dict[str, int], int]:
    """Return which cell holds what, and how many cells a line has; takes the rows down to the headings away."""
    wanted = mapping.columns.named()
    if mapping.heading_row == 0:
        return {name: int(position) - 1 for name, position in wanted.items()}, int(mapping.width or 0)
    heading = next((row for row in body if row.line == mapping.heading_row), None)
    if heading is None or heading.fault:
        raise MianshenError(f"its row {mapping.heading_row} holds no headings")
    body[:] = [row for row in body if row.line > mapping.heading_row]
    headings = [trimmed(cell) for cell in heading.cells]
    for title in wanted.values():
        if headings.count(str(title)) != 1:
            times = "is missing" if title not in headings else "stands more than once"
            raise MianshenError(
                f"heading `{title}` {times} in row {mapping.heading_row}: {shortened(', '.join(headings))}"
            )
    return {name: headings.index(str(title)) for name, title in wanted.items()}, len(headings)


def _line(row: Row, columns: Mapping[str, int], width: int, mapping: ReturnMapping) -> AnswerLine:
    if row.fault or len(row.cells) != width:
        why = row.fault or f"it has {len(row.cells)} cells, and a line has {width}"
        raise LineFault(f"{why}; ask the bank for the file anew")
    cell = {name: trimmed(row.cells[index]) for name, index in columns.items()}
    name = payment_id(cell["payment_id"])
    refuse_number(cell.get("payee_account", ""), "the payee's account")
    code = cell.get("code", "")
    return AnswerLine(
        line=row.line,
        payment_id=name,
        answer=_answer(cell["status"], code, mapping),
        fen=_fen(cell["amount"], mapping) if "amount" in cell else None,
        code=shortened(code or cell["status"]),
        reason=shortened(cell.get("reason", "")),
        said_on=_day(cell.get("date", ""), mapping),
    )


def _answer(word: str, code: str, mapping: ReturnMapping) -> Answer:
    if word in mapping.paid:
        return Answer.PAID
    if word in mapping.returned and code not in mapping.doubtful_codes:
        return Answer.RETURNED
    return Answer.UNKNOWN


def _fen(text: str, mapping: ReturnMapping) -> int:
    refuse_number(text, "the amount")
    return fen_of_fen(text) if mapping.amounts == "fen" else fen_of_yuan(text)


def _day(text: str, mapping: ReturnMapping) -> str:
    if mapping.form == "csv":
        return day(text, mapping.days)
    # A workbook's own days come out in the ISO form, with the hour.
    return day(text.removesuffix(" 00:00:00"), mapping.days, "YYYY-MM-DD")


def _shown(row: Row, columns: Mapping[str, int]) -> str:
    """Return what a message shows of a line: the cells that are mapped, and of an account the last four digits."""
    kept = [row.cells[i] for name, i in columns.items() if i < len(row.cells) and name != "payee_account"]
    return shortened(_ACCOUNT.sub("…", " | ".join(map(trimmed, kept)) if not row.fault else row.raw))


def _check_control(row: Row, form: ControlRow, mapping: ReturnMapping, lines: list[AnswerLine], bad_lines: int) -> None:
    found = len(lines) + bad_lines
    stated = trimmed(row.cells[form.count - 1]) if form.count <= len(row.cells) else ""
    if not (stated.isascii() and stated.isdigit() and int(stated[:15]) == found):
        raise MianshenError(f"its control row states `{shortened(stated)}` lines, not {found}: it is cut or damaged")
    if form.total is None or bad_lines:  # the sum of lines that cannot be read is not known
        return
    total = sum(line.fen or 0 for line in lines)
    try:
        stated_total = _fen(row.cells[form.total - 1] if form.total <= len(row.cells) else "", mapping)
    except LineFault as fault:
        raise MianshenError(f"the total of its control row cannot be read: {fault}") from fault
    if stated_total != total:
        raise MianshenError(f"its control row states {stated_total} fen in all, not {total}: it is damaged")
