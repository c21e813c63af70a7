from pathlib import Path

from payouts.batches.export import export
from payouts.ledger.database import Ledger
from tests.payouts.batches.scenes import CHANNEL, act, folder_of, ready, sound, state_of


def test_from_plan_to_file(ledger: Ledger, tmp_path: Path) -> None:
    name = ready(ledger)
    out = tmp_path / "out"
    out.mkdir()
    first = export(ledger, name, out, act(), channel=CHANNEL, exclusions={})
    before = folder_of(out)
    again = export(ledger, name, out, act(), channel=CHANNEL, exclusions={})
    assert (first.again, again.again, folder_of(out)) == (False, True, before)
    assert state_of(ledger, name) == "released"
    assert sound(ledger)
