"""One row of the review sheet: what it says of an entry, and what later proves that it was only filled."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.codes.regions import name_of
from enterprise_data.identity.candidates.differences import Comparison
from enterprise_data.identity.review.entries import Candidate, Entry
from enterprise_data.identity.review.wording import difference, reason

SHEET = "待核"
NONE = "无"
DECISION, REASON = "决定", "理由"
ID, REGISTER, SEAL = "标识", "名册", "校验"
CANDIDATES = tuple(f"候选{rank}" for rank in range(1, 6))
SHOWN = ("数据集", "名称", "行号", "企业名称", "代码", "日期", "未关联原因")
WIDTHS = {
    **dict(zip(SHOWN, (14, 16, 14, 36, 24, 12, 22), strict=True)),
    DECISION: 12,
    REASON: 24,
    **dict.fromkeys(CANDIDATES, 34),
    ID: 10,
    REGISTER: 10,
    SEAL: 10,
}
HEADINGS = tuple(WIDTHS)
_LONGEST = 500


def cells_of(
    entry: Entry, comparisons: Sequence[Comparison | None], catalogue: Catalogue, register_sha256: str
) -> dict[str, str]:
    """Return the texts of an entry's row by heading; decision and reason are empty."""
    subject, dataset = entry.subject, catalogue.datasets.get(entry.subject.dataset)
    codes = (subject.uscc, subject.organisation_code, subject.registration_no)
    days = dict.fromkeys(day.isoformat() for day in (entry.first_day, entry.last_day) if day is not None)
    more = f" 等，共 {entry.rows:,} 行" if entry.rows > len(entry.row_nos) else ""
    texts = (
        subject.dataset,
        dataset.title.zh if dataset else "",
        ", ".join(map(str, entry.row_nos)) + more,
        subject.name or "",
        " / ".join(code for code in codes if code),
        " 至 ".join(days),
        reason(entry.reason).zh,
    )
    cells = {heading: printable(text) for heading, text in zip(SHOWN, texts, strict=True)}
    cells |= dict.fromkeys((DECISION, REASON, *CANDIDATES), "")
    found = zip(CANDIDATES, entry.candidates, comparisons, strict=False)
    cells |= {heading: _candidate(one, comparison) for heading, one, comparison in found}
    cells |= {ID: entry.id, REGISTER: register_sha256}
    return cells | {SEAL: seal(cells)}


def seal(cells: Mapping[str, str]) -> str:
    """Return what tells whether anything but the decision and its reason was changed; spaces do not count."""
    kept = [" ".join(cells[heading].split()) for heading in (*SHOWN, *CANDIDATES, ID, REGISTER)]
    return hashlib.sha256("\x1f".join(kept).encode()).hexdigest()[:16]


def printable(text: str) -> str:
    """Return a text as a cell can hold it: no control characters, none of the sheet's own escapes, not endless."""
    seen = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    seen = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "＿", seen)
    return seen if len(seen) <= _LONGEST else f"{seen[:_LONGEST]}…"


def place_name(region: str | None) -> str:
    """Return the name of a region by its code, the code where the table has no name, nothing for none."""
    try:
        return name_of(region) if region else ""
    except LookupError:
        return region or ""


def _candidate(one: Candidate, comparison: Comparison | None) -> str:
    where = place_name(one.region)
    named = f"{printable(one.name or '')}（{where}）" if where else printable(one.name or "")
    return "\n".join((one.uscc, named, printable(difference(one, comparison).zh)))
