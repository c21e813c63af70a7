"""The review at the terminal: one entry at a time, a key for each decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click
import polars as pl

from cli.review_desk import clean
from cli.review_entry import show, show_sample
from cli.review_keys import QUIT, agreed, key, line
from enterprise_data.identity.journal.facts import Decision, Statement, Undo
from enterprise_data.identity.journal.ledger import Refused
from enterprise_data.identity.review import wording
from enterprise_data.identity.review.deciding import Choice, needs_second_person, record
from enterprise_data.identity.review.entries import NO_PATTERN, Entry, subject_id

if TYPE_CHECKING:
    from cli.review_desk import Desk
    from enterprise_data.identity.journal.facts import Fact
    from enterprise_data.identity.review.queue import Queue

_KEYS = "1-5 choose · n none · c code · s skip · p pattern · u undo · q quit: "
_SAMPLE = 5


@dataclass
class Sitting:
    """One person working through a queue; `done` holds what each key decided, and at which entry it was pressed."""

    desk: Desk
    queue: Queue
    author: str
    done: list[tuple[int, tuple[Fact, ...]]] = field(default_factory=list)
    at: int = 0
    _decided: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Show entry after entry until the queue ends, or the person does."""
        if not len(self.queue):
            _say("no entry is open")
        while self.at < len(self.queue):
            entry = self._entry(self.at)
            if entry.id in self._decided:
                self.at += 1
                continue
            second = needs_second_person(entry, self.desk.space.settings.review)
            left = len(self.queue) - len(self._decided)
            show(entry, self.desk.snapshot.catalogue, f"{left:,} open", second_person=second)
            if not self._act(entry):
                return
        if self.done and len(self.queue):
            _say("that was the last entry")

    def standing(self) -> tuple[Fact, ...]:
        """Return the decisions made and not undone again."""
        return tuple(fact for _, facts in self.done for fact in facts)

    def _act(self, entry: Entry) -> bool:
        """Do what the person says about an entry; return whether to go on."""
        while True:
            pressed = key(_KEYS)
            if pressed == QUIT:
                return False
            if pressed == "s":
                self.at += 1
                return True
            if pressed == "u":
                if self._undo():
                    return True
            elif pressed == "p":
                if self._apply(entry):
                    return True
            elif (choice := self._choice(entry, pressed)) is not None:
                self._record([choice])
                return True

    def _choice(self, entry: Entry, pressed: str) -> Choice | None:
        if pressed == "n":
            return self._about(entry, None, "人工核对：名册中没有该企业")
        if pressed == "c":
            return self._typed(entry)
        if pressed.isdigit() and 1 <= int(pressed) <= len(entry.candidates):
            candidate = entry.candidates[int(pressed) - 1]
            said = wording.pattern(candidate.pattern).zh
            return self._about(entry, candidate.uscc, f"人工核对：选候选{pressed}（{said}）")
        _say("there is no such candidate" if pressed.isdigit() else "that key means nothing here")
        return None

    def _typed(self, entry: Entry) -> Choice | None:
        code = clean(line("the firm's code (USCC): "))
        found = self.queue.sources.firms_among([code])
        if code not in found:
            _say(f"the register has no firm {code}" if code else "no code was typed")
            return None
        if not agreed(f"{found[code] or code}?"):
            return None
        return self._about(entry, code, "人工核对：录入统一社会信用代码")

    def _apply(self, entry: Entry) -> bool:
        """Apply one choice to all entries that are open and have this entry's pattern, after asking."""
        pressed = key(
            f"for all with the pattern {entry.pattern}: 1 the first candidate · n none · other keys go back: "
        )
        if pressed not in ("1", "n") or (pressed == "1" and entry.pattern == NO_PATTERN):
            return False
        alike = self.queue.frame.filter(pl.col("pattern") == entry.pattern, ~pl.col("id").is_in(list(self._decided)))
        # Where two candidates are equally good, the first is only the first.
        clear = alike if pressed == "n" else alike.filter(pl.col("margin") > 0)
        if clear.is_empty():
            _say("no entry of this pattern has one best candidate")
            return False
        if left_out := alike.height - clear.height:
            _say(f"{left_out:,} with equally good candidates are left out")
        entries = [Entry.of(row) for row in clear.iter_rows(named=True)]
        show_sample(entries[:_SAMPLE], none=pressed == "n")
        chosen = "the register does not have the firm" if pressed == "n" else "the first candidate"
        if not agreed(f"decide {len(entries):,} entries so: {chosen}?"):
            return False
        said = f"人工核对抽样后，按差别类型“{wording.pattern(entry.pattern).zh}”批量认定"
        firms = [None if pressed == "n" else one.candidates[0].uscc for one in entries]
        return self._record([self._about(one, firm, said) for one, firm in zip(entries, firms, strict=True)])

    def _undo(self) -> bool:
        if not self.done:
            _say("nothing was decided yet")
            return False
        self.at, facts = self.done.pop()
        undone = [Statement(author=self.author, reason="撤销", what=Undo(of=fact.id)) for fact in facts]
        try:
            self.desk.journal.append(undone)
        except Refused as refused:
            _say(f"not undone: {refused}")
            return True
        self._decided -= {subject_id(fact.what.subject) for fact in facts if isinstance(fact.what, Decision)}
        _say(f"undone: {', '.join(str(fact.id) for fact in facts)}")
        return True

    def _about(self, entry: Entry, firm: str | None, reason: str) -> Choice:
        return Choice.about(entry, firm, reason, self.queue.sources.register_sha256)

    def _record(self, choices: Sequence[Choice]) -> bool:
        try:
            facts = record(self.desk.journal, choices, self.author, self.desk.space.settings.review)
        except Refused as refused:
            _say(f"not decided: {refused}")
            self.at += 1
            return True
        self.done.append((self.at, facts))
        self._decided |= {choice.entry.id for choice in choices}
        return True

    def _entry(self, at: int) -> Entry:
        return Entry.of(self.queue.frame.row(at, named=True))


def _say(text: str) -> None:
    click.echo(text, err=True)
