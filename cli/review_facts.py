"""`mianshen data review confirm`, `undo` and `log`: what was decided, agreed to by a second person, or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.options import common, form_option
from cli.output import Format
from cli.review_desk import author_option, freeze_next, open_journal, reason_option, stated
from cli.review_keys import agreed
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError

if TYPE_CHECKING:
    from enterprise_data.identity.journal.facts import Fact
    from enterprise_data.identity.journal.ledger import Ledger

_ids = click.argument("ids", nargs=-1, type=click.IntRange(1), metavar="[ID]...")


@click.command("confirm")
@_ids
@author_option
@reason_option("Why.", "复核无误")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before all that wait are confirmed.")
@form_option
@common
@click.pass_obj
def confirm(session: Session, ids: tuple[int, ...], author: str, reason: str, yes: bool, form: Format) -> None:
    """Agree, as a second person, to the decisions with these IDs, or to all that wait; write them.

    Without ID, what waits is shown first, but for your own decisions, and you are asked.

    Example: `mianshen data review confirm 12 13 --as 李强`
    """
    from cli.review_views import write_facts
    from enterprise_data.identity.journal.facts import Confirm

    journal = open_journal(session, session.workspace())
    ledger = journal.ledger()
    chosen = ids or _waiting_for(session, ledger, author)
    facts = [ledger.facts[id_] for id_ in chosen if id_ in ledger.facts]
    if not ids and facts and not yes:
        write_facts(Format.TABLE, facts, ledger)
        if not agreed(f"confirm all {len(facts)}?"):
            session.note("nothing was confirmed")
            return
    confirmed = journal.append(stated(author, reason, Confirm, of=id_) for id_ in dict.fromkeys(chosen))
    write_facts(form, facts, journal.ledger())
    if confirmed:
        freeze_next(session)


def _waiting_for(session: Session, ledger: Ledger, author: str) -> tuple[int, ...]:
    from enterprise_data.identity.journal.ledger import same_person

    waiting: tuple[Fact, ...] = ledger.active().waiting
    others = tuple(fact.id for fact in waiting if not same_person(fact.author, author))
    if not waiting:
        session.note("no decision waits for a second person")
    elif len(others) < len(waiting):
        session.note(f"{len(waiting) - len(others)} are {author}'s own and wait for someone else")
    return others


@click.command("undo")
@click.argument("ids", nargs=-1, required=True, type=click.IntRange(1), metavar="ID...")
@author_option
@reason_option("Why.", "撤销")
@form_option
@common
@click.pass_obj
def undo(session: Session, ids: tuple[int, ...], author: str, reason: str, form: Format) -> None:
    """Take back the decisions or corrections with these IDs, all or none; write them.

    They stay in the journal, with the undo behind them.

    Example: `mianshen data review undo 12 --reason 看错了分公司`
    """
    from cli.review_views import write_facts
    from enterprise_data.identity.journal.facts import Undo

    journal = open_journal(session, session.workspace())
    undone = journal.append(stated(author, reason, Undo, of=id_) for id_ in dict.fromkeys(ids))
    ledger = journal.ledger()
    write_facts(form, [ledger.facts[fact.what.of] for fact in undone if isinstance(fact.what, Undo)], ledger)
    freeze_next(session)


@click.command("log")
@_ids
@form_option
@common
@click.pass_obj
def log(session: Session, ids: tuple[int, ...], form: Format) -> None:
    """List the journal, or the facts with these IDs: who decided what, when, why, and what became of it.

    Example: `mianshen data review log --format json`
    """
    from cli.review_views import write_facts

    ledger = open_journal(session, session.workspace()).ledger()
    if unknown := [str(id_) for id_ in ids if id_ not in ledger.facts]:
        raise MianshenError(f"the journal has no fact {', '.join(unknown)}")
    write_facts(form, [ledger.facts[id_] for id_ in ids] if ids else ledger.facts.values(), ledger)
