"""A bank that cannot be relied on: it reads bytes, pays each id once, and says what it likes about that, when it likes.

It reads files by their form alone (`sample-pipe-gb18030`), writes answers by theirs (`sample-pipe-return`), and keeps a
book of its own. `out` is the truth that everything else is held against.
"""

import hashlib
import random
from dataclasses import dataclass, field

PAID, RETURNED, UNKNOWN = "00", "E1", "99"
_FATES = ("pay", "reject", "pay late", "reject late", "bounce", "pay silently", "reject silently")
_WEIGHTS = (42, 26, 8, 6, 8, 6, 4)


@dataclass
class Transfer:
    """What the bank was told to pay, and what became of it: `fen` is what left the payer's account for good."""

    account: str
    ordered: int
    fate: str
    state: str = "pending"  # paid, rejected, bounced
    told: int = 0

    @property
    def fen(self) -> int:
        return self.ordered if self.state == "paid" else 0

    @property
    def silent(self) -> bool:
        return self.fate.endswith("silently")

    @property
    def settled(self) -> bool:
        return self.state != "pending"

    @property
    def word(self) -> str:
        return {"pending": UNKNOWN, "paid": PAID, "rejected": RETURNED, "bounced": RETURNED}[self.state]


@dataclass
class Bank:
    """The bank's own book: every payment it was told of, by id, and the letters it has not handed over yet."""

    rng: random.Random
    book: dict[str, Transfer] = field(default_factory=dict)
    # Ids of which it said that the money came back although it had not.
    lied: set[str] = field(default_factory=set)
    letters: list[bytes] = field(default_factory=list)
    written: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)

    def receive(self, content: bytes) -> str:
        """Read a file and pay each id that it has not seen; return what was wrong with it."""
        head, *rows = content.decode("gb18030").removesuffix("\r\n").split("\r\n")
        _, _, _, _, count, total = head.split("|")
        cells = [row.split("|") for row in rows]
        if int(count) != len(cells) or fen(total) != sum(fen(row[7]) for row in cells):
            return f"its head says {count} payments of {total}"
        for row in cells:
            key, account, ordered = row[1], row[2], fen(row[7])
            known = self.book.get(key)
            if known is None:
                self.book[key] = Transfer(account, ordered, self.rng.choices(_FATES, _WEIGHTS)[0])
            elif (known.account, known.ordered) != (account, ordered):
                return f"{key} was ordered before to another account or of another amount"
        return ""

    def work(self) -> None:
        """Let time pass: some of what is pending is done, some of what was paid comes back."""
        for one in self.book.values():
            if one.state == "pending" and self.rng.random() < (0.25 if one.fate.endswith("late") else 0.8):
                one.state = "rejected" if one.fate.startswith("reject") else "paid"
            elif one.state == "paid" and one.fate == "bounce" and self.rng.random() < 0.3:
                one.state = "bounced"

    def finish(self) -> None:
        """Do everything that is to be done."""
        for one in self.book.values():
            if one.state == "pending":
                one.state = "rejected" if one.fate.startswith("reject") else "paid"
            if one.state == "paid" and one.fate == "bounce":
                one.state = "bounced"

    def write(self, never_sent: list[str]) -> None:
        """Write a letter about some payments, with or without faults."""
        sayable = [key for key, one in self.book.items() if not one.silent and one.told < 4]
        some = self.rng.sample(sayable, self.rng.randint(len(sayable) // 2, len(sayable)))
        lines = [line for key in some for line in self._lines(key)]
        if self.rng.random() < 0.05:
            lines.append((f"{self.rng.getrandbits(40):X}"[:8], PAID, 100))
        if never_sent and self.rng.random() < 0.08:
            lines.append((self.rng.choice(never_sent), self.rng.choice((PAID, RETURNED)), 100))
        if lines:
            self.rng.shuffle(lines)
            self.post(lines)

    def tell_all(self) -> None:
        """Write the truth about everything in one letter."""
        self.post([(key, one.word, one.ordered) for key, one in self.book.items()])

    def post(self, lines: list[tuple[str, str, int]]) -> None:
        total = sum(amount for _, _, amount in lines)
        # A letter of the same words is another letter: the bank numbers them.
        head = f"HDR|{len(self.written)}|{len(lines)}|{total}"
        body = [f"{n}|{key}|6222|x|{amount}|{word}|{word}|" for n, (key, word, amount) in enumerate(lines, 1)]
        content = "\r\n".join([head, *body, ""]).encode("gb18030")
        self.written[hashlib.sha256(content).hexdigest()] = lines
        self.letters.append(content)

    def damaged(self, content: bytes) -> bytes:
        """Return a letter as it comes out of a bad line."""
        place = self.rng.randrange(len(content))
        return self.rng.choice(
            (
                content[:place],
                content[:place] + bytes([self.rng.randrange(256)]) + content[place + 1 :],
                content + content,
                content.replace(b"\r\n", b"\n", 1).replace(b"|", b"", 1),
            )
        )

    def _lines(self, key: str) -> list[tuple[str, str, int]]:
        one, chance = self.book[key], self.rng.random()
        one.told += 1
        told = (key, one.word, one.ordered)
        if chance < 0.06:
            return [(key, UNKNOWN, one.ordered)]
        if chance < 0.10:
            return [(key, one.word, one.ordered + self.rng.choice((-1, 1, 100)))]
        if chance < 0.14:
            self._lie(key)
            return [(key, RETURNED if one.word == PAID else PAID, one.ordered)]
        if chance < 0.17:
            return [told, (key, RETURNED if one.word == PAID else PAID, one.ordered)]
        return [told, told] if chance < 0.22 else [told]

    def _lie(self, key: str) -> None:
        one = self.book[key]
        if one.state == "paid":
            self.lied.add(key)


def fen(yuan: str) -> int:
    whole, _, cents = yuan.partition(".")
    return int(whole) * 100 + int(cents)
