"""Ranking: each typed word looks for its best part of each policy; a policy is worth what its words found together.

A word is taken as it was typed, or as a synonym; only a word that is found nowhere so is cut into known words, taken as
an abbreviation, or as mistyped. Equal scores are ordered by status, then by id, so the order depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from policies.model import Status
from policies.policy import Policy
from policies.search.parts import Part, parts_of, region_names
from policies.search.text import allowed_edits, edits_to, holds, shortens, typed
from policies.search.vocabulary import Vocabulary, vocabulary

_SYNONYM, _SHORTENED, _MISTYPED = 0.9, 0.7, 0.6
_ELSEWHERE = 0.1  # what each further kind of part adds, of what it is worth by itself
_ORDER = {Status.IN_FORCE: 0, Status.DRAFT: 1, Status.SUSPENDED: 2, Status.REPEALED: 3}


@dataclass(frozen=True)
class Match:
    """What one word found: the part, its text, and how: `word`, `synonym`, `shortened` or `mistyped` (for `read`)."""

    word: str
    part: str
    of: str
    text: str
    how: str
    read: str
    worth: float


@dataclass(frozen=True)
class Hit:
    """One found policy; `score` is rounded to two decimals."""

    policy: Policy
    score: float
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Found:
    """The hits, the best first, and the words as they were looked for."""

    hits: tuple[Hit, ...]
    words: tuple[str, ...]


Finder = Callable[[Part], Match | None]


def search(policies: Iterable[Policy], query: str) -> Found:
    """Return the policies that match at least half of the words of a query, those that match more of them first.

    Without words every policy is a hit, with the score 0.
    """
    given = list(policies)
    words = vocabulary(chain.from_iterable(map(region_names, given)))
    indexed = [(policy, parts_of(policy, words)) for policy in given]
    every = [part for _, parts in indexed for part in parts]
    finders = {word: finder for spelt in dict.fromkeys(typed(query)) for word, finder in _finders(spelt, words, every)}
    hits = [_hit(policy, parts, list(finders.values())) for policy, parts in indexed]
    best = [hit for hit in hits if 2 * len(hit.matches) >= len(finders)]
    best.sort(key=lambda hit: (-len(hit.matches), -hit.score, _ORDER[hit.policy.status], hit.policy.id))
    return Found(tuple(best), tuple(finders))


def _finders(word: str, words: Vocabulary, every: Sequence[Part]) -> list[tuple[str, Finder]]:
    """Return what to look for when a word is typed: the word itself, or the pieces it was cut into."""
    if any(map(_literal(word, words), every)):
        return [(word, _literal(word, words))]
    pieces = words.pieces(word)
    if len(pieces) > 1:
        return [found for piece in pieces for found in _finders(piece, words, every)]
    shortened = _shortened(word)
    if any(map(shortened, every)):
        return [(word, shortened)]
    if meant := words.meant(word):
        return [(word, _mistyped(word, meant, words))]
    return [(word, _nearly(word))]


def _literal(word: str, words: Vocabulary) -> Finder:
    synonyms = words.synonyms(word)

    def find(part: Part) -> Match | None:
        if holds(word, part.text):
            near = 1 if part.kind in ("title", "id") else 0
            return _match(word, part, "word", word, part.weight + near * len(word) / max(len(part.text), 1))
        other = next((one for one in synonyms if holds(one, part.text)), None)
        return _match(word, part, "synonym", other, part.weight * _SYNONYM) if other else None

    return find


def _shortened(word: str) -> Finder:
    def find(part: Part) -> Match | None:
        return _match(word, part, "shortened", word, part.weight * _SHORTENED) if shortens(word, part.text) else None

    return find


def _mistyped(word: str, meant: Sequence[str], words: Vocabulary) -> Finder:
    literal = [(one, _literal(one, words)) for one in meant]

    def find(part: Part) -> Match | None:
        found = [(one, match) for one, finder in literal if (match := finder(part))]
        if not found:
            return None
        one, best = max(found, key=lambda pair: pair[1].worth)
        return _match(word, part, "mistyped", one, best.worth * _MISTYPED)

    return find


def _nearly(word: str) -> Finder:
    def find(part: Part) -> Match | None:
        edits = edits_to(word, part.text)
        if edits is None:
            return None
        right = 1 - edits / (2 * allowed_edits(word) + 1)
        return _match(word, part, "mistyped", "", part.weight * _MISTYPED * right)

    return find


def _match(word: str, part: Part, how: str, read: str, worth: float) -> Match:
    return Match(word, part.kind, part.of, part.shown, how, read, worth)


def _hit(policy: Policy, parts: Sequence[Part], finders: Sequence[Finder]) -> Hit:
    best, score = [], 0.0
    for finder in finders:
        found: dict[str, Match] = {}
        for part in parts:
            match = finder(part)
            if match and (part.kind not in found or match.worth > found[part.kind].worth):
                found[part.kind] = match
        if found:
            first, *others = sorted(found.values(), key=lambda match: -match.worth)
            best.append(first)
            score += first.worth + _ELSEWHERE * sum(match.worth for match in others)
    return Hit(policy, round(score, 2), tuple(best))
