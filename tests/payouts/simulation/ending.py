"""How a run ends: the bank finishes and tells the truth, officers decide by it, and the ledger must agree with it."""

from collections.abc import Callable

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.draw import draw_plan
from payouts.batches.export import export
from payouts.batches.selection import Selection
from payouts.booking import resolve
from payouts.booking.disputes import cases
from payouts.booking.reconcile import reconcile_batch
from payouts.booking.reissue import reissue
from payouts.ledger.invariants import violations
from payouts.ledger.transfers import grant
from tests.payouts.simulation.city import CHANNEL, SETTINGS
from tests.payouts.simulation.counter import Counter
from tests.payouts.simulation.oracle import Oracle
from tests.payouts.simulation.world import Broken, World


class _UndoneError(Exception):
    pass


def settle(world: World, desk: Counter, oracle: Oracle, take: Callable[[str], None]) -> None:
    """Bring everything to its end, and hold the ledger against the bank's book."""
    for batch in [row["id"] for row in world.rows("SELECT id FROM batch WHERE state = 'released' ORDER BY id")]:
        world.do(f"last export {batch}", lambda batch=batch: _export(world, batch))  # type: ignore[misc]
    for path in [path for folder in world.folders for path in sorted(folder.glob("[!.]*"))]:
        world.do(f"last delivery {path.name}", lambda path=path: desk.deliver(path))  # type: ignore[misc]
    desk.bank.finish()
    if desk.bank.book:
        desk.bank.tell_all()
        world.do("last letter", lambda: desk.enter(desk.bank.letters[-1]))
    oracle.check()
    _decide(world, desk)
    oracle.check()
    with world.read() as connection:
        if found := violations(connection):
            raise Broken(str(found[0]))
    _agrees(world, desk)
    _nothing_forgotten(world)
    _reconciles(world, desk)


def _export(world: World, batch: str) -> None:
    export(world.ledger, batch, world.folders[0], world.act("lihua"), channel=CHANNEL, exclusions={})


def _decide(world: World, desk: Counter) -> None:
    """Decide every case by the bank's book; first what was proposed is rejected."""
    for row in world.rows("SELECT id FROM resolution WHERE state = 'proposed' ORDER BY id"):
        world.do("last rejection", lambda key=row["id"]: _reject(world, key))  # type: ignore[misc]
    with world.read() as connection:
        found = [one.payment_id for one in cases(connection)]
    for key in found:
        world.do(f"last word on {key}", lambda key=key: _last_word(world, desk, key))  # type: ignore[misc]


def _last_word(world: World, desk: Counter, key: str) -> str:
    """Confirm by the bank's book; money that came back and was cut from its line has to be granted again before."""
    try:
        return _confirm(world, desk, key)
    except MianshenError as error:
        if "granted to the line" not in str(error):
            raise
    query = "SELECT i.line, i.amount_fen FROM payment p JOIN batch_item i USING (batch_id) "
    (item,) = world.rows(query + "WHERE p.id = ? AND i.payment_id = p.id", key)
    with world.write() as connection:
        grant(connection, item["line"], item["line"], item["amount_fen"], world.act("lihua", "the bank's book"))
    return _confirm(world, desk, key)


def _reject(world: World, key: str) -> None:
    with world.write() as connection:
        resolve.reject(connection, key, world.act("wangfang", "begin anew"))


def _confirm(world: World, desk: Counter, key: str) -> str:
    with world.write() as connection:
        act = world.act("lihua")
        proposed = resolve.propose(connection, key, desk.truth(key), "the bank's book", act)
        resolve.confirm(connection, proposed, world.act("wangfang", "seen"))
    return desk.truth(key)


def _agrees(world: World, desk: Counter) -> None:
    """What the ledger calls paid is what the bank paid, payment by payment; what a wrong word broke is excepted."""
    for row in world.rows("SELECT id, state FROM payment WHERE state NOT IN ('batched', 'voided') ORDER BY id"):
        truth = desk.truth(row["id"])
        if row["state"] == truth:
            continue
        claimed = world.one("SELECT count(*) FROM recovery WHERE payment_id = ?", row["id"])
        if (row["state"], truth) == ("paid", "returned") and claimed:
            continue  # the firm was asked for it: officers have to end that first
        if row["id"] in desk.bank.lied | desk.wrong_words and (row["state"], truth) == ("returned", "paid"):
            continue  # paid twice because of a wrong word: a later attempt is alive
        raise Broken(f"payment {row['id']} is {row['state']} at the end, the bank's book says {truth}")


def _nothing_forgotten(world: World) -> None:
    """What is confirmed and not paid stands in the plan with its reason; what came back can be reissued."""
    with world.read() as connection:
        plan = draw_plan(connection, Selection(), SETTINGS[0], world.act("lihua"))
    shown = {one.entitlement_id for one in plan.items} | {one.entitlement_id for one in plan.left_out}
    query = "SELECT id FROM entitlement e WHERE state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM payment p WHERE "
    query += "p.entitlement_id = e.id AND p.state NOT IN ('voided', 'returned')) ORDER BY id"
    for row in world.rows(query):
        if row["id"] not in shown:
            raise Broken(f"entitlement {row['id']} is confirmed and in no plan")
    waiting = (
        "SELECT entitlement_id AS id FROM hold WHERE state = 'placed' AND code = 'returned' ORDER BY entitlement_id"
    )
    for row in world.rows(waiting):
        _can_be_reissued(world, row["id"])


def _can_be_reissued(world: World, entitlement: str) -> None:
    live = "SELECT count(*) FROM payment WHERE entitlement_id = ? AND state NOT IN ('voided', 'returned')"
    if world.one(live, entitlement):
        return
    returned = "SELECT id FROM payment WHERE entitlement_id = ? AND state = 'returned' ORDER BY attempt DESC LIMIT 1"
    key = world.one(returned, entitlement)

    def trial() -> None:
        try:
            with world.ledger.write() as connection:
                reissue(connection, [key], world.act("lihua", "asked"), same_account="it is right")
                raise _UndoneError
        except _UndoneError:
            pass

    if not world.do(f"could {key} be reissued", trial):
        raise Broken(f"what {key} was for is held as returned, and can never be paid: {world.steps[-1]}")


def _reconciles(world: World, desk: Counter) -> None:
    for row in world.rows("SELECT id FROM batch WHERE state IN ('released', 'closed') ORDER BY id"):
        payments = [one["id"] for one in world.rows("SELECT id FROM payment WHERE batch_id = ?", row["id"])]
        bank_fen = sum(desk.bank.book[key].fen for key in payments if key in desk.bank.book)
        wrong = [key for key in payments if key in desk.bank.lied | desk.wrong_words]
        with world.read() as connection:
            found = reconcile_batch(connection, row["id"], bank_fen)
        if found.strayed or (found.difference_fen and not wrong and not _claimed(world, payments)):
            raise Broken(f"batch {row['id']} does not reconcile: {found}")


def _claimed(world: World, payments: list[str]) -> bool:
    return any(world.one("SELECT count(*) FROM recovery WHERE payment_id = ?", key) for key in payments)
