"""Whatever is said in whatever order: what holds is what a plain model says, also after crashes and reopening."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from enterprise_data.identity.journal.facts import Content
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.journal.ledger import Refused, active
from tests.journal.saying import branch, confirm, former_name, journal, link, no_firm, say, undo

people = st.sampled_from("甲乙")
names = st.sampled_from(["一厂", "二厂", "三厂"])
ids = st.integers(1, 12)


class AnySequence(RuleBasedStateMachine):
    """The model: for each subject the one decision about it, and for each decision who confirmed it."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        self.book = journal(self.folder)
        self.said: list[tuple[str, str, Content]] = []  # kind, author, what
        self.deciding: dict[str, int] = {}
        self.correcting: dict[str, int] = {}
        self.approved: set[int] = set()

    def teardown(self) -> None:
        self.place.cleanup()

    def say(self, what: Content, author: str, *, allowed: bool, replace: bool = False) -> bool:
        """Say it, and return whether it was taken in; the model said before whether it may be."""
        try:
            added = self.book.append([say(what, author)], replace=replace)
        except Refused:
            assert not allowed, what
            return False
        assert allowed, what
        self.said += [(fact.what.kind, author, fact.what) for fact in added]
        assert added[-1].id == len(self.said)
        return True

    @rule(name=names, firm=st.none() | st.integers(1, 3), second=st.booleans(), author=people, replace=st.booleans())
    def decide(self, name: str, firm: int | None, second: bool, author: str, replace: bool) -> None:
        what = no_firm(name, second=second) if firm is None else link(name, firm, second=second)
        if self.say(what, author, allowed=replace or name not in self.deciding, replace=replace):
            self.deciding[name] = len(self.said)

    @rule(name=names, author=people)
    def correct(self, name: str, author: str) -> None:
        if self.say(former_name(1, name), author, allowed=name not in self.correcting):
            self.correcting[name] = len(self.said)

    @rule(firm=st.integers(1, 2), parent=st.integers(8, 9), never=st.booleans(), author=people)
    def correct_branch(self, firm: int, parent: int, never: bool, author: str) -> None:
        pair = f"{firm} of {parent}"
        if self.say(branch(firm, parent, never=never), author, allowed=pair not in self.correcting):
            self.correcting[pair] = len(self.said)

    @rule(of=ids, author=people)
    def undo(self, of: int, author: str) -> None:
        live = [*self.deciding.values(), *self.correcting.values()]
        if self.say(undo(of), author, allowed=of in live):
            for table in (self.deciding, self.correcting):
                for name in [name for name, id_ in table.items() if id_ == of]:
                    del table[name]

    @rule(of=ids, author=people)
    def confirm(self, of: int, author: str) -> None:
        waiting = of in self.deciding.values() and self.needs_second(of) and of not in self.approved
        if self.say(confirm(of), author, allowed=waiting and self.said[of - 1][1] != author):
            self.approved.add(of)

    def needs_second(self, id_: int) -> bool:
        return bool(getattr(self.said[id_ - 1][2], "second_person", False))

    @rule()
    def reopen(self) -> None:
        self.book = journal(self.folder)

    @precondition(lambda self: self.said)
    @rule(cut=st.integers(1, 400))
    def crash_while_writing(self, cut: int) -> None:
        path = self.folder / "journal.jsonl"
        line = path.read_bytes().splitlines(keepends=True)[-1]
        with path.open("ab") as file:
            file.write(line[: min(cut, len(line) - 1)])

    @invariant()
    def what_holds_is_what_the_model_says(self) -> None:
        decided = set(self.deciding.values())
        waiting = {id_ for id_ in decided if self.needs_second(id_) and id_ not in self.approved}
        for book in (self.book, Journal(self.folder)):
            facts = book.ledger().facts
            assert [(fact.what.kind, fact.author, fact.what) for fact in facts.values()] == self.said
            holds = active(facts.values())
            assert holds == book.ledger().active()
            assert [fact.id for fact in holds.decisions] == sorted(decided - waiting)
            assert [fact.id for fact in holds.waiting] == sorted(waiting)
            assert [fact.id for fact in holds.corrections] == sorted(self.correcting.values())


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=max(40, settings().max_examples // 3), stateful_step_count=25)
