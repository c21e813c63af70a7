"""The review at the keyboard: every key, on a real terminal and from a pipe."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.review_keys import key
from enterprise_data.identity.journal.facts import NoFirm, Subject
from enterprise_data.identity.journal.journal import Journal
from tests.cli.queue import ROWS, put_queue
from tests.cli.running import PROGRAM, Result, mianshen
from tests.cli.town import A, B, C, D
from tests.journal.saying import say
from tests.review.files import Unlinked


def sit(folder: Path, keys: str, monkeypatch: pytest.MonkeyPatch, *options: object) -> Result:
    """Press keys, separated by blanks, in one sitting."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in keys.split())))
    done = mianshen("data", "review", "-w", folder, "--as", "王芳", "--format", "json", *options)
    assert done.code == 0, done
    return done


def decided(result: Result) -> list[tuple[str, str | None]]:
    """Return what the sitting decided: by which name, for which firm."""
    return [(fact["name"], fact["firm"]) for fact in json.loads(result.out)]


KEYS: dict[str, list[tuple[str, str | None]]] = {
    "q": [],
    "1 q": [("甲有限公刊", A)],
    "2 q": [("甲有限公刊", B)],
    "２ Q": [("甲有限公刊", B)],
    "n q": [("甲有限公刊", None)],
    "s 1 q": [("乙公司", B)],
    "5 x 1": [("甲有限公刊", A)],
    "1 1 1 2 n": [("甲有限公刊", A), ("乙公司", B), ("丁公司", D), ("丙公司", D), ("戊有限公司", None)],
    "1 u 2 q": [("甲有限公刊", B)],
    "u 1 1 u u q": [],
    "s 1 u u n q": [("乙公司", None)],
    f"c {C} y q": [("甲有限公刊", C)],
    f"c {C.lower()} n q": [],
    "c 91370200MA3C6D1E2X 1 q": [("甲有限公刊", A)],
    "p 1 y q": [("甲有限公刊", A)],
    "s p 1 y q": [("乙公司", B), ("丁公司", D)],
    "s p 1 n q": [],
    "s p s 1 q": [("乙公司", B)],
    "s p n y q": [("乙公司", None), ("丁公司", None), ("丙公司", None)],
    "s p 1 y u n q": [("乙公司", None)],
    "s 1 p 1 y q": [("乙公司", B), ("丁公司", D)],
    "s s s s p n y": [("戊有限公司", None)],
    "s s s s p 1 q": [],
    "s s s s s": [],
}


