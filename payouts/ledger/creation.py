"""Making a new ledger, and bringing an older one up to date: the steps of `migrations`, all or none."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.database import Ledger

_STEPS = Path(__file__).parent / "migrations"


def create(ledger: Ledger) -> None:
    """Bring the schema of a ledger, which may be empty, to that of this version of Mianshen."""
    config = _config()
    with ledger.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(ledger: Ledger) -> bool:
    """Return whether a ledger's schema is that of this version; False for an older one.

    Raises:
        MianshenError: it was made by a newer version, which this one must not touch.
    """
    steps = ScriptDirectory.from_config(_config())
    with ledger.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in steps.walk_revisions()}
    if found is not None and found not in known:
        raise MianshenError(f"this ledger was made by a newer version of Mianshen (schema {found}): install that one")
    return found == steps.get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_STEPS))
    config.set_main_option("path_separator", "os")
    return config
