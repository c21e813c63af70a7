"""The published Jiangsu batch (tests/golden/jiangsu): every city's sum, to the fen, and by the interpreter too."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.conform.load import load
from enterprise_data.periods import Period
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.explain.firm import explain_from_snapshot
from matcher.run.match import match
from matcher.run.store import Run
from policies.load import Library, workspace_library

GOLDEN = Path(__file__).parents[1] / "golden" / "jiangsu"
CONTEXT = Context(Period.parse("2023"), date(2023, 12, 31))
POLICY = "js-innovative-drugs-2023"
FEN_PER_WAN_YUAN = 1_000_000


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Snapshot, Library]:
    space = Workspace.create(tmp_path_factory.mktemp("jiangsu") / "w")
    for name in ("registration", "drug_approvals"):
        delivery = load(space, name, GOLDEN / f"{name}.csv", data_date=CONTEXT.as_of)
        assert delivery.rejected_rows == 0
    snapshot = freeze(space)
    library = workspace_library(space, snapshot.catalogue)
    return match(space, snapshot, library, CONTEXT, only=[POLICY]), snapshot, library


def published() -> dict[str, int]:
    """Return the published sums in 万元 by region code, the total apart."""
    with (GOLDEN / "expected.csv").open(encoding="utf-8") as file:
        return {row["region"] or row["city"]: int(row["amount_wan_yuan"]) for row in csv.DictReader(file)}


def test_every_citys_sum_is_the_published_one(batch: tuple[Run, Snapshot, Library]) -> None:
    run, snapshot, _ = batch
    firms = pl.scan_parquet(snapshot.firms_path).select("uscc", "region")
    due = run.decisions.filter(pl.col("outcome") == "eligible").join(firms, on="uscc")
    city = pl.col("region").str.slice(0, 4) + "00"
    sums = due.group_by(city).agg(pl.col("amount_fen").sum()).collect()
    found = {region: fen / FEN_PER_WAN_YUAN for region, fen in sums.rows()}
    expected = [5620, 4980, 3320, 1360, 1330]
    assert sorted(found.values(), reverse=True) == expected
    assert found.items() <= published().items()
    assert sorted(published().values(), reverse=True) == [16610, *expected]
    (result,) = run.manifest.policies
    assert (result.amount_fen, result.held, result.undetermined) == (16610 * FEN_PER_WAN_YUAN, 0, 0)


def test_26_products_of_20_firms_are_paid_each_once(batch: tuple[Run, Snapshot, Library]) -> None:
    decisions = batch[0].decisions.filter(pl.col("outcome") == "eligible").collect()
    assert (decisions["uscc"].n_unique(), decisions["item"].n_unique(), decisions.height) == (20, 26, 26)


def test_the_interpreter_pays_the_same(batch: tuple[Run, Snapshot, Library]) -> None:
    run, snapshot, library = batch
    paid = run.decisions.select("uscc", "item", "amount_fen").collect()
    for code in paid["uscc"].unique():
        (told,) = explain_from_snapshot(snapshot, library, CONTEXT, code, [POLICY]).policies
        expected = {item: fen for uscc, item, fen in paid.rows() if uscc == code}
        assert {payment.item: payment.amount_fen for payment in told.payments} == expected
