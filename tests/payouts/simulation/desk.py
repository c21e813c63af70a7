"""What officers do with batches, the bank's answers, and money asked back."""

from pathlib import Path
from typing import Any

from payouts.bank.refusals import OrderRefused
from payouts.batches.approve import approve
from payouts.batches.cancel import cancel
from payouts.batches.export import export
from payouts.batches.moved import PlanMoved
from payouts.batches.plan import draw_plan
from payouts.batches.pulling import pull
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.booking import recovery, resolve
from payouts.booking.book import book
from payouts.booking.disputes import cases
from payouts.booking.reissue import reissue
from tests.payouts.simulation.bank import Bank
from tests.payouts.simulation.city import CHANNEL, NAMES, POLICIES, SETTINGS, City, maker
from tests.payouts.simulation.world import World

_PAYMENTS = "SELECT id, batch_id, state, amount_fen FROM payment ORDER BY id"


class Desk:
    """Steps of the desk where money leaves and comes back."""

    def __init__(self, world: World, city: City, bank: Bank) -> None:
        self.world, self.city, self.bank, self.rng = world, city, bank, world.rng
        # Payments that officers called returned although the bank had not sent them back.
        self.wrong_words: set[str] = set()
        self.heard: list[dict[str, object]] = []
        self.received: dict[str, int] = {}
        self.receipts: list[tuple[str, str, int]] = []
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
        rows = [row for row in self.world.rows(_PAYMENTS) if row["state"] == "batched"]
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

    def letter(self) -> None:
        rows = self.world.rows(_PAYMENTS)
        self.bank.write([row["id"] for row in rows if row["state"] in {"batched", "voided"}])

    def book(self) -> str:
        """Book some letter of the bank: twice, late, under another name, or damaged."""
        if not self.bank.letters:
            return "no letter"
        place = self.rng.randrange(len(self.bank.letters))
        content = self.bank.letters[place]
        if self.rng.random() < 0.1:
            content = self.bank.damaged(content)
        elif self.rng.random() < 0.7:
            # It stays in the tray for now, should the machine fail.
            done = self.enter(content)
            del self.bank.letters[place]
            return done
        return self.enter(content)

    def enter(self, content: bytes) -> str:
        answers = CHANNEL.read_answer(content, f"letter-{self.rng.randint(1, 99)}.txt")
        states = {row["id"]: row["state"] for row in self.world.rows(_PAYMENTS)}
        known = self.world.one("SELECT count(*) FROM return_file WHERE sha256 = ?", answers.sha256)
        with self.world.write() as connection:
            booked = book(connection, answers, self.world.act("lihua"))
        if not known:
            told = self.bank.written.get(answers.sha256)
            lines = told or [(line.payment_id, line.code, line.fen or 0) for line in answers.lines]
            for key, word, fen in lines:
                sent = states.get(key) in {"sent", "unknown", "paid", "returned"}
                self.heard.append({"id": key, "word": word, "fen": fen, "file": booked.number, "sent": sent})
        return f"file {booked.number} { {str(word): count for word, count in booked.counts.items()} }"

    def propose(self) -> str:
        """Propose what became of a payment: mostly what the bank's own book says, sometimes a wrong word."""
        with self.world.read() as connection:
            open_cases = [one.payment_id for one in cases(connection)]
        waiting = [row["id"] for row in self.world.rows(_PAYMENTS) if row["state"] in {"sent", "unknown"}]
        one = self.rng.choice(open_cases + waiting or ["none"])
        return self.say(one, self.truth(one) if self.rng.random() < 0.93 else self.rng.choice(("paid", "returned")))

    def truth(self, one: str) -> str:
        """Return what the bank's book says; of what it knows nothing of, that it waits."""
        known = self.bank.book.get(one)
        if known is None or not known.settled:
            return "waiting"
        return "paid" if known.fen else "returned"

    def say(self, one: str, word: str) -> str:
        with self.world.write() as connection:
            resolve.propose(connection, one, word, "the bank's book", self.world.act("lihua"))
        return f"{one} {word}"

    def decide(self) -> str:
        """Decide what was proposed; most officers look for themselves."""
        rows = self.world.rows("SELECT id, payment_id, to_state FROM resolution WHERE state = 'proposed' ORDER BY id")
        if not rows:
            return "nothing proposed"
        row = self.rng.choice(rows)
        act = self.world.act(self.rng.choice(("wangfang", "wangfang", "lihua")), "looked")
        right = self.truth(row["payment_id"]) == row["to_state"]
        if not right and self.rng.random() < 0.7:
            with self.world.write() as connection:
                resolve.reject(connection, row["id"], act)
            return "rejected"
        with self.world.write() as connection:
            resolve.confirm(connection, row["id"], act)
        if not right and row["to_state"] == "returned":
            self.wrong_words.add(row["payment_id"])
        return f"{row['payment_id']} {row['to_state']} {'rightly' if right else 'WRONGLY'}"

    def reissue(self) -> str:
        rows = [
            row["id"] for row in self.world.rows(_PAYMENTS) if row["state"] == "returned" or self.rng.random() < 0.1
        ]
        one = str(self.rng.choice(rows or ["none"]))
        same = "it was closed for a day" if self.rng.random() < 0.6 else ""
        with self.world.write() as connection:
            reissue(connection, [one], self.world.act("lihua", "asked the firm"), same_account=same)
        return one

    def ask_back(self) -> str:
        rows = [row for row in self.world.rows(_PAYMENTS) if row["state"] == "paid"]
        one: Any = self.rng.choice(rows) if rows else {"id": "none", "amount_fen": 1}
        fen = self.rng.randint(1, one["amount_fen"] + 1)
        interest = self.rng.random() < 0.2
        with self.world.write() as connection:
            recovery.order(connection, one["id"], fen, "a letter", self.world.act("lihua"), interest=interest)
        return f"{one['id']} {fen}"

    def recover(self) -> str:
        """Book what came back, at times twice; or give it up."""
        rows = self.world.rows("SELECT id, amount_fen FROM recovery WHERE state = 'ordered' ORDER BY id")
        one, act = (self.rng.choice(rows) if rows else None), self.world.act("lihua", "decided")
        chance = self.rng.random()
        with self.world.write() as connection:
            if chance < 0.2 and self.receipts:
                key, reference, fen = self.rng.choice(self.receipts)
                recovery.receive(connection, key, fen, reference, act)
                return f"{reference} again"
            key = one["id"] if one else "none"
            if chance < 0.4:
                ended = recovery.write_off if chance < 0.3 else recovery.cancel
                ended(connection, key, act)
                return "given up"
            fen = self.rng.randint(1, one["amount_fen"]) if one else 1
            reference = f"receipt-{len(self.receipts)}"
            recovery.receive(connection, key, fen, reference, act)
        self.receipts.append((key, reference, fen))
        return f"{fen} came back"

    def _batch(self, *states: str) -> str:
        rows = self.world.rows("SELECT id, state FROM batch ORDER BY made_at, id")
        found = [row["id"] for row in rows if row["state"] in states][-3:]
        if self.rng.random() < 0.6:
            found = found[-1:]
        anything = [row["id"] for row in rows]
        if found and self.rng.random() < 0.95:
            return str(self.rng.choice(found))
        return str(self.rng.choice(anything or ["none"]))
