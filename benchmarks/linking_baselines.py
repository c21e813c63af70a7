"""Simple methods of linking by name, to compare with: what one would try first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import polars as pl
from rapidfuzz import fuzz, process

# Of a query's pairs of characters, the rarest in the register bring the firms that it is compared with.
_PAIRS_USED = 3
_PAIR_BEARERS = 2_000
_BATCH = 2_000


def exact_names(register: pl.DataFrame, queries: pl.DataFrame) -> pl.DataFrame:
    """Link where the name, apart from width, spaces and kind of brackets, is exactly one firm's current name."""
    names = register.select("entity_id", key=_normalised("name"))
    unique = names.filter(pl.len().over("key") == 1)
    found = queries.with_columns(key=_normalised("query_name")).join(unique, on="key", how="left")
    linked = pl.col("entity_id").is_not_null()
    return found.select(
        "query_id",
        decision=pl.when(linked).then(pl.lit("link")).otherwise(pl.lit("none")),
        entity_id="entity_id",
        candidates=pl.concat_list("entity_id").list.drop_nulls(),
    )


def similar_names(register: pl.DataFrame, queries: pl.DataFrame, *, least: int, margin: int) -> pl.DataFrame:
    """Link to the most similar name, if rapidfuzz's ratio is `least` or more and the next one `margin` below."""
    names = register.select("entity_id", key=_normalised("name")).with_row_index("firm")
    pairs = _pairs(names.select("firm", "key")).filter(pl.len().over("pair") <= _PAIR_BEARERS)
    pairs = pairs.with_columns(bearers=pl.len().over("pair"))
    keys, entities = names["key"].to_list(), names["entity_id"].to_list()
    rows = []
    for query_id, key, firms in _blocks(queries.with_columns(key=_normalised("query_name")), pairs):
        best = process.extract(key, {firm: keys[firm] for firm in firms}, scorer=fuzz.ratio, limit=5)
        clear = best and best[0][1] >= least and (len(best) == 1 or best[0][1] - best[1][1] >= margin)
        decision = "link" if clear else "review" if best else "none"
        rows.append((query_id, decision, [entities[firm] for _, _, firm in best]))
    found = pl.DataFrame(rows, schema=["query_id", "decision", "candidates"], orient="row")
    return found.with_columns(entity_id=pl.col("candidates").list.first())


def _blocks(queries: pl.DataFrame, pairs: pl.DataFrame) -> Iterator[tuple[str, str, list[int]]]:
    for batch in queries.iter_slices(_BATCH):
        numbered = batch.with_row_index("row")
        bearers = pairs.select("pair", "bearers").unique()
        used = _pairs(numbered.select("row", "key")).join(bearers, on="pair").sort("row", "bearers", "pair")
        rarest = used.filter(pl.int_range(pl.len()).over("row") < _PAIRS_USED)
        block = rarest.join(pairs.select("pair", "firm"), on="pair").select("row", "firm").unique()
        firms = block.sort("firm").group_by("row").agg("firm")
        joined = numbered.join(firms, on="row", how="left", maintain_order="left")
        for query_id, key, found in joined.select("query_id", "key", "firm").iter_rows():
            yield query_id, key or "", found or []


def _pairs(names: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct pairs of neighbouring characters of the names in column `key`."""
    starts = pl.int_ranges(0, (pl.col("key").str.len_chars().cast(pl.Int64) - 1).clip(0))
    spread = names.drop_nulls("key").with_columns(start=starts).explode("start").drop_nulls("start")
    return spread.with_columns(pair=pl.col("key").str.slice(pl.col("start"), 2)).drop("start", "key").unique()


def _normalised(name: str) -> pl.Expr:
    plain = pl.col(name).str.normalize("NFKC").str.replace_all(r"[\s\p{Cc}\p{Cf}]", "").str.to_uppercase()
    return plain.str.replace_all(r"[\[{【〔]", "(").str.replace_all(r"[\]}】〕]", ")")


BASELINES: dict[str, Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]] = {
    "exact normalised name": exact_names,
    "rapidfuzz ratio ≥ 90, margin 3": partial(similar_names, least=90, margin=3),
    "rapidfuzz ratio ≥ 97, margin 3": partial(similar_names, least=97, margin=3),
}
