"""A linking report as a picture for a memo: an SVG of bars, drawn as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from enterprise_data.identity.wording import BY_CODE, BY_NAME, BY_PERSON, REASONS, RULES, kind_of

if TYPE_CHECKING:
    from enterprise_data.snapshot.linking_report import DatasetLinks, LinkingReport

_WIDTH, _LABEL, _BARS, _LINE, _TOP = 960, 290, 470, 30, 96
_NOT_LINKED = "not linked"
# Told apart also in print and by those who see no red or green: from dark to light, and orange.
_COLOURS = {BY_CODE: "#1f4e79", BY_NAME: "#5b9bd5", BY_PERSON: "#9dc3e6", _NOT_LINKED: "#e07b00"}
_LEGEND = {BY_CODE: "凭代码关联", BY_NAME: "凭名称关联", BY_PERSON: "人工认定", _NOT_LINKED: "未关联"}
_FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"


@dataclass(frozen=True)
class _Bar:
    """One line: parts (how many, of which kind), on a scale on which `full` fills the width."""

    label: str
    parts: tuple[tuple[int, str], ...]
    full: int
    note: str


def write_picture(path: Path, report: LinkingReport) -> None:
    """Write the picture: all datasets by what links rest on, or one dataset by rule and reason.

    Raises:
        OSError: the file cannot be written.
    """
    one = report.datasets[0] if len(report.datasets) == 1 else None
    title = f"{one.title}（{one.department}）：数据行与企业的关联" if one else "各部门数据与企业的关联"
    drawn = _drawn(title, _subtitle(report), _of_one(one) if one else _of_all(report.datasets))
    path.write_text(drawn, encoding="utf-8")


def _subtitle(report: LinkingReport) -> str:
    rows, left = (sum(getattr(d, name) for d in report.datasets) for name in ("delivered", "unlinked_rows"))
    return (
        f"共 {rows:,} 行，其中未关联 {left:,} 行，因此事实待定的企业 {report.open_firms:,} 家 · 快照 {report.snapshot}"
    )


def _of_all(datasets: Sequence[DatasetLinks]) -> list[_Bar]:
    bars = []
    for entry in datasets:
        kinds = dict.fromkeys(_COLOURS, 0)
        for rule, rows in entry.linked:
            kinds[kind_of(rule)] += rows
        kinds[_NOT_LINKED] = entry.unlinked_rows
        total = sum(kinds.values())
        note = f"{total:,} 行" + (f"，未关联 {entry.unlinked_rows:,}" if entry.unlinked_rows else "")
        bars.append(_Bar(entry.title, tuple((rows, kind) for kind, rows in kinds.items()), total, note))
    return bars


def _of_one(entry: DatasetLinks) -> list[_Bar]:
    counts = [(RULES[rule].zh, rows, kind_of(rule)) for rule, rows in entry.linked]
    counts += [(REASONS[left.reason].means.zh, left.rows, _NOT_LINKED) for left in entry.unlinked]
    most = max((rows for _, rows, _ in counts), default=1)
    return [_Bar(label, ((rows, kind),), most, f"{rows:,} 行") for label, rows, kind in counts]


def _drawn(title: str, subtitle: str, bars: Sequence[_Bar]) -> str:
    height = _TOP + _LINE * len(bars) + 24
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONT}" font-size="14">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="24" y="32" font-size="20" font-weight="bold">{escape(title)}</text>',
        f'<text x="24" y="54" font-size="12" fill="#555555">{escape(subtitle)}</text>',
        *_legend({kind for bar in bars for rows, kind in bar.parts if rows}),
    ]
    for number, bar in enumerate(bars):
        lines += _line(bar, _TOP + _LINE * number)
    return "\n".join([*lines, "</svg>", ""])


def _legend(kinds: set[str]) -> Iterator[str]:
    x = 24
    for kind in (kind for kind in _COLOURS if kind in kinds):
        yield f'<rect x="{x}" y="66" width="12" height="12" fill="{_COLOURS[kind]}"/>'
        yield f'<text x="{x + 18}" y="77" font-size="12">{_LEGEND[kind]}</text>'
        x += 120


def _line(bar: _Bar, y: int) -> Iterator[str]:
    yield f'<text x="{_LABEL - 12}" y="{y + 18}" text-anchor="end">{escape(bar.label)}</text>'
    x = float(_LABEL)
    for rows, kind in bar.parts:
        # What is not nothing can be seen.
        width = max(rows / bar.full * (_BARS - 2 * len(bar.parts)), 2.0) if rows else 0.0
        if width:
            yield f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="20" fill="{_COLOURS[kind]}"/>'
        x += width
    yield f'<text x="{x + 8:.1f}" y="{y + 18}" font-size="12" fill="#333333">{escape(bar.note)}</text>'
