"""What `mianshen data review` shows: entries of the queue and facts of the journal, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cli.output import Column, Format, Row, count_column, money_column, write_rows
from enterprise_data.identity.journal.facts import BranchOf, Decision, Subject
from enterprise_data.identity.journal.ledger import Ledger, needs_confirmation

if TYPE_CHECKING:
    from enterprise_data.identity.journal.facts import Fact
    from enterprise_data.identity.review.entries import Entry

_KEYS = tuple(Subject.model_fields)
_LONGEST = 60

_ENTRY_COLUMNS = (
    Column("dataset", "Dataset"),
    Column("called", "Called"),
    count_column("rows", "Rows"),
    Column("reason", "Reason"),
    Column("pattern", "Pattern"),
    Column("best", "Best candidate"),
    Column("score", "Score", lambda value: "—" if value is None else f"{value:.0f}", "right"),
    money_column("stake_fen", "At stake"),
    Column("state", "State"),
)
_ENTRY_KEYS = (
    "id",
    *_KEYS,
    "rows",
    "row_nos",
    "reason",
    "first_day",
    "last_day",
    "region",
    "negative",
    "stake_fen",
    "pattern",
    "margin",
    "candidates",
    "state",
    "fact_id",
)
PATTERN_COLUMNS = (
    Column("pattern", "Pattern"),
    count_column("entries", "Entries"),
    count_column("rows", "Rows"),
    Column("meaning", "Meaning"),
)
_FACT_COLUMNS = (
    count_column("id", "Id"),
    Column("at", "At", lambda value: str(value)[:16].replace("T", " ")),
    Column("author", "By"),
    Column("kind", "Kind"),
    Column("about", "About"),
    Column("firm", "Firm"),
    Column("state", "State"),
    Column("reason", "Reason", wrap=True),
)
_FACT_KEYS = (
    "id",
    "at",
    "author",
    "kind",
    *_KEYS,
    "firm",
    "of",
    "second_person",
    "since",
    "until",
    "never",
    "firm_name",
    "parent",
    "parent_name",
    "old_code",
    "old_name",
    "effective_on",
    "how",
    "state",
    "reason",
)


def write_entries(form: Format, entries: Iterable[Entry]) -> None:
    """Write entries of the queue; a table shows the best candidate, the other formats all of them."""
    columns = _ENTRY_COLUMNS if form is Format.TABLE else [Column(key, key) for key in _ENTRY_KEYS]
    write_rows(form, columns, [_entry_row(entry, form) for entry in entries])


def write_facts(form: Format, facts: Iterable[Fact], ledger: Ledger) -> None:
    """Write facts of the journal, with what became of each."""
    columns = _FACT_COLUMNS if form is Format.TABLE else [Column(key, key) for key in _FACT_KEYS]
    write_rows(form, columns, [_fact_row(fact, ledger) for fact in facts])


def called(subject: Subject) -> str:
    """Return by what a subject calls its firm: the name, else the codes."""
    codes = (subject.uscc, subject.organisation_code, subject.registration_no)
    text = subject.name or " / ".join(code for code in codes if code) or "—"
    return short(text)


def short(text: str) -> str:
    """Return a text on one line, cut where it is very long."""
    line = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _entry_row(entry: Entry, form: Format) -> Row:
    best = entry.candidates[0] if entry.candidates else None
    candidates: list[Any] = [asdict(candidate) for candidate in entry.candidates]
    if form is Format.CSV:
        candidates = [candidate.uscc for candidate in entry.candidates]
    return {
        **{name: value for name, value in vars(entry).items() if name not in ("subject", "stake", "state")},
        **entry.subject.model_dump(),
        "called": called(entry.subject),
        "row_nos": list(entry.row_nos),
        "stake_fen": entry.stake,
        "candidates": candidates,
        "best": best and short(f"{best.uscc} {best.name or ''}"),
        "score": best and best.score,
        "state": entry.state.value,
    }


def _fact_row(fact: Fact, ledger: Ledger) -> Row:
    said = fact.what.model_dump(mode="json")
    return {
        **said,
        **(said.get("subject") or {}),
        **fact.model_dump(mode="json", exclude={"what"}),
        "about": _about(fact),
        "state": state_of(fact, ledger),
    }


def _about(fact: Fact) -> str:
    what = fact.what
    if isinstance(what, Decision):
        return f"{what.subject.dataset}: {called(what.subject)}"
    if isinstance(what, BranchOf):
        days = f" since {what.since}" * bool(what.since) + f" until {what.until}" * bool(what.until)
        return f"{'never ' * what.never}of {what.parent}{days}"
    said = what.model_dump()
    return f"fact {said['of']}" if "of" in said else short(said.get("name") or said["old_code"])


def state_of(fact: Fact, ledger: Ledger) -> str:
    """Return what became of a fact: in force, waiting for a second person, undone, or done (undo, confirmation)."""
    if fact.id in ledger.undone:
        return "undone"
    if fact.what.kind in ("undo", "confirm"):
        return "done"
    return "waiting" if needs_confirmation(fact.what) and fact.id not in ledger.confirmed else "in force"
