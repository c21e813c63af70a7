"""One batch by command lines on PostgreSQL, from the first officer to the bank's answer, and `doctor` at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from enterprise_data.workspace import SETTINGS
from tests.cli.payout_office import ADMIN, AUDITOR, PAID, RETURNED, Office, answer, made, with_firms
from tests.cli.test_payout_plan import planned
from tests.cli.test_payout_story import DUES, PAYMENTS
from tests.cli.town import A, B, C, D, frozen
from tests.payouts.stories import CHECKER, MAKER

pytestmark = pytest.mark.postgresql
NAME = "bureau"


@pytest.fixture
def city(postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Give a bureau with a snapshot and a policy, and its ledger in a database of its own."""
    server = create_engine(make_url(postgresql_url).set(database="postgres"), isolation_level="AUTOCOMMIT")

    def command(*statements: str) -> None:
        with server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    # A ledger is not opened on a server that may lose what it was told.
    command(f"CREATE DATABASE {NAME}", "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
    url = make_url(postgresql_url).set(database=NAME).render_as_string(hide_password=False)
    root = frozen(tmp_path / "w")
    settings = (root / SETTINGS).read_text("utf-8")
    (root / SETTINGS).write_text(settings.replace("[payouts]", f'[payouts]\nledger = "{url}"'), "utf-8")
    yield with_firms(made(root, monkeypatch), [*DUES.values()])
    command(f"DROP DATABASE {NAME}", "ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()")
    server.dispose()


def test_a_batch_from_plan_to_answer(city: Office) -> None:
    assert not (city.root / "ledger" / "ledger.sqlite").exists()
    batch = planned(city)
    refused = city.tries(MAKER, "payout", "approve", batch)
    assert (refused.code, "as its maker; another officer must" in refused.err) == (1, True)
    assert "The money is committed" in city.does(CHECKER, "payout", "approve", batch).err
    done = json.loads(city.does(MAKER, "payout", "export", batch, "--format", "json").out)
    assert [file["payments"] for file in done["files"]] == [3]
    assert [one["uscc"] for one in done["pulled"]] == [D]
    file = answer(
        city,
        "a.csv",
        (PAYMENTS[A], DUES[A].fen, PAID),
        (PAYMENTS[B], DUES[B].fen, RETURNED),
        (PAYMENTS[C], DUES[C].fen, PAID),
    )
    assert "3 payments moved, by 3 lines." in city.does(MAKER, "payout", "return", file).err
    assert "nothing was changed" in city.does(MAKER, "payout", "return", file).err
    rows = city.does(AUDITOR, "payout", "status", "--format", "ndjson").rows
    assert {row["stage"]: row["amount_fen"] for row in rows} == {
        "held:pulled": DUES[D].fen,
        "paid": DUES[A].fen + DUES[C].fen,
        "returned": DUES[B].fen,
    }
    told = city.tries(AUDITOR, "doctor")
    assert "invariants hold" in told.out
    copy = city.tries(ADMIN, "payout", "backup", city.root / "copy")
    assert (copy.code, "pg_dump" in copy.err) == (1, True)
    restored = city.tries(ADMIN, "payout", "restore", "nowhere")
    assert (restored.code, "there is no database nowhere on the ledger's server" in restored.err) == (1, True)
