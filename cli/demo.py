"""`mianshen demo`: the whole job on a synthetic city, from department files to who gets what and why."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from cli.options import common
from cli.session import Session

_FOLDER = Path("mianshen-demo")
_FIRMS = 20_000
_FEWEST_FIRMS = 1_000  # in a smaller city some list would be empty
_SEED = 2024


@click.command("demo")
@click.option(
    "--firms", type=click.IntRange(_FEWEST_FIRMS), default=_FIRMS, show_default=True, help="How many firms to invent."
)
@click.option("--seed", type=int, default=_SEED, show_default=True, help="Another seed makes another city.")
@common
@click.pass_obj
def command(session: Session, firms: int, seed: int) -> None:
    """Invent a city, load its departments' files, freeze, match, and show who gets how much and why.

    All of it is synthetic. It is made in the folder of -w, else in ./mianshen-demo; run again, it gives the same
    decisions, byte for byte.

    Example: `mianshen demo --firms 5000`
    """
    from cli.demo_city import prepared
    from cli.demo_story import tell

    # $MIANSHEN_WORKSPACE is not asked: it may name a workspace with real data.
    session.folder = session.folder or _FOLDER
    tell(session, prepared(session, firms, seed))
