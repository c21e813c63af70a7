"""The rows of synthetic lists: which firm a row means, how it is spoilt, and what a linker ought to make of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists.kinds import KINDS, Kind
from synthetic_lists.register import SETTLED, Register, entity_ids
from synthetic_lists.sample import Sample
from synthetic_lists.spoil import bracketed, marked, spaced, traditional, widened
from synthetic_lists.words import places, words

_LAST_DAY = date(2024, 12, 31)
_SPARE = 1.25  # so many rows more are drawn, because some prove to name another firm and are left out
_NOISY_PER_MILLION = 60_000


@dataclass(frozen=True)
class _Names:
    """What the register's names and keys are, to see that a row names no firm but the one it should."""

    current: pl.DataFrame
    former: pl.Series
    keys: pl.Series


def make_queries(register: Register, rows: int) -> pl.DataFrame:
    """Return so many rows in the form of the file of queries, fewer if the register is too small to have all kinds."""
    firms = register.firms
    names = _Names(
        firms.select("plain", bearer="number"), _plain(firms["former_name"].drop_nulls()), firms["key"].unique()
    )
    wanted = math.ceil(rows * _SPARE) + 20 * len(KINDS)
    draws = Draws(register.seed + 7, pl.col("row"))
    slots = pl.Series([number for number, kind in enumerate(KINDS) for _ in range(kind.weight)])
    drawn = pl.DataFrame({"row": pl.int_range(0, wanted, eager=True)}).with_columns(
        kind_no=pl.lit(slots).gather(draws.below(len(slots), "kind-of-row"))
    )
    made = [
        frame
        for number, kind in enumerate(KINDS)
        if (frame := _of_kind(register, kind, drawn.filter(kind_no=number).select("row"), draws, names)) is not None
    ]
    return _as_file(pl.concat(made).sort("row").head(rows))


def _of_kind(register: Register, kind: Kind, rows: pl.DataFrame, draws: Draws, names: _Names) -> pl.DataFrame | None:
    pool = register.firms.select(pl.arg_where(kind.pool)).to_series()
    if pool.is_empty() or rows.is_empty():
        return None
    index = rows.select(pl.lit(pool).gather(draws.below(len(pool), "firm"))).to_series()
    firms = register.firms[index].rename({"name": "truth", "key": "own_key", "bare_key": "own_bare_key"})
    chosen = pl.concat([rows, firms], how="horizontal").with_columns(
        text="plain",
        code=pl.lit(None, dtype=pl.String),
        gold="number",
        other=pl.lit(None, dtype=pl.Int64),
        also=pl.lit(None, dtype=pl.Int64),
        expected=pl.lit(kind.expected),
        as_of=draws.day(SETTLED, _LAST_DAY, "as-of"),
        hint=_hint(draws),
        detail=pl.lit(kind.detail, dtype=pl.String),
    )
    made = kind.make(Sample(register, chosen, draws)).filter(pl.col("text").is_not_null() & (pl.col("text") != ""))
    return _noisy(kind, _unmistakable(kind, made, names), draws).select(
        "row", "as_of", "query_name", "code", "hint", "seat", "expected", "gold", "other", "also", "truth", "detail",
        kind=pl.lit(kind.name), number="number",
    )  # fmt: skip


def _hint(draws: Draws) -> pl.Expr:
    """Draw what a list says of its region: 0 nothing, 1 the province, 2 the city too."""
    share = draws.below(100, "hint")
    return pl.when(share < 40).then(0).when(share < 65).then(1).otherwise(2)


def _unmistakable(kind: Kind, made: pl.DataFrame, names: _Names) -> pl.DataFrame:
    """Leave out rows that, as it turned out, bear the name of another firm."""
    if kind.pool_has_the_name:
        return made
    bearers = made.select("row", plain=_plain_text("text")).join(names.current, on="plain", how="inner")
    mistaken = bearers.join(made.select("row", "gold"), on="row").filter(pl.col("bearer").ne_missing(pl.col("gold")))
    sure = made.join(mistaken.select("row"), on="row", how="anti", maintain_order="left")
    sure = sure.filter(~_plain_text("text").is_in(names.former.implode()))
    return sure.filter(~pl.col("key").is_in(names.keys.implode())) if kind.is_stranger else sure


def _noisy(kind: Kind, made: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Add `query_name`: the text with the noise of its kind, and now and then with some besides."""
    steps = {
        "traditional": traditional(), "brackets": bracketed(draws), "full_width": widened(), "marks": marked(draws),
        "spaces": spaced(draws),
    }  # fmt: skip
    for step, spoilt in steps.items():
        besides = draws.chance(_NOISY_PER_MILLION if kind.may_be_noisy else 0, f"noise-{step}")
        wanted = draws.chance(600_000, f"some-{step}") if len(kind.noise) > 1 else pl.lit(value=True)
        applied = wanted if step in kind.noise else besides
        rows = made.filter(applied).with_columns(text=spoilt)
        made = pl.concat([made.filter(~applied), rows])
    return made.rename({"text": "query_name"})


def _plain_text(column: str) -> pl.Expr:
    return pl.col(column).str.replace_many(["（", "）"], ["(", ")"])


def _plain(names: pl.Series) -> pl.Series:
    return names.to_frame("name").select(_plain_text("name")).to_series()


def _as_file(rows: pl.DataFrame) -> pl.DataFrame:
    table = places()
    candidates = pl.concat_list(entity_ids("gold"), entity_ids("other"), entity_ids("also")).list.drop_nulls()
    return rows.with_row_index("place").select(
        query_id=pl.lit("Q") + pl.col("place").cast(pl.String).str.pad_start(7, "0"),
        source_list=Draws(0, pl.col("row")).pick(words("lists"), "list"),
        as_of=pl.col("as_of").dt.to_string("%Y-%m-%d"),
        query_name="query_name",
        query_uscc="code",
        hint_province=pl.when(pl.col("hint") > 0).then(table.of("province", "seat")),
        hint_city=pl.when(pl.col("hint") > 1).then(table.of("hint_city", "seat")),
        kind="kind",
        expected="expected",
        gold_entity_id=entity_ids("gold"),
        candidate_ids=candidates,
        truth_name="truth",
        detail="detail",
    )
