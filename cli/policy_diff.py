"""`mianshen policy diff`: what changes between two versions of a policy, in words, and what it does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import rich_click as click

from cli.options import Day, PeriodText, common, complete_policies, form_option
from cli.output import Column, Format, Row, write_json, write_lines, write_rows
from cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from enterprise_data.periods import Period
    from matcher.simulate.differences import Difference

_COLUMNS = tuple(Column(key, key) for key in ("part", "name", "change", "what", "before", "after", "values"))
_TITLES = {
    "policy": "the policy",
    "applies": "where and when it applies",
    "conditions": "conditions",
    "award": "award",
    "budget": "budget",
    "payout": "payout",
}
_MARKS = {"added": "+", "removed": "-", "changed": "~"}


@click.command("diff")
@click.argument("old", metavar="OLD", shell_complete=complete_policies)
@click.argument("new", metavar="NEW", shell_complete=complete_policies)
@click.option("--effect", is_flag=True, help="Also simulate what the change does; needs --period and --as-of.")
@click.option("--period", type=PeriodText(), help="What the effect is simulated for.")
@click.option("--as-of", type=Day(), help="The day as of which facts and time limits are read.")
@form_option
@common
@click.pass_obj
def command(
    session: Session, old: str, new: str, effect: bool, period: Period | None, as_of: date | None, form: Format
) -> None:
    """Show what changes from one policy to another: conditions, values, amounts, scope and dates.

    OLD and NEW are ids or files. Expressions that only are written differently do not count. With --effect, firms
    and costs follow, as `mianshen simulate` shows them (as tables or JSON).

    Example: `mianshen policy diff sd-sme-to-hightech-2021 policies/my-grant.yaml`
    """
    from cli.policy_check import file_of
    from matcher.simulate.differences import differences
    from matcher.simulate.versions import read_version

    if effect and (period is None or as_of is None):
        raise click.UsageError("--effect needs --period and --as-of: what is simulated, and as of which day")
    if effect and form not in (Format.TABLE, Format.JSON):
        raise click.UsageError("--effect is shown as tables or JSON; `mianshen simulate` lists the firms as CSV")
    space = session.workspace()
    old_file, new_file = file_of(space, old), file_of(space, new)
    catalogue = space.catalogue()
    before, after = read_version(space, catalogue, old_file), read_version(space, catalogue, new_file)
    found = differences(before, after, catalogue)
    if form is Format.TABLE:
        write_lines(_lines(before.policy.id, after.policy.id, found))
    elif not effect:
        write_rows(form, _COLUMNS, [_row(entry) for entry in found])
    if effect and period is not None and as_of is not None:
        from cli.simulate_views import document, write_simulation
        from matcher.api import frozen
        from matcher.context import Context
        from matcher.simulate.compare import simulate

        done = simulate(space, frozen(space), new_file, Context(period, as_of), against=old_file)
        if form is Format.JSON:
            write_json({"changes": [_row(entry) for entry in found], "effect": document(done)})
        else:
            write_lines([""])
            write_simulation(form, done, session)


def _row(entry: Difference) -> Row:
    return asdict(entry) | {"values": [" → ".join(pair) for pair in entry.values]}


def _lines(old: str, new: str, found: Sequence[Difference]) -> Iterator[str]:
    yield old if old == new else f"{old} → {new}"
    if not found:
        yield "  nothing changes"
    for part, title in _TITLES.items():
        own = [entry for entry in found if entry.part == part]
        if not own:
            continue
        yield title
        if part != "conditions":
            for entry in own:
                yield from _entry(entry, "  ", _MARKS[entry.change])
            continue
        for name in dict.fromkeys(entry.name for entry in own):
            of_one = [entry for entry in own if entry.name == name]
            yield f"  {_MARKS[_whole(of_one)]} {name}"
            for entry in of_one:
                yield from _entry(entry, "    ", "" if _whole(of_one) != "changed" else _MARKS[entry.change])


def _whole(entries: Sequence[Difference]) -> str:
    """Return what happened to a condition as a whole: its expression only appears or goes with it."""
    return next((entry.change for entry in entries if entry.what == "when"), "changed")


def _entry(entry: Difference, indent: str, mark: str) -> Iterator[str]:
    what = "" if entry.what == "rule" else f"{entry.what}: "
    lead = f"{indent}{mark} " if mark else f"{indent}  "
    if entry.change != "changed":
        yield f"{lead}{what}{_one_line(entry.before or entry.after)}"
    elif entry.values:
        changed = "; ".join(f"{old} → {new}" for old, new in entry.values)
        yield f"{lead}{what}{changed}"
        if len(entry.values) > 1 or entry.after != entry.values[0][1]:
            yield f"{indent}      {_one_line(entry.after)}"
    else:
        yield f"{lead}{what}{_one_line(entry.before)}"
        yield f"{indent}  → {_one_line(entry.after)}"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
