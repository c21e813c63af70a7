"""The funnel of a policy as a picture for a memo: how many firms are left after each condition."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.svg import GREY, OPEN, SURE, label, line, page, rect

if TYPE_CHECKING:
    from matcher.simulate.marginal import Conditions, Step

_WIDTH, _LABEL, _BARS, _LINE, _TOP = 960, 330, 410, 46, 118
_CHARACTERS = 22  # of a condition's text in one line
_GREY_BAR = "#eeeeee"
_NEVER_FIRST = tuple("，、；。）")
_DWARFED, _ROOM = 4, 1.4  # a longer scope is broken, and stands out over what follows it


def write_funnel(path: Path, found: Conditions) -> None:
    """Write the picture.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(drawn(found), encoding="utf-8")


def drawn(found: Conditions) -> str:
    """Return the picture: a bar a condition, on one scale; what is open stands behind what is sure."""
    context = found.context
    subtitles = (f"期间 {context.period}，以 {context.as_of} 为准 · 快照 {found.snapshot} · 模拟",)
    left = [step.sure + step.open for step in found.funnel]
    full = _full(left)
    alone = {effect.condition: effect.more_eligible for effect in found.effects}
    body = list(_key())
    before = left[0]
    for place, step in enumerate(found.funnel):
        body += _line(step, _TOP + _LINE * place, full, before)
        before = step.sure + step.open
    bottom = _TOP + _LINE * len(found.funnel)
    most = max(alone.items(), key=lambda entry: entry[1], default=None)
    if most is not None and most[1]:
        texts = {effect.condition: effect.text for effect in found.effects}
        said = f"单独影响最大的条件：{texts[most[0]]}。不设此条件，可享企业增加 {most[1]:,} 家。"
        body.append(label(24, bottom + 26, said, size=13))
    return page(_WIDTH, bottom + 48, f"{found.title}：逐项条件后的企业数", subtitles, body)


def _full(firms: Sequence[int]) -> int:
    """Return how many firms fill the width; where the scope dwarfs all that follows, its bar is broken."""
    after = max(firms[1:], default=0)
    return math.ceil(after * _ROOM) if after and firms[0] > _DWARFED * after else max(*firms, 1)


def _key() -> Iterator[str]:
    for place, (colour, text) in enumerate(
        ((SURE, "确定符合"), (OPEN, "因数据不全而待定"), (_GREY_BAR, "被该条件排除"))
    ):
        yield rect(24 + 150 * place, 78, 12, 12, colour)
        yield label(42 + 150 * place, 89, text, size=12)


def _line(step: Step, y: int, full: int, before: int) -> Iterator[str]:
    text = step.text
    half = min(-(-len(text) // 2), _CHARACTERS)
    half += text[half : half + 1] in _NEVER_FIRST
    lines = [text] if len(text) <= _CHARACTERS else [text[:half], _cut(text[half:])]
    for place, part in enumerate(lines):
        yield label(_LABEL - 14, y + (20 if len(lines) == 1 else 13 + 16 * place), part, size=13, anchor="end")
    scale, left = _BARS / full, step.sure + step.open
    behind = min(before * scale, _BARS)
    yield rect(_LABEL, y + 2, behind, 26, _GREY_BAR)
    # What is not nothing can be seen.
    opened = min(max(step.open * scale, 2.0), _BARS / 2) if step.open else 0.0
    sure = min(max(step.sure * scale, 2.0), _BARS - opened) if step.sure else 0.0
    yield rect(_LABEL, y + 2, sure, 26, SURE)
    yield rect(_LABEL + sure, y + 2, opened, 26, OPEN)
    if max(left, before) > full:
        x = _LABEL + _BARS * 0.85
        yield line([(x, y + 32), (x + 12, y - 2)], "#ffffff", width=6)
    kept = f" · 保留 {left / before:.1%}" if before and left < before else ""
    note = f"{step.sure:,} 家" + (f"，待定 {step.open:,}" if step.open else "") + kept
    yield label(_LABEL + max(sure + opened, behind) + 8, y + 20, note, size=12, fill=GREY)


def _cut(text: str) -> str:
    return text if len(text) <= _CHARACTERS else f"{text[: _CHARACTERS - 1]}…"
