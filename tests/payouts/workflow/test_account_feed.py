"""The list of accounts as a snapshot holds it: load, freeze, match, take in, enter."""

from datetime import date
from pathlib import Path

import pytest

import matcher
from enterprise_data.catalogue.load import BUNDLED
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.run.store import Run
from payouts.intake.run_file import read_run
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.workflow.account_feed import accounts_of, enter_accounts_from, validity_of
from tests.payouts.stories import act
from tests.settlement.city import A, B, C, matched, policy

LIST = f"""\
统一社会信用代码,账户名称,银行账号,开户银行,联行号,账户确认日期,账户状态
{A},甲公司,6222000000000000001,虚构银行,102100099996,2024-06-01,正常
{B},乙经营者,6222000000000000002,虚构银行,102100099996,2024-06-01,正常
{C},丙公司,6222000000000000003,虚构银行,102100099996,2024-06-01,冻结
"""


def snapshot_of(run: Run) -> Snapshot:
    return Snapshot.open(run.dir.parents[1] / "data" / "snapshots" / run.manifest.inputs.snapshot)


def test_from_the_departments_file_to_the_ledger(tmp_path: Path, sqlite_ledger: Ledger) -> None:
    folder = tmp_path / "w"
    matched(folder, {"flat": policy("flat", "award: {amount: 2万元}\n")})
    (folder / "catalog" / "bank_accounts.yaml").write_text((BUNDLED / "bank_accounts.yaml").read_text("utf-8"), "utf-8")
    (folder / "in" / "bank_accounts.csv").write_text(LIST, "utf-8")
    assert (
        matcher.load(folder, "bank_accounts", folder / "in" / "bank_accounts.csv", date(2024, 12, 31)).rejected_rows
        == 0
    )
    matcher.freeze(folder)
    run = matcher.match(folder, period="2024", as_of="2024-12-31")
    with sqlite_ledger.write() as connection:
        take_in(connection, read_run(run.dir), act())
        snapshot = snapshot_of(run)
        assert validity_of(snapshot) == ("2024-12-31", "2025-01-31")
        found = enter_accounts_from(connection, accounts_of(snapshot), act(reason=""), validity_of(snapshot))
        assert (found.entered, found.unchanged, found.kept, found.held) == (1, 0, 0, 0)
        assert dict(found.refused.select("uscc", "code").iter_rows()) == {B: "name", C: "blocked"}


def test_without_a_list(tmp_path: Path) -> None:
    run = matched(tmp_path / "w", {"flat": policy("flat", "award: {amount: 2万元}\n")})
    with pytest.raises(MianshenError, match="has no dataset `bank_accounts`; load it"):
        accounts_of(snapshot_of(run))
