"""Holding what might be paid twice because of what was paid before: people look, and lift the hold with a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import polars as pl
from sqlalchemy import Connection

from payouts.history.own import own_payments
from payouts.intake.past import unknown_to
from payouts.intake.run_file import DecidedPolicy, RunFile
from payouts.ledger.act import Act
from payouts.workflow.holds import HISTORY_BEHIND, PAID_BEFORE, lift, place
from payouts.workflow.standing import among

_PAYABLE: Final = ("new", "changed", "revised", "unchanged")
_SAID_NOW: Final = ("new", "changed")


def hold_for_the_past(
    connection: Connection, taken: RunFile, fresh: Sequence[DecidedPolicy], lines: pl.DataFrame, act: Act
) -> None:
    """Hold what was paid before there was a ledger, and what a run decided without knowing all that this ledger paid.

    The first is held when a run says it anew, so that a person who found it right is not asked again; the second ends
    with a run that knows.
    """
    listed = lines.filter(pl.col("outcome").is_in(_PAYABLE))
    anew = listed.filter(pl.col("outcome").is_in(_SAID_NOW) & pl.col("id").is_in(list(taken.paid_before)))
    _place(connection, anew["id"], PAID_BEFORE, "the bureau's records hold a payment of it for this year", act)
    asking = listed.filter(pl.col("policy").is_in([policy.policy for policy in fresh if policy.asks_history]))
    behind = asking.filter(pl.col("uscc").is_in(list(unknown_to(taken.past, _own(connection)))))
    because = act.because(f"run {taken.id} knows the firm's past payments")
    for some in among(sorted(set(asking["id"]) - set(behind["id"]))):
        lift(connection, some, HISTORY_BEHIND, because)
    told = f"run {taken.id} did not know what this ledger has paid the firm: hand the payments over and match again"
    _place(connection, behind["id"], HISTORY_BEHIND, told, act)


def _place(connection: Connection, ids: Collection[str], code: str, detail: str, act: Act) -> None:
    for some in among(sorted(ids)):
        place(connection, some, code, detail, act)


def _own(connection: Connection) -> pl.DataFrame:
    """Return our live payments in the columns of `Past.paid`."""
    own = own_payments(connection, {}).filter(pl.col("recovered_on") == "")
    fen = pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64)
    return own.select("uscc", "policy", "item", pl.col("fiscal_year").cast(pl.Int64).alias("year"), fen.alias("fen"))
