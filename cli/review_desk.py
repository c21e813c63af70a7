"""What every command of `mianshen data review` works with: the queue, the journal, and who is deciding."""

from __future__ import annotations

import getpass
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from cli.failures import counted
from cli.options import complete_datasets
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError

if TYPE_CHECKING:
    from enterprise_data.identity.journal.facts import Content, Fact, Statement
    from enterprise_data.identity.journal.journal import Journal
    from enterprise_data.identity.review.queue import Queue, Sources
    from enterprise_data.snapshot.snapshot import Snapshot
    from enterprise_data.workspace import Workspace

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Desk:
    """An opened workspace with its snapshot, its journal, and the whole queue."""

    space: Workspace
    snapshot: Snapshot
    journal: Journal
    queue: Queue


def open_desk(session: Session) -> Desk:
    """Open the queue of the snapshot in force.

    Raises:
        MianshenError: no snapshot, broken policies, or a journal that cannot be read.
    """
    from enterprise_data.identity.review.queue import build_queue
    from matcher.api import frozen
    from matcher.stakes import stakes
    from policies.load import workspace_library

    space = session.workspace()
    snapshot = frozen(space)
    sources = _sources(snapshot)
    journal = open_journal(session, space)
    at_stake = stakes(workspace_library(space, snapshot.catalogue))
    return Desk(space, snapshot, journal, build_queue(sources, snapshot.catalogue, journal.ledger(), at_stake))


def open_journal(session: Session, space: Workspace) -> Journal:
    """Open the workspace's journal and read it; say so if a crash cut its last line short.

    Raises:
        MianshenError: a line of it is not a fact.
    """
    from enterprise_data.identity.journal.journal import Journal

    journal = Journal(space.identity)
    journal.ledger()
    for torn in journal.torn:
        session.note(f"{journal.path}: its last line was cut short by a crash and is left out: {torn[:200]!r}")
    return journal


def named_firm(snapshot: Snapshot, code: str) -> tuple[str, str | None]:
    """Return a USCC as the register has it, and what the register calls the firm.

    Raises:
        MianshenError: the register has no such firm.
    """
    from enterprise_data.snapshot.firm_rows import firms_of

    plain = clean(code)
    names = firms_of(snapshot, [plain])["name"].to_list()
    if not names:
        raise MianshenError(f"the register has no firm {plain}; check the code, or load the register anew")
    return plain, names[0]


def clean(code: str) -> str:
    """Return a code without spaces and hyphens, in plain capitals."""
    return "".join(unicodedata.normalize("NFKC", code).split()).replace("-", "").upper()


def stated(author: str, reason: str, kind: type[Any], **said: Any) -> Statement:
    """Return a statement of a kind of fact.

    Raises:
        MianshenError: it cannot be one; the message says why.
    """
    from pydantic import ValidationError

    from enterprise_data.identity.journal.facts import Statement

    try:
        what: Content = kind(**said)
        return Statement(author=author, reason=reason, what=what)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip() for fault in error.errors())
        raise MianshenError("; ".join(fault.replace("Value error, ", "") for fault in faults)) from error


def told(session: Session, facts: Sequence[Fact]) -> None:
    """Say how many decisions were made, and what to do for them to count."""
    from enterprise_data.identity.journal.ledger import needs_confirmation

    if not facts:
        return
    waiting = sum(needs_confirmation(fact.what) for fact in facts)
    if waiting:
        other = f"mianshen data review confirm{session.option()} --as NAME"
        verb = "waits" if waiting == 1 else "wait"
        session.note(f"{counted(waiting, 'decision')} {verb} for a second person: `{other}`")
    if waiting < len(facts):
        freeze_next(session)


def freeze_next(session: Session) -> None:
    """Say how what was decided comes into force."""
    session.note(f"link anew with what was decided: `mianshen data freeze{session.option()}`")


def author_option(function: Function) -> Function:
    """Give a command `--as`, who decides."""
    option = click.option(
        "--as",
        "author",
        envvar="MIANSHEN_USER",
        metavar="NAME",
        callback=_author,
        help="Who decides.  [default: $MIANSHEN_USER, else the login name]",
    )
    return option(function)


def reason_option(
    help_text: str, default: str | None = None, *, required: bool = False
) -> Callable[[Function], Function]:
    """Give a command `--reason`, a text that is not empty."""
    # For click, a default of None is one: what has it is no longer required.
    given: dict[str, Any] = {} if default is None else {"default": default}
    return click.option(
        "--reason",
        **given,
        required=required,
        callback=_not_empty,
        show_default=default is not None,
        help=help_text,
    )


def narrowing_options(function: Function) -> Function:
    """Give a command `--dataset`, `--reason`, `--pattern` and `--limit`, which entries of the queue it is about."""
    options = (
        click.option("--dataset", shell_complete=complete_datasets, help="Only entries of this dataset."),
        click.option("--reason", "why", help="Only entries that are not linked for this reason, such as unknown_name."),
        click.option("--pattern", help="Only entries whose best candidate differs in this way, such as one_character."),
        click.option("--limit", type=click.IntRange(1), help="Only the first so many entries."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _author(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    if value is None:
        try:
            value = getpass.getuser()
        except (OSError, KeyError) as error:
            raise click.UsageError("nobody is logged in by name: say who decides with --as NAME") from error
    if not value.strip():
        raise click.BadParameter("a name is needed")
    return value.strip()


def _not_empty(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("a reason is needed")
    return value


def _sources(snapshot: Snapshot) -> Sources:
    from enterprise_data.identity.review.queue import Sources
    from enterprise_data.snapshot.known_firms import read_facts

    facts = (snapshot.dir / snapshot.manifest.facts.file).read_text(encoding="utf-8")
    return Sources(
        snapshot.unlinked_path,
        snapshot.candidates_path,
        snapshot.firms_path,
        snapshot.manifest.firms.sha256,
        read_facts(facts),
        snapshot.relations_paths,
    )
