"""Accounts, one by one and from the departments' list; holds for want of one."""

import polars as pl
import pytest
from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.stale import stale_accounts
from payouts.ledger.database import Ledger
from payouts.ledger.tables import hold, payee
from payouts.workflow.account_feed import FEED, Validity, enter_accounts_from
from payouts.workflow.accounts import Account, enter_account, hold_without_account, lift_with_account
from payouts.workflow.holds import hold_one, lift_one
from tests.payouts.stories import act
from tests.payouts.workflow.town import brought
from tests.snapshot.city import uscc


def account(name: str = "虚构1公司", number: str = "6222-01", firm: int = 1) -> Account:
    return Account(uscc(firm), name, number, "虚构银行", "102100099996")


def listed(*rows: tuple[int, str | None, str | None, str | None]) -> pl.DataFrame:
    """Return a list of accounts: firm, name, number, state."""
    told = [(uscc(firm), name, number, "虚构银行", None, state) for firm, name, number, state in rows]
    return pl.DataFrame(told, schema=FEED, orient="row")


def holds(connection: Connection) -> list[tuple[str, str]]:
    return sorted((row.code, row.state) for row in connection.execute(select(hold.c.code, hold.c.state)))


def numbers(connection: Connection) -> list[str]:
    return list(connection.execute(select(payee.c.account_no).order_by(payee.c.id)).scalars())


@pytest.mark.parametrize("name", ["虚构1公司", "虚构 １ 公司"])
def test_an_account_in_the_firms_name(ledger: Ledger, name: str) -> None:
    with ledger.write() as connection:
        brought(connection, 1, "published")
        assert enter_account(connection, account(name), "officer", act(reason=""))
        assert not enter_account(connection, account(name), "officer", act(reason=""))
        assert enter_account(connection, account(name, "6222-02"), "officer", act(reason=""))
        assert numbers(connection) == ["6222-01", "6222-02"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (account("虚构另一公司"), "in the name of 虚构另一公司, the firm is 虚构1公司"),
        (account(""), "in the name of"),
        (account(number=""), "no account number"),
        (account(number="62 22"), "no account number"),
        (account(number="6222--1"), "no account number"),
        (account(number="6" * 35), "no account number"),
        (account(firm=9), "has no entitlement"),
    ],
)
def test_what_is_not_entered(sqlite_ledger: Ledger, told: Account, message: str) -> None:
    with sqlite_ledger.write() as connection:
        brought(connection, 1, "published")
        with pytest.raises(MianshenError, match=message):
            enter_account(connection, told, "officer", act(reason=""))
        assert numbers(connection) == []


