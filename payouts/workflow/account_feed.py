"""Entering accounts in bulk from the departments' list (数据集 `bank_accounts`), one statement however many firms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

import polars as pl
from sqlalchemy import Connection, func, insert, select

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.names.spelling import normalised
from enterprise_data.snapshot.snapshot import Snapshot
from payouts.ledger.act import Act
from payouts.ledger.tables import account_listing, payee
from payouts.workflow.accounts import NUMBER, firm_names, lift_with_account
from payouts.workflow.holds import ACCOUNT_BLOCKED, lift, place
from payouts.workflow.standing import of_firms

DATASET: Final = "bank_accounts"
FEED: Final = {
    "uscc": pl.String(),
    "account_name": pl.String(),
    "account_no": pl.String(),
    "bank": pl.String(),
    "bank_code": pl.String(),
    "state": pl.String(),
}
_NORMAL = "正常"
_OWN = ("account_name", "account_no", "bank_name", "bank_code")
_REFUSALS = {
    "several": "the list has several accounts of the firm; ask which one it is",
    "blocked": "the list calls the account frozen or closed",
    "stateless": "the list does not say whether the account is open",
    "number": "the account number is missing, or has other signs than letters, digits and hyphens",
    "name": "the account is in another name; enter it by hand with a reason if that is right",
}


@dataclass(frozen=True)
class Entered:
    """What became of a list: numbers of firms, and those whose account was not entered.

    `kept` have an account of their own or by an officer, which the list does not replace; `refused` has uscc,
    account_name, code and why; `held` counts entitlements whose account the list calls frozen or closed by now.
    """

    entered: int
    unchanged: int
    kept: int
    held: int
    refused: pl.DataFrame


def accounts_of(snapshot: Snapshot) -> pl.DataFrame:
    """Return the accounts that surely are a firm's, as `FEED`.

    Raises:
        MianshenError: the snapshot has no list of accounts, or it is not what was sealed.
    """
    path = snapshot.dataset_path(DATASET)
    if path is None:
        raise MianshenError(f"snapshot {snapshot.id} has no dataset `{DATASET}`; load it and freeze again")
    snapshot.verify_datasets([DATASET])
    firms = pl.scan_parquet(snapshot.firms_path).select("firm_no", "uscc")
    rows = pl.scan_parquet(path).filter(pl.col("belongs").fill_null(value=False)).join(firms, on="firm_no")
    return rows.select(pl.col(name).cast(kind) for name, kind in FEED.items()).sort("uscc", "account_no").collect()


class Validity(NamedTuple):
    """The day that a list shows, and the last on which it vouches for its accounts, by its `max_age`; as texts."""

    data_date: str
    through: str


def validity_of(snapshot: Snapshot) -> Validity:
    """Return how long the list of accounts of a snapshot holds; it has one."""
    day = snapshot.manifest.datasets[DATASET].data_date
    days = snapshot.catalogue.datasets[DATASET].max_age
    return Validity(day.isoformat(), (date.max if days is None else day + timedelta(days=days)).isoformat())


def enter_accounts_from(connection: Connection, frame: pl.DataFrame, act: Act, validity: Validity) -> Entered:
    """Enter the accounts of a list (`FEED`) for every firm that something is due to; other firms' are not kept.

    An account that counts already is not entered again, and one that the firm or an officer gave stays. Holds for
    want of an account are lifted; what would go to an account that is frozen or closed by now is held.

    Raises:
        MianshenError: the list is older than its `max_age`.
    """
    if validity.through < act.day.isoformat():
        raise MianshenError(
            f"the list of accounts is of {validity.data_date}, and by its max_age held until {validity.through}; "
            "nothing was changed. Load a newer one and freeze it"
        )
    told = _judged(frame, _firms(connection))
    new = told.filter(code="new")
    if new.height:
        by = {"source": "dataset", "entered_by": act.actor, "entered_at": act.at, "reason": act.reason}
        connection.execute(insert(payee), [{**row, **by} for row in new.select("uscc", *_OWN).to_dicts()])
    _vouch(connection, told, validity)
    lift_with_account(connection, act)
    held = _hold_blocked(connection, told, act)
    refused = told.filter(pl.col("code").is_in(list(_REFUSALS))).select(
        "uscc", "account_name", "code", why=pl.col("code").replace_strict(_REFUSALS, default="")
    )
    return Entered(new.height, told.filter(code="same").height, told.filter(code="kept").height, held, refused)


def _vouch(connection: Connection, told: pl.DataFrame, validity: Validity) -> None:
    """Write down that the list names these accounts, which count and are from such a list."""
    named = set(told.filter(pl.col("code").is_in(["new", "same"]))["uscc"])
    newest = select(func.max(payee.c.id).label("id")).group_by(payee.c.uscc).subquery()
    before = (account_listing.c.payee_id == payee.c.id) & (account_listing.c.data_date == validity.data_date)
    query = (
        select(payee.c.id, payee.c.uscc)
        .join(newest, newest.c.id == payee.c.id)
        .where(payee.c.source == "dataset", ~select(account_listing.c.payee_id).where(before).exists())
    )
    rows = [{"payee_id": number, **validity._asdict()} for number, uscc in connection.execute(query) if uscc in named]
    if rows:
        connection.execute(insert(account_listing), rows)


def _firms(connection: Connection) -> pl.DataFrame:
    """Return the firms with entitlements: their name, and the account that counts, null where there is none."""
    newest = select(func.max(payee.c.id).label("id")).group_by(payee.c.uscc).subquery()
    counting = select(payee).join(newest, newest.c.id == payee.c.id).subquery()
    named = firm_names().subquery()
    columns = ("source", *_OWN)
    query = select(named.c.uscc, named.c.firm_name, *(counting.c[name].label(f"{name}_now") for name in columns))
    rows = connection.execute(query.outerjoin(counting, counting.c.uscc == named.c.uscc).order_by(named.c.uscc))
    schema = dict.fromkeys(("uscc", "firm_name", *(f"{name}_now" for name in columns)), pl.String())
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


def _judged(frame: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Return one row a firm with a `code`: new, same, kept, or why it is refused.

    Of several accounts of a firm the one that is open is meant, if exactly one is.
    """
    listed = frame.select(list(FEED)).rename({"bank": "bank_name"}).unique(maintain_order=True)
    normal = pl.col("state").eq_missing(pl.lit(_NORMAL))
    meant = listed.filter(normal | (normal.sum().over("uscc") != 1))
    filled = meant.with_columns(pl.col("bank_name", "bank_code").fill_null(""))
    told = filled.join(firms, on="uscc", maintain_order="left")
    several = pl.len().over("uscc") > 1
    same = pl.all_horizontal(pl.col(name) == pl.col(f"{name}_now") for name in _OWN)
    number = pl.col("account_no").fill_null("").str.contains(f"^(?:{NUMBER})$")
    named = (normalised(pl.col("account_name")) == normalised(pl.col("firm_name"))).fill_null(value=False)
    code = (
        pl.when(several).then(pl.lit("several"))
        .when(pl.col("state").is_null()).then(pl.lit("stateless"))
        .when(pl.col("state") != _NORMAL).then(pl.lit("blocked"))
        .when(same).then(pl.lit("same"))
        .when(pl.col("source_now").is_in(["firm", "officer"])).then(pl.lit("kept"))
        .when(~number).then(pl.lit("number"))
        .when(~named).then(pl.lit("name"))
        .otherwise(pl.lit("new"))
    )  # fmt: skip
    return told.with_columns(code=code).unique("uscc", keep="first", maintain_order=True)


def _hold_blocked(connection: Connection, told: pl.DataFrame, act: Act) -> int:
    """Hold what would go to an account that the list calls frozen or closed, and lift that of the others."""
    counts = pl.col("account_no") == pl.col("account_no_now")
    blocked = told.filter(counts & (pl.col("code") == "blocked"))["uscc"].to_list()
    free = pl.col("code").is_in(["same", "new"]) | (counts & (pl.col("code") == "kept"))
    open_ = told.filter(free)["uscc"].to_list()
    for some in of_firms(open_):
        lift(connection, some, ACCOUNT_BLOCKED, act.because("the account is open"))
    why = "the account is frozen or closed by the list of accounts"
    return sum(place(connection, some, ACCOUNT_BLOCKED, why, act.because("")) for some in of_firms(blocked))
