"""`payouts.yaml` of a workspace: who pays, in which form the bank is told, and when a third officer signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.session import Session
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.workspace import Workspace

if TYPE_CHECKING:
    from payouts.bank.channels import Channel
    from payouts.batches.settings import Settings

FILE = "payouts.yaml"
EXAMPLE = """\
payer: {name: 某市财政局, account: "10001"}   # your own account; add bank_code: if the bank asks for it
purpose: "{policy} {period}"                  # the remark that the payee reads
channel: sample-pipe-gb18030                  # instead of this sample: the path of your bank's mapping, bank.yaml
answers: sample-comma-return                  # instead of this sample: the path of its return files' mapping
third_signature: {payment_above: 1000000.00, batch_above: 10000000.00}   # yuan; leave out: two always do
"""


def read_bureau(workspace: Workspace) -> tuple[Settings, Channel]:
    """Read the settings of payouts and open the channel to the bank.

    Raises:
        MianshenError: there is no such file; the message shows how one begins.
        ProblemsFound: what is wrong in it, with its place.
    """
    from payouts.batches.settings import read_settings

    file = workspace.root / FILE
    if not file.is_file():
        raise MianshenError(
            f"{file} is missing: it says who pays, and in which form the bank is told. Begin with this; "
            f"docs/bank-files.md explains mappings:\n\n{EXAMPLE}"
        )
    return read_settings(file)


def warn_of_samples(session: Session, channel: Channel, *, answers: bool = False) -> None:
    """Say so, also to who wants quiet, where the form of the files (or of the answers) is a sample and no bank's."""
    from payouts.bank.channels import MappedChannel

    if not isinstance(channel, MappedChannel):
        return
    form = channel.answers if answers else channel.mapping
    if form is not None and form.sample:
        key, what = ("answers", "return file") if answers else ("channel", "file")
        click.echo(
            f"warning: `{form.mapping}` is a sample and no bank's form. Describe your own bank's {what} in a mapping, "
            f"and name it as `{key}` in {session.root / FILE}",
            err=True,
        )
