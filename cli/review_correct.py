"""`mianshen data review correct`: what no department delivered of a firm's former names, old codes and parent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import rich_click as click

from cli.options import Day, common, form_option
from cli.output import Format
from cli.review_desk import author_option, clean, freeze_next, named_firm, open_journal, reason_option, stated
from cli.session import Session

_KINDS = "个转企|合并|分立|分公司转子公司|改制"


@click.group("correct")
@common
def command() -> None:
    """Correct what is known of a firm's past and of its parent; every correction can be undone."""


@command.command("former-name")
@click.argument("uscc")
@click.argument("name")
@click.option("--since", type=Day(), help="The first day on which the firm bore the name.  [default: not known]")
@click.option("--until", type=Day(), required=True, help="The last day.")
@reason_option("Why, for example the document that says so.", required=True)
@author_option
@form_option
@common
@click.pass_obj
def former_name(
    session: Session,
    uscc: str,
    name: str,
    since: date | None,
    until: date,
    reason: str,
    author: str,
    form: Format,
) -> None:
    """Say that the firm with the code USCC bore NAME until a day.

    Example: `mianshen data review correct former-name 91370203MA3C6D1E2X 老名厂 --until 2021-05-31 --reason 变更通知书`
    """
    from enterprise_data.identity.journal.facts import FormerName

    said = {"name": name, "since": since, "until": until}
    _correct(session, author, reason, form, FormerName, said, firm=uscc)


@command.command("succession")
@click.argument("old_code")
@click.argument("uscc")
@click.option("--old-name", help="The name under the old code.")
@click.option("--on", "effective_on", type=Day(), required=True, help="The day from which the new code counts.")
@click.option("--kind", "how", metavar=_KINDS, required=True, help="What happened.")
@reason_option("Why, for example the document that says so.", required=True)
@author_option
@form_option
@common
@click.pass_obj
def succession(
    session: Session,
    old_code: str,
    uscc: str,
    old_name: str | None,
    effective_on: date,
    how: str,
    reason: str,
    author: str,
    form: Format,
) -> None:
    """Say that what bore OLD_CODE became the firm with the code USCC.

    Example: `mianshen data review correct succession 370202600000017 91370203MA3C6D1E2X --on 2022-03-01
    --kind 个转企 --reason 登记档案`
    """
    from enterprise_data.identity.journal.facts import Succession

    said = {"old_code": clean(old_code), "old_name": old_name, "effective_on": effective_on, "how": how}
    _correct(session, author, reason, form, Succession, said, firm=uscc)


@command.command("branch")
@click.argument("uscc")
@click.argument("parent")
@click.option("--since", type=Day(), help="The first day on which the firm was the parent's branch.")
@click.option("--until", type=Day(), help="The last day.  [default: to this day]")
@click.option("--never", is_flag=True, help="The firm never was the parent's branch: nothing links by it.")
@reason_option("Why, for example the document that says so.", required=True)
@author_option
@form_option
@common
@click.pass_obj
def branch(
    session: Session,
    uscc: str,
    parent: str,
    since: date | None,
    until: date | None,
    never: bool,
    reason: str,
    author: str,
    form: Format,
) -> None:
    """Say since when the firm with the code USCC is a branch (分公司) of the firm PARENT, or that it never was.

    Example: `mianshen data review correct branch 91370602MA3C6D1E0M 91370203MA3C6D1E2X --since 2015-03-01
    --reason 登记档案`
    """
    from enterprise_data.identity.journal.facts import BranchOf

    if never and (since or until):
        raise click.UsageError("--never goes with neither --since nor --until")
    if not (never or since):
        raise click.UsageError("say since when with --since DATE, or that it never was with --never")
    said = {"since": since, "until": until, "never": never}
    _correct(session, author, reason, form, BranchOf, said, firm=uscc, parent=parent)


def _correct(
    session: Session,
    author: str,
    reason: str,
    form: Format,
    kind: type[Any],
    said: Mapping[str, Any],
    *,
    firm: str,
    parent: str | None = None,
) -> None:
    from cli.review_views import write_facts
    from matcher.api import frozen

    space = session.workspace()
    journal = open_journal(session, space)
    snapshot = frozen(space)
    code, name = named_firm(snapshot, firm)
    both: dict[str, str | None] = {"firm": code}
    if parent is not None:
        above, above_name = named_firm(snapshot, parent)
        both |= {"firm_name": name, "parent": above, "parent_name": above_name}
    statement = stated(author, reason, kind, **both, **said)
    facts = journal.append([statement])
    write_facts(form, facts, journal.ledger())
    freeze_next(session)
