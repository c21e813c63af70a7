"""The synthetic register: firms with codes, places, names and former names, a block of numbers at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from enterprise_data.sample_city.draws import Draws
from enterprise_data.sample_city.uscc import with_codes
from synthetic_lists.names import COOPERATIVE, LIMITED, NO_BRANCH, SHOP, with_names
from synthetic_lists.parts import parts
from synthetic_lists.words import TRADES, characters, places

_BLOCK = 250_000
_EPOCH = date(1970, 1, 1)
_FOUNDED = (
    (0, date(1979, 3, 1)), (100_000, date(1995, 1, 1)), (400_000, date(2006, 1, 1)), (800_000, date(2015, 1, 1)),
    (1_000_000, date(2019, 6, 30)),
)  # fmt: skip
_NEW_CODE = date(2015, 10, 1)  # from this day on firms are founded with the unified code
# Every renaming lies before this day, every list that gives current names after it.
SETTLED = date(2020, 1, 1)
_RENAMED_PER_MILLION, _REUSED_PER_MILLION = 30_000, 60_000
_FULL_WIDTH = {"(": "（", ")": "）"}


@dataclass(frozen=True)
class Register:
    """The register's firms in the order of their numbers.

    `firms` has `number`, `plain` (the name with half-width brackets), `name`, `uscc`, `seat`, `reg_date`,
    `former_name` and `until` (null: never renamed), `reuses` (the name that it gave up is the next firm's now), `key`
    and `bare_key`, and `like_key`, `like_bare_city`, `like_bare_province`: how many firms share the key, everywhere or
    beside the same seat. The rest says what the name is made of.
    """

    seed: int
    firms: pl.DataFrame

    @property
    def draws(self) -> Draws:
        """Draws numbered by firm."""
        return Draws(self.seed, pl.col("number"))


def entity_ids(number: str) -> pl.Expr:
    """Return the ids of firms in the files: letters and a number that says nothing."""
    return pl.lit("F") + (pl.col(number).cast(pl.Int64) * 37_139_213 % 100_000_000).cast(pl.String).str.pad_start(
        8, "0"
    )


def make_register(firms: int, seed: int) -> Register:
    """Make a register of so many firms, of which no two bear the same name."""
    wanted = firms + firms // 8 + 1_000
    blocks = [_block(seed, first, min(first + _BLOCK, wanted)) for first in range(0, wanted, _BLOCK)]
    frame = pl.concat(blocks).unique("plain", keep="first", maintain_order=True).head(firms)
    return Register(seed, _with_counts(_with_former_names(seed, frame)))


def _block(seed: int, first: int, last: int) -> pl.DataFrame:
    draws = Draws(seed, pl.col("number"))
    numbers = pl.DataFrame({"number": pl.int_range(first, last, eager=True)})
    frame = with_names(parts(seed, numbers))
    table = [(share, (day - _EPOCH).days) for share, day in _FOUNDED]
    frame = frame.with_columns(reg_date=draws.quantile(table, "founded").cast(pl.Int32).cast(pl.Date))
    full_width = draws.chance(400_000, "full-width")
    renamed = draws.chance(_RENAMED_PER_MILLION, "renamed") & (pl.col("kind") != SHOP)
    former = _former_names(draws, frame.filter(renamed)).rename({"name": "former_name"})
    frame = frame.join(_parents(frame), on="number", how="left", maintain_order="left")
    coded = with_unified_codes(seed, frame).join(former, on="number", how="left", maintain_order="left")
    return coded.select(
        "number", "uscc", "seat", "reg_date", "former_name", "key", "bare_key", "parent_key", "kind", "style",
        "is_branch",
        numbered=(pl.col("counted") > 0) | (pl.col("branch_no") > 0),
        grouped=pl.col("group") != "",
        limited=pl.col("form").is_in(LIMITED) & ~pl.col("is_branch"),
        plain="name",
        name=pl.when(full_width).then(pl.col("name").str.replace_many(_FULL_WIDTH)).otherwise("name"),
    )  # fmt: skip


def _parents(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `number` of each branch, and the `parent_key` under which the register may have its parent."""
    branches = frame.filter("is_branch").with_columns(**NO_BRANCH)
    return with_names(branches).select("number", parent_key="key")


def with_unified_codes(seed: int, frame: pl.DataFrame) -> pl.DataFrame:
    """Add `uscc` to firms with `number`, `kind`, `seat` and `reg_date`."""
    kind = pl.when(pl.col("kind") == SHOP).then(pl.lit("2")).when(pl.col("kind") == COOPERATIVE).then(pl.lit("3"))
    ready = frame.with_columns(
        code_kind=kind.otherwise(pl.lit("1")),
        code_district=places().of("code", "seat"),
        old_code=pl.col("reg_date") < _NEW_CODE,
    )
    return with_codes(ready, seed % 1_000_003)


def _former_names(draws: Draws, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `number` and the former `name` of firms that changed their line of trade or their brand."""
    letters = characters("former_syllables")
    by_trade = draws.chance(400_000, "renamed-trade")
    other = draws.pick(letters, "renamed-first") + draws.pick(letters, "renamed-second")
    return with_names(
        frame.with_columns(
            trade=pl.when(by_trade).then(draws.pick(TRADES, "renamed-trade-to")).otherwise("trade"),
            brand=pl.when(~by_trade).then(other).otherwise("brand"),
        )
    ).select("number", "name")


def _with_former_names(seed: int, frame: pl.DataFrame) -> pl.DataFrame:
    """Keep former names that name one firm, say until when; let some be what the next firm took as its name later."""
    draws = Draws(seed, pl.col("number"))
    former, until = pl.col("former_name"), pl.col("until")
    taken = former.is_in(frame["plain"].implode()) | (former.is_duplicated() & former.is_not_null())
    days = pl.duration(days=draws.between(400, 3_000, "renamed-after"))
    frame = frame.with_columns(former_name=pl.when(~taken).then(former), until=pl.col("reg_date") + days)
    renamed = (until < SETTLED) & former.is_not_null()
    frame = frame.with_columns(pl.when(renamed).then(former), pl.when(renamed).then(until))
    gave_up = until.shift(-1) - pl.duration(days=draws.between(100, 300, "gave-up-before"))
    free = former.is_null() & (pl.col("reg_date") < gave_up) & former.shift(-1).is_not_null()
    reuses = (free & draws.chance(_REUSED_PER_MILLION, "reuses")).fill_null(value=False)
    return frame.with_columns(
        reuses=reuses,
        former_name=pl.when(reuses).then(pl.col("name").shift(-1)).otherwise(former),
        until=pl.when(reuses).then(gave_up).otherwise(until),
    )


def _with_counts(frame: pl.DataFrame) -> pl.DataFrame:
    cities = pl.col("seat").replace_strict(pl.Series(range(len(places().code))), _city_numbers(), return_dtype=pl.Int32)
    provinces = places().of("province", "seat").cast(pl.Categorical).to_physical()
    return frame.with_columns(city=cities, province=provinces).with_columns(
        like_key=pl.len().over("key"),
        like_bare_city=pl.len().over("bare_key", "city"),
        like_bare_province=pl.len().over("bare_key", "province"),
        has_parent=pl.col("parent_key").is_in(pl.col("key").unique().implode()),
    ).drop("city", "province", "parent_key")  # fmt: skip


def _city_numbers() -> pl.Series:
    table = places()
    return (table.province + "/" + table.hint_city).rank("dense").cast(pl.Int32)


def as_file(register: Register) -> pl.LazyFrame:
    """Return the register in the form of the file."""
    former = pl.struct(name="former_name", until=pl.col("until").dt.to_string("%Y-%m-%d")).struct.json_encode()
    return register.firms.lazy().select(
        entity_id=entity_ids("number"),
        uscc="uscc",
        name="name",
        former_names=pl.when(pl.col("former_name").is_not_null()).then(pl.concat_list(former)).otherwise(
            pl.lit([], dtype=pl.List(pl.String))
        ),
        province=places().of("province", "seat"),
        city=places().of("hint_city", "seat"),
        reg_date=pl.col("reg_date").dt.to_string("%Y-%m-%d"),
    )  # fmt: skip
