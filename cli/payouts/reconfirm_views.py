"""What a department sees of a sample: whom it is about, how much, by which conditions, and where to look closer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.output import Column, Format, money_column, write_json, write_lines, write_rows
from cli.payouts.shown import section
from cli.session import Session

if TYPE_CHECKING:
    from payouts.workflow.registers import Drawn
    from policies.policy import Policy

_SHOWN = (
    Column("entitlement", "Entitlement"),
    Column("policy", "Policy"),
    Column("period", "Period"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    Column("item", "Item"),
    money_column("amount_fen", "Amount"),
    Column("clause", "Clause", wrap=True),
)
_ROWS = (*_SHOWN, Column("part", "Part"), Column("sample", "Sample"), Column("seed", "Seed"), Column("look", "Look"))
_CONDITIONS = (Column("clause", "Clause"), Column("text", "Condition", wrap=True), Column("id", "Id"))


def write_drawn(form: Format, session: Session, drawn: Sequence[Drawn], policies: Sequence[Policy]) -> None:
    """Write what was drawn, the conditions of its policies, and a command line that explains each."""
    rows = [_row(session, one) for one in drawn]
    conditions = {policy.id: [_condition(leaf) for leaf in policy.conditions.leaves()] for policy in policies}
    if form is Format.JSON:
        write_json({"drawn": rows, "conditions": conditions})
        return
    if form is not Format.TABLE:
        write_rows(form, _ROWS, rows)
        return
    write_rows(form, _SHOWN, rows)
    for policy in policies:
        section(f"{policy.title.zh} ({policy.id}, {policy.source.document})", _CONDITIONS, conditions[policy.id])
    if rows:
        write_lines(["", "Why each of them, by its data:", *(row["look"] for row in rows)])


def _condition(leaf: Any) -> dict[str, Any]:
    return {"id": leaf.id, "clause": leaf.clause, "text": leaf.text}


def _row(session: Session, one: Drawn) -> dict[str, Any]:
    told = one._asdict()
    told |= {"entitlement": told.pop("entitlement_id"), "sample": told.pop("sample_id")}
    look = f"mianshen explain{session.option()} {one.uscc} {one.policy} --run {told.pop('run_id')}"
    return told | {"look": look}
