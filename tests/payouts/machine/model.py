"""What a ledger should do, in dictionaries: who is held, which attempt stands where, what a line has left."""

from dataclasses import dataclass, field

LIVE = ("batched", "sent", "unknown", "paid")


@dataclass
class Model:
    """Firms by code; a firm's attempts in order, each (state, batch); batches by id with the attempts that they pay."""

    fen: dict[str, int]
    available: int = 0
    attempts: dict[str, list[list[str]]] = field(default_factory=dict)
    holds: set[tuple[str, str]] = field(default_factory=set)
    batches: dict[str, dict[str, int]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    disputed: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.attempts = {firm: [] for firm in self.fen}

    def payable(self) -> dict[str, int]:
        """Return the next attempt of every firm that can be paid; of none if the line has too little."""
        free = [f for f in self.fen if not self.live(f) and not any(held == f for held, _ in self.holds)]
        items = {firm: len(self.attempts[firm]) + 1 for firm in free}
        return items if sum(self.fen[firm] for firm in items) <= self.available else {}

    def live(self, firm: str) -> bool:
        return any(state in LIVE for state, _ in self.attempts[firm])

    def approve(self, batch: str) -> bool:
        if self.states[batch] != "planned" or self.batches[batch] != self.payable():
            return False
        self.states[batch] = "approved"
        for firm in self.batches[batch]:
            self.attempts[firm].append(["batched", batch])
            self.available -= self.fen[firm]
        return True

    def cancel(self, batch: str) -> bool:
        if self.states[batch] not in {"planned", "approved"}:
            return False
        self._void(batch, list(self.fen))
        self.states[batch] = "cancelled"
        return True

    def release(self, batch: str) -> bool:
        """Pull what is held, and send the rest."""
        if self.states[batch] != "approved":
            return False
        held = [firm for firm in self.batches[batch] if any(one == firm for one, _ in self.holds)]
        self.holds |= {(firm, "pulled") for firm in held}
        self._void(batch, held)
        self._move(batch, "batched", "sent")
        self.states[batch] = "released" if len(held) < len(self.batches[batch]) else "cancelled"
        return True

    def answer(self, firm: str, number: int, word: str, right: bool) -> str:
        """Book one line about an attempt, and return what became of it."""
        attempt, key = self.attempts[firm][number - 1], (firm, number)
        state = attempt[0]
        if state in {"batched", "voided"}:
            self.holds.add((firm, "answered_unsent"))
            return "not_sent"
        if not right:
            return "wrong_amount"
        ended = state in {"paid", "returned"}
        if word == state or (ended and word == "unknown"):
            return "already_said"
        if ended or key in self.disputed:
            self.disputed.add(key)
            self.holds.add((firm, "contradicted"))
            return "contradictory"
        attempt[0] = word
        if word == "returned":
            self.available += self.fen[firm]
            self.holds.add((firm, "returned"))
        self._close(attempt[1])
        return f"booked_{word}"

    def reissue(self, firm: str, number: int) -> bool:
        newest = number == len(self.attempts[firm]) and self.attempts[firm][number - 1][0] == "returned"
        if not newest or (firm, number) in self.disputed or (firm, "returned") not in self.holds:
            return False
        self.holds.discard((firm, "returned"))
        return True

    def balance(self, account: str) -> int:
        """Return what stands in an account by the states of the payments."""
        states = {"committed": ("batched",), "clearing": ("sent", "unknown"), "paid": ("paid",)}[account]
        return sum(self.fen[f] for f, every in self.attempts.items() for state, _ in every if state in states)

    def _void(self, batch: str, firms: list[str]) -> None:
        for firm in firms:
            for attempt in self.attempts[firm]:
                if attempt == ["batched", batch]:
                    attempt[0] = "voided"
                    self.available += self.fen[firm]

    def _move(self, batch: str, before: str, after: str) -> None:
        for attempt in [attempt for every in self.attempts.values() for attempt in every]:
            if attempt == [before, batch]:
                attempt[0] = after

    def _close(self, batch: str) -> None:
        own = [state for every in self.attempts.values() for state, of in every if of == batch]
        if not {"batched", "sent", "unknown"} & set(own):
            self.states[batch] = "closed"
