"""The names of the register that share the rarest pairs of characters with a name asked for."""

from __future__ import annotations

import duckdb

# How many names the blocks of one asked name may list together: the rarest block always counts, more frequent ones only
# while there is room. However rare, the first few may stand beside wrong characters and list strangers only. Of so many
# the best are looked at closely.
_LISTED = 600
_KEPT = 40
# A block that lists more names than this says nothing, even if a name has no rarer one: 有限公司.
_TOO_FREQUENT = 50_000

_USED = """
CREATE OR REPLACE TEMP TABLE used_blocks AS
SELECT a.name_no AS asked_no, b.pair, b.weight
FROM (SELECT * FROM pairs_of_names('asked_slice')) a JOIN block_pairs b USING (pair)
WHERE b.frequency <= $too_frequent
WINDOW rarest AS (PARTITION BY a.name_no ORDER BY b.frequency, b.pair)
QUALIFY sum(b.frequency) OVER rarest <= $listed OR row_number() OVER rarest = 1
"""

_SHARED = """
CREATE OR REPLACE TEMP TABLE shared_blocks AS
SELECT asked_no, name_no, sum(weight) AS shared
FROM (SELECT u.asked_no, u.weight, unnest(b.names) AS name_no FROM used_blocks u JOIN block_pairs b USING (pair))
GROUP BY asked_no, name_no
"""

# Most names share one frequent pair only, and those that share least are left before the order is made. Of those that
# share as much, those come first that hold little else: by length, then by number. One whole number tells the order:
# lengths take 7 bits, numbers 31.
_NEAREST = """
CREATE OR REPLACE TEMP TABLE nearest AS
WITH likely AS MATERIALIZED (
    SELECT s.*, (s.shared::BIGINT << 38) - (abs(n.letters - length(a.spelling)) << 31) - s.name_no AS nearness
    FROM (
        SELECT asked_no, name_no, shared
        FROM shared_blocks
        JOIN (SELECT asked_no, max(shared, $kept) AS most FROM shared_blocks GROUP BY asked_no) USING (asked_no)
        WHERE 5 * shared >= 2 * most[1] AND shared >= most[-1]
    ) s
    JOIN block_names n USING (name_no)
    JOIN asked_slice a ON a.name_no = s.asked_no
)
SELECT asked_no, name_no, shared
FROM likely
JOIN (SELECT asked_no, max(nearness, $kept)[-1] AS least FROM likely GROUP BY asked_no) USING (asked_no)
WHERE nearness >= least
"""

# The same name is among them, however many share as much, and if it is but signs or frequent pairs.
_SAME = """
INSERT INTO nearest
SELECT a.name_no, b.name_no, coalesce(u.total, 0)
FROM asked_slice a
JOIN block_names b USING (spelling)
LEFT JOIN (SELECT asked_no, sum(weight) AS total FROM used_blocks GROUP BY asked_no) u ON u.asked_no = a.name_no
ANTI JOIN nearest n ON n.asked_no = a.name_no AND n.name_no = b.name_no
"""


def find_nearest(con: duckdb.DuckDBPyConnection) -> None:
    """Make `nearest(asked_no, name_no, shared)`: for each of `asked_slice(name_no, spelling, ...)` some 40 names.

    `name_no` counts the names of the register, `asked_no` those asked for; `shared`: the summed weights of the rare
    blocks that both are in. Needs the tables of `build_blocks`.
    """
    con.execute(_USED, {"listed": _LISTED, "too_frequent": _TOO_FREQUENT})
    con.execute(_SHARED)
    con.execute(_NEAREST, {"kept": _KEPT})
    con.execute(_SAME)
