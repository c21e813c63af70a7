"""One level of a payment status report (group, payment information, transaction): its leaves as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field

from payouts.bank.answer import Answer, WholeBatch
from payouts.bank.returns.statuses import answer_of
from payouts.bank.returns.values import LineFault, day, fen_of_yuan, shortened, trimmed

CODES = ("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")
REASON = "StsRsnInf/AddtlInf"
PAYMENTS, TOTAL = "OrgnlNbOfTxs", "OrgnlCtrlSum"
ACCEPTED_AT = "AccptncDtTm"

_CURRENCY = "CNY"


@dataclass
class Level:
    """The leaves below one element, by path. `doubtful` and `codes_above` decide what a rejection means here."""

    status_path: str
    doubtful: frozenset[str] = frozenset()
    codes_above: tuple[str, ...] = ()
    leaves: dict[str, list[str]] = field(default_factory=dict)

    def add(self, path: str, text: str) -> None:
        """Take a leaf."""
        self.leaves.setdefault(path, []).append(trimmed(text))

    def one(self, path: str) -> str:
        """Return the only text of a path, empty if there is none.

        Raises:
            LineFault: it stands more than once.
        """
        texts = self.leaves.get(path, [])
        if len(texts) > 1:
            raise LineFault(f"`{path}` stands {len(texts)} times; ask the bank for the file anew")
        return texts[0] if texts else ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the reason codes that count here: a level's own, and those of the levels above it."""
        own = tuple(code for path in CODES for code in self.leaves.get(path, []) if code)
        return (*own, *self.codes_above)

    @property
    def code(self) -> str:
        """Return the reason codes as one text; the status itself where there are none."""
        return shortened("; ".join(self.codes) or self.one(self.status_path))

    @property
    def reason(self) -> str:
        """Return the bank's additional words as one text."""
        return shortened(" ".join(text for text in self.leaves.get(REASON, []) if text))

    @property
    def answer(self) -> Answer | None:
        """Return what the level's status says; None if it has no status."""
        status = self.one(self.status_path)
        return answer_of(status, self.codes, self.doubtful) if status else None

    def said_on(self, otherwise: str) -> str:
        """Return the day on which the bank accepted it, by the bank's own clock; else that of `otherwise`.

        Raises:
            LineFault: what is written is no day.
        """
        return day((self.one(ACCEPTED_AT) or otherwise).partition("T")[0], "YYYY-MM-DD")

    def whole(self, answer: Answer, said_on: str) -> WholeBatch:
        """Return what is said of a batch whose payments the file does not name.

        Raises:
            LineFault: its number of payments or their sum is none.
        """
        count, total = self.one(PAYMENTS), self.one(TOTAL)
        if count and not (count.isascii() and count.isdigit() and len(count) <= 15):
            raise LineFault(f"`{PAYMENTS}` is `{shortened(count)}`, not a number")
        payments, fen = int(count) if count else None, fen_of_yuan(total) if total else None
        return WholeBatch(answer, payments, fen, self.code, self.reason, self.said_on(said_on))


def fen_of(amount: str) -> int | None:
    """Return the fen of `CNY 12.00`, as the reader joins an amount's currency and text; None for no amount.

    Raises:
        LineFault: another currency, or no plain amount.
    """
    if not amount:
        return None
    currency, _, number = amount.partition(" ")
    if currency != _CURRENCY:
        raise LineFault(f"the amount is in `{shortened(currency)}`, not in {_CURRENCY}; ask the bank what was paid")
    return fen_of_yuan(number)
