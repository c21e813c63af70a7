"""A linking report for machines: one row a figure, the same columns for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from enterprise_data.identity.wording import REASONS, RULES, remedy_of

if TYPE_CHECKING:
    from cli.output import Row
    from enterprise_data.snapshot.linking_report import DatasetLinks, LinkingReport

# `rows` and `firms` are counts, `row_nos` the first few rows, `examples` names.
KEYS = (
    "part", "dataset", "name", "rows", "firms", "row_nos", "examples", "meaning", "meaning_zh", "remedy", "remedy_zh",
)  # fmt: skip
MEANT: Mapping[str, str] = MappingProxyType(
    {
        "two_names": "one code beside clearly different names: mistyped, borrowed, or the firm was renamed",
        "letters_for_digits": "letters that no code has, read as the digits they look like",
    }
)


def figures(report: LinkingReport) -> Iterator[Row]:
    """Yield the figures; `part` says of what.

    Of a dataset: `delivered`, `repeated`, `linked` (by the rule `name`), `not_linked` (for the reason `name`). Of the
    register: `no_firm` (a row with the code `name`) and `colliding_names` (on the rung `name`). Of codes: `two_names`
    and `letters_for_digits`.
    """
    for entry in report.datasets:
        yield from _of_dataset(entry)
    for row in report.without_firm.iter_rows(named=True):
        named = [row["name"]] if row["name"] else []
        yield {
            "part": "no_firm", "dataset": report.register, "name": row["uscc"], "rows": 1, "row_nos": [row["row_no"]],
            "examples": named,
        }  # fmt: skip
    for shared in report.colliding:
        examples = [name for _, names in shared.examples for name in names]
        yield {
            "part": "colliding_names", "dataset": report.register, "name": shared.rung, "firms": shared.firms,
            "examples": examples,
        }  # fmt: skip
    for row in report.suspicious.iter_rows(named=True):
        yield {
            "part": row["kind"], "dataset": row["dataset"], "name": row["code"], "rows": row["rows"],
            "row_nos": row["row_nos"], "examples": row["names"], "meaning": MEANT[row["kind"]],
        }  # fmt: skip


def _of_dataset(entry: DatasetLinks) -> Iterator[Row]:
    own = {"dataset": entry.dataset}
    yield own | {"part": "delivered", "rows": entry.delivered, "firms": entry.open_firms}
    yield own | {"part": "repeated", "rows": entry.repeated}
    for rule, rows in entry.linked:
        rule_words = {"meaning": RULES[rule].en, "meaning_zh": RULES[rule].zh}
        yield own | {"part": "linked", "name": rule, "rows": rows} | rule_words
    for left in entry.unlinked:
        words = REASONS[left.reason]
        remedy = remedy_of(left.reason, decidable=entry.decidable)
        yield {
            **own, "part": "not_linked", "name": left.reason, "rows": left.rows, "firms": left.firms,
            "meaning": words.means.en, "meaning_zh": words.means.zh,
            "remedy": remedy.en, "remedy_zh": remedy.zh,
        }  # fmt: skip
