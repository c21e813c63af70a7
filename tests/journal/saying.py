"""Statements for tests, as short as a test wants them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from enterprise_data.identity.journal.facts import (
    BranchOf,
    Confirm,
    Content,
    FormerName,
    Link,
    NoFirm,
    Statement,
    Subject,
    Succession,
    Undo,
)
from enterprise_data.identity.journal.journal import Journal
from tests.snapshot.city import uscc

SHA = "a" * 64
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def subject(name: str, dataset: str = "penalties") -> Subject:
    return Subject(dataset=dataset, name=name)


def link(name: str, firm: int, *, second: bool = False) -> Link:
    about = subject(name)
    return Link(subject=about, candidates=(uscc(1),), register_sha256=SHA, second_person=second, firm=uscc(firm))


def no_firm(name: str, *, second: bool = False) -> NoFirm:
    return NoFirm(
        subject=subject(name),
        first_day=date(2024, 1, 1),
        last_day=date(2024, 5, 1),
        register_sha256=SHA,
        second_person=second,
    )


def former_name(firm: int = 1, name: str = "旧有限公司") -> FormerName:
    return FormerName(firm=uscc(firm), name=name, since=None, until=date(2020, 5, 31))


def succession(firm: int = 1, old_code: str = "370202600000017") -> Succession:
    return Succession(old_code=old_code, old_name="老店", firm=uscc(firm), effective_on=date(2021, 1, 1), how="个转企")


def branch(firm: int = 1, parent: int = 9, *, never: bool = False) -> BranchOf:
    since = None if never else date(2015, 3, 1)
    return BranchOf(
        firm=uscc(firm),
        firm_name="某有限公司某分公司",
        parent=uscc(parent),
        parent_name="某有限公司",
        since=since,
        never=never,
    )


def undo(of: int) -> Undo:
    return Undo(of=of)


def confirm(of: int) -> Confirm:
    return Confirm(of=of)


def say(what: Content, author: str = "甲", reason: str = "核对过营业执照") -> Statement:
    return Statement(author=author, reason=reason, what=what)


def journal(folder: Path) -> Journal:
    """Return a journal whose clock goes on by a minute with each fact."""
    minutes = iter(range(1_000_000))
    return Journal(folder, clock=lambda: NOON + timedelta(minutes=next(minutes)))
