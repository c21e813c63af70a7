"""From what a run says is due to what firms confirm, command by command, over several days."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.payout_days import FIRMS, Days, begun
from tests.cli.running import ok

MAKER, DEPARTMENT, DECIDER, AUDITOR = "lihua", "qianjin", "sunli", "zhoumin"
A, B, C, D, E, F = FIRMS


@pytest.fixture(scope="module")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Days:
    with pytest.MonkeyPatch.context() as environment:
        days = begun(tmp_path_factory.mktemp("days") / "w", environment)
        days.does(MAKER, "take", "last")
        return days


@pytest.fixture
def days(_begun: Days, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Days:
    """Give a bureau on the first day, with the run taken in."""
    copied = Days(Path(shutil.copytree(_begun.root, tmp_path / "w")), monkeypatch, dict(_begun.secrets))
    copied.on("2025-01-07")
    return copied


def rows(days: Days, *words: object) -> list[dict[str, Any]]:
    return days.does(AUDITOR, *words, "--format", "ndjson").rows


def ids(days: Days, *words: object) -> dict[str, str]:
    """Return the ids of entitlements, by firm."""
    return {row["uscc"]: row["entitlement"] for row in rows(days, "list", *words)}


def states(days: Days) -> dict[str, str]:
    return {row["uscc"]: row["state"] for row in rows(days, "list")}


def reconfirmed(days: Days) -> Days:
    for policy in ("growth-grant", "small-grant"):
        drawn = days.does(DEPARTMENT, "reconfirm", "sample", policy, "--seed", "1", "--format", "ndjson").rows
        for row in drawn:
            days.does(DEPARTMENT, "reconfirm", "check", row["entitlement"], "ok")
        days.does(DEPARTMENT, "reconfirm", "policy", policy)
    return days


def published(days: Days) -> Days:
    reconfirmed(days).does(MAKER, "account", "load")
    days.does(MAKER, "notice", "publish", "--all")
    return days


def test_a_sample_shows_what_there_is_to_look_at(days: Days) -> None:
    made = days.does(DEPARTMENT, "reconfirm", "sample", "growth-grant", "--size", "50%", "--seed", "a")
    for part in ("虚构成长奖励 (growth-grant, 虚构〔2024〕1号)", "第二条", "上年收入2000万元以上", "10.00 万元"):
        assert part in made.out
    assert "seed a: 2 of 4" in made.err
    waiting = rows(days, "reconfirm", "waiting")
    assert len(waiting) == 2
    for row in waiting:
        look = row["look"]
        assert look in made.out
        assert "上年收入2000万元以上" in ok(*look.split()[1:]).out
    told = json.loads(days.does(AUDITOR, "reconfirm", "waiting", "--format", "json").out)
    assert told["conditions"] == {"growth-grant": [{"id": "big", "clause": "第二条", "text": "上年收入2000万元以上"}]}
    assert rows(days, "reconfirm", "waiting", "--policy", "small-grant") == []


def test_the_same_seed_draws_the_same(days: Days, tmp_path: Path) -> None:
    command = ("reconfirm", "sample", "growth-grant", "--size", 2, "--seed", "a", "--format", "ndjson")
    days.act_as(DEPARTMENT)
    before = shutil.copytree(days.root, tmp_path / "again")
    drawn = [row["entitlement"] for row in days.does(DEPARTMENT, *command).rows]
    days.root = Path(before)
    assert [row["entitlement"] for row in days.does(DEPARTMENT, *command).rows] == drawn


def test_nothing_is_reconfirmed_without_a_sample_that_was_looked_at(days: Days) -> None:
    assert "no sample" in days.refuses(DEPARTMENT, "reconfirm", "policy", "growth-grant")
    drawn = days.does(DEPARTMENT, "reconfirm", "sample", "growth-grant", "--size", 2, "--format", "ndjson").rows
    first, second = (row["entitlement"] for row in drawn)
    assert "needs a reason" in days.refuses(DEPARTMENT, "reconfirm", "check", first, "wrong")
    days.does(DEPARTMENT, "reconfirm", "check", first, "wrong", "--reason", "收入有误")
    assert second in days.refuses(DEPARTMENT, "reconfirm", "policy", "growth-grant")
    days.does(DEPARTMENT, "reconfirm", "check", second, "ok")
    assert "draw another sample" in days.refuses(DEPARTMENT, "reconfirm", "policy", "growth-grant")
    done = days.does(DEPARTMENT, "reconfirm", "policy", "growth-grant", "--despite", "其余逐户核对")
    assert "3 entitlements reconfirmed" in done.err
    days.does(DEPARTMENT, "reconfirm", "refuse", second, "--reason", "经核实不符合第二条")
    assert sorted(states(days).values()) == ["proposed", *["reconfirmed"] * 2, *["refused"] * 2, *["undetermined"] * 1]


def test_a_notice_and_its_files(days: Days) -> None:
    reconfirmed(days)
    (made,) = days.does(MAKER, "notice", "publish", "--all", "--format", "ndjson").rows
    assert (made["published_on"], made["ends_on"], made["working_days"]) == ("2025-01-07", "2025-01-14", 5)
    assert (made["firms"], made["items"], made["total_fen"]) == (5, 5, 41_000_000)
    folder = Path(made["folder"])
    assert folder == days.root / "ledger/notices" / made["notice"]
    page = (folder / "notice.html").read_text("utf-8")
    for part in ("虚构市2024年度惠企政策拟兑付名单公示", "虚构丙公司", "第二条", "100,000.00", "0000-1111111"):
        assert part in page
    sheet = openpyxl.load_workbook(folder / "notice.xlsx").worksheets[0]
    listed = list(csv.reader((folder / "notice.csv").read_text("utf-8-sig").splitlines()))
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=4, max_row=9)] == listed
    (line,) = rows(days, "notice", "list")
    assert (line["notice"], line["items"], line["objections"], line["published_by"]) == (made["notice"], 5, 0, MAKER)
    assert len(ids(days, "--notice", made["notice"])) == 5

    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    days.does(AUDITOR, "notice", "write", made["notice"])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_notice_over_days_that_are_stated(days: Days) -> None:
    (days.root / "calendar").mkdir()
    told = "holidays: [2025-01-01, 2025-01-08..2025-01-31, 2025-05-01, 2025-10-01..2025-10-03]\nworking_weekends: []\n"
    (days.root / "calendar/2025.yaml").write_text(f"year: 2025\nsource: 虚构\n{told}", "utf-8")
    reconfirmed(days)
    (made,) = days.does(MAKER, "notice", "publish", "--all", "--format", "ndjson").rows
    assert made["ends_on"] == "2025-02-07"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--days", 3], "wants a notice of 5 working days"),
        (["--on", "2025-01-06"], "that day is past"),
        (["--on", "2125-01-06"], "working days of 2125 are not known"),
    ],
)
def test_notices_that_are_refused(days: Days, options: list[object], message: str) -> None:
    reconfirmed(days)
    assert message in days.refuses(MAKER, "notice", "publish", "--all", *options)
    assert rows(days, "notice", "list") == []


def test_a_notice_says_what_it_needs(days: Days) -> None:
    assert "nothing of this is reconfirmed" in days.refuses(MAKER, "notice", "publish", "--policy", "growth-grant")
    assert days.tries(MAKER, "notice", "publish").code == 2
    file = days.root / "notice.yaml"
    file.write_text(file.read_text("utf-8").replace("phone", "fone"), "utf-8")
    assert "notice.yaml:4:1" in days.refuses(MAKER, "notice", "publish", "--all")
    file.unlink()
    assert "how_to_object: " in days.refuses(MAKER, "notice", "publish", "--all")


def test_files_that_cannot_be_written_are_written_later(days: Days) -> None:
    reconfirmed(days)
    (days.root / "ledger/notices").write_text("in the way")
    message = days.refuses(MAKER, "notice", "publish", "--all", "--title", "另一标题")
    (days.root / "ledger/notices").unlink()
    words = message.split("`")[1].split()
    days.act_as(MAKER)
    (folder,) = [Path(row["folder"]) for row in ok(*words[1:], "--format", "ndjson").rows]
    assert "另一标题" in (folder / "notice.html").read_text("utf-8")


def test_objections(days: Days) -> None:
    named = ids(published(days))
    said = ("--by", "虚构某人", "--contact", "0000-1", "--grounds", "收入与公示不符")
    assert "real name" in days.refuses(MAKER, "object", "raise", named[A], "--by", "匿名", *said[2:])
    first, second, third = (days.does(MAKER, "object", "raise", named[one], *said).out.strip() for one in (A, B, C))
    assert sorted(row["uscc"] for row in rows(days, "object", "list")) == [A, B, C]
    assert rows(days, "notice", "list")[0]["objections"] == 3
    reason = ("--reason", "经核实")
    assert "another officer decides" in days.refuses(DEPARTMENT, "object", "dismiss", first, *reason)
    assert "may not do this" in days.refuses(MAKER, "object", "uphold", first, "--wrong", "datum", *reason)
    assert "refused" in days.does(DECIDER, "object", "uphold", first, "--wrong", "datum", *reason).err
    days.does(DECIDER, "object", "dismiss", second, *reason)
    days.does(MAKER, "object", "take-back", third, "--reason", "来函撤回")
    assert rows(days, "object", "list") == []
    decided = {row["uscc"]: row["state"] for row in rows(days, "object", "list", "--all")}
    assert decided == {A: "upheld", B: "dismissed", C: "withdrawn"}
    assert {one: states(days)[one] for one in (A, B, C)} == {A: "refused", B: "published", C: "published"}


def test_answers(days: Days) -> None:
    named = ids(published(days))
    days.does(MAKER, "confirm", "machine")
    assert states(days)[E] == "confirmed"  # its policy asks for no answer
    days.does(MAKER, "confirm", "accept", named[A], named[C], "--reason", "企业来函")
    days.does(MAKER, "confirm", "decline", "--firm", B, "--reason", "企业书面放弃")
    assert [row["uscc"] for row in rows(days, "confirm", "waiting")] == [D]
    assert [row["uscc"] for row in rows(days, "hold", "list", "--code", "no_account")] == [C]
    assert "no entitlement of this" not in days.refuses(MAKER, "confirm", "accept", "--firm", B)
    assert "is confirmed and cannot be" in days.refuses(MAKER, "confirm", "accept", named[A])
    assert days.tries(MAKER, "confirm", "accept").code == 2
    assert "say why" in days.refuses(MAKER, "confirm", "reopen", named[B], "--reason", " ")
    days.does(MAKER, "confirm", "reopen", named[B], "--reason", "企业改变意愿")
    assert states(days)[B] == "published"


def test_firms_that_do_not_answer(days: Days) -> None:
    published(days)
    days.on("2025-01-15")
    assert len(days.does(MAKER, "confirm", "remind", "--policy", "growth-grant", "--format", "ndjson").rows) == 4
    assert days.does(MAKER, "confirm", "remind", "--policy", "growth-grant", "--format", "ndjson").rows == []
    days.on("2025-01-27")
    assert days.does(MAKER, "confirm", "lapse", "--format", "ndjson").rows == []
    days.on("2025-02-08")  # the spring festival lies between: the tenth working day after the notice is 2025-02-06
    lapsed = days.does(MAKER, "confirm", "lapse", "--format", "ndjson").rows
    assert [row["uscc"] for row in lapsed] == [A, B, C, D]
    assert states(days)[E] == "published"  # nobody reminded it


def test_accounts(days: Days) -> None:
    named = ids(published(days))
    known = {row["uscc"]: row["account"] for row in rows(days, "account", "list")}
    assert known == {
        A: "虚构银行 …0001", B: "虚构银行 …0002", C: None, D: None, E: "虚构银行 …0005", F: "虚构银行 …0006"
    }  # fmt: skip
    assert "6222020000000001" not in days.does(AUDITOR, "account", "list", "--format", "json").out
    assert [row["uscc"] for row in rows(days, "account", "list", "--missing")] == [C, D]
    days.does(MAKER, "confirm", "accept", named[C])
    own = ("account", "enter", C, "--name", "虚构丙公司", "--bank", "虚构银行")
    assert "is no account number" in days.refuses(MAKER, *own, "--number", "6222 0200")
    other = ("account", "enter", C, "--name", "虚构他公司", "--number", "62220200009")
    assert "with a reason" in days.refuses(MAKER, *other)
    assert "is entered" in days.does(MAKER, *own, "--number", "62220200003").err
    assert "nothing was changed" in days.does(MAKER, *own, "--number", "62220200003").err
    assert rows(days, "hold", "list") == []
    (refused,) = days.does(MAKER, "account", "load", "--format", "ndjson").rows
    assert (refused["uscc"], refused["code"]) == (D, "blocked")
    assert "no entitlement" in days.refuses(MAKER, "account", "enter", "91370200AAAAAAAAA1", *own[3:], "--number", "1")


def test_holds(days: Days) -> None:
    one = ids(days)[A]
    reason = ("--reason", "主管部门要求暂缓")
    days.does(DEPARTMENT, "hold", "place", one, *reason)
    assert "held already" in days.refuses(MAKER, "hold", "place", one, *reason)
    (row,) = rows(days, "hold", "list")
    assert (row["code"], row["entitlement"], row["detail"]) == ("department", one, "主管部门要求暂缓")
    assert rows(days, "hold", "list", "--policy", "small-grant") == []
    assert "not lifted by hand" in days.refuses(MAKER, "hold", "lift", one, "no_account", *reason)
    days.does(MAKER, "hold", "lift", one, "department", *reason)
    assert rows(days, "hold", "list") == []


def test_entitlements_are_found(days: Days) -> None:
    assert ids(days, "--firm", A).keys() == {A}
    assert ids(days, "--policy", "small-grant", "--state", "proposed").keys() == {E}
    assert ids(days, "--payment", "sent") == {}
    assert "it is confirmed, " in days.refuses(MAKER, "list", "--state", "paid")
    assert "it is batched, paid, " in days.refuses(MAKER, "list", "--payment", "gone")
    (unknown,) = [row for row in rows(days, "list", "--policy", "growth-grant") if row["state"] == "undetermined"]
    assert (unknown["uscc"], unknown["amount_fen"], unknown["unknown"]) == (F, None, "big")


CHANGES = [
    ["reconfirm", "sample", "growth-grant"],
    ["reconfirm", "check", "X", "ok"],
    ["reconfirm", "policy", "growth-grant"],
    ["reconfirm", "refuse", "X", "--reason", "x"],
    ["notice", "publish", "--all"],
    ["object", "raise", "X", "--by", "某某", "--contact", "1", "--grounds", "x"],
    ["object", "uphold", "X", "--wrong", "datum", "--reason", "x"],
    ["object", "dismiss", "X", "--reason", "x"],
    ["object", "take-back", "X", "--reason", "x"],
    ["confirm", "accept", "X"],
    ["confirm", "machine"],
    ["confirm", "decline", "X", "--reason", "x"],
    ["confirm", "remind"],
    ["confirm", "lapse"],
    ["confirm", "reopen", "X", "--reason", "x"],
    ["account", "enter", "X", "--name", "x", "--number", "1"],
    ["account", "load"],
    ["hold", "place", "X", "--reason", "x"],
    ["hold", "lift", "X", "department", "--reason", "x"],
]


def test_an_auditor_changes_nothing(days: Days) -> None:
    for words in CHANGES:
        assert "may not do this" in days.refuses(AUDITOR, *words), words
