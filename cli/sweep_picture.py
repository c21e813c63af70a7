"""A sweep as a picture for a memo: what it costs and whom it reaches at each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from cli.money import FEN_A_WAN
from cli.svg import BAND, GREY, MARK, OPEN, SURE, area, label, line, marks, page, rect

if TYPE_CHECKING:
    from matcher.simulate.sweep import Point, Sweep

_WIDTH, _LEFT, _RIGHT, _TOP = 960, 110, 40, 128
_COST_HEIGHT, _GAP, _FIRMS_HEIGHT = 250, 74, 150
_GRID = "#e5e5e5"
_LABELS = 10  # more values than this are not all written out
_MOST_AN_EIGHTH = 8
_ROOM_FOR_A_NUMBER = 20


@dataclass(frozen=True)
class _Scale:
    """A panel's vertical scale: `top` marks the upper edge, in pixels."""

    top: float
    height: float
    ticks: Sequence[float]

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.ticks[-1])

    def drawn(self, title: str) -> Iterator[str]:
        yield label(24, self.top - 14, title, size=13, bold=True)
        for tick in self.ticks:
            yield line([(_LEFT, self.y(tick)), (_WIDTH - _RIGHT, self.y(tick))], _GRID, width=1)
            yield label(_LEFT - 10, self.y(tick) + 4, f"{tick:,.0f}", size=12, anchor="end", fill=GREY)


def write_sweep(path: Path, sweep: Sweep) -> None:
    """Write the picture.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(drawn(sweep), encoding="utf-8")


def drawn(sweep: Sweep) -> str:
    """Return the picture: the cost between its lower and its upper end, and below it the firms."""
    xs = list(_positions(sweep.points))
    costs = any(point.totals.upper_fen for point in sweep.points)
    top = float(_TOP)
    bottom = top + _FIRMS_HEIGHT + (_COST_HEIGHT + _GAP if costs else 0)
    body = list(_own(sweep.points, xs, _TOP, bottom))
    if costs:
        body += _costs(sweep.points, xs, top)
        top += _COST_HEIGHT + _GAP
    body += _firms(sweep.points, xs, top)
    body += _values(sweep.points, xs, bottom)
    context = sweep.context
    subtitles = (
        f"改变的条件：{sweep.varied}",
        f"期间 {context.period}，以 {context.as_of} 为准 · 快照 {sweep.snapshot} · 模拟，未发放",
    )
    return page(_WIDTH, int(bottom) + 64, f"{sweep.title}：不同取值的资金与企业", subtitles, body)


def _positions(points: Sequence[Point]) -> Iterator[float]:
    """Yield where each value stands: in proportion, or evenly where that would crowd them."""
    low, high, room = float(points[0].value), float(points[-1].value), _WIDTH - _LEFT - _RIGHT - 80
    gaps = [float(b.value - a.value) for a, b in pairwise(points)]
    even = not gaps or max(gaps) > _MOST_AN_EIGHTH * min(gaps)
    for place, point in enumerate(points):
        share = place / max(len(points) - 1, 1) if even else (float(point.value) - low) / (high - low)
        yield _LEFT + 40 + room * share


def _costs(points: Sequence[Point], xs: Sequence[float], top: float) -> Iterator[str]:
    bounded = all(point.totals.bound_fen is not None for point in points)
    lower = [point.totals.lower_fen / FEN_A_WAN for point in points]
    upper = [_upper(point, bounded=bounded) / FEN_A_WAN for point in points]
    scale = _Scale(top, _COST_HEIGHT, marks(max(upper)))
    yield from scale.drawn("资金（万元）")
    low, high = (list(zip(xs, map(scale.y, values), strict=True)) for values in (lower, upper))
    yield area([*high, *reversed(low)], BAND)
    yield line(high, OPEN, dashes="6 4")
    yield line(low, SURE, width=2.5)
    for (x, y), value in zip(high, upper, strict=True):
        if len(points) <= _LABELS and value:
            yield label(x, y - 8, f"{value:,.0f}", size=11, anchor="middle", fill=OPEN)
    for (x, y), value in zip(low, lower, strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{SURE}"/>'
        if len(points) <= _LABELS:
            yield label(
                x, y + 18 if y < scale.y(0) - 24 else y - 8, f"{value:,.0f}", size=11, anchor="middle", fill=SURE
            )
    what = "加上待定企业，最多" if bounded else "加上待定企业中金额可算的（不是上限）"
    yield from _key(top - 18, ((SURE, "确定发放"), (OPEN, what)))


def _upper(point: Point, *, bounded: bool) -> int:
    bound = point.totals.bound_fen
    return bound if bounded and bound is not None else point.totals.upper_fen


def _firms(points: Sequence[Point], xs: Sequence[float], top: float) -> Iterator[str]:
    most = max(point.totals.eligible + point.totals.undetermined for point in points)
    scale = _Scale(top, _FIRMS_HEIGHT, marks(max(most, 1)))
    yield from scale.drawn("企业（家）")
    closest = min((b - a for a, b in pairwise(xs)), default=80.0)
    width = min(44.0, closest * 0.6)
    for x, point in zip(xs, points, strict=True):
        sure, both = scale.y(point.totals.eligible), scale.y(point.totals.eligible + point.totals.undetermined)
        yield rect(x - width / 2, sure, width, scale.y(0) - sure, SURE)
        yield rect(x - width / 2, both, width, sure - both, OPEN)
        if len(points) > _LABELS:
            continue
        if point.totals.undetermined:
            yield label(x, both - 5, f"+{point.totals.undetermined:,}", size=11, anchor="middle", fill=OPEN)
        inside = scale.y(0) - sure > _ROOM_FOR_A_NUMBER
        if inside:
            yield label(x, sure + 15, f"{point.totals.eligible:,}", size=11, anchor="middle", fill="#ffffff")
        elif not point.totals.undetermined:
            yield label(x, both - 5, f"{point.totals.eligible:,}", size=11, anchor="middle", fill=SURE)
    yield from _key(top - 18, ((SURE, "可享"), (OPEN, "待定")))


def _key(y: float, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    x = float(_LEFT + 60)
    for colour, text in entries:
        yield rect(x, y - 6, 12, 12, colour)
        yield label(x + 18, y + 4, text, size=12)
        x += 40 + 13 * len(text)


def _values(points: Sequence[Point], xs: Sequence[float], bottom: float) -> Iterator[str]:
    every = -(-len(points) // _LABELS)
    for place, (x, point) in enumerate(zip(xs, points, strict=True)):
        if place % every == 0 or point.own:
            yield label(x, bottom + 20, point.written, size=12, anchor="middle", bold=point.own)


def _own(points: Sequence[Point], xs: Sequence[float], top: float, bottom: float) -> Iterator[str]:
    """Mark the value that stands in the file."""
    for x, point in zip(xs, points, strict=True):
        if point.own:
            yield line([(x, top), (x, bottom)], MARK, width=1, dashes="3 3")
            yield label(x, bottom + 38, "文件中的取值", size=11, anchor="middle", fill=GREY)
