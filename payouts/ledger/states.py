"""The state graphs: what may become of an entitlement, a batch, a payment; whatever is not here cannot happen.

The graphs are rows of the table `transition`, to which every event refers, and the database's triggers read them.
An empty state is before the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# 补贴权益. `undetermined`: a condition is unknown, so there is no amount to pay; `refused`: by the department, or an
# objection was upheld; `withdrawn`: a later run no longer lists it.
_ENTITLEMENT = {
    "": ("proposed", "undetermined"),
    "undetermined": ("proposed", "withdrawn"),
    "proposed": ("reconfirmed", "refused", "withdrawn", "undetermined"),
    "reconfirmed": ("published", "refused", "withdrawn", "undetermined", "proposed"),
    "published": ("confirmed", "declined", "lapsed", "refused", "withdrawn", "undetermined", "proposed"),
    "confirmed": ("declined", "refused", "withdrawn", "undetermined", "proposed"),
    "declined": ("published", "withdrawn", "undetermined", "proposed"),
    "lapsed": ("published", "withdrawn", "undetermined", "proposed"),
    "refused": ("proposed", "undetermined"),
    "withdrawn": ("proposed", "undetermined"),
}

_BATCH = {
    "": ("planned",),
    "planned": ("approved", "cancelled"),
    "approved": ("sealed", "cancelled"),
    "sealed": ("released", "cancelled"),
    "released": ("closed",),
}

# `paid` → `returned` and back are for two officers only, upon evidence: a bank that takes back what it said.
_PAYMENT = {
    "": ("batched",),
    "batched": ("sent", "voided"),
    "sent": ("paid", "returned", "unknown"),
    "unknown": ("paid", "returned"),
    "paid": ("returned",),
    "returned": ("paid",),
}

_SPOT_CHECK = {"": ("drawn",), "drawn": ("ok", "wrong")}
_OBJECTION = {"": ("open",), "open": ("upheld", "dismissed", "withdrawn")}
_HOLD = {"": ("placed",), "placed": ("lifted",)}
_RECOVERY = {"": ("ordered",), "ordered": ("recovered", "written_off", "cancelled")}
_RESOLUTION = {"": ("proposed",), "proposed": ("confirmed", "rejected")}

GRAPHS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "entitlement": _ENTITLEMENT,
        "batch": _BATCH,
        "payment": _PAYMENT,
        "spot_check": _SPOT_CHECK,
        "objection": _OBJECTION,
        "hold": _HOLD,
        "recovery": _RECOVERY,
        "resolution": _RESOLUTION,
    }
)

# What is written down although no row has a state for it: `open` to `open` is a change.
RECORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"officer": {"": ("open",), "open": ("open", "closed")}}
)

# What each kind of transfer debits and credits. Granted money is available, then committed by an approval, then in
# clearing at the bank, then paid or available again. What is asked back is receivable until it comes or is given up.
TRANSFERS = MappingProxyType(
    {
        "grant": ("available", "appropriated"),
        "cut": ("appropriated", "available"),
        "commit": ("committed", "available"),
        "uncommit": ("available", "committed"),
        "send": ("clearing", "committed"),
        "settle": ("paid", "clearing"),
        "return": ("available", "clearing"),
        "unsettle": ("available", "paid"),
        "resettle": ("paid", "available"),
        "claim": ("receivable", "claimed"),
        "recover": ("recovered", "receivable"),
        "write_off": ("written_off", "receivable"),
        "unclaim": ("claimed", "receivable"),
    }
)
TRANSFER_KINDS = tuple(TRANSFERS)
# Whose money it is: nobody's yet, or what is asked back; of every other kind, a payment's.
OF_LINES = ("grant", "cut")
OF_RECOVERIES = ("claim", "recover", "write_off", "unclaim")


def transitions() -> list[dict[str, str]]:
    """Return the rows of the table `transition`."""
    return [
        {"kind": kind, "from_state": before, "to_state": after}
        for kind, graph in (*GRAPHS.items(), *RECORDS.items())
        for before, following in graph.items()
        for after in following
    ]
