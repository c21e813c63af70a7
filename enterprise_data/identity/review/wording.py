"""How reasons and differences between names are said to a clerk, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import polars as pl

from enterprise_data.identity.candidates.differences import Comparison, compare_all
from enterprise_data.identity.candidates.patterns import PATTERNS
from enterprise_data.identity.names.spelling import normalised
from enterprise_data.identity.review.entries import NO_PATTERN, Candidate, Entry
from enterprise_data.identity.wording import REASONS, Said

_NO_CANDIDATE = Said("没有候选企业", "no candidate")
# Nobody reads on; comparing such texts part by part takes long.
_LONGEST = 200


def pattern(name: str) -> Said:
    """Return how a pattern of difference is said; one that is not known is said as it is written."""
    if name == NO_PATTERN:
        return _NO_CANDIDATE
    found = PATTERNS.get(name)
    return Said(found.zh, found.en) if found else Said(name, name)


def reason(name: str) -> Said:
    """Return how a reason is said; one that is not known is said as it is written."""
    found = REASONS.get(name)
    return found.means if found else Said(name, name)


def difference(candidate: Candidate, comparison: Comparison | None) -> Said:
    """Return in what the name of a candidate differs, and whose branch or subsidiary it is.

    Part by part where the names could be compared.
    """
    plain = pattern(candidate.pattern)
    names = plain if comparison is None else Said(comparison.sentence_zh, comparison.sentence)
    all_said = (names, *(kinship.said for kinship in candidate.kinships))
    return Said("；".join(said.zh for said in all_said), "; ".join(said.en for said in all_said))


def compared(entries: Sequence[Entry]) -> list[tuple[Comparison | None, ...]]:
    """Compare the name of each entry with those of its candidates, in their order; None where there is no name.

    For a page of entries, not for a whole queue at once.
    """
    asked = pl.Series([entry.subject.name for entry in entries], dtype=pl.String)
    names = asked.to_frame("name").select(normalised(pl.col("name"))).to_series().to_list()
    pairs = [
        (name, one.near_name) if name and one.near_name and max(len(name), len(one.near_name)) <= _LONGEST else None
        for name, entry in zip(names, entries, strict=True)
        for one in entry.candidates
    ]
    found = iter(compare_all([pair for pair in pairs if pair is not None]))
    comparisons = iter([None if pair is None else next(found) for pair in pairs])
    return [tuple(islice(comparisons, len(entry.candidates))) for entry in entries]
