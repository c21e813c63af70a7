"""What the registrar delivers (市场监督管理局): the register, former names, changes, and its own lists."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from enterprise_data.sample_city.rows import last_year, repeated
from enterprise_data.sample_city.world import DELIVERED_ON, World

_ITEMS = ["法定代表人", "经营范围", "经营范围", "股东", "注册资本", "企业类型", "行业"]


def registration(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the register: one row per firm. Representatives are numbered, not named: no person is meant."""
    draws = world.draws()
    rows = repeated(last_year(firms), 1)
    owner = draws.below(1_000, "ownership")
    ownership = (
        pl.when((owner < 25) & ~pl.col("sole_trader")).then(pl.lit("国有"))
        .when((owner < 40) & ~pl.col("sole_trader")).then(pl.lit("外商投资"))
        .when((owner < 50) & ~pl.col("sole_trader")).then(pl.lit("港澳台商投资"))
        .when(pl.col("legal_form") == "集体所有制企业").then(pl.lit("集体"))
        .otherwise(pl.lit("民营"))
    )  # fmt: skip
    moved = draws.day(date(2017, 1, 1), date(2025, 5, 31), "moved-in-on")
    moves = draws.chance(15_000, "moved-in") & (moved > pl.col("established_on") + timedelta(days=365))
    person = draws.below(max(world.firms * 4 // 5, 1), "representative").cast(pl.String).str.pad_start(7, "0")
    return rows.with_columns(
        ownership=ownership,
        moved_in_on=pl.when(moves).then(moved),
        declared_size=pl.when(draws.chance(880_000, "declares-size")).then(_declared_size()),
        legal_representative=pl.lit("合成人") + person,
    )


def _declared_size() -> pl.Expr:
    staff, revenue = pl.col("staff"), pl.col("revenue")
    return (
        pl.when((staff >= 1_000) & (revenue >= 4 * 10**8)).then(pl.lit("大型"))
        .when((staff >= 300) & (revenue >= 2 * 10**7)).then(pl.lit("中型"))
        .when((staff >= 20) & (revenue >= 3 * 10**6)).then(pl.lit("小型"))
        .otherwise(pl.lit("微型"))
    )  # fmt: skip


def former_names(_world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the names that renamed firms bore."""
    renamed = repeated(firms.filter(pl.col("renamed_on").is_not_null()), 1)
    return renamed.with_columns(used_from=pl.col("established_on"), until=pl.col("renamed_on"))


def registration_changes(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return changes of registration: each renaming, and others at random."""
    draws = world.draws("row")
    rows = repeated(firms, world.draws().quantile(((0, 0), (700_000, 1), (1_000_000, 6)), "changes"))
    other = draws.day(date(2015, 1, 1), DELIVERED_ON, "changed-on")
    renaming = (pl.col("k") == 0) & pl.col("renamed_on").is_not_null()
    rows = rows.with_columns(
        item=pl.when(renaming).then(pl.lit("名称")).otherwise(draws.pick(_ITEMS, "change-item")),
        changed_on=pl.when(renaming).then("renamed_on").otherwise(other),
        before_change=pl.when(renaming).then("former_name"),
        after_change=pl.when(renaming).then("name"),
    )
    return rows.filter(pl.col("changed_on") >= pl.col("established_on"))


def successions(_world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return firms that went on from another legal person, sole traders for the most part."""
    heirs = repeated(firms.filter(pl.col("succession").is_not_null()), 1)
    return heirs.with_columns(kind="succession", effective_on="succeeded_on")


def relations(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return firms with a parent: the firm a few numbers before it."""
    draws = world.draws()
    parent = firms.select(parent_number="number", parent_code="uscc", parent_name="name")
    children = repeated(firms.filter(draws.chance(20_000, "has-parent") & ~pl.col("sole_trader")), 1)
    # Families stay within a hundred numbers, so that no parent lies beyond the block at hand.
    number = pl.col("number") // 100 * 100 + draws.below(100, "parent")
    rows = children.with_columns(parent_number=number).join(parent, on="parent_number", maintain_order="left")
    share = draws.between(10, 100, "shareholding")
    kind = pl.when(share == 100).then(pl.lit("全资子公司")).when(share > 50).then(pl.lit("控股子公司"))
    return rows.filter(pl.col("parent_number") != pl.col("number")).with_columns(
        kind=kind.otherwise(pl.lit("参股公司")), shareholding=share, began_on=pl.col("established_on")
    )


def abnormal_operation(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the list of abnormal operations; half of the firms were removed again."""
    draws = world.draws("row")
    reasons = ["未按期公示年报"] * 6 + ["住所无法联系"] * 5 + ["公示信息隐瞒真实情况", "未公示即时信息"]
    rows = repeated(firms.filter(world.draws().chance(45_000, "abnormal")), 1)
    listed = draws.day(date(2016, 7, 1), DELIVERED_ON, "abnormal-on")
    rows = rows.with_columns(listed_on=listed, reason=draws.pick(reasons, "abnormal-reason"))
    return _removed(world, rows, 500_000)


def serious_violations(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the list of serious violations."""
    draws = world.draws("row")
    rows = repeated(firms.filter(world.draws().chance(3_000, "serious-violation")), 1)
    listed = draws.day(date(2019, 1, 1), DELIVERED_ON, "serious-on")
    rows = rows.with_columns(
        listed_on=listed, reason=draws.pick(["虚假登记", "产品质量", "广告违法"], "serious-reason")
    )
    return _removed(world, rows, 250_000)


def _removed(world: World, rows: pl.DataFrame, per_million: int) -> pl.DataFrame:
    draws = world.draws("row")
    later = pl.col("listed_on") + pl.duration(days=draws.between(30, 900, "removed-after"))
    removed = draws.chance(per_million, "removed") & (later <= DELIVERED_ON)
    return rows.filter(pl.col("listed_on") > pl.col("established_on")).with_columns(
        removed_on=pl.when(removed).then(later)
    )
