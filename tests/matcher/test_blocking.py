"""What undetermined decisions wait for: each dataset with the cause that tells who can mend it."""

from __future__ import annotations

from pathlib import Path

from enterprise_data.snapshot.freeze import freeze
from enterprise_data.workspace import Workspace
from matcher.run.blocking import Cause, blocking
from matcher.run.match import match
from matcher.run.replan import replan
from tests.matcher.doubtful_town import CONTEXT, MILLION, bare_town, doubtful_town, revenue
from tests.matcher.workspaces import library_of
from tests.snapshot.city import deliver

Found = list[tuple[str, Cause, int, int, tuple[str, ...]]]


def found(space: Workspace) -> Found:
    """Freeze, match, and return dataset, cause, firms, decisions and policies of all that blocks."""
    snapshot = freeze(space)
    library = library_of(space, snapshot)
    run = match(space, snapshot, library, CONTEXT)
    blocked = blocking(run, *replan(run, snapshot, library), snapshot)
    return [(entry.dataset, entry.cause, entry.firms, entry.decisions, entry.policies) for entry in blocked]


def test_rows_that_are_not_linked_count_apart_from_missing_and_old_data(tmp_path: Path) -> None:
    assert found(doubtful_town(tmp_path / "w")) == [
        ("arrears", Cause.STALE, 7, 7, ("paid-up",)),
        ("pen", Cause.NOT_LINKED, 6, 6, ("clean",)),
        # Contradictory rows are this firm's: no link would mend them.
        ("tax", Cause.MISSING, 1, 2, ("clean", "paid-up")),
    ]


def test_data_that_were_never_loaded_are_said_to_be(tmp_path: Path) -> None:
    space = bare_town(tmp_path / "w")
    deliver(space, "tax", [revenue(1, MILLION)])
    assert found(space) == [
        ("arrears", Cause.NEVER_LOADED, 8, 8, ("paid-up",)),
        ("pen", Cause.NEVER_LOADED, 8, 8, ("clean",)),
        ("tax", Cause.MISSING, 7, 14, ("clean", "paid-up")),
    ]
