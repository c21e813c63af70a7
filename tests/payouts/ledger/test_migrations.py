"""What the steps make is what the code says, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.creation import create, is_current
from payouts.ledger.database import Ledger
from payouts.ledger.migrations import versions
from payouts.ledger.migrations.frozen import DIALECTS, schema
from payouts.ledger.tables import METADATA

FIRST = Path(versions.__path__[0]) / "ledger_0001.py"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_frozen_step_is_what_the_code_says(dialect: str) -> None:
    """Until a version is released, the first step follows the code (write `schema(dialect)` into the file anew).

    From the first release on it stays as it is, this test goes, and steps are added.
    """
    assert FIRST.with_suffix(f".{dialect}.sql").read_text("utf-8") == schema(dialect)


def test_the_steps_make_what_the_tables_say(ledger: Ledger) -> None:
    with ledger.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_ledger_is_current_and_stays_so(ledger: Ledger) -> None:
    assert is_current(ledger)
    create(ledger)
    assert is_current(ledger)


def test_a_newer_ledger_is_not_touched(ledger: Ledger) -> None:
    with ledger.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MianshenError, match="newer version"):
        is_current(ledger)
