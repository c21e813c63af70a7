"""`mianshen data links`: how what was delivered was linked to firms, and what is left open."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from cli.options import common, complete_datasets, form_option
from cli.output import Format
from cli.session import Session


@click.command("links")
@click.argument("dataset", required=False, shell_complete=complete_datasets)
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Also write a picture to this file.")
@form_option
@common
@click.pass_obj
def command(session: Session, dataset: str | None, svg: Path | None, form: Format) -> None:
    """Report how the rows of each delivery, or of one DATASET, were linked to firms.

    It counts rows by the rule that linked them and by the reason why they are not, with what to do; firms whose facts
    are open; firms of the register whose names linking cannot tell apart; and suspicious codes. It is about the
    snapshot in force, and where nothing is left open it says so.

    Example: `mianshen data links hightech --svg hightech.svg`
    """
    from cli.catalogue_views import known_dataset
    from cli.links_views import write_report
    from enterprise_data.snapshot.linking_report import links_of, report_of
    from matcher.api import frozen

    space = session.workspace()
    snapshot = frozen(space)
    names = None if dataset is None else [known_dataset(snapshot.catalogue, dataset).dataset]
    if names is not None and not links_of(snapshot, names):
        from enterprise_data.declarations.problems import MianshenError

        raise MianshenError(
            f"the snapshot {snapshot.id} has no rows of `{names[0]}` to link to firms: it was not loaded, or it speaks "
            "of regions; `mianshen data status` shows what there is"
        )
    report = report_of(snapshot, space.keys, names)
    if svg is not None:
        from cli.links_picture import write_picture

        write_picture(svg, report)
        session.note(f"wrote {svg}")
    write_report(form, report, session)
