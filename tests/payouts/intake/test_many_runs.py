"""Any runs one after another, and the department's steps between them: the ledger says what a small model says."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from payouts.intake.take_in import take_in
from payouts.ledger.creation import create
from payouts.ledger.database import open_ledger
from payouts.ledger.invariants import violations
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement
from tests.payouts.intake.said import Said, amounts, run_file, states
from tests.payouts.stories import act

FIRMS = (1, 2, 3)
ON = {"proposed": "reconfirmed", "reconfirmed": "published", "published": "confirmed"}
# What a run says of each firm: nothing, that it is open, or an amount.
SAID = st.tuples(*(st.sampled_from([None, 0, 1, 2]) for _ in FIRMS))
# Between runs each firm may be moved on, or refused.
STEPS = st.tuples(*(st.sampled_from(["stay", "on", "refuse"]) for _ in FIRMS))


def row(firm: int, word: int) -> Said:
    return Said(firm, word * 100, unknown="") if word else Said(firm, None, unknown="size")


def expected(before: tuple[str, int] | None, word: int | None) -> tuple[str, int] | None:
    """Return state and word (0: open) of an entitlement after a run says a word of it."""
    if before is None:
        return None if word is None else ("proposed" if word else "undetermined", word)
    state, old = before
    if word is None:
        return (state if state == "refused" else "withdrawn", old)
    if word == 0:
        return ("undetermined", 0)
    back = state in {"undetermined", "withdrawn", "refused"} or word != old
    return ("proposed" if back else state, word)


@settings(max_examples=25)
@given(st.lists(st.tuples(SAID, STEPS), min_size=1, max_size=6))
def test_the_ledger_says_what_the_model_says(story: list[tuple[tuple[int | None, ...], tuple[str, ...]]]) -> None:
    model: dict[int, tuple[str, int] | None] = dict.fromkeys(FIRMS)
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger.sqlite")
        create(ledger)
        for number, (said, steps) in enumerate(story):
            rows = [row(firm, word) for firm, word in zip(FIRMS, said, strict=True) if word is not None]
            run = run_file(f"r{number}", rows)
            with ledger.write() as connection:
                take_in(connection, run, act())
                model = {firm: expected(model[firm], word) for firm, word in zip(FIRMS, said, strict=True)}
                assert take_in(connection, run, act()).policies == ()
                for firm, step in zip(FIRMS, steps, strict=True):
                    found = model[firm]
                    into = {"on": ON.get(found[0] if found else ""), "refuse": "refused"}.get(step)
                    if found and into and found[0] in ON:
                        move(connection, entitlement, entitlement.c.id == row(firm, 1).id, into, act())
                        model[firm] = (into, found[1])
                told = {row(firm, 1).id: found for firm, found in model.items() if found}
                assert states(connection) == {id_: state for id_, (state, _) in told.items()}
                assert amounts(connection) == {id_: word * 100 or None for id_, (_, word) in told.items()}
        with ledger.read() as connection:
            assert list(violations(connection)) == []
        ledger.close()
