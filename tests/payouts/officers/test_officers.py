"""Officers: who may do what, weak passwords, codes that work once, locks, logins that end."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.tables import event
from payouts.officers.accounts import (
    Officer,
    add_officer,
    close_account,
    existing,
    has_officers,
    renew_codes,
    set_password,
    set_roles,
)
from payouts.officers.logins import Credentials, log_in, log_out, who_is
from payouts.officers.roles import ACTS, Role, may, parse_roles
from tests.payouts.stories import act

_NOW = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
_PASSWORD = "correct horse battery"
_LI = Officer("lihua", "李华", (Role.MAKER,))
_ADMIN = Officer("admin-1", "管理员", (Role.ADMIN,))


@pytest.fixture
def secret(ledger: Ledger) -> str:
    with ledger.write() as connection:
        assert not has_officers(connection)
        add_officer(connection, _ADMIN, _PASSWORD, act("machine"))
        return add_officer(connection, _LI, _PASSWORD, act(_ADMIN.id))


def _code(secret: str, moment: datetime = _NOW) -> str:
    return pyotp.TOTP(secret).at(moment)


def _log_in(
    ledger: Ledger, code: str, password: str = _PASSWORD, now: datetime = _NOW, who: str = _LI.id
) -> str | None:
    with ledger.write() as connection:
        return log_in(connection, Credentials(who, password, code), now)


def test_a_login_lasts_for_some_hours_or_until_it_is_ended(ledger: Ledger, secret: str) -> None:
    token = _log_in(ledger, _code(secret))
    assert token is not None
    with ledger.write() as connection:
        assert who_is(connection, token, _NOW) == _LI
        with pytest.raises(MianshenError, match="not logged in"):
            who_is(connection, token, _NOW + timedelta(hours=9))
        log_out(connection, token, _NOW)
        with pytest.raises(MianshenError, match="not logged in"):
            who_is(connection, token, _NOW)
        with pytest.raises(MianshenError, match="not logged in"):
            who_is(connection, "guessed", _NOW)


def test_a_code_works_once_and_near_its_time(ledger: Ledger, secret: str) -> None:
    code = _code(secret)
    assert _log_in(ledger, code)
    assert _log_in(ledger, code) is None
    assert _log_in(ledger, _code(secret, _NOW - timedelta(seconds=30))) is None, "older than one that was used"
    assert _log_in(ledger, _code(secret, _NOW + timedelta(seconds=30)))
    assert _log_in(ledger, _code(secret, _NOW + timedelta(minutes=10))) is None


@pytest.mark.parametrize(("password", "who"), [("wrong", "lihua"), (_PASSWORD, "nobody"), (_PASSWORD, "admin-1")])
def test_wrong_credentials_give_nothing(ledger: Ledger, secret: str, password: str, who: str) -> None:
    assert _log_in(ledger, _code(secret), password, who=who) is None


def test_five_failures_lock_for_a_quarter_of_an_hour(ledger: Ledger, secret: str) -> None:
    for _ in range(5):
        assert _log_in(ledger, _code(secret), "wrong") is None
    assert _log_in(ledger, _code(secret)) is None
    later = _NOW + timedelta(minutes=16)
    assert _log_in(ledger, _code(secret, later), now=later)


def test_a_closed_account_cannot_log_in_and_its_logins_end(ledger: Ledger, secret: str) -> None:
    token = _log_in(ledger, _code(secret))
    assert token is not None
    with ledger.write() as connection:
        close_account(connection, _LI.id, act(_ADMIN.id))
        with pytest.raises(MianshenError, match="no officer lihua"):
            who_is(connection, token, _NOW)
    later = _NOW + timedelta(minutes=1)
    assert _log_in(ledger, _code(secret, later), now=later) is None


def test_the_last_admin_stays(ledger: Ledger, secret: str) -> None:
    with ledger.write() as connection:
        with pytest.raises(MianshenError, match="only admin"):
            close_account(connection, _ADMIN.id, act(_ADMIN.id))
        with pytest.raises(MianshenError, match="only admin"):
            set_roles(connection, _ADMIN.id, "maker", act(_ADMIN.id))
        set_roles(connection, _LI.id, "checker maker", act(_ADMIN.id))
        assert existing(connection, _LI.id).roles == (Role.CHECKER, Role.MAKER)


def test_new_password_and_new_codes(ledger: Ledger, secret: str) -> None:
    assert _log_in(ledger, _code(secret))
    with ledger.write() as connection:
        set_password(connection, _LI.id, "another good secret", act(_ADMIN.id))
        renewed = renew_codes(connection, _LI.id, act(_ADMIN.id))
    assert _log_in(ledger, _code(secret), "another good secret") is None
    assert _log_in(ledger, _code(renewed), "another good secret")


def test_every_change_is_written_down(ledger: Ledger, secret: str) -> None:
    with ledger.write() as connection:
        set_roles(connection, _LI.id, "checker", act(_ADMIN.id))
        close_account(connection, _LI.id, act(_ADMIN.id, reason="has left"))
        told = select(event.c.actor, event.c.to_state, event.c.reason).where(event.c.subject == _LI.id)
        rows = [tuple(row) for row in connection.execute(told.order_by(event.c.seq))]
        assert violations(connection) == []
    assert rows == [
        ("admin-1", "open", "entered as maker"),
        ("admin-1", "open", "now checker"),
        ("admin-1", "closed", "has left"),
    ]


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "my name is LiHua!!"])
def test_weak_passwords_are_refused(ledger: Ledger, secret: str, password: str) -> None:
    with ledger.write() as connection, pytest.raises(MianshenError, match="at least 10 characters"):
        set_password(connection, _LI.id, password, act(_ADMIN.id))


@pytest.mark.parametrize(
    ("words", "said"), [("boss", "no such role: boss"), ("", "needs a role"), ("admin maker", "no other role")]
)
def test_roles_that_cannot_be(words: str, said: str) -> None:
    with pytest.raises(MianshenError, match=said):
        parse_roles(words)


@pytest.mark.parametrize("what", ACTS)
def test_an_admin_and_an_auditor_move_no_money(what: str) -> None:
    assert may((Role.AUDITOR,), what) == (what == "see")
    assert may((Role.ADMIN,), what) == (what in {"see", "keep_officers", "keep_ledger"})


def test_an_act_of_another_role_is_refused() -> None:
    _LI.require("plan")
    with pytest.raises(MianshenError, match="it takes the role checker, and lihua is maker"):
        _LI.require("check")


@pytest.mark.parametrize("name", ["李华", "li hua", "", "a/b", "firm:1", "LiHua", "LIHUA"])
def test_ids_that_cannot_be(ledger: Ledger, name: str) -> None:
    with ledger.write() as connection, pytest.raises(MianshenError, match="no id for an officer"):
        add_officer(connection, Officer(name, "x", (Role.MAKER,)), _PASSWORD, act())


def test_nobody_acts_as_the_machine(ledger: Ledger) -> None:
    with ledger.write() as connection, pytest.raises(MianshenError, match="choose another id"):
        add_officer(connection, Officer("machine", "x", (Role.MAKER,)), _PASSWORD, act())


def test_an_admin_does_not_make_themselves_a_maker(ledger: Ledger, secret: str) -> None:
    with ledger.write() as connection:
        add_officer(connection, Officer("admin-2", "管理员", (Role.ADMIN,)), _PASSWORD, act(_ADMIN.id))
        with pytest.raises(MianshenError, match="their own roles"):
            set_roles(connection, _ADMIN.id, "maker", act(_ADMIN.id))
        set_roles(connection, _ADMIN.id, "maker", act("admin-2"))


@pytest.mark.parametrize("renewed", ["password", "codes"])
def test_a_token_that_was_stolen_ends_with_what_it_was_got_by(ledger: Ledger, secret: str, renewed: str) -> None:
    token = _log_in(ledger, _code(secret))
    assert token is not None
    with ledger.write() as connection:
        if renewed == "password":
            set_password(connection, _LI.id, "another good secret", act(_ADMIN.id))
        else:
            renew_codes(connection, _LI.id, act(_ADMIN.id))
        with pytest.raises(MianshenError, match="not logged in"):
            who_is(connection, token, _NOW)


def test_a_weak_password_ends_no_login(ledger: Ledger, secret: str) -> None:
    token = _log_in(ledger, _code(secret))
    assert token is not None
    with ledger.write() as connection:
        with pytest.raises(MianshenError, match="nothing was changed"):
            set_password(connection, _LI.id, "weak", act(_ADMIN.id))
        assert who_is(connection, token, _NOW) == _LI
