"""The queue as a list and as a workbook; decisions confirmed, undone, listed; corrections; who decides."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path
from typing import Any, NoReturn

import openpyxl
import pytest

from cli.exit_codes import ExitCode
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.review.sheet_rows import DECISION, HEADINGS, REASON, SHEET
from tests.cli.queue import ROWS, put_queue
from tests.cli.running import Result, mianshen, ok
from tests.cli.town import A, B, C, bare
from tests.review.files import Unlinked

REVIEW = ("data", "review")


def rows(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.out)
    assert isinstance(found, list)
    return found


def told(folder: Path) -> list[dict[str, Any]]:
    return rows(ok(*REVIEW, "log", "-w", folder, "--format", "json"))


def exported(folder: Path, *options: object) -> Path:
    path = folder / "review.xlsx"
    ok(*REVIEW, "export", "-w", folder, path, *options)
    return path


def fill(path: Path, *filled: tuple[int, str, object]) -> Path:
    """Fill cells as a clerk does: number of the entry from 1, heading, value."""
    book = openpyxl.load_workbook(path)
    for number, heading, value in filled:
        book[SHEET].cell(number + 2, HEADINGS.index(heading) + 1, value)  # type: ignore[call-overload]  # any value
    book.save(path)
    return path


def imported(folder: Path, path: Path, *options: object, author: str = "王芳") -> Result:
    return mianshen(
        *REVIEW, "import", "-w", folder, path, "--as", author, "--reason", "核对过", "--format", "json", *options
    )


def test_the_list_has_every_entry_with_all_it_knows(waiting: Path) -> None:
    found = rows(ok(*REVIEW, "list", "-w", waiting, "--format", "json"))
    assert [row["name"] for row in found] == [row.name for row in ROWS]
    first = found[0]
    assert (first["dataset"], first["row_nos"], first["reason"]) == ("blacklist", [2], "unknown_name")
    assert (first["negative"], first["stake_fen"], first["state"]) == (True, 10_000_000, "open")
    assert [candidate["uscc"] for candidate in first["candidates"]] == [A, B]
    assert found[1]["stake_fen"] == 1_000_000_000
    lines = ok(*REVIEW, "list", "-w", waiting, "--format", "csv").out.splitlines()
    assert len(lines) == 1 + len(ROWS)
    assert f"{A} {B}" in lines[1]


def test_the_table_is_for_people(waiting: Path) -> None:
    shown = ok(*REVIEW, "list", "-w", waiting, "--limit", 2)
    lines = shown.out.splitlines()
    assert len(lines) == 4
    assert lines[2].split()[:3] == ["blacklist", "甲有限公刊", "1"]
    assert f"{A} 甲有限公司" in lines[2]
    assert lines[3].split()[-3:] == ["1,000.00", "万元", "open"]
    assert "2 entries, 2 rows" in shown.err
    many = [Unlinked("drugs", number, f"某{number}公司") for number in range(30)]
    put_queue(waiting, many)
    shown = ok(*REVIEW, "list", "-w", waiting)
    assert len(shown.out.splitlines()) == 22
    assert "30 entries, 30 rows; the first 20 are shown" in shown.err


def test_the_list_can_be_narrowed_and_summed_up_by_pattern(waiting: Path) -> None:
    command = (*REVIEW, "list", "-w", waiting, "--format", "json")
    assert [row["name"] for row in rows(ok(*command, "--dataset", "turnover"))] == ["戊有限公司"]
    assert [row["name"] for row in rows(ok(*command, "--reason", "code_not_in_register"))] == ["戊有限公司"]
    assert len(rows(ok(*command, "--pattern", "shortened", "--limit", 2))) == 2
    patterns = rows(ok(*command, "--patterns"))
    assert [(row["pattern"], row["entries"]) for row in patterns] == [
        ("shortened", 3),
        ("no_candidate", 1),
        ("one_character", 1),
    ]
    assert all(row["meaning"] for row in patterns)


def test_a_workbook_goes_out_and_comes_back_filled(waiting: Path) -> None:
    path = exported(waiting)
    fill(path, (1, DECISION, 1), (1, REASON, "电话核实"), (2, DECISION, "无"), (4, DECISION, C))
    done = imported(waiting, path)
    assert done.code == 0, done
    assert [(row["name"], row["firm"], row["reason"], row["author"]) for row in rows(done)] == [
        ("甲有限公刊", A, "电话核实", "王芳"),
        ("乙公司", None, "核对过", "王芳"),
        ("丙公司", C, "核对过", "王芳"),
    ]
    assert "3 lines decided, 0 decided so before, 2 left empty" in done.err
    assert f"mianshen data freeze -w {waiting}" in done.err
    before = (waiting / "identity/journal.jsonl").read_bytes()
    again = imported(waiting, path, author="李强")
    assert (again.code, rows(again)) == (0, [])
    assert "0 lines decided, 3 decided so before" in again.err
    assert (waiting / "identity/journal.jsonl").read_bytes() == before
    left = rows(ok(*REVIEW, "list", "-w", waiting, "--format", "json"))
    assert [row["name"] for row in left] == ["丁公司", "戊有限公司"]
    marked = rows(ok(*REVIEW, "list", "-w", waiting, "--format", "json", "--all"))
    assert [row["state"] for row in marked] == ["decided", "decided", "open", "decided", "open"]


def test_nothing_is_decided_unless_all_is_well_or_in_part_when_asked_for(waiting: Path) -> None:
    path = exported(waiting)
    fill(path, (1, DECISION, 1), (2, DECISION, "是"), (3, DECISION, 4), (5, "代码", "x"), (5, DECISION, "无"))
    refused = imported(waiting, path)
    assert refused.code == ExitCode.PROBLEMS
    for cell in ("H4 决定: `是` decides nothing", "H5 决定: `4` decides nothing", "O7 标识: other cells"):
        assert cell in refused.err
    assert "found 3 errors" in refused.err
    assert not (waiting / "identity").exists()
    partly = imported(waiting, path, "--partial")
    assert partly.code == ExitCode.PROBLEMS
    assert [row["name"] for row in rows(partly)] == ["甲有限公刊"]
    assert "found 3 errors" in partly.err


def test_a_workbook_that_may_be_filled_is_not_written_over(waiting: Path) -> None:
    path = exported(waiting, "--dataset", "drugs", "--limit", 2)
    before = path.read_bytes()
    again = mianshen(*REVIEW, "export", "-w", waiting, path)
    assert again.code == ExitCode.PROBLEMS
    assert "may have been filled" in again.err
    assert path.read_bytes() == before
    assert openpyxl.load_workbook(path)[SHEET].max_row == 4
    assert mianshen(*REVIEW, "export", "-w", waiting, waiting / "x.csv").code == ExitCode.USAGE
    assert mianshen(*REVIEW, "export", "-w", waiting, waiting / "no/x.xlsx").code == ExitCode.PROBLEMS


def two_persons(folder: Path, text: str) -> None:
    file = folder / "mianshen.toml"
    file.write_text(file.read_text(encoding="utf-8").partition("[review]")[0] + f"[review]\n{text}\n", encoding="utf-8")


def test_a_large_amount_needs_a_second_different_person(waiting: Path) -> None:
    two_persons(waiting, "two_person_from = 500000")
    done = imported(waiting, fill(exported(waiting), (1, DECISION, 1), (2, DECISION, 1), (3, DECISION, 1)))
    assert [(row["id"], row["second_person"], row["state"]) for row in rows(done)] == [
        (1, False, "in force"),
        (2, True, "waiting"),
        (3, True, "waiting"),
    ]
    assert "2 decisions wait for a second person" in done.err
    own = mianshen(*REVIEW, "confirm", "-w", waiting, 2, "--as", "王 芳")
    assert own.code == ExitCode.PROBLEMS
    assert "another person must confirm it" in own.err
    assert "2 are 王芳's own" in ok(*REVIEW, "confirm", "-w", waiting, "--as", "王芳").err
    by_id = ok(*REVIEW, "confirm", "-w", waiting, 2, "--as", "李强", "--format", "json")
    assert [(row["id"], row["name"], row["state"]) for row in rows(by_id)] == [(2, "乙公司", "in force")]
    twice = mianshen(*REVIEW, "confirm", "-w", waiting, 3, 2, "--as", "李强")
    assert "confirmed already" in twice.err
    assert [fact.id for fact in Journal(waiting / "identity").ledger().active().waiting] == [3]
    rest = ok(*REVIEW, "confirm", "-w", waiting, "--as", "李强", "--yes", "--format", "json")
    assert [row["id"] for row in rows(rest)] == [3]
    assert "no decision waits" in ok(*REVIEW, "confirm", "-w", waiting, "--as", "李强").err


def test_what_waits_is_shown_before_it_is_confirmed(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_persons(waiting, "two_person_negative = true")
    imported(waiting, fill(exported(waiting), (1, DECISION, "无"), (2, DECISION, 1)))
    asked: list[str] = []

    def answer(question: str, said: bool) -> bool:
        asked.append(question)
        return said

    monkeypatch.setattr("cli.review_facts.agreed", lambda question: answer(question, said=False))
    refused = ok(*REVIEW, "confirm", "-w", waiting, "--as", "李强")
    assert "甲有限公刊" in refused.out
    assert "乙公司" not in refused.out
    assert "nothing was confirmed" in refused.err
    monkeypatch.setattr("cli.review_facts.agreed", lambda question: answer(question, said=True))
    assert "in force" in ok(*REVIEW, "confirm", "-w", waiting, "--as", "李强").out
    assert asked == ["confirm all 1?"] * 2


def test_an_undone_decision_is_open_again_and_stays_in_the_log(waiting: Path) -> None:
    imported(waiting, fill(exported(waiting), (1, DECISION, 1), (2, DECISION, 1)))
    undone = ok(*REVIEW, "undo", "-w", waiting, 1, "--as", "李强", "--reason", "看错了", "--format", "json")
    assert [(row["id"], row["state"]) for row in rows(undone)] == [(1, "undone")]
    assert [(row["kind"], row["state"], row["author"]) for row in told(waiting)] == [
        ("link", "undone", "王芳"),
        ("link", "in force", "王芳"),
        ("undo", "done", "李强"),
    ]
    assert len(rows(ok(*REVIEW, "list", "-w", waiting, "--format", "json"))) == 4
    both = mianshen(*REVIEW, "undo", "-w", waiting, 2, 1, "--as", "李强")
    assert both.code == ExitCode.PROBLEMS
    assert "undone already" in both.err
    assert len(told(waiting)) == 3
    assert "there is no fact 77" in mianshen(*REVIEW, "undo", "-w", waiting, 77).err


def test_the_log_shows_single_facts_and_knows_which_there_are(waiting: Path) -> None:
    assert ok(*REVIEW, "log", "-w", waiting, "--format", "ndjson").out == ""
    imported(waiting, fill(exported(waiting), (1, DECISION, "无"), (2, DECISION, 1)))
    table = ok(*REVIEW, "log", "-w", waiting).out
    assert "blacklist: 甲有限公刊" in table
    assert "drugs: 乙公司" in table
    assert [row["id"] for row in ok(*REVIEW, "log", "-w", waiting, 2, "--format", "ndjson").rows] == [2]
    assert "no fact 3" in mianshen(*REVIEW, "log", "-w", waiting, 3).err


def test_a_correction_is_a_fact_that_can_be_undone(waiting: Path) -> None:
    correct = (*REVIEW, "correct")
    because = ("--reason", "变更通知书", "--as", "王芳", "-w", waiting, "--format", "json")
    named = ok(*correct, "former-name", A.lower(), "甲老厂", "--until", "2021-05-31", *because)
    assert [(row["firm"], row["name"], row["since"], row["until"]) for row in rows(named)] == [
        (A, "甲老厂", None, "2021-05-31")
    ]
    succeeded = ok(*correct, "succession", "3702026-00000017", B, "--on", "2022-03-01", "--kind", "个转企", *because)
    assert [(row["old_code"], row["firm"], row["how"]) for row in rows(succeeded)] == [("370202600000017", B, "个转企")]
    ok(*REVIEW, "undo", "-w", waiting, 1, "--as", "王芳")
    assert [fact.id for fact in Journal(waiting / "identity").ledger().active().corrections] == [2]


def test_what_is_said_of_a_branch_and_its_parent_holds_until_it_is_undone(waiting: Path) -> None:
    because = ("--reason", "登记档案", "--as", "王芳", "-w", waiting)
    of = (*REVIEW, "correct", "branch")
    (dated,) = rows(ok(*of, f" {A.lower()}", f"{B[:8]}-{B[8:]}", "--since", "2015-03-01", *because, "--format", "json"))
    said = ("kind", "firm", "firm_name", "parent", "parent_name", "since", "until", "never", "state")
    assert [dated[key] for key in said] == [
        *("branch", A, "甲有限公司", B, "乙有限公司", "2015-03-01", None, False, "in force")
    ]
    for days in (("--since", "2015-03-01"), ("--since", "2016-03-01", "--until", "2017-01-01"), ("--never",)):
        again = mianshen(*of, A, B, *days, *because)
        assert (again.code, "fact 1 already speaks of this; undo that one first" in again.err) == (
            ExitCode.PROBLEMS,
            True,
        )
    ok(*REVIEW, "undo", "-w", waiting, 1, "--as", "王芳")
    never = ok(*of, A, B, "--never", *because).out
    assert re.search(rf"branch +never of {B} +{A} +in force", never)
    ended = ok(*of, B, A, "--since", "2015-03-01", "--until", "2015-03-01", *because, "--format", "json")
    assert [(row["until"], row["never"]) for row in rows(ended)] == [("2015-03-01", False)]
    assert [fact.id for fact in Journal(waiting / "identity").ledger().active().corrections] == [3, 4]


WRONG: dict[str, tuple[tuple[object, ...], ExitCode, str]] = {
    "a firm the register lacks": (
        ("former-name", "91370200MA3C6D1E2X", "老厂", "--until", "2021-05-31", "--reason", "x"),
        ExitCode.PROBLEMS,
        "the register has no firm 91370200MA3C6D1E2X",
    ),
    "days in the wrong order": (
        ("former-name", A, "老厂", "--since", "2022-01-01", "--until", "2021-05-31", "--reason", "x"),
        ExitCode.PROBLEMS,
        "must not be later",
    ),
    "no name": (("former-name", A, " ", "--until", "2021-05-31", "--reason", "x"), ExitCode.PROBLEMS, "name"),
    "no reason": (("former-name", A, "老厂", "--until", "2021-05-31"), ExitCode.USAGE, "--reason"),
    "an empty reason": (
        ("former-name", A, "老厂", "--until", "2021-05-31", "--reason", " "),
        ExitCode.USAGE,
        "a reason is needed",
    ),
    "a kind that is none": (
        ("succession", "370202600000017", A, "--on", "2022-03-01", "--kind", "买卖", "--reason", "x"),
        ExitCode.PROBLEMS,
        "个转企",
    ),
    "a parent the register lacks": (
        ("branch", A, "91370200MA3C6D1E2X", "--never", "--reason", "x"),
        ExitCode.PROBLEMS,
        "the register has no firm 91370200MA3C6D1E2X",
    ),
    "a branch the register lacks": (
        ("branch", "91370200MA3C6D1E2X", A, "--never", "--reason", "x"),
        ExitCode.PROBLEMS,
        "the register has no firm 91370200MA3C6D1E2X",
    ),
    "its own parent": (
        ("branch", A, A.lower(), "--since", "2015-03-01", "--reason", "x"),
        ExitCode.PROBLEMS,
        "the firm and its parent are the same",
    ),
    "a branch from a day after the last": (
        ("branch", A, B, "--since", "2022-01-01", "--until", "2021-05-31", "--reason", "x"),
        ExitCode.PROBLEMS,
        "must not be later",
    ),
    "a branch since nobody knows when": (("branch", A, B, "--reason", "x"), ExitCode.USAGE, "--since DATE"),
    "a branch until a day alone": (
        ("branch", A, B, "--until", "2021-05-31", "--reason", "x"),
        ExitCode.USAGE,
        "--since DATE",
    ),
    "never a branch since a day": (
        ("branch", A, B, "--never", "--since", "2022-01-01", "--reason", "x"),
        ExitCode.USAGE,
        "--never goes with neither",
    ),
    "never a branch until a day": (
        ("branch", A, B, "--never", "--until", "2022-01-01", "--reason", "x"),
        ExitCode.USAGE,
        "--never goes with neither",
    ),
    "a day that is none": (("branch", A, B, "--since", "2022-02-30", "--reason", "x"), ExitCode.USAGE, "2022-02-30"),
    "an old code that is none": (
        ("succession", "老", A, "--on", "2022-03-01", "--kind", "改制", "--reason", "x"),
        ExitCode.PROBLEMS,
        "old_code",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_correction_that_cannot_be_is_refused(waiting: Path, wrong: str) -> None:
    words, code, said = WRONG[wrong]
    done = mianshen(*REVIEW, "correct", *words, "-w", waiting, "--as", "王芳")
    assert done.code == code, done
    assert said in done.err.replace("\n", " ")
    assert not (waiting / "identity").exists()


def test_who_decides_is_said_by_the_option_the_environment_or_the_login(
    waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct = (*REVIEW, "correct", "former-name", A, "--until", "2021-05-31", "--reason", "x", "-w", waiting)
    ok(*correct, "一厂", "--as", " 王芳 ")
    monkeypatch.setenv("MIANSHEN_USER", "李强")
    ok(*correct, "二厂")
    monkeypatch.delenv("MIANSHEN_USER")
    monkeypatch.setattr(getpass, "getuser", lambda: "clerk")
    ok(*correct, "三厂")
    assert [row["author"] for row in told(waiting)] == ["王芳", "李强", "clerk"]

    def nobody() -> NoReturn:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert mianshen(*correct, "四厂").code == ExitCode.USAGE
    assert mianshen(*correct, "四厂", "--as", " ").code == ExitCode.USAGE


def test_options_before_a_subcommand_are_not_overlooked(waiting: Path) -> None:
    path = fill(exported(waiting), (1, DECISION, 1))
    done = mianshen(*REVIEW, "--as", "王芳", "import", path, "-w", waiting, "--reason", "x")
    assert done.code == ExitCode.USAGE
    assert "behind `import`" in done.err
    assert rows(ok(*REVIEW, "-w", waiting, "log", "--format", "json")) == []


def test_what_is_not_ready_says_what_to_do(waiting: Path, tmp_path: Path) -> None:
    assert "mianshen data freeze" in mianshen(*REVIEW, "list", "-w", bare(tmp_path / "bare")).err
    (waiting / "identity").mkdir()
    (waiting / "identity/journal.jsonl").write_text("{}\n", encoding="utf-8")
    assert "journal.jsonl:1: not a fact" in mianshen(*REVIEW, "log", "-w", waiting).err
