"""Parts of pictures for memos: SVG drawn as text, with scales whose marks are round numbers."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
# Told apart also in print and by those who see no red or green.
SURE, OPEN, BAND, MARK, GREY = "#1f4e79", "#e07b00", "#cfe0f1", "#8a8a8a", "#555555"


def page(width: int, height: int, title: str, subtitles: Sequence[str], body: Sequence[str]) -> str:
    """Return a whole picture: a white page with its title, smaller lines below it, and what is drawn."""
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    below = [label(24, 56 + 18 * i, line, size=12, fill=GREY) for i, line in enumerate(subtitles)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" font-size="14">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            label(24, 32, title, size=20, bold=True),
            *below,
            *body,
            "</svg>",
            "",
        ]
    )


def label(
    x: float, y: float, text: str, *, size: int = 14, anchor: str = "start", fill: str = "#111111", bold: bool = False
) -> str:
    """Return a line of text."""
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}"{weight}>{escape(text)}</text>'


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def line(points: Sequence[tuple[float, float]], stroke: str, *, width: float = 2, dashes: str = "") -> str:
    """Return a line through points."""
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{way}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashed}/>'


def area(points: Sequence[tuple[float, float]], fill: str) -> str:
    """Return a filled shape with these corners."""
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{way}" fill="{fill}"/>'


def marks(highest: float) -> list[float]:
    """Return round numbers from nothing up to at least `highest`, five or so.

    >>> marks(870)
    [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    step = 1.0
    while step * 6 < highest:
        step = {"1": step * 2, "2": step * 2.5, "5": step * 2}[f"{step:.0e}"[0]]
    count = max(1, -int(-highest // step))
    return [step * i for i in range(count + 1)]
