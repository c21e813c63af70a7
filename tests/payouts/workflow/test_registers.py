"""The lists that officers look things up in, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import true

from enterprise_data.declarations.problems import ProblemsFound
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, objection, payment
from payouts.workflow.account_list import accounts
from payouts.workflow.accounts import Account, enter_account
from payouts.workflow.entitlement_list import in_notice, standing
from payouts.workflow.heading_file import read_heading
from payouts.workflow.objections import dismiss, raise_objection
from payouts.workflow.registers import drawn, notices, objections
from payouts.workflow.sampling import draw_sample, record_check
from tests.payouts.intake.said import Said, run_file
from tests.payouts.stories import Due, act, approved, confirmed, money, people
from tests.payouts.workflow.town import HEADING, at, brought, proposed
from tests.snapshot.city import uscc

_DUES = [Due("91370200AAAAAAAAA1", 100_00), Due("91370200AAAAAAAAA2", 250_01), Due("91370200AAAAAAAAA3", 3_00)]


def test_what_waits_for_its_spot_check(ledger: Ledger) -> None:
    with ledger.write() as connection:
        ids = proposed(connection, 4)
        sample = draw_sample(connection, "grant", act("dept"), seed="s", n=3)
        first, second, third = sample.entitlements
        record_check(connection, first, ok=True, act=act("dept"))
        move(connection, entitlement, entitlement.c.id == second, "refused", act("dept"))
        (waits,) = drawn(connection, true())
        assert (waits.sample_id, waits.seed, waits.entitlement_id, waits.run_id) == (sample.id, "s", third, "r1")
        assert (waits.amount_fen, waits.clause, waits.firm_name) == (
            100_00,
            "第一条",
            f"虚构{ids.index(third) + 1}公司",
        )
        assert drawn(connection, entitlement.c.policy == "other") == []


def test_what_changed_since_it_was_drawn_waits_no_more(ledger: Ledger) -> None:
    with ledger.write() as connection:
        proposed(connection, 1)
        draw_sample(connection, "grant", act("dept"), seed="s", n=1)
        take_in(connection, run_file("r2", [Said(1, 7_00)], "2024-01-31"), act())
        assert drawn(connection, true()) == []


def test_entitlements_with_the_last_attempt_to_pay_them(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
        one, two = approved(connection, _DUES[:2])
        move(connection, payment, payment.c.id == two, "voided", act())
        found = {row.uscc: (row.amount_fen, row.payment_id, row.payment) for row in standing(connection, true())}
        assert found == {
            _DUES[0].uscc: (100_00, one, "batched"),
            _DUES[1].uscc: (250_01, two, "voided"),
            _DUES[2].uscc: (3_00, None, None),
        }
        assert [row.payment_id for row in standing(connection, payment.c.state == "voided")] == [two]


def test_notices_and_objections(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, second = brought(connection, 2, "published")
        told = {"raised_by": "虚构某人", "contact": "0000", "grounds": "不实", "raised_on": date(2024, 3, 1)}
        by = act("clerk", at("2024-03-02"))
        one = raise_objection(connection, first, act=by, **told)  # type: ignore[arg-type]
        two = raise_objection(connection, first, act=by, **told | {"grounds": "另一"})  # type: ignore[arg-type]
        raise_objection(connection, second, act=by, **told)  # type: ignore[arg-type]
        dismiss(connection, two, act("judge", at("2024-03-03")))
        (line,) = notices(connection)
        assert (line.title, line.published_on, line.ends_on) == (HEADING.title, "2024-03-01", "2024-03-08")
        assert (line.items, line.objections) == (2, 2)
        assert {row.entitlement_id for row in standing(connection, in_notice(line.id))} == {first, second}
        found = objections(connection, objection.c.entitlement_id == first)
        assert {row.id: row.state for row in found} == {one: "open", two: "dismissed"}
        assert {(row.uscc, row.firm_name, row.amount_fen) for row in found} == {(uscc(1), "虚构1公司", 100_00)}


def test_accounts_are_shown_by_their_ends(ledger: Ledger) -> None:
    with ledger.write() as connection:
        proposed(connection, 2)
        for number in ("622200001111", "622200002222"):
            account = Account(uscc(1), "虚构1公司", number, "虚构银行")
            enter_account(connection, account, "firm", act(reason="来函"))
        shown, none = accounts(connection)
    assert (shown.account, shown.source, shown.entered_by) == ("虚构银行 …2222", "firm", "lihua")
    assert none[2:] == (None,) * 6


def test_a_heading_file(tmp_path: Path) -> None:
    file = tmp_path / "notice.yaml"
    told = "title: 甲\nissuer: 乙\ndepartment: 丙\nphone: 0000\naddress: 丁\nhow_to_object: 戊\n"
    file.write_text(told, "utf-8")
    assert (read_heading(file).title, read_heading(file, "己").title) == ("甲", "己")
    file.write_text(told.replace("phone: 0000\n", "").replace("乙", '""') + "fax: 1\n", "utf-8")
    with pytest.raises(ProblemsFound) as found:
        read_heading(file)
    assert len(found.value.problems) == 3