def test_another_name_with_a_reason(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection:
        brought(connection, 1, "published")
        enter_account(connection, account("虚构经营者"), "officer", act(reason="个体工商户，账户在经营者名下"))
        assert connection.execute(select(payee.c.reason)).scalar_one().startswith("个体")


TODAY = Validity("2024-03-01", "2024-04-01")


LIST = [  # what the list says of firm 1, and what becomes of it
    ([("虚构1公司", "62", "正常")], "entered"),
    ([("虚构1公司", "62", "正常"), ("虚构1公司", "62", "正常")], "entered"),
    ([("虚构1公司", "62", "正常"), ("虚构1公司", "63", "销户")], "entered"),
    ([("虚构1公司", "62", "正常"), ("虚构1公司", "63", "正常")], "several"),
    ([("虚构1公司", "62", "冻结")], "blocked"),
    ([("虚构1公司", "62", "销户")], "blocked"),
    ([("虚构1公司", "62", None)], "stateless"),
    ([("虚构1公司", "6 2", "正常")], "number"),
    ([("虚构1公司", None, "正常")], "number"),
    ([("虚构2公司", "62", "正常")], "name"),
    ([(None, "62", "正常")], "name"),
]


@pytest.mark.parametrize(("rows", "becomes"), LIST)
def test_a_list(ledger: Ledger, rows: list[tuple[str | None, str | None, str | None]], becomes: str) -> None:
    frame = listed(*((1, *row) for row in rows), (9, "虚构9公司", "69", "正常"))
    with ledger.write() as connection:
        brought(connection, 2, "published")
        hold_without_account(connection, act())
        found = enter_accounts_from(connection, frame, act(reason=""), TODAY)
        assert numbers(connection) == (["62"] if becomes == "entered" else [])
        assert found.entered == len(numbers(connection))
        assert found.refused["code"].to_list() == ([] if becomes == "entered" else [becomes])
        again = enter_accounts_from(connection, frame, act(reason=""), TODAY)
        assert (again.entered, again.unchanged) == (0, found.entered)
        expected = ["lifted" if becomes == "entered" else "placed", "placed"]
        assert holds(connection) == [("no_account", state) for state in expected]


def test_an_account_that_is_frozen_later(ledger: Ledger) -> None:
    frozen, normal = listed((1, "虚构1公司", "62", "冻结")), listed((1, "虚构1公司", "62", "正常"))
    with ledger.write() as connection:
        brought(connection, 1, "confirmed")
        enter_accounts_from(connection, normal, act(reason=""), TODAY)
        assert enter_accounts_from(connection, frozen, act(reason=""), TODAY).held == 1
        assert enter_accounts_from(connection, frozen, act(reason=""), TODAY).held == 0
        assert holds(connection) == [("account_blocked", "placed")]
        enter_accounts_from(connection, normal, act(reason=""), TODAY)
        assert holds(connection) == [("account_blocked", "lifted")]
        enter_accounts_from(connection, frozen, act(reason=""), TODAY)
        enter_account(connection, account(number="63"), "firm", act(reason=""))
        assert holds(connection) == [("account_blocked", "lifted")] * 2


def test_a_list_vouches_for_its_accounts_for_a_while(ledger: Ledger) -> None:
    one = listed((1, "虚构1公司", "62", "正常"), (2, "虚构2公司", "63", "正常"))
    with ledger.write() as connection:
        brought(connection, 2, "published")
        enter_account(connection, account(), "firm", act(reason=""))
        enter_accounts_from(connection, one, act(reason=""), TODAY)
        assert list(stale_accounts(connection, "2024-04-01")) == []
        assert list(stale_accounts(connection, "2024-04-02").values()) == ["2024-04-01"]
        before = numbers(connection)
        for _ in range(2):  # a newer list with the same account: nothing is entered, and it holds for longer
            newer = Validity("2024-03-20", "2024-04-20")
            assert enter_accounts_from(connection, one, act(reason=""), newer).unchanged == 1
        assert (numbers(connection), list(stale_accounts(connection, "2024-04-20"))) == (before, [])
        assert list(stale_accounts(connection, "2024-04-21").values()) == ["2024-04-20"]
        with pytest.raises(MianshenError, match="is of 2023-12-01, and by its max_age held until 2024-02-29"):
            enter_accounts_from(connection, one, act(reason=""), Validity("2023-12-01", "2024-02-29"))


def test_a_person_vouches_for_an_account_whose_list_is_too_old(ledger: Ledger) -> None:
    same = Account(uscc(1), "虚构1公司", "62", "虚构银行")
    with ledger.write() as connection:
        brought(connection, 1, "published")
        enter_accounts_from(connection, listed((1, "虚构1公司", "62", "正常")), act(reason=""), TODAY)
        assert not enter_account(connection, same, "firm", act())
        later = act(at="2024-04-02T08:00:00.000000Z")
        assert list(stale_accounts(connection, "2024-04-02").values()) == ["2024-04-01"]
        assert enter_account(connection, same, "firm", later)
        counting = select(payee.c.id).order_by(payee.c.id.desc()).limit(1)
        assert connection.execute(counting).scalar_one() not in stale_accounts(connection, "2024-04-02")
        assert not enter_account(connection, same, "firm", later)


def test_what_is_frozen_stays_so_under_another_name_of_its_bank(ledger: Ledger) -> None:
    with ledger.write() as connection:
        brought(connection, 1, "confirmed")
        enter_accounts_from(connection, listed((1, "虚构1公司", "62", "正常")), act(reason=""), TODAY)
        enter_accounts_from(connection, listed((1, "虚构1公司", "62", "冻结")), act(reason=""), TODAY)
        assert enter_account(connection, account(number="62"), "firm", act())
        assert holds(connection) == [("account_blocked", "placed")]
        assert enter_account(connection, account(number="63"), "firm", act())
        assert holds(connection) == [("account_blocked", "lifted")]


def test_a_list_does_not_replace_what_people_entered(ledger: Ledger) -> None:
    with ledger.write() as connection:
        brought(connection, 1, "published")
        enter_account(connection, account(), "firm", act(reason=""))
        assert enter_accounts_from(connection, listed((1, "虚构1公司", "62", "正常")), act(), TODAY).kept == 1
        assert numbers(connection) == ["6222-01"]


def test_holds_for_want_of_an_account(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, _ = brought(connection, 2, "published")
        assert hold_without_account(connection, act()) == 2
        assert hold_without_account(connection, act()) == 0
        assert lift_with_account(connection, act()) == 0
        enter_account(connection, account(), "officer", act())
        assert holds(connection) == [("no_account", "lifted"), ("no_account", "placed")]
        with pytest.raises(MianshenError, match="not lifted by hand: enter an account"):
            lift_one(connection, first, "no_account", act())


def test_holds_by_hand(ledger: Ledger) -> None:
    with ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        for _ in range(2):
            hold_one(connection, id_, "department", act(reason="主管部门请求"))
            with pytest.raises(MianshenError, match="is held already"):
                hold_one(connection, id_, "department", act())
            lift_one(connection, id_, "department", act())
        assert holds(connection) == [("department", "lifted")] * 2
        for code, message in (("department", "no open hold"), ("returned", "reissue the payment")):
            with pytest.raises(MianshenError, match=message):
                lift_one(connection, id_, code, act())
        with pytest.raises(MianshenError, match="no entitlement X"):
            hold_one(connection, "X", "department", act())
        with pytest.raises(MianshenError, match="say why"):
            hold_one(connection, id_, "department", act(reason=" "))
