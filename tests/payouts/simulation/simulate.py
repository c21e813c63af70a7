"""One seed, one run: a world of its own, steps drawn from the seed, everything looked at after each.

`python -m tests.payouts.simulation SEED` tells a run again, step by step.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.payouts.reopening import in_memory
from tests.payouts.simulation.bank import Bank
from tests.payouts.simulation.city import City, copied
from tests.payouts.simulation.counter import Counter
from tests.payouts.simulation.ending import settle
from tests.payouts.simulation.office import Office
from tests.payouts.simulation.oracle import Oracle
from tests.payouts.simulation.world import World

STEPS = 60
_PAYABLE = (
    "entitlement e WHERE state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.entitlement_id = e.id "
    "AND p.state NOT IN ('voided', 'returned')) AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.entitlement_id = e.id "
    "AND h.state = 'placed')"
)
# How often, in this order; `account` once for each firm. Each policy is reconfirmed by itself.
_FIRST = {"take_in": 1, "account": None, "grant": 3, "reconfirm": 3, "publish": 3, "answer": 3, "midnight": 6}


class Failed(AssertionError):
    """A run in which something did not hold: the seed and every step of it."""

    def __init__(self, seed: int, steps: list[str], why: BaseException) -> None:
        told = "\n".join(f"  {place:3} {step}" for place, step in enumerate(steps, 1))
        super().__init__(
            f"seed {seed}: {type(why).__name__}: {why}\n{told}\nreplay: python -m tests.payouts.simulation {seed}"
        )
        self.seed = seed


def simulate(seed: int, template: Path, steps: int = STEPS) -> tuple[list[str], dict[str, int]]:
    """Run a seed; return its steps, and how often each was taken.

    Raises:
        Failed: something that must always hold did not.
    """
    with _world(seed, template) as world:
        try:
            with world.saving():
                _run(world, steps)
        except Exception as error:
            raise Failed(seed, world.steps, error) from error
        return world.steps, world.counts


@contextmanager
def _world(seed: int, template: Path) -> Iterator[World]:
    with in_memory() as place:
        folders = (place / "out", place / "other")
        for folder in folders:
            folder.mkdir()
        path = copied(template, place / "ledger.sqlite")
        world = World(random.Random(f"world {seed}"), path, folders)
        try:
            yield world
        finally:
            world.close()


def _run(world: World, steps: int) -> None:
    rng = world.rng
    city, bank = City.of(rng), Bank(rng)
    desk, office = Counter(world, city, bank), Office(world, city)
    oracle = Oracle(world, city, desk)
    world.observers.append(oracle.watch)
    table = _table(office, desk)
    there_is = _there_is([needs for _, needs, _ in table.values()])

    def draw() -> str:
        # Now and then something for which there is nothing to do.
        given = dict(zip(table, world.rows(there_is)[0], strict=True))
        likely = [name for name in table if rng.random() < 0.01 or given[name]]
        return rng.choices(likely, [table[name][0] for name in likely])[0]

    def take(name: str) -> None:
        world.do(name, table[name][2])
        oracle.check()

    for name, times in _FIRST.items():
        for _ in range(times or city.firms):
            take(name)
    for _ in range(steps):
        if rng.random() < 0.08:
            world.fuse = rng.randint(1, 14)
        name = draw()
        if name == "export" and rng.random() < 0.5:
            between = draw()
            world.meanwhile = _nested(world, between, table[between][2])
        if rng.random() < 0.4:
            bank.work()
        take(name)
    settle(world, desk, oracle, take)


def _nested(world: World, name: str, step: Callable[[], object]) -> Callable[[], None]:
    def take() -> None:
        world.do(f"{name} (meanwhile)", step)

    return take


def _there_is(every: list[str]) -> str:
    """Return the query that says of each whether there are such rows; one query, since it is asked at every step."""
    return "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {needs})" if needs else "1" for needs in every)


def _table(office: Office, desk: Counter) -> dict[str, tuple[int, str, Callable[[], object]]]:
    """Return every step with its weight and the rows without which it has nothing to do."""
    return {
        "take_in": (4, "", office.take_in),
        "reconfirm": (9, "entitlement WHERE state = 'proposed'", office.reconfirm),
        "refuse": (1, "", office.refuse),
        "publish": (12, "entitlement WHERE state = 'reconfirmed'", office.publish),
        "answer": (12, "entitlement WHERE state = 'published'", office.answer),
        "decline": (1, "", office.decline),
        "remind": (1, "entitlement WHERE state = 'published'", office.remind),
        "reopen": (2, "entitlement WHERE state IN ('declined', 'lapsed')", office.reopen),
        "hold": (2, "", office.hold),
        "lift": (8, "hold WHERE state = 'placed' AND code NOT IN ('no_account', 'returned')", office.lift),
        "object": (2, "", office.object),
        "decide": (8, "objection WHERE state = 'open'", office.decide),
        "account": (3, "", office.account),
        "without_account": (1, "", office.without_account),
        "grant": (4, "", office.grant),
        "plan": (11, _PAYABLE, desk.plan),
        "approve": (18, "batch WHERE state = 'planned'", desk.approve),
        "cancel": (1, "batch WHERE state IN ('planned', 'approved', 'sealed')", desk.cancel),
        "pull": (1, "batch WHERE state = 'approved'", desk.pull),
        "export": (24, "batch WHERE state IN ('approved', 'sealed')", desk.export),
        "export again": (3, "batch WHERE state IN ('released', 'closed')", desk.export_again),
        "courier": (14, "batch WHERE state = 'released'", desk.courier),
        "letter": (14, "batch WHERE state IN ('released', 'closed')", desk.letter),
        "book": (16, "batch WHERE state IN ('released', 'closed')", desk.book),
        "propose": (6, "payment WHERE state IN ('sent', 'unknown', 'paid', 'returned')", desk.propose),
        "resolve": (12, "resolution WHERE state = 'proposed'", desk.decide),
        "reissue": (20, "hold WHERE state = 'placed' AND code = 'returned'", desk.reissue),
        "ask_back": (2, "payment WHERE state = 'paid'", desk.ask_back),
        "recover": (4, "recovery WHERE state = 'ordered'", desk.recover),
        "midnight": (7, "", desk.world.midnight),
    }
