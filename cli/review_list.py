"""`mianshen data review list`: the queue, in the order in which it should be decided."""

from __future__ import annotations

import rich_click as click

from cli.failures import counted
from cli.options import common, form_option
from cli.output import Format, write_rows
from cli.review_desk import narrowing_options
from cli.session import Session

_SHOWN = 20


@click.command("list")
@narrowing_options
@click.option("--patterns", is_flag=True, help="How many entries there are of each pattern, instead.")
@click.option("--all", "all_", is_flag=True, help="Also entries that are decided, or wait for a second person.")
@form_option
@common
@click.pass_obj
def command(
    session: Session,
    dataset: str | None,
    why: str | None,
    pattern: str | None,
    limit: int | None,
    patterns: bool,
    all_: bool,
    form: Format,
) -> None:
    """List the queue: rows that no rule linked, by subject, negative lists and large amounts first.

    A table shows the first 20; the other formats give all of them.

    Example: `mianshen data review list --dataset hightech --format csv > open.csv`
    """
    from cli.review_desk import open_desk
    from cli.review_views import PATTERN_COLUMNS, write_entries
    from enterprise_data.identity.review import wording
    from enterprise_data.identity.review.entries import State

    states = tuple(State) if all_ else (State.OPEN,)
    found = open_desk(session).queue.chosen(dataset=dataset, reason=why, pattern=pattern, states=states, limit=limit)
    if patterns:
        rows = found.patterns().to_dicts()
        write_rows(form, PATTERN_COLUMNS, [row | {"meaning": wording.pattern(row["pattern"]).en} for row in rows])
        return
    shown = found.chosen(states=tuple(State), limit=_SHOWN) if form is Format.TABLE and limit is None else found
    write_entries(form, shown.entries())
    rows_meant = int(found.frame["rows"].sum())
    session.note(
        f"{counted(len(found), 'entry')}, {counted(rows_meant, 'row')}"
        + (f"; the first {len(shown)} are shown, `--limit` shows more" if len(shown) < len(found) else "")
    )
