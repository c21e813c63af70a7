"""The words of the field: which mean the same, which topics a policy belongs to, and what a mistyped word may mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field
from rapidfuzz.distance import OSA

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.schema import Declared, validate
from policies.search.text import allowed_edits, is_latin, plain

FILE = Path(__file__).with_name("words.yaml")


class Topic(Declared):
    """One entry of `words.yaml`: words that mean the same, what is near them, and where they stand written."""

    topic: str
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    near: tuple[str, ...]
    reads: tuple[str, ...]
    source: Annotated[str, Field(min_length=2)]


class TopicFile(Declared):
    """The whole of `words.yaml`."""

    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The topics, with every word in the spelling that is compared, and further `names` (regions) to cut words at."""

    topics: tuple[Topic, ...]
    names: frozenset[str] = frozenset()

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Return every word, the longest first."""
        words = {plain(word) for topic in self.topics for word in (*topic.words, *topic.near)} | self.names
        return tuple(sorted(words, key=lambda word: (-len(word), word)))

    def topics_of(self, word: str) -> tuple[Topic, ...]:
        """Return the topics among whose words a plain word is."""
        return tuple(topic for topic in self.topics if word in map(plain, topic.words))

    def synonyms(self, word: str) -> tuple[str, ...]:
        """Return the other words that mean what a plain word does."""
        found = {plain(other): None for topic in self.topics_of(word) for other in topic.words}
        return tuple(other for other in found if other != word)

    def pieces(self, word: str) -> list[str]:
        """Return a Chinese word that was typed without blanks cut where known words begin and end.

        What is left between them stays if it has two characters or more; a word without known ones is not cut.
        """
        if is_latin(word):
            return [word]
        found: list[str] = []
        rest, at = "", 0
        while at < len(word):
            known = next((one for one in self.known if len(one) > 1 and word.startswith(one, at)), "")
            if known:
                found += [rest, known]
                rest = ""
            else:
                rest += word[at]
            at += len(known) or 1
        return [piece for piece in (*found, rest) if len(piece) > 1]

    def meant(self, word: str) -> tuple[str, ...]:
        """Return the known words that a mistyped one may mean: the nearest, in alphabetical order.

        A word of two characters may have one of them wrong.
        """
        two = len(word) == 2 and not is_latin(word)
        most = 1 if two else allowed_edits(word)
        distances = {known: OSA.distance(word, known) for known in self.known if not two or len(known) == 2}
        nearest = min(distances.values(), default=most + 1)
        return tuple(sorted(known for known, far in distances.items() if far == nearest)) if 0 < nearest <= most else ()


@cache
def topics() -> tuple[Topic, ...]:
    """Return the topics of `words.yaml`."""
    return validate(TopicFile, strict_yaml.read(FILE), "YAML001").topics


def vocabulary(names: Iterable[str] = ()) -> Vocabulary:
    """Return the topics together with names at which words are cut."""
    return Vocabulary(topics(), frozenset(plain(name) for name in names if len(name) > 1))
