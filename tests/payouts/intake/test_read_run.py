"""A run on disk as intake reads it: what is due and open, and what is refused."""

import shutil
from pathlib import Path

import pytest

import matcher
from enterprise_data.declarations.problems import MianshenError
from payouts.intake.run_file import RunFile, read_run
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from tests.payouts.intake.said import states
from tests.payouts.stories import act
from tests.settlement.city import A, B, C, matched, policy

PARTS = """\
award: {amount: 10000.01元}
payout:
  instalments:
    - {share: 40%}
    - {share: 30.5%, when: "turnover.revenue[period - 1] >= 200万元"}
    - {share: 29.5%, after: 1 year, when: "turnover.revenue[period] >= 0元"}
"""
FILES = {
    "flat": policy("flat", "award: {amount: 2万元}\nbudget: {line: 虚构专项, amount: 100万元}\n", least="200万元"),
    "once": policy("once", "award: {amount: 1万元, claim: once}\n", least="300万元"),
    "open": policy("open", "award: {amount: 9万元}\n").replace("period - 1", "period"),
    "held": policy("held", 'award: {share: {of: "turnover.revenue[period]", rate: 1%}}\n', least="300万元"),
    "parts": policy("parts", PARTS),
    "relief": policy("relief", "award: {amount: 3万元}\n").replace("kind: award", "kind: reduction"),
    "none": policy("none", "award: {amount: 0元}\n"),
}
# policy, firm, part, fen, unknown; firm D has no turnover at all
EXPECTED = [
    *(("flat", firm, 0, 2_000_000, "") for firm in (B, C)),
    ("once", C, 0, 1_000_000, ""),
    *(("open", firm, 0, None, "size") for firm in (A, B, C)),
    ("held", C, 0, None, "award.amount"),
    *(("parts", firm, 1, 400_001, "") for firm in (A, B, C)),
    *(("parts", firm, 2, 305_000, "") for firm in (B, C)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matched(tmp_path_factory.mktemp("city") / "w", FILES).dir


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """Give a workspace of one's own to spoil."""
    shutil.copytree(folder.parents[1], tmp_path / "w")
    return tmp_path / "w" / "runs" / folder.name


def rows(run: RunFile) -> list[tuple[object, ...]]:
    told = run.rows.select("policy", "uscc", "part", "amount_fen", "unknown")
    return sorted(row for row in told.iter_rows() if row[1] in {A, B, C})


def test_every_row(folder: Path) -> None:
    run = read_run(folder)
    assert rows(run) == sorted(EXPECTED, key=lambda row: row[:3])
    assert [left.policy for left in run.left_out] == ["relief"]
    assert (run.period, run.as_of) == ("2024", "2024-12-31")
    told = {row["policy"]: row for row in run.rows.filter(uscc=C).to_dicts()}
    assert {name: row["period"] for name, row in told.items()} == {
        name: "" if name == "once" else "2024" for name in told
    }
    assert {name: row["line"] for name, row in told.items()} == {**{name: name for name in told}, "flat": "虚构专项"}
    assert told["flat"]["firm_name"] == "丙公司"
    assert (told["flat"]["region"], told["flat"]["clause"]) == ("370602", "第一条")
    assert told["parts"]["due_on"] == "2024-12-31"


def test_a_gate_stops_a_policy(tmp_path: Path, sqlite_ledger: Ledger) -> None:
    gated = FILES["flat"].replace("period: year\n", "period: year\nmax_share: 10%\n")
    run = read_run(matched(tmp_path / "w", {"flat": gated, "once": FILES["once"]}).dir)
    assert {policy.policy: policy.stopped for policy in run.policies} == {
        "flat": "the policy's own gate: 0.5000",
        "once": "",
    }
    with sqlite_ledger.write() as connection:
        found = take_in(connection, run, act())
        assert (found.policies, found.left_out[0].policy) == (("once",), "flat")
        assert take_in(connection, run, act(reason="looked through"), ["flat"]).policies == ("flat",)


def test_a_firm_without_data_is_not_dropped(folder: Path) -> None:
    run = read_run(folder)
    others = run.rows.filter(~run.rows["uscc"].is_in([A, B, C])).select("policy", "part", "amount_fen", "unknown")
    assert set(others.iter_rows()) == {(name, int(name == "parts"), None, "size") for name in FILES if name != "relief"}


def test_it_is_taken_in(folder: Path, ledger: Ledger) -> None:
    run = read_run(folder)
    with ledger.write() as connection:
        found = take_in(connection, run, act())
        assert found.counts["new"] == 8
        assert found.counts["undetermined"] == run.rows.height - 8
        assert found.fen("new") == 2 * 2_000_000 + 1_000_000 + 3 * 400_001 + 2 * 305_000
        assert len(states(connection)) == run.rows.height


def test_a_later_day_asks_for_the_later_parts(copied: Path, ledger: Ledger) -> None:
    later = matcher.match(copied.parents[1], period="2024", as_of="2025-12-31")
    with ledger.write() as connection:
        take_in(connection, read_run(copied), act())
        found = take_in(connection, read_run(later.dir), act())
        new = found.lines.filter(found.lines["cause"] == "new").select("policy", "part", "unknown")
        assert set(new.iter_rows()) == {("parts", 3, "instalment.condition")}
        assert found.counts["withdrawn"] == 0


@pytest.mark.parametrize("name", ["decisions.parquet", "instalments.parquet", "funnel.parquet"])
def test_an_altered_run_is_refused(copied: Path, name: str) -> None:
    file = copied / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(MianshenError, match=f"not what the match wrote: {name} missing or altered"):
        read_run(copied)


def test_a_run_with_other_inputs_is_refused(copied: Path) -> None:
    manifest = copied / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"2024-12-31"', '"2024-11-30"'), "utf-8")
    with pytest.raises(MianshenError, match="not that of its inputs"):
        read_run(copied)


def test_a_policy_that_changed_since_is_refused(copied: Path) -> None:
    file = copied.parents[1] / "policies" / "flat.yaml"
    file.write_text(file.read_text("utf-8").replace("2万元", "3万元"), "utf-8")
    with pytest.raises(MianshenError, match="policy flat has changed since run"):
        read_run(copied)


def test_a_snapshot_that_is_gone_is_named(copied: Path) -> None:
    shutil.rmtree(copied.parents[1] / "data" / "snapshots")
    with pytest.raises(MianshenError, match="is not a readable snapshot"):
        read_run(copied)


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(MianshenError, match="is not a readable run"):
        read_run(tmp_path)
