"""What must hold, seen from outside: the ledger's rows by a connection of one's own, the folders, and the bank's book.

`watch` looks between any two transactions, `check` after every step, `settle` at the end of a run.
"""

import hashlib
from typing import Any

from payouts.booking.disputes import cases
from payouts.ledger.invariants import queries
from tests.payouts.simulation.bank import PAID, RETURNED, UNKNOWN
from tests.payouts.simulation.city import City
from tests.payouts.simulation.counter import Counter
from tests.payouts.simulation.world import Broken, World

_GROUND = """
SELECT p.id, p.entitlement_id, p.amount_fen, p.batch_id, e.state, e.policy, e.uscc, i.payee_id, i.line,
    (SELECT count(*) FROM hold h WHERE h.entitlement_id = e.id AND h.state = 'placed') AS holds,
    (SELECT count(*) FROM objection o WHERE o.entitlement_id = e.id AND o.state = 'open') AS objections,
    (SELECT s.amount_fen FROM proposal s WHERE s.entitlement_id = e.id ORDER BY s.id DESC LIMIT 1) AS newest_fen,
    (SELECT s.line FROM proposal s WHERE s.entitlement_id = e.id ORDER BY s.id DESC LIMIT 1) AS newest_line,
    (SELECT max(a.id) FROM payee a WHERE a.uscc = e.uscc) AS newest_payee,
    (SELECT max(n.ends_on) FROM notice n JOIN notice_item m ON m.notice_id = n.id WHERE m.entitlement_id = e.id) AS ends
FROM payment p JOIN batch_item i ON i.batch_id = p.batch_id AND i.payment_id = p.id
JOIN entitlement e ON e.id = p.entitlement_id WHERE p.id = ?
"""
_SIGNERS = """
SELECT count(DISTINCT a.officer_id) AS signed, b.signatures,
    (SELECT count(*) FROM batch_item i JOIN payee y ON y.id = i.payee_id JOIN approval s ON s.batch_id = i.batch_id
     WHERE i.batch_id = b.id AND s.role <> 'maker' AND y.entered_by = s.officer_id
     AND date(y.entered_at, '+8 hours') >= date(b.made_at, '+8 hours', '-3 days')) AS own
FROM batch b JOIN approval a ON a.batch_id = b.id WHERE b.id = ?
"""
_BOOKED = """
SELECT p.id, p.state, p.amount_fen, coalesce(max(r.heard), 0) AS decided FROM payment p
LEFT JOIN resolution r ON r.payment_id = p.id AND r.state = 'confirmed' GROUP BY p.id ORDER BY p.id
"""
_BOOKED_FOR = _BOOKED.replace("GROUP BY", "WHERE p.entitlement_id = ? GROUP BY")
_DECIDED = "SELECT to_state FROM resolution WHERE payment_id = ? AND state = 'confirmed'"
_FILE = """
SELECT count(*) FROM bank_file f JOIN batch b ON b.id = f.batch_id
WHERE f.sha256 = ? AND f.name = ? AND b.state IN ('released', 'closed')
"""


