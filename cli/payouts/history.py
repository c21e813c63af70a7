"""`mianshen payout history`: our own payments as past payments, which the next match knows."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from cli.acting import Acting, acting
from cli.failures import counted
from cli.options import common
from cli.session import Session


@click.command("history")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--deliver", is_flag=True, help="Add them to the loaded dataset `payments`, each once.")
@common
@click.pass_obj
def command(session: Session, file: Path | None, *, deliver: bool) -> None:
    """Write our own payments to FILE as rows of the dataset `payments` (CSV), or --deliver them to the next match.

    What may be out counts as paid. Delivered, they stand beside the bureau's own records, which are loaded as ever;
    what the records hold already is not doubled, and doing it again replaces them. Then freeze: the next match knows
    what was paid.

    Example: `mianshen payout history --deliver`
    """
    if file is None and not deliver:
        raise click.UsageError("name a FILE to write, or --deliver")
    with acting(session, "take_in" if deliver else "see") as officer:
        families = _families(officer)
        if file is not None:
            _write(session, officer, families, file)
        if deliver:
            _deliver(session, officer, families)


def _families(officer: Acting) -> dict[str, str]:
    """Return the family of each policy that has one: past payments count for all of a family."""
    from policies.load import workspace_library

    awards = ((policy.id, policy.award) for policy in workspace_library(officer.workspace).policies)
    return {policy: award.family for policy, award in awards if award is not None and award.family is not None}


def _write(session: Session, officer: Acting, families: dict[str, str], file: Path) -> None:
    from enterprise_data.atomic import replaced
    from payouts.history.own import own_payments

    with officer.ledger.read() as connection:
        rows = own_payments(connection, families)
    with replaced(file) as draft:
        rows.write_csv(draft)
    session.note(f"{counted(rows.height, 'payment')} in {file}.")


def _deliver(session: Session, officer: Acting, families: dict[str, str]) -> None:
    from payouts.history.deliver import deliver_own

    with officer.ledger.read() as connection:
        done = deliver_own(connection, officer.workspace, families)
    session.note(
        f"Past payments: {done.theirs:,} of the bureau's records and {done.own:,} of the ledger; "
        f"{counted(done.same, 'payment')} stood in both. `mianshen data freeze{session.option()}` is next."
    )
