"""How near a name of the register comes to a name asked for: 100 is the same name."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
from rapidfuzz.distance import Indel

from enterprise_data.identity.frames import replace_table

# Firms that exact evidence names are scored as well, wherever their names stand.
_EVIDENCE = """
INSERT INTO nearest
SELECT e.asked_no, e.name_no, coalesce(sum(u.weight) FILTER (list_contains(k.names, e.name_no)), 0)
FROM (
    SELECT DISTINCT q.asked_no, b.name_no
    FROM (SELECT asked_no, unnest(firms) AS firm_no FROM questions_slice WHERE asked_no IS NOT NULL) q
    JOIN block_bearers b USING (firm_no)
    ANTI JOIN nearest n ON n.asked_no = q.asked_no AND n.name_no = b.name_no
) e
LEFT JOIN used_blocks u USING (asked_no)
LEFT JOIN block_pairs k USING (pair)
GROUP BY e.asked_no, e.name_no
"""

_PAIRED = """
SELECT n.asked_no, n.name_no, b.spelling, length(a.spelling) + length(b.spelling) AS letters,
       a.name = b.name AS is_same, n.shared / t.total AS shared
FROM nearest n
JOIN asked_slice a ON a.name_no = n.asked_no
JOIN block_names b ON b.name_no = n.name_no
LEFT JOIN (SELECT asked_no, sum(weight) AS total FROM used_blocks GROUP BY asked_no) t ON t.asked_no = n.asked_no
"""


def score_nearest(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make `scored(asked_no, name_no, is_same, likeness)` of `nearest` and of the firms of `questions_slice`.

    `likeness`, 0 to 1, is half the share of letters that both names have in the same order, half the share of the asked
    name's rare pairs that the other holds: what is rare is what tells firms apart, a place or an organisation form is
    not. Letters alone count for a name without such pairs. `questions_slice(asked_no, firms, ...)` tells the firms of
    exact evidence. `folder` is for passing files.
    """
    con.execute(_EVIDENCE)
    pairs = pl.DataFrame(con.sql(_PAIRED))
    asked = dict(con.sql("SELECT name_no, spelling FROM asked_slice").fetchall())
    apart = map(Indel.distance, map(asked.__getitem__, pairs["asked_no"].to_list()), pairs["spelling"].to_list())
    letters = 1 - pl.Series(apart, dtype=pl.Float64) / pairs["letters"]
    alike = pairs.select("asked_no", "name_no", "is_same", likeness=pl.mean_horizontal(letters, "shared"))
    replace_table(con, "scored", alike, folder)
