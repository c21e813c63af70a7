"""Facts that are written are read back, the same ones, whatever happens in between; bad ones are refused by name."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.journal.facts import BranchOf, Content, FormerName, Link, Statement, Succession
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.journal.ledger import Active, Fault, Refused, active
from enterprise_data.identity.journal.tables import branches, decisions, former_names, successions, write_tables
from enterprise_data.snapshot.known_firms import facts_text, read_facts
from tests.journal.saying import (
    NOON,
    SHA,
    branch,
    confirm,
    former_name,
    journal,
    link,
    no_firm,
    say,
    subject,
    succession,
    undo,
)
from tests.snapshot.city import uscc


def facts_of(folder: Path) -> list[object]:
    return list(Journal(folder).ledger().facts.values())


def test_what_was_said_is_read_back_with_id_and_time(tmp_path: Path) -> None:
    said = [
        say(link("甲厂", 1)),
        say(no_firm("乙厂", second=True)),
        say(former_name()),
        say(succession()),
        say(branch()),
        say(branch(2, never=True)),
        say(confirm(2), "乙"),
        say(undo(1)),
    ]
    kept = journal(tmp_path / "identity").append(said)
    assert [fact.id for fact in kept] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert kept[0].at == NOON
    assert facts_of(tmp_path / "identity") == list(kept)
    holds = active(kept)
    assert [fact.id for fact in holds.decisions] == [2]
    assert [fact.id for fact in holds.corrections] == [3, 4, 5, 6]


def test_nothing_is_there_before_the_first_fact(tmp_path: Path) -> None:
    assert Journal(tmp_path / "identity").ledger().facts == {}
    assert Journal(tmp_path / "identity").append([]) == ()
    assert not (tmp_path / "identity").exists()


REFUSALS: dict[str, tuple[list[Content], Content, str, Fault]] = {
    "an undo of nothing": ([], undo(7), "甲", Fault.UNKNOWN_FACT),
    "a confirmation of nothing": ([], confirm(7), "甲", Fault.UNKNOWN_FACT),
    "an undo of an undo": ([link("甲厂", 1), undo(1)], undo(2), "甲", Fault.UNDO_OF_UNDO),
    "an undo of a confirmation": (
        [link("甲厂", 1, second=True)],
        undo(2),
        "甲",
        Fault.UNDO_OF_CONFIRMATION,
    ),
    "a second undo": ([link("甲厂", 1), undo(1)], undo(1), "甲", Fault.ALREADY_UNDONE),
    "a confirmation by the author": ([link("甲厂", 1, second=True)], confirm(1), "甲", Fault.SAME_PERSON),
    "a confirmation by the author in other letters": (
        [link("甲厂", 1, second=True)],
        confirm(1),
        " 甲　",
        Fault.SAME_PERSON,
    ),
    "a second confirmation": ([link("甲厂", 1, second=True)], confirm(1), "丙", Fault.ALREADY_CONFIRMED),
    "a confirmation that none needs": ([link("甲厂", 1)], confirm(1), "乙", Fault.NEEDS_NO_CONFIRMATION),
    "a confirmation of what was undone": (
        [link("甲厂", 1, second=True), undo(1)],
        confirm(1),
        "乙",
        Fault.ALREADY_UNDONE,
    ),
    "a confirmation of a correction": ([former_name()], confirm(1), "乙", Fault.NOT_A_DECISION),
    "a second decision": ([link("甲厂", 1)], link("甲厂", 2), "甲", Fault.ALREADY_DECIDED),
    "the same decision again": ([no_firm("甲厂")], no_firm("甲厂"), "甲", Fault.ALREADY_DECIDED),
    "the same former name again": ([former_name()], former_name(), "甲", Fault.ALREADY_CORRECTED),
    "the same succession again": ([succession()], succession(), "甲", Fault.ALREADY_CORRECTED),
    "the same branch again": ([branch()], branch(), "乙", Fault.ALREADY_CORRECTED),
    "never the branch that it was": ([branch()], branch(never=True), "甲", Fault.ALREADY_CORRECTED),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_contradiction_is_refused_by_name_and_adds_nothing(tmp_path: Path, name: str) -> None:
    before, wrong, author, fault = REFUSALS[name]
    book = journal(tmp_path)
    book.append(say(what) for what in before)
    if fault in (Fault.UNDO_OF_CONFIRMATION, Fault.ALREADY_CONFIRMED):
        book.append([say(confirm(1), "乙")])
    kept = facts_of(tmp_path)
    content = (tmp_path / "journal.jsonl").read_bytes() if before else b""
    with pytest.raises(Refused) as refused:
        book.append([say(former_name(9)), say(wrong, author)])
    assert refused.value.fault is fault
    assert facts_of(tmp_path) == kept
    assert not before or (tmp_path / "journal.jsonl").read_bytes() == content
    assert list(book.ledger().facts.values()) == kept
    book.append([say(former_name(9))])
    assert len(facts_of(tmp_path)) == len(kept) + 1


def test_replace_undoes_the_decision_in_the_way(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append([say(link("甲厂", 1)), say(link("乙厂", 1))])
    added = book.append([say(link("甲厂", 2), "乙"), say(link("丙厂", 2), "乙")], replace=True)
    assert [(fact.id, fact.what.kind) for fact in added] == [(3, "undo"), (4, "link"), (5, "link")]
    assert [fact.id for fact in book.ledger().active().decisions] == [2, 4, 5]


def test_a_second_person_puts_a_decision_in_force(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append([say(link("甲厂", 1, second=True))])
    assert [fact.id for fact in book.ledger().active().waiting] == [1]
    assert decisions(book.ledger().active()).is_empty()
    book.append([say(confirm(1), "乙")])
    assert [fact.id for fact in book.ledger().active().decisions] == [1]
    assert book.ledger().active().waiting == ()


TAILS = {
    "half a line": b'{"author":"x","reason"',
    "half a character": '{"author":"甲'.encode()[:-1],
    "nothing but zeros": bytes(40),
    "a line without its end": b'{"author":"a"}',
}


@pytest.mark.parametrize("tail", TAILS)
def test_a_torn_last_line_is_reported_and_cut_off(tmp_path: Path, tail: str) -> None:
    kept = journal(tmp_path).append([say(link("甲厂", 1)), say(link("乙厂", 1))])
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(TAILS[tail])
    book = journal(tmp_path)
    assert list(book.ledger().facts.values()) == list(kept)
    assert len(book.torn) == 1
    (third,) = book.append([say(link("丙厂", 1))])
    assert len(book.torn) == 1
    assert (tmp_path / "journal.torn").read_bytes() == TAILS[tail] + b"\n"
    again = Journal(tmp_path)
    assert list(again.ledger().facts.values()) == [*kept, third]
    assert again.torn == []


FAULTS = {
    "not JSON": ('"kind":"link"', '"kind":link'),
    "an unknown key": ('"author"', '"autor"'),
    "an unknown kind": ('"kind":"link"', '"kind":"guess"'),
    "a time without a zone": ("T12:00:00Z", "T12:00:00"),
    "no reason": ("核对过营业执照", " "),
    "an id that stands still": ('"id":2', '"id":1'),
    "a code that is none": (uscc(1), "123"),
    "a decision repeated": ("乙厂", "甲厂"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_altered_line_is_an_error_with_file_and_line_and_stays(tmp_path: Path, fault: str) -> None:
    old, new = FAULTS[fault]
    journal(tmp_path).append([say(link("甲厂", 1)), say(link("乙厂", 1)), say(link("丙厂", 1))])
    path = tmp_path / "journal.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = 0 if fault == "a time without a zone" else 1
    lines[at] = lines[at].replace(old, new)
    path.write_text("".join(lines), encoding="utf-8")
    for act in (lambda: Journal(tmp_path).ledger(), lambda: Journal(tmp_path).append([say(link("丁厂", 1))])):
        with pytest.raises(MianshenError, match=rf"journal\.jsonl:{at + 1}: "):
            act()
    assert path.read_text(encoding="utf-8") == "".join(lines)


def test_a_reader_sees_what_another_has_added_since(tmp_path: Path) -> None:
    one, other = journal(tmp_path), journal(tmp_path)
    one.append([say(link("甲厂", 1))])
    assert other.ledger().last_id == 1
    assert other.append([say(link("乙厂", 1))])[0].id == 2
    assert one.append([say(link("丙厂", 1))])[0].id == 3
    with pytest.raises(Refused):
        other.append([say(link("丙厂", 1))])
    (tmp_path / "journal.jsonl").unlink()
    assert one.ledger().facts == {}


WRITER = """
import sys
from datetime import date
from pathlib import Path
from enterprise_data.identity.journal.journal import Journal
from tests.journal.saying import link, say

