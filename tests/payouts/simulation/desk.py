"""What officers do with batches, from the plan to the file that the courier carries to the bank."""

from pathlib import Path

from payouts.bank.refusals import OrderRefused
from payouts.batches.approve import approve
from payouts.batches.cancel import cancel
from payouts.batches.draw import draw_plan
from payouts.batches.export import export
from payouts.batches.moved import PlanMoved
from payouts.batches.pulling import pull
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from tests.payouts.simulation.bank import Bank
from tests.payouts.simulation.city import CHANNEL, NAMES, POLICIES, SETTINGS, City, maker
from tests.payouts.simulation.world import World

PAYMENTS = "SELECT id, batch_id, state, amount_fen FROM payment ORDER BY id"


class Desk:
    """Steps of the desk where money leaves."""

    def __init__(self, world: World, city: City, bank: Bank) -> None:
        self.world, self.city, self.bank, self.rng = world, city, bank, world.rng
        self.delivered: set[str] = set()
        self.not_to_pay: dict[tuple[str, str], str] = {}

    def plan(self) -> str:
        chance = self.rng.random()
        selection = Selection()
        if chance < 0.3:
            selection = Selection(policies=(self.rng.choice(POLICIES).policy,))
        elif chance < 0.5:
            rows = self.world.rows("SELECT DISTINCT uscc FROM entitlement ORDER BY uscc")
            selection = Selection(firms=tuple(row["uscc"] for row in rows if self.rng.random() < 0.6))
        act = self.world.act(maker(self.rng) if self.rng.random() < 0.95 else "wangfang")
        with self.world.read() as connection:
            drawn = draw_plan(connection, selection, self.rng.choice(SETTINGS), act)
        with self.world.write() as connection:
            return f"{record_plan(connection, drawn, act)} {len(drawn.items)} items {drawn.total_fen} by {act.actor}"

    def approve(self) -> str:
        batch = self._batch("planned")
        signed = self.world.rows("SELECT officer_id FROM approval WHERE batch_id = ?", batch)
        others = [name for name in NAMES if name not in {row["officer_id"] for row in signed} and name != "lihua"]
        act = self.world.act(self.rng.choice(others if others and self.rng.random() < 0.85 else NAMES), "seen")
        try:
            with self.world.write() as connection:
                done = approve(connection, batch, act.actor, act)
        except PlanMoved:
            if self.rng.random() < 0.3:
                raise
            with self.world.write() as connection:
                cancel(connection, batch, self.world.act("lihua", "it is not what it was"))
            return f"{batch} has moved, cancelled"
        return f"{done.batch_id} as {done.role} by {act.actor}: {done.state}"

    def cancel(self) -> str:
        with self.world.write() as connection:
            act = self.world.act(self.rng.choice(NAMES), "a mistake")
            return f"{cancel(connection, self._batch('planned', 'approved', 'sealed'), act)} voided"

    def pull(self) -> str:
        rows = [row for row in self.world.rows(PAYMENTS) if row["state"] == "batched"]
        one = self.rng.choice(rows) if rows else {"id": "none", "batch_id": "none"}
        with self.world.write() as connection:
            pulled = pull(connection, one["batch_id"], [one["id"]], "asked to", self.world.act("lihua"))
        return f"{len(pulled)} pulled"

    def export(self) -> str:
        """Export a batch, mostly into the folder that the bank's courier empties first."""
        return self._export(self._batch("approved", "sealed"))

    def export_again(self) -> str:
        return self._export(self._batch("released", "closed"))

    def _export(self, batch: str) -> str:
        folder = self.world.folders[self.rng.random() < 0.15]
        self.not_to_pay = dict(self.city.excluded)
        act = self.world.act(maker(self.rng))
        try:
            done = export(self.world.ledger, batch, folder, act, channel=CHANNEL, exclusions=self.not_to_pay)
        except OrderRefused as error:
            refused = sorted({one.payment_id for one in error.refusals})
            with self.world.write() as connection:
                pull(connection, batch, refused, "the bank cannot read it", act)
            return f"{batch}: {len(refused)} cannot be written, pulled"
        return f"{batch} again={done.again} pulled={len(done.pulled)} files={len(done.paths)}"

    def courier(self) -> str:
        """Carry a file to the bank, at times one that it has already."""
        files = [path for folder in self.world.folders for path in sorted(folder.glob("[!.]*"))]
        new = [path for path in files if str(path) not in self.delivered]
        known = files if self.rng.random() < 0.15 else new
        if not known:
            return "nothing to carry"
        return ", ".join(self.deliver(path) for path in self.rng.sample(known, self.rng.randint(1, len(known))))

    def deliver(self, path: Path) -> str:
        self.delivered.add(str(path))
        wrong = self.bank.receive(path.read_bytes())
        if wrong:
            raise AssertionError(f"the bank cannot take {path.name}: {wrong}")
        return path.name

    def _batch(self, *states: str) -> str:
        rows = self.world.rows("SELECT id, state FROM batch ORDER BY made_at, id")
        found = [row["id"] for row in rows if row["state"] in states][-3:]
        if self.rng.random() < 0.6:
            found = found[-1:]
        anything = [row["id"] for row in rows]
        if found and self.rng.random() < 0.95:
            return str(self.rng.choice(found))
        return str(self.rng.choice(anything or ["none"]))
