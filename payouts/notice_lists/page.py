"""A notice as a web page: one file without anything from elsewhere, for a bureau's site and for paper."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from payouts.notice_lists.notice import Notice, in_chinese, yuan

_TEMPLATE = Path(__file__).parent / "notice.html.j2"


def html(notice: Notice) -> bytes:
    """Return the page in UTF-8; the same notice gives the same bytes. Texts are escaped, whatever they hold."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"yuan": yuan, "day": in_chinese}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(notice=notice).encode()
