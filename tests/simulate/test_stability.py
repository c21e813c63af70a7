"""The same policy over the last snapshots: what moves with the data, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from enterprise_data.conform.load import load
from enterprise_data.snapshot.freeze import freeze
from matcher.simulate.compare import simulate
from matcher.simulate.stability import stability
from tests.cli.running import mianshen, ok
from tests.matcher.workspaces import CONTEXT, frozen_town
from tests.snapshot.city import uscc


def test_firms_are_followed_from_snapshot_to_snapshot(tmp_path: Path) -> None:
    space, first = frozen_town(tmp_path / "w")
    file = space.policy_dir / "growth.yaml"
    source = tmp_path / "w/in/tax.csv"
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    # Firm 8 has no tax data any more: it was eligible, and is open.
    source.write_text("".join(line for line in lines if uscc(8) not in line), encoding="utf-8")
    load(space, "tax", source, data_date=date(2024, 12, 31))
    second = freeze(space)
    found = stability(space, second, file, CONTEXT, 5)
    assert [moment.snapshot for moment in found] == [first.id, second.id]
    assert [(moment.gained, moment.lost, moment.changed) for moment in found] == [(None, None, None), (0, 1, 0)]
    for moment, snapshot in zip(found, (first, second), strict=True):
        assert moment.totals == simulate(space, snapshot, file, CONTEXT).totals_after
    assert [moment.snapshot for moment in stability(space, first, file, CONTEXT, 2)] == [second.id, first.id]
    given = ("simulate", "-w", space.root, "growth", "--period", "2024", "--as-of", "2024-12-31", "--last")
    assert [row["lost"] for row in ok(*given, "2", "--format", "ndjson").rows] == [None, 1]
    assert "2 readable snapshots, not 3" in ok(*given, "3").err
    assert mianshen(*given, "1").code == 2
