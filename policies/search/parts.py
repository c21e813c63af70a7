"""What of a policy is searched: its parts, each with a weight and its text as it is shown and as it is compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from enterprise_data.codes import regions
from policies.policy import Policy
from policies.reader import names_in
from policies.search.text import plain
from policies.search.vocabulary import Topic, Vocabulary

# How much a match in a part is worth.
WEIGHTS = {
    "title": 10.0,
    "id": 9.0,
    "document": 8.0,
    "topic": 6.0,
    "region": 5.0,
    "department": 5.0,
    "condition": 4.0,
    "award": 4.0,
    "clause": 2.0,
    "note": 1.0,
}


@dataclass(frozen=True)
class Part:
    """One searched text; `of` is the id of the condition or tier it belongs to, or empty."""

    kind: str
    shown: str
    text: str
    of: str = ""

    @property
    def weight(self) -> float:
        """Return how much a match here is worth."""
        return WEIGHTS[self.kind]


def parts_of(policy: Policy, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """Return the parts of a policy, in the order in which equal matches are shown."""
    texts = tuple(_texts(policy))
    topics = _topics(policy, " ".join(plain(shown) for kind, shown, _ in texts if kind != "note"), vocabulary)
    named = [Part("topic", topic.topic, plain("，".join(topic.words)), topic.topic) for topic in topics]
    return (*(Part(kind, shown, plain(shown), of) for kind, shown, of in texts if shown), *named)


def region_names(policy: Policy) -> Iterator[str]:
    """Yield the names of the regions a policy is for, each alone and without its last character (青岛 of 青岛市)."""
    for rule in policy.applies:
        for prefix in rule.region_prefixes:
            for code in (*regions.ancestors(prefix), prefix):
                name = regions.name_of(code)
                yield from (name, name[:-1]) if name[-1] in "省市区县" else (name,)


def _texts(policy: Policy) -> Iterator[tuple[str, str, str]]:
    yield "title", policy.title.zh, ""
    yield "title", policy.title.en, ""
    yield "id", policy.id, ""
    yield "document", policy.source.document, ""
    for prefix in dict.fromkeys(prefix for rule in policy.applies for prefix in rule.region_prefixes):
        yield "region", "".join(map(regions.name_of, (*regions.ancestors(prefix), prefix))), ""
    yield "department", policy.source.issuer, ""
    if policy.service is not None and policy.service.office != policy.source.issuer:
        yield "department", policy.service.office, ""
    for leaf in policy.conditions.leaves():
        yield "condition", leaf.text, leaf.id
    for tier in policy.award.tiers if policy.award else ():
        yield "award", tier.text, tier.id
    for leaf in policy.conditions.leaves():
        yield "clause", leaf.clause, leaf.id
    yield "note", policy.reason, ""
    yield "note", policy.source.note, ""
    yield "note", policy.note, ""


def _topics(policy: Policy, text: str, vocabulary: Vocabulary) -> Iterator[Topic]:
    """Yield the topics that a policy's words belong to, or that its expressions read data about."""
    written = policy.award.written.model_dump_json() if policy.award and policy.award.written else ""
    expressions = "\n".join((*(leaf.source_text for leaf in policy.conditions.leaves()), written.replace('"', " ")))
    for topic in vocabulary.topics:
        if _mentions(topic, text, vocabulary) or names_in(expressions, topic.reads):
            yield topic


def _mentions(topic: Topic, text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text has a word of the topic, not only within a longer one of another topic.

    全国中小企业股份转让系统 does not make a policy one for 中小企业.
    """
    own = {plain(word) for word in (*topic.words, *topic.near)}
    for word in own:
        bare = text
        for longer in vocabulary.known:
            if word in longer and longer not in own:
                bare = bare.replace(longer, " ")
        if word in bare:
            return True
    return False
