"""In what way a row's name differs from a firm's: a few patterns, each with its sentence for a clerk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.identity.candidates.contrast import with_patterns
from enterprise_data.identity.frames import replace_table


@dataclass(frozen=True)
class Pattern:
    """A way in which two names differ. `likely`: one name may well be a slip or another spelling of the other."""

    id: str
    likely: bool
    zh: str
    en: str


PATTERNS = {
    pattern.id: pattern
    for pattern in (
        Pattern("same", True, "名称相同", "the names are the same"),
        Pattern("spelling", True, "只是繁简、括号或标点不同", "only script, brackets or signs differ"),
        Pattern("numeral", True, "只是数字写法不同", "only the spelling of a number differs"),
        Pattern("number", False, "序号不同，应为两家", "the numbers differ: these are two firms"),
        Pattern("branch_missing", False, "一为分支机构，一为其所属企业", "one is a branch, the other its parent"),
        Pattern("other_place", False, "行政区划不同，应为两家", "the places differ: these are two firms"),
        Pattern("place", True, "只是行政区划的写法或有无不同", "only the place is left out or written otherwise"),
        Pattern("form", True, "只是组织形式不同", "only the organisation form differs"),
        Pattern("place_and_form", True, "只是行政区划和组织形式不同", "only place and organisation form differ"),
        Pattern("one_character", True, "差一个字", "one character is another"),
        Pattern("transposed", True, "相邻两字颠倒", "two neighbouring characters are swapped"),
        Pattern("character_missing", True, "少一个字", "the row lacks a character"),
        Pattern("character_added", True, "多一个字", "the row has a character more"),
        Pattern("two_characters", True, "差两个字", "two characters differ"),
        Pattern("shortened", True, "名称不全或为简称", "the row's name is cut off or shortened"),
        Pattern("other", False, "名称不同", "the names differ"),
    )
}

_TO_COMPARE = """
SELECT DISTINCT a.asked_no, a.name_no,
       q.name AS "left", n.name AS "right", q.spelling AS left_plain, n.spelling AS right_plain
FROM answers a
JOIN asked_slice q ON q.name_no = a.asked_no
JOIN block_names n ON n.name_no = a.name_no
"""


def find_patterns(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make `patterns(asked_no, name_no, pattern, surely_alike, alike)` for the names in `answers`.

    `surely_alike`: no two firms differ by such a pattern alone; `alike`: the pattern is a likely one. `folder` is for
    passing files.
    """
    found = with_patterns(pl.DataFrame(con.sql(_TO_COMPARE))).select(
        "asked_no",
        "name_no",
        "pattern",
        surely_alike=pl.col("pattern").is_in(["same", "spelling", "numeral"]),
        alike=pl.col("pattern").is_in([pattern.id for pattern in PATTERNS.values() if pattern.likely]),
    )
    replace_table(con, "patterns", found, folder)
