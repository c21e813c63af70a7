"""Officers on the command line: who enters whom, logging in and out, and what is written where."""

from __future__ import annotations

import re
import stat
from datetime import datetime
from pathlib import Path

import pyotp
import pytest

from cli.acting import CLOCK, TOKEN
from tests.cli.payout_office import ADMIN, PASSWORD, ROLES, START, Office
from tests.cli.running import Result, mianshen, ok
from tests.payouts.stories import CHECKER, MAKER

LATER = "2024-03-01T17:00:00+08:00"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a workspace, a rehearsal, that has no ledger."""
    ok("init", tmp_path / "w", "--bare", "-q")
    settings = tmp_path / "w" / "mianshen.toml"
    settings.write_text(settings.read_text("utf-8").replace("rehearsal = false", "rehearsal = true "), "utf-8")
    monkeypatch.setenv(CLOCK, START)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "w"


def add(root: Path, who: str, roles: str, password: str = PASSWORD) -> Result:
    return mianshen("officer", "add", who, "--name", who, "--roles", roles, "--password", password, "-w", root)


def code_of(told: Result, moment: str = START) -> str:
    found = re.search("secret=([A-Z2-7]+)", told.out)
    assert found is not None, told
    return pyotp.TOTP(found[1]).at(datetime.fromisoformat(moment))


def test_the_first_officer_is_the_admin_and_makes_the_ledger(bare: Path) -> None:
    assert "officer add" in mianshen("officer", "list", "-w", bare).err
    maker = add(bare, MAKER, "maker")
    assert (maker.code, "the first officer is the admin" in maker.err) == (1, True)
    assert add(bare, ADMIN, "admin").code == 0
    assert stat.S_IMODE((bare / "ledger" / "ledger.sqlite").stat().st_mode) == 0o600
    stranger = add(bare, MAKER, "maker")
    assert (stranger.code, "nobody is logged in" in stranger.err) == (1, True)


def test_a_login_is_kept_for_this_user_alone_until_it_is_ended(bare: Path, tmp_path: Path) -> None:
    code = code_of(add(bare, ADMIN, "admin"))
    given = ("officer", "login", ADMIN, "-w", bare, "--password", PASSWORD, "--code")
    wrong = mianshen(*given, "000000")
    assert (wrong.code, "is wrong, or the account is closed or locked" in wrong.err) == (1, True)
    ok(*given, code)
    [file] = (tmp_path / "state" / "mianshen").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [row["id"] for row in ok("officer", "list", "-w", bare, "--format", "ndjson").rows] == [ADMIN]
    ok("officer", "logout", "-w", bare)
    assert "nobody is logged in" in mianshen("officer", "list", "-w", bare).err
    assert "Nobody was logged in" in ok("officer", "logout", "-w", bare).err
    again = mianshen(*given, code)
    assert again.code == 1, "a code works once"


def test_a_login_ends_after_eight_hours(office: Office) -> None:
    office.does(MAKER, "payout", "status")
    office.environment.setenv(CLOCK, "2024-03-02T00:00:01+08:00")
    assert "no longer: run `mianshen officer login`" in office.tries(MAKER, "payout", "status").err


def test_the_admin_keeps_the_accounts(office: Office) -> None:
    assert office.tries(MAKER, "officer", "roles", CHECKER, "maker").code == 1
    office.does(ADMIN, "officer", "roles", CHECKER, "maker checker")
    office.does(ADMIN, "officer", "close", MAKER)
    assert "no officer lihua with an open account" in office.tries(MAKER, "payout", "status").err
    rows = {row["id"]: row for row in office.does(ADMIN, "officer", "list", "--format", "ndjson").rows}
    assert rows.keys() == {ADMIN, *ROLES}
    assert (rows[CHECKER]["roles"], rows[MAKER]["disabled_at"]) == ("checker maker", "2024-03-01T08:00:00.000000Z")
    assert "only admin" in office.tries(ADMIN, "officer", "close", ADMIN).err
    assert PASSWORD not in office.does(ADMIN, "officer", "list").out


def test_everybody_sees_what_became_of_accounts(office: Office) -> None:
    office.does(ADMIN, "officer", "roles", CHECKER, "maker checker")
    office.does(ADMIN, "officer", "close", MAKER)
    rows = office.does(CHECKER, "officer", "log", "--format", "ndjson").rows
    assert [(row["giver"], row["officer"], row["state"], row["what"]) for row in (rows[0], *rows[-2:])] == [
        (ADMIN, ADMIN, "open", "entered as admin"),
        (ADMIN, CHECKER, "open", "now checker and maker"),
        (ADMIN, MAKER, "closed", ""),
    ]
    assert len(rows) == 1 + len(ROLES) + 2
    listed = {
        row["id"]: row["created_by"] for row in office.does(CHECKER, "officer", "list", "--format", "ndjson").rows
    }
    assert set(listed.values()) == {ADMIN}


def test_a_new_password_and_new_codes_for_a_lost_telephone(office: Office) -> None:
    new = "another good secret"
    told = office.does(ADMIN, "officer", "password", MAKER, "--password", new, "--new-codes")
    office.environment.delenv(TOKEN)
    office.environment.setenv(CLOCK, LATER)
    login = ("officer", "login", MAKER, "-w", office.root, "--code", code_of(told, LATER), "--show-token", "--password")
    assert mianshen(*login, PASSWORD).code == 1
    assert ok(*login, new).out.strip()


def test_the_clock_can_be_set_in_a_rehearsal_only(office: Office) -> None:
    office.environment.setenv(CLOCK, "noon")
    assert "is no instant" in office.tries(MAKER, "payout", "status").err
    office.environment.setenv(CLOCK, LATER)
    settings = office.root / "mianshen.toml"
    settings.write_text(settings.read_text("utf-8").replace("rehearsal = true", "rehearsal = false"), "utf-8")
    assert "is for rehearsals only" in office.tries(MAKER, "payout", "status").err


@pytest.mark.parametrize("roles", ["boss", "admin maker"])
def test_roles_that_cannot_be(office: Office, roles: str) -> None:
    office.environment.setenv(TOKEN, office.tokens[ADMIN])
    assert add(office.root, "new", roles).code == 1