class Oracle:
    """Everything that is known from outside, held against what the ledger says."""

    def __init__(self, world: World, city: City, desk: Counter) -> None:
        self.world, self.city, self.desk, self.bank = world, city, desk, desk.bank
        self._seen = 0
        self._checked: tuple[int, ...] = ()
        self._files: dict[str, str] = {}

    def watch(self) -> None:
        """Look at what the last transaction did."""
        last, before = self.world.extent[0], self._seen
        self._seen = last
        query = "SELECT subject, to_state FROM event WHERE seq > ? AND kind = 'payment' ORDER BY seq"
        for row in self.world.rows(query, before) if last > before else ():
            if row["to_state"] == "batched":
                self._begun(row["subject"])
            elif row["to_state"] == "sent":
                self._sent(row["subject"])
        self._look_into_folders()

    def check(self) -> None:
        """Look at everything after a step."""
        self._bank_paid_once()
        if self._checked == self.world.extent:
            return
        self._checked = self.world.extent
        # The ledger's own questions, by the connection that is nobody's but ours.
        for name, query in queries():
            if found := self.world.rows(query):
                raise Broken(f"{name}: {tuple(found[0])}")
        undecided = [row for row in self.world.rows(_BOOKED) if self._booked_rightly(row)]
        told = self._told() if undecided else set()
        for row in undecided:
            if row["id"] not in told:
                what = f"what the ledger has of {row['id']} ({row['state']})"
                raise Broken(f"the bank contradicts {what}, and nobody is told")
        came = self.world.one("SELECT coalesce(sum(fen), 0) FROM transfer WHERE kind = 'recover'")
        if came != sum(fen for _, _, fen in self.desk.receipts):
            raise Broken("what came back is not what was received")

    def _begun(self, payment: str) -> None:
        row = self.world.rows(_GROUND, payment)[0]
        self._on_its_ground(row, "begins")
        said = self.city.said.get(row["entitlement_id"])
        if said != row["amount_fen"]:
            raise Broken(f"payment {payment} of {row['amount_fen']} begins, the newest run says {said}")
        if row["ends"] is None or row["ends"] >= self.world.day:
            raise Broken(f"payment {payment} begins while its notice lasts until {row['ends']}")
        if open_words := self._against(row["entitlement_id"]):
            raise Broken(f"payment {payment} begins while the bank contradicts itself about {open_words}")
        signed = self.world.rows(_SIGNERS, row["batch_id"])[0]
        if signed["signed"] < signed["signatures"] or signed["own"]:
            raise Broken(f"payment {payment} begins with signatures that do not do")

    def _sent(self, payment: str) -> None:
        row = self.world.rows(_GROUND, payment)[0]
        self._on_its_ground(row, "is sent")
        if (row["policy"], row["uscc"]) in self.desk.not_to_pay:
            raise Broken(f"payment {payment} is sent to an excluded firm")

    def _on_its_ground(self, row: Any, what: str) -> None:
        wrong = [
            word
            for word, is_so in (
                (f"the entitlement is {row['state']}", row["state"] != "confirmed"),
                ("it is held", row["holds"] > 0),
                ("an objection is open", row["objections"] > 0),
                (f"{row['newest_fen']} fen are due", row["newest_fen"] != row["amount_fen"]),
                ("it is due from another line", row["newest_line"] != row["line"]),
                ("the account is another one", row["newest_payee"] != row["payee_id"]),
            )
            if is_so
        ]
        if wrong:
            raise Broken(f"payment {row['id']} of {row['amount_fen']} {what}, but {', '.join(wrong)}")

    def _look_into_folders(self) -> None:
        """What lies in a folder is a file of a released batch, byte for byte; and what is a draft has no such name."""
        for path in [path for folder in self.world.folders for path in folder.iterdir() if path.name[0] != "."]:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            before = self._files.setdefault(str(path), sha256)
            if before != sha256:
                raise Broken(f"{path.name} has changed")
            if self.world.one(_FILE, sha256, path.name) != 1:
                raise Broken(f"I3: {path.name} is in a folder, and is no file of a released batch")

    def _bank_paid_once(self) -> None:
        """I11: the bank paid an entitlement once, as approved, unless somebody's wrong word explains it."""
        paid: dict[str, list[str]] = {}
        query = "SELECT p.entitlement_id, p.amount_fen, p.state, y.account_no FROM payment p JOIN batch_item i ON "
        query += "i.payment_id = p.id AND i.batch_id = p.batch_id JOIN payee y ON y.id = i.payee_id WHERE p.id = ?"
        for key, one in self.bank.book.items():
            found = self.world.rows(query, key)
            if not found or found[0]["state"] in {"batched", "voided"}:
                raise Broken(f"the bank was told to pay {key}, which the ledger never sent")
            if (found[0]["amount_fen"], found[0]["account_no"]) != (one.ordered, one.account):
                raise Broken(f"the bank was told to pay {key} otherwise than approved")
            if one.fen:
                paid.setdefault(found[0]["entitlement_id"], []).append(key)
        for entitlement, keys in paid.items():
            unexplained = [key for key in keys if not self._explained(key)]
            if len(unexplained) > 1:
                raise Broken(f"I11: the bank paid entitlement {entitlement} {len(keys)} times: {keys}")

    def _explained(self, key: str) -> bool:
        """Say whether the bank or two officers called a payment returned that was not, and the ledger shows that."""
        told = any(one["id"] == key and one["word"] == RETURNED for one in self.desk.heard)
        return (key in self.bank.lied and told) or key in self.desk.wrong_words

    def _booked_rightly(self, row: Any) -> bool:
        """The state of a payment follows from what was heard of it; return whether two officers have to decide."""
        key, state = row["id"], row["state"]
        heard = self._heard(key)
        fitting = [one for one in heard if one["fen"] == row["amount_fen"] and one["word"] != UNKNOWN]
        words = {one["word"] for one in fitting}
        decided = {one["to_state"] for one in self.world.rows(_DECIDED, key)}
        if state in {"paid", "returned"}:
            word = PAID if state == "paid" else RETURNED
            if word not in words and state not in decided:
                raise Broken(f"payment {key} is {state}, which nobody said")
        if len(words) == 1 and not decided and _plain(heard):
            (word,) = words
            if state != ("paid" if word == PAID else "returned"):
                raise Broken(f"payment {key} is {state}, and the bank said nothing but {word}")
        return self._undecided(row)

    def _told(self) -> set[str]:
        """Return the payments that the ledger calls contradicted."""
        with self.world.read() as connection:
            return {one.payment_id for one in cases(connection) if one.why == "contradictory"}

    def _heard(self, key: str) -> list[Any]:
        return [one for one in self.desk.heard if one["id"] == key and one["sent"]]

    def _undecided(self, row: Any) -> bool:
        """Say whether the bank said something else than the ledger has since two officers decided last."""
        words = {
            one["word"]
            for one in self._heard(row["id"])
            if one["file"] > row["decided"] and one["fen"] == row["amount_fen"] and one["word"] in {PAID, RETURNED}
        }
        booked = {"paid": PAID, "returned": RETURNED}.get(row["state"])
        return bool(words - {booked}) if booked else len(words) > 1

    def _against(self, entitlement: str) -> list[str]:
        return [row["id"] for row in self.world.rows(_BOOKED_FOR, entitlement) if self._undecided(row)]


def _plain(heard: list[Any]) -> bool:
    """Say whether no file says two things of a payment."""
    said = {(one["file"], one["word"], one["fen"]) for one in heard}
    return len(said) == len({file for file, _, _ in said})
