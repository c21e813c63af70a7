"""What officers do with the bank's answers: they book them, decide what stays open, pay again, and ask money back."""

from typing import Any

from payouts.bank.answer import Answer, AnswerFile
from payouts.booking import recovery, resolve
from payouts.booking.book import book
from payouts.booking.disputes import cases
from payouts.booking.reissue import reissue
from tests.payouts.simulation.bank import PAID, RETURNED, UNKNOWN, Bank
from tests.payouts.simulation.city import CHANNEL, City
from tests.payouts.simulation.desk import PAYMENTS, Desk
from tests.payouts.simulation.world import World

_WORDS = {Answer.PAID: PAID, Answer.RETURNED: RETURNED, Answer.UNKNOWN: UNKNOWN}


class Counter(Desk):
    """The desk, and what happens there after the bank has spoken."""

    def __init__(self, world: World, city: City, bank: Bank) -> None:
        super().__init__(world, city, bank)
        # Payments that officers called returned although the bank had not sent them back.
        self.wrong_words: set[str] = set()
        self.heard: list[dict[str, object]] = []
        self.receipts: list[tuple[str, str, int]] = []

    def letter(self) -> None:
        rows = self.world.rows(PAYMENTS)
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
        states = {row["id"]: row["state"] for row in self.world.rows(PAYMENTS)}
        known = self.world.one("SELECT count(*) FROM return_file WHERE sha256 = ?", answers.sha256)
        with self.world.write() as connection:
            booked = book(connection, answers, self.world.act("lihua"))
        if not known:
            for key, word, fen in self.bank.written.get(answers.sha256) or understood(answers):
                sent = states.get(key) in {"sent", "unknown", "paid", "returned"}
                self.heard.append({"id": key, "word": word, "fen": fen, "file": booked.number, "sent": sent})
        return f"file {booked.number} { {str(word): count for word, count in booked.counts.items()} }"

    def propose(self) -> str:
        """Propose what became of a payment: mostly what the bank's own book says, sometimes a wrong word."""
        with self.world.read() as connection:
            open_cases = [one.payment_id for one in cases(connection)]
        waiting = [row["id"] for row in self.world.rows(PAYMENTS) if row["state"] in {"sent", "unknown"}]
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
        rows = [row["id"] for row in self.world.rows(PAYMENTS) if row["state"] == "returned" or self.rng.random() < 0.1]
        one = str(self.rng.choice(rows or ["none"]))
        same = "it was closed for a day" if self.rng.random() < 0.6 else ""
        with self.world.write() as connection:
            reissue(connection, [one], self.world.act("lihua", "asked the firm"), same_account=same)
        return one

    def ask_back(self) -> str:
        rows = [row for row in self.world.rows(PAYMENTS) if row["state"] == "paid"]
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


def understood(answers: AnswerFile) -> list[tuple[str, str, int]]:
    """Return what a letter says that came damaged: by the word that stands for the answer, whatever else is there."""
    return [(line.payment_id, _WORDS[line.answer], line.fen or 0) for line in answers.lines]