book = Journal(Path(sys.argv[1]))
for number in range(40):
    book.append([say(link(f"{sys.argv[2]}{number}", 1), sys.argv[2])])
"""


def test_what_a_snapshot_keeps_of_them_is_what_holds(tmp_path: Path) -> None:
    book = journal(tmp_path)
    assert read_facts(facts_text(book.ledger().active())) == Active()
    book.append([say(former_name()), say(link("甲\u2028厂\x85", 1)), say(branch()), say(no_firm("乙厂")), say(undo(4))])
    holds = book.ledger().active()
    assert read_facts(facts_text(holds)) == holds


def test_two_processes_that_add_at_once_both_succeed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen([*command, author], cwd=root, stderr=subprocess.PIPE) for author in "ab"]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    facts = Journal(tmp_path).ledger().facts
    assert list(facts) == list(range(1, 81))
    assert sorted(fact.author for fact in facts.values()) == ["a"] * 40 + ["b"] * 40


def test_a_full_disk_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(tmp_path)
    book.append([say(link("甲厂", 1))])
    before = (tmp_path / "journal.jsonl").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(MianshenError, match="No space left on device; nothing was added"):
            book.append([say(link("乙厂", 1))])
    assert (tmp_path / "journal.jsonl").read_bytes() == before
    assert book.append([say(link("乙厂", 1))])[0].id == 2


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(MianshenError, match=r"cannot read .*journal\.jsonl"):
        Journal(tmp_path).ledger()
    with pytest.raises(MianshenError, match=r"cannot write .*journal\.jsonl"):
        Journal(tmp_path).append([say(former_name())])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Statement(author=" ", reason="x", what=undo(1)),
        lambda: Statement(author="x", reason="", what=undo(1)),
        lambda: Link(subject=subject("甲厂"), register_sha256=SHA, firm="370200"),
        lambda: Link(subject=subject("甲厂"), register_sha256="", firm=uscc(1)),
        lambda: FormerName.model_validate(
            {"firm": uscc(1), "name": "旧", "since": "2021-01-01", "until": "2020-01-01"}
        ),
        lambda: Succession.model_validate(
            {"old_code": uscc(1), "firm": uscc(1), "effective_on": "2020-01-01", "how": "改制"}
        ),
        lambda: branch(1, 1),
        lambda: branch(1, 1, never=True),
        lambda: BranchOf.model_validate({"firm": uscc(1), "parent": uscc(2)}),
        lambda: BranchOf.model_validate({"firm": uscc(1), "parent": uscc(2), "until": "2020-01-01"}),
        lambda: BranchOf.model_validate({"firm": uscc(1), "parent": uscc(2), "until": "2020-01-01", "never": True}),
        lambda: BranchOf.model_validate({"firm": uscc(1), "parent": uscc(2), "since": "2020-01-01", "never": True}),
        lambda: BranchOf.model_validate({"firm": uscc(1), "parent": "370200", "since": "2020-01-01"}),
        lambda: BranchOf.model_validate(
            {"firm": uscc(1), "parent": uscc(2), "since": "2020-01-02", "until": "2020-01-01"}
        ),
    ],
)
def test_what_cannot_be_a_fact_is_not_one(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValidationError):
        make()


def test_the_tables_hold_what_is_in_force_with_all_their_columns(tmp_path: Path) -> None:
    book = journal(tmp_path)
    write_tables(book.ledger().active(), tmp_path)
    empty = {path.stem: pl.read_parquet(path) for path in tmp_path.glob("*.parquet")}
    assert {name: frame.height for name, frame in empty.items()} == {
        "branches": 0,
        "decisions": 0,
        "former_names": 0,
        "successions": 0,
    }
    book.append([say(link("甲厂", 1)), say(no_firm("乙厂")), say(former_name()), say(succession()), say(undo(1))])
    book.append([say(link(" 甲厂\u3000", 2)), say(branch()), say(branch(2, never=True))])
    holds = book.ledger().active()
    write_tables(holds, tmp_path)
    assert pl.read_parquet(tmp_path / "decisions.parquet").rows() == [
        ("penalties", None, None, None, "乙厂", None, date(2024, 1, 1), date(2024, 5, 1), 2),
        ("penalties", None, None, None, " 甲厂\u3000", uscc(2), None, None, 6),
    ]
    assert former_names(holds).rows() == [(uscc(1), "旧有限公司", None, former_name().until, 3)]
    assert successions(holds).rows() == [("370202600000017", "老店", uscc(1), succession().effective_on, "个转企", 4)]
    named = ("某有限公司某分公司", uscc(9), "某有限公司")
    assert branches(holds).rows() == [
        (uscc(1), *named, date(2015, 3, 1), None, False, 7),
        (uscc(2), *named, None, None, True, 8),
    ]
    for name, frame in empty.items():
        assert pl.read_parquet(tmp_path / f"{name}.parquet").schema == frame.schema