@pytest.mark.parametrize("keys", KEYS)
def test_each_key_does_what_it_says(waiting: Path, keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = sit(waiting, keys, monkeypatch)
    assert decided(done) == KEYS[keys]
    active = Journal(waiting / "identity").ledger().active().decisions
    assert [fact["id"] for fact in json.loads(done.out)] == [fact.id for fact in active]
    assert all(fact.author == "王芳" and fact.reason for fact in active)
    freeze = f"mianshen data freeze -w {waiting}"
    assert (freeze in done.err) == bool(active)


def test_what_is_decided_is_not_asked_again(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(waiting, "1 s n q", monkeypatch)
    assert decided(sit(waiting, "1 1 1 1 1 1", monkeypatch)) == [("乙公司", B), ("丙公司", C)]
    assert "no entry is open" in sit(waiting, "q", monkeypatch, "--dataset", "blacklist").err


def test_an_entry_shows_what_a_person_needs_to_decide(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = sit(waiting, "s s s s q", monkeypatch).err
    for part in (
        "[5 open] 失信名单 (blacklist), 法院 · row 2 · 2024-03-01",
        "name 甲有限公刊 · in 青岛市",
        "not linked: no firm of the register bears the name",
        "at stake 10.00 万元 · a row speaks against the firm",
        "at stake 1,000.00 万元",
        "USCC 91370200MA3C6D1E2X",
        "no candidate",
        f"  1  {A}  甲有限公司  市南区        95\n",
    ):
        assert part in said


def test_candidates_stand_below_each_other_whatever_their_names(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.review_entry.short", lambda text: "AB" if text == "甲有限公司" else text)
    said = sit(waiting, "q", monkeypatch).err
    first, second = (line for line in said.splitlines() if "市南区" in line)
    assert cell_len(first.partition("市南区")[0]) == cell_len(second.partition("市南区")[0])
    assert "AB" in first


def test_a_pattern_is_applied_only_after_its_sample_was_seen(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = sit(waiting, "s p 1 n q", monkeypatch).err
    assert "1 with equally good candidates are left out" in said
    assert f"丁公司  →  {D} 丁有限公司" in said
    assert "decide 2 entries so: the first candidate? [y/n]" in said


def test_the_sitting_can_be_narrowed(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = sit(waiting, "n n n", monkeypatch, "--dataset", "drugs", "--limit", 2)
    assert decided(done) == [("乙公司", None), ("丁公司", None)]
    assert "that was the last entry" in done.err


def test_someone_who_was_faster_is_not_overruled(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(prompt: str) -> str:
        """While this person thinks, another decides."""
        if not Journal(waiting / "identity").ledger().facts:
            sit_quietly(waiting)
        return key(prompt)

    monkeypatch.setattr("cli.review_session.key", slowly)
    done = sit(waiting, "1 1 q", monkeypatch)
    assert decided(done) == [("乙公司", B)]
    assert "not decided: fact 1 already decides this, by 李强" in done.err


def sit_quietly(folder: Path) -> None:
    about = Subject(dataset="blacklist", name="甲有限公刊")
    Journal(folder / "identity").append([say(NoFirm(subject=about, register_sha256="c" * 64), "李强")])


def test_a_torn_journal_is_told_and_goes_on(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(waiting, "1 q", monkeypatch)
    with (waiting / "identity/journal.jsonl").open("ab") as file:
        file.write(b'{"author":"torn')
    done = sit(waiting, "1 q", monkeypatch)
    assert "cut short by a crash" in done.err
    assert decided(done) == [("乙公司", B)]


def test_a_name_that_would_break_the_screen_is_shown_harmlessly(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = [Unlinked("drugs", 1, "\x1b[31m[bold]红\x07\n" + "长" * 9_000), Unlinked("drugs", 2, None)]
    put_queue(waiting, odd)
    said = sit(waiting, "s n", monkeypatch).err
    assert "\x1b" not in said
    assert "[bold]红" in said
    assert "长" * 100 not in said
    assert "no key" in said


def on_terminal(folder: Path, keys: Sequence[str]) -> tuple[int, str, str]:
    """Press keys on a terminal, each when the one before is done with; return code, screen and stdout."""
    master, slave = pty.openpty()
    command = [str(PROGRAM), "data", "review", "-w", str(folder), "--as", "王芳", "--format", "json"]
    environment = os.environ | {"COLUMNS": "120"}
    with subprocess.Popen(
        command, stdin=slave, stderr=slave, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        os.close(slave)
        screen, pending, deadline = "", list(keys), time.monotonic() + 60
        answered = 0
        while time.monotonic() < deadline:
            if select.select([master], [], [], 0.05)[0]:
                try:
                    screen += os.read(master, 65_536).decode("utf-8", "replace")
                except OSError:
                    break
            elif pending and screen.count(": ", answered) and screen.rstrip(" ").endswith(("quit:", "[y/n]", "back:")):
                answered = len(screen)
                os.write(master, pending.pop(0).encode())
            elif process.poll() is not None:
                break
        out = process.stdout.read() if process.stdout else ""
        code = process.wait(timeout=10)
    os.close(master)
    return code, screen, out


def test_on_a_terminal_a_key_needs_no_return(waiting: Path) -> None:
    code, screen, out = on_terminal(waiting, ["1", "p", "1", "y", "q"])
    assert code == 0, screen
    assert [(fact["name"], fact["firm"]) for fact in json.loads(out)] == [
        ("甲有限公刊", A),
        ("乙公司", B),
        ("丁公司", D),
    ]
    assert "Traceback" not in screen


@pytest.mark.parametrize(("pressed", "code"), [("\x03", 130), ("\x04", 0)])
def test_ctrl_c_and_the_end_of_the_input_keep_what_was_decided(waiting: Path, pressed: str, code: int) -> None:
    ended, screen, _ = on_terminal(waiting, ["1", pressed])
    assert ended == code, screen
    assert "Traceback" not in screen
    assert len(Journal(waiting / "identity").ledger().active().decisions) == 1


def test_the_rows_are_those_that_the_tests_speak_of() -> None:
    assert [row.name for row in ROWS] == ["甲有限公刊", "乙公司", "丁公司", "丙公司", "戊有限公司"]
