"""What is done before there is a batch: runs, checks, notices, answers, objections, accounts, grants."""

from datetime import date

from payouts.batches.refused import plainly
from payouts.intake.take_in import take_in
from payouts.ledger.tables import entitlement
from payouts.ledger.transfers import grant
from payouts.workflow import objections
from payouts.workflow.accounts import Account, enter_account, hold_without_account
from payouts.workflow.answers import confirm, decline
from payouts.workflow.holds import hold_one, lift_one
from payouts.workflow.publishing import publish
from payouts.workflow.reconfirming import reconfirm, refuse
from payouts.workflow.reminders import lapse, remind, reopen
from payouts.workflow.sampling import draw_sample, open_checks, record_check
from tests.payouts.simulation.city import DEPARTMENT, HEADING, LINES, NAMES, POLICIES, City, policies
from tests.payouts.simulation.world import World

# A hold that says that a run disagrees is lifted by who has looked at the run.
_BY_THE_RUN = "run_differs"
_NOT_BY_HAND = ("no_account", "returned", "account_blocked")


class Office:
    """Steps of the office; each is one transaction."""

    def __init__(self, world: World, city: City) -> None:
        self.world, self.city, self.rng = world, city, world.rng
        self._accounts = 0

    def take_in(self) -> str:
        """Take in a new run, or an old one once more."""
        if self.city.runs and self.rng.random() < 0.15:
            run = self.rng.choice(self.city.runs)
        else:
            self.city.drift()
            run = self.city.run(self.world.day)
        newest = run is self.city.runs[-1]
        with self.world.write() as connection:
            taken = take_in(connection, run, self.world.act("lihua"))
        if taken.policies:
            self.city.taken(run)
        elif newest:
            self.city.runs.append(run)
        return f"{run.id} { ({name: count for name, count in taken.counts.items() if count}) }"

    def reconfirm(self) -> str:
        policy = self._policy("proposed")
        with self.world.write() as connection:
            if not open_checks(connection, policy):
                draw_sample(connection, policy, self.world.act(DEPARTMENT), seed=str(self.rng.random()), n=1)
            for one in open_checks(connection, policy):
                act = self.world.act(DEPARTMENT, "looked at")
                record_check(connection, one, ok=self.rng.random() < 0.95, act=act)
            done = reconfirm(
                connection, policy, self.world.act(DEPARTMENT), despite=self.rng.choice(("", "it is right"))
            )
        return f"{policy} {done.entitlements}"

    def refuse(self) -> None:
        with self.world.write() as connection:
            refuse(connection, self._entitlement(), self.world.act(DEPARTMENT, "not ours"))

    def publish(self) -> str:
        where = entitlement.c.policy == self._policy("reconfirmed")
        act = self.world.act("lihua")
        with self.world.write() as connection:
            made = publish(
                connection, where, HEADING, policies(), act, published_on=act.day, days=self.rng.choice((1, 1, 2, 5))
            )
        return f"until {made.notice.ends_on}"

    def answer(self) -> str:
        rows = self.world.rows("SELECT id FROM entitlement WHERE state = 'published' ORDER BY id")
        some = [row["id"] for row in rows if self.rng.random() < 0.8] or [self._entitlement()]
        with self.world.write() as connection:
            return f"{confirm(connection, some, self.world.act('lihua', 'they said so'))} confirmed"

    def decline(self) -> None:
        with self.world.write() as connection:
            decline(connection, [self._entitlement()], self.world.act("lihua", "they do not want it"))

    def remind(self) -> str:
        with self.world.write() as connection:
            reminded = remind(connection, self.world.act("lihua"))
            lapsed = lapse(connection, self.world.act("machine"), days=1)
        return f"{len(reminded)} reminded, {len(lapsed)} lapsed"

    def reopen(self) -> None:
        with self.world.write() as connection:
            reopen(connection, self._entitlement("declined", "lapsed"), self.world.act("lihua", "they do want it"))

    def hold(self) -> None:
        with self.world.write() as connection:
            hold_one(
                connection, self._entitlement("published", "confirmed"), "department", self.world.act("lihua", "wait")
            )

    def lift(self) -> str:
        """Lift a hold by hand, whatever it is, but for what a run says."""
        rows = self.world.rows("SELECT entitlement_id AS id, code FROM hold WHERE state = 'placed' ORDER BY id")
        known = [(row["id"], row["code"]) for row in rows if row["code"] != _BY_THE_RUN or self._as_said(row["id"])]
        if self.rng.random() < 0.9:
            known = [one for one in known if one[1] not in _NOT_BY_HAND]
        one, code = self.rng.choice(known or [("none", "department")])
        with self.world.write() as connection:
            lift_one(connection, one, code, self.world.act("wangfang", "looked at"))
        return str(code)

    def object(self) -> None:
        with self.world.write() as connection:
            act = self.world.act("lihua")
            objections.raise_objection(
                connection,
                self._entitlement(),
                raised_by="赵某某",
                contact="0532-2",
                grounds=str(self.rng.randint(1, 9)),
                raised_on=date.fromisoformat(self.world.day),
                act=act,
            )

    def decide(self) -> str:
        rows = self.world.rows("SELECT id FROM objection WHERE state = 'open' ORDER BY id")
        one = self.rng.choice([row["id"] for row in rows] or ["none"])
        act, word = self.world.act("wangfang", "looked at"), self.rng.choice(("uphold", "dismiss", "dismiss", "back"))
        with self.world.write() as connection:
            if word == "uphold":
                objections.uphold(connection, one, objections.Wrong.DATUM, act)
            elif word == "dismiss":
                objections.dismiss(connection, one, act)
            else:
                objections.take_back(connection, one, act)
        return word

    def account(self) -> str:
        """Enter an account: a new one, or at times one that no bank file can carry."""
        self._accounts += 1
        uscc, act = self.uscc(), self.world.act(self.rng.choice((*NAMES, "machine")), "a letter of the firm")
        name = "虚构|公司" if self.rng.random() < 0.04 else f"虚构{uscc[-4:]}公司"
        account = Account(uscc, name, f"6222{self._accounts:012d}", "虚构银行", "102100099996")
        with self.world.write() as connection:
            entered = enter_account(connection, account, "officer", act)
        return f"{uscc[-4:]} by {act.actor} {entered}"

    def without_account(self) -> str:
        with self.world.write() as connection:
            return f"{hold_without_account(connection, self.world.act('machine'))} held"

    def grant(self) -> str:
        line = self.rng.choice(LINES)
        fen = self.rng.choice((3, 3, 3, -1)) * self.rng.randint(1, 900_00)
        with self.world.write() as connection, plainly():
            grant(connection, line, line, fen, self.world.act("lihua", "a document"))
        return f"{line} {fen}"

    def _policy(self, state: str) -> str:
        rows = self.world.rows("SELECT DISTINCT policy FROM entitlement WHERE state = ? ORDER BY policy", state)
        return str(self.rng.choice([row["policy"] for row in rows] or [POLICIES[0].policy]))

    def uscc(self) -> str:
        rows = self.world.rows("SELECT DISTINCT uscc FROM entitlement ORDER BY uscc")
        return str(self.rng.choice([row["uscc"] for row in rows] or ["none"]))

    def _entitlement(self, *states: str) -> str:
        rows = self.world.rows("SELECT id, state FROM entitlement ORDER BY id")
        found = [row["id"] for row in rows if not states or row["state"] in states]
        return str(self.rng.choice(found or ["none"]))

    def _as_said(self, one: str) -> bool:
        query = "SELECT amount_fen AS fen FROM proposal WHERE entitlement_id = ? ORDER BY id DESC LIMIT 1"
        return bool(self.city.said.get(one) == self.world.one(query, one))
