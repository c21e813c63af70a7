"""`mianshen data review`: people decide about rows that no rule linked."""

from __future__ import annotations

import rich_click as click
from click.core import ParameterSource

from cli.lazy import LazyGroup
from cli.options import common, form_option
from cli.output import Format
from cli.review_desk import author_option, narrowing_options
from cli.session import Session

_LATER = {
    "list": "cli.review_list:command",
    "export": "cli.review_sheet:export",
    "import": "cli.review_sheet:import_",
    "confirm": "cli.review_facts:confirm",
    "undo": "cli.review_facts:undo",
    "log": "cli.review_facts:log",
    "correct": "cli.review_correct:command",
}


@click.group("review", cls=LazyGroup, later=_LATER, invoke_without_command=True)
@narrowing_options
@author_option
@form_option
@common
@click.pass_context
def command(
    context: click.Context,
    dataset: str | None,
    why: str | None,
    pattern: str | None,
    limit: int | None,
    author: str,
    form: Format,
) -> None:
    """Decide about rows that no rule linked, one after the other; what matters most comes first.

    Keys: 1 to 5 choose a candidate, n none of them (the register does not have the firm), c types a code, s skips, p
    applies a choice to all entries of this pattern, u undoes the last decision, q ends. Decisions are kept in the
    workspace's journal and count from the next freeze on; what was decided is written at the end.

    Where the keys do not come from a terminal, each is a line.

    Example: `mianshen data review --dataset hightech --as 王芳`
    """
    if context.invoked_subcommand is not None:
        _refuse_misplaced(context)
        return
    from cli.review_desk import open_desk, told
    from cli.review_session import Sitting
    from cli.review_views import write_facts

    session = context.ensure_object(Session)
    desk = open_desk(session)
    sitting = Sitting(desk, desk.queue.chosen(dataset=dataset, reason=why, pattern=pattern, limit=limit), author)
    sitting.run()
    facts = sitting.standing()
    if facts or form is not Format.TABLE:
        write_facts(form, facts, desk.journal.ledger())
    told(session, facts)


def _refuse_misplaced(context: click.Context) -> None:
    """Options before a subcommand would be overlooked; who decides is not a thing to overlook."""
    for parameter in command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.expose_value and source is ParameterSource.COMMANDLINE:
            name = parameter.opts[0]
            raise click.UsageError(f"put {name} behind `{context.invoked_subcommand}`, which it is meant for")
