"""`mianshen init`: make a workspace."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from cli.options import common
from cli.session import Session

_NEXT = """\
Made a workspace in {folder}.

Next:
  mianshen data catalog -w {folder}               which datasets there are, and what each file must hold
  mianshen data load -w {folder} DATASET FILE     load a department's file; the register of firms first
  mianshen data freeze -w {folder}                seal what was loaded as a snapshot
  mianshen match -w {folder} --period 2024 --as-of 2024-12-31
"""
_BARE = """\
It is bare: describe your datasets in {folder}/catalog/*.yaml (one with `role: register`)
and write your policies to {folder}/policies/*.yaml; `mianshen policy check -w {folder}` checks both.
"""


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--bare", is_flag=True, help="With an empty catalogue and no policies: bring your own.")
@common
@click.pass_obj
def command(session: Session, folder: Path, bare: bool) -> None:
    """Make a workspace in the folder DIR, and say what to do next.

    Example: `mianshen init city`
    """
    from enterprise_data.workspace import Workspace

    Workspace.create(folder, bare=bare)
    text = _NEXT + ("\n" + _BARE if bare else "")
    session.note(text.format(folder=folder).rstrip())
