"""Blocks of the register's names: which names share which pair of neighbouring characters, the rarer the better.

A block is the list of names that hold a pair of neighbouring characters in either order, so that swapped characters
share a block still. Brackets are left out, and what they enclose counts as standing in front of the name as well:
佳兴(苏州)工业 shares blocks with 苏州佳兴工业.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

# Longer texts are no names; shorter ones hold no pair.
SHORTEST = 2
LONGEST = 100

_TABLES = ("block_names", "block_bearers", "block_pairs")

# Pairs as numbers: two code points side by side, cut to 32 bits; the few pairs that fall together share a block.
_PAIRS = """
CREATE OR REPLACE TEMP MACRO pairs_of_names(names) AS TABLE
SELECT name_no, unnest(list_distinct(list_filter(pairs, lambda p: p >> 16 <> unicode(' '))))::UINTEGER AS pair
FROM (
    SELECT name_no, list_transform(
               range(1, len(codes)),
               lambda i: ((least(codes[i], codes[i + 1]) << 16) + greatest(codes[i], codes[i + 1])) % 4294967296
           ) AS pairs
    FROM (
        SELECT name_no, list_transform(string_split(twofold, ''), lambda c: unicode(c)::BIGINT) AS codes
        FROM (
            SELECT name_no, CASE WHEN NOT contains(spelling, '(') THEN spelling ELSE
                       regexp_replace(spelling, '[()]', '', 'g') || ' '
                       || regexp_extract(spelling, '[(]([^()]*)[)]', 1)
                       || regexp_replace(spelling, '[(].*?[)]|[()]', '', 'g')
                   END AS twofold
            FROM query_table(names)
        )
    )
)
"""

# A name that a branch has from its parent is not searched for, or it would take the place of firms' own names. Where it
# is evidence, its firm is among the candidates all the same.
_OWN = """
CREATE OR REPLACE TEMP VIEW own_names AS SELECT name, firm_no FROM bearers WHERE name IS NOT NULL AND NOT as_branch
"""

_NAMES = """
CREATE TEMP TABLE block_names AS
SELECT (row_number() OVER (ORDER BY name) - 1)::INTEGER AS name_no, name, coalesce(simple, name) AS spelling,
       length(coalesce(simple, name))::SMALLINT AS letters
FROM known_names SEMI JOIN own_names USING (name)
WHERE length(name) BETWEEN $shortest AND $longest
"""

_BEARERS = """
CREATE TEMP TABLE block_bearers AS
SELECT DISTINCT name_no, firm_no FROM own_names JOIN block_names USING (name)
"""

# Weights are whole, so that their sums are exact in whatever order they are added; as DOUBLE they add up fastest.
_BLOCKS = """
CREATE TEMP TABLE block_pairs AS
SELECT pair, len(names)::INTEGER AS frequency,
       (1 + round(1000 * ln((SELECT count(*) FROM block_names) / len(names))))::DOUBLE AS weight, names
FROM (SELECT pair, list(name_no) AS names FROM pairs_of_names('block_names') GROUP BY pair)
"""


def build_blocks(con: duckdb.DuckDBPyConnection) -> None:
    """Make the blocks of the table `bearers(name, firm_no, as_branch, ...)`, whose names are in `known_names`.

    The tables are `block_names(name_no, name, spelling, letters)`, each name once, with its simplified spelling and how
    many letters that has; `block_bearers(name_no, firm_no)`; and `block_pairs(pair, frequency, weight, names)`, a line
    for each block: how many names it lists, what sharing it weighs (1000 times the negative logarithm of the share of
    names in it), and their numbers.
    """
    con.execute(_PAIRS)
    con.execute(_OWN)
    con.execute(_NAMES, {"shortest": SHORTEST, "longest": LONGEST})
    con.execute(_BEARERS)
    con.execute(_BLOCKS)


def save_blocks(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the blocks into `folder`, a Parquet file for each table."""
    for table in _TABLES:
        con.table(table).write_parquet(str(folder / f"{table}.parquet"), compression="zstd")


def open_blocks(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the tables of `build_blocks` from what `save_blocks` wrote into `folder`."""
    con.execute(_PAIRS)
    for table in _TABLES:
        con.read_parquet(str(folder / f"{table}.parquet")).create(table)
