"""Faults of firms on the lists of several departments: penalties, court lists, accidents, refusals."""

from __future__ import annotations

from datetime import date

import polars as pl

from enterprise_data.sample_city.rows import repeated
from enterprise_data.sample_city.world import DELIVERED_ON, World

_DOMAINS = ["市场监管"] * 5 + ["生态环境", "安全生产", "税务", "劳动保障", "建设", "交通运输", "其他"]
_FINES = ((0, 200), (600_000, 10_000), (900_000, 80_000), (1_000_000, 2_000_000))


def _listed(world: World, firms: pl.DataFrame, what: str, per_million: int, *, since: date, day: str) -> pl.DataFrame:
    """Return one row for a share of the firms, dated evenly from `since` on in the column `day`."""
    rows = repeated(firms.filter(world.draws().chance(per_million, what)), 1)
    dated = rows.with_columns(world.draws("row").day(since, DELIVERED_ON, f"{what}-on").alias(day))
    return dated.filter(pl.col(day) > pl.col("established_on"))


def _until_removed(world: World, rows: pl.DataFrame, day: str, what: str, per_million: int) -> pl.DataFrame:
    draws = world.draws("row")
    later = pl.col(day) + pl.duration(days=draws.between(60, 1_000, f"{what}-removed-after"))
    removed = draws.chance(per_million, f"{what}-removed") & (later <= DELIVERED_ON)
    return rows.with_columns(removed_on=pl.when(removed).then(later))


def penalties(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return penalties, up to five a firm; one in twelve is grave, a third was repaired."""
    draws = world.draws("row")
    times = world.draws().quantile(((0, 0), (930_000, 0), (930_001, 1), (999_000, 3), (1_000_000, 6)), "penalties")
    decided = draws.day(date(2018, 1, 1), date(2025, 6, 10), "penalty-on")
    rows = repeated(firms, times).with_columns(
        decided_on=decided,
        domain=draws.pick(_DOMAINS, "penalty-domain"),
        level=draws.pick(["一般"] * 11 + ["重大"], "penalty-level"),
        fine=draws.quantile(_FINES, "fine"),
        published_on=decided + pl.duration(days=draws.between(1, 9, "penalty-published")),
        document_no=pl.lit("合成罚字") + pl.col("row").cast(pl.String) + pl.lit("号"),
    )
    repaired = pl.col("decided_on") + pl.duration(days=draws.between(90, 600, "repaired-after"))
    mended = draws.chance(330_000, "repaired") & (repaired <= DELIVERED_ON)
    rows = rows.with_columns(agency=pl.col("domain") + pl.lit("部门"), repaired_on=pl.when(mended).then(repaired))
    return rows.filter(pl.col("decided_on") > pl.col("established_on"))


def dishonesty(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return firms that the courts list as dishonest judgment debtors."""
    rows = _listed(world, firms, "dishonest", 14_000, since=date(2018, 1, 1), day="published_on")
    draws = world.draws("row")
    rows = rows.with_columns(
        filed_on=pl.col("published_on") - pl.duration(days=draws.between(20, 400, "filed-before")),
        case_no=pl.format("（{}）合成执{}号", pl.col("published_on").dt.year(), draws.between(1, 9_999, "case")),
    )
    return _until_removed(world, rows, "published_on", "dishonest", 450_000)


def safety_accidents(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return work accidents."""
    rows = _listed(world, firms, "accident", world.rare(400, 40), since=date(2017, 1, 1), day="occurred_on")
    draws = world.draws("row")
    grades = ["一般"] * 17 + ["较大", "较大", "重大"]
    return rows.with_columns(grade=draws.pick(grades, "grade"), responsible=draws.chance(800_000, "responsible"))


def environment_gate(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return firms that the environment office refuses support."""
    rows = _listed(world, firms, "green-gate", 4_000, since=date(2020, 1, 1), day="listed_on")
    reason = world.draws("row").pick(["超标排放", "未批先建", "监测数据造假"], "green-gate-reason")
    return _until_removed(world, rows.with_columns(reason=reason), "listed_on", "green-gate", 400_000)


def research_misconduct(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the few firms found guilty of research misconduct."""
    able = firms.filter(pl.col("technical") >= 10)
    rows = _listed(world, able, "misconduct", world.rare(100, 60), since=date(2019, 1, 1), day="decided_on")
    years = world.draws("row").between(1, 5, "misconduct-years")
    until = pl.col("decided_on").dt.offset_by(pl.format("{}y", years))
    return rows.with_columns(penalty_until=until, conduct=pl.lit("套取项目资金"))


def zombie_firms(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return zombie firms, as of a list that nobody has renewed since the autumn of 2024."""
    rows = _listed(world, firms, "zombie", 2_000, since=date(2019, 1, 1), day="listed_on")
    rows = rows.filter(pl.col("listed_on") < date(2024, 9, 30))
    return _until_removed(world, rows, "listed_on", "zombie", 300_000)
