"""An explanation as lines of text, for a terminal or a letter."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.explain.model import (
    ConditionLine,
    FactLine,
    FirmExplanation,
    GroupLine,
    PaymentLine,
    PolicyExplanation,
)
from matcher.explain.values import due, money

_MARKS = {True: "✓", False: "✗", None: "?"}
_CONTRARY = {True: "", False: "not: "}
_HEADS = {"all": "all of these must hold", "any": "any of these must hold", "none": "none of these may hold"}


def lines(explanation: FirmExplanation) -> list[str]:
    """Return the whole explanation, one string a line."""
    head = f"{explanation.name}  {explanation.uscc}  {explanation.region}"
    sub = f"period {explanation.period}, as of {explanation.as_of}, snapshot {explanation.snapshot}"
    result = [head, sub]
    for policy in explanation.policies:
        result += ["", *policy_lines(policy)]
    if explanation.skipped:
        result += ["", *(f"not decided: {policy} ({reason})" for policy, reason in explanation.skipped.items())]
    return result


def policy_lines(policy: PolicyExplanation) -> Iterator[str]:
    """Yield the lines of one policy."""
    yield f"{policy.title}  [{policy.policy}]  {policy.document}"
    yield f"  outcome: {policy.outcome}{due((p.counts, p.amount_fen) for p in policy.payments)}"
    for line in policy.lines:
        if isinstance(line, GroupLine):
            yield f"{_indent(line.depth)}- {_HEADS[line.mode]}{f': {line.text}' if line.text else ''}"
        else:
            yield from _condition(line)
    for payment in policy.payments:
        yield from _payment(payment)


def _condition(line: ConditionLine) -> Iterator[str]:
    indent = _indent(line.depth)
    clause = f"（{line.clause}）" if line.clause else ""
    yield f"{indent}{_MARKS[line.passes]} {_CONTRARY[line.must_hold]}{line.text}{clause}  [{line.id}]"
    yield f"{indent}    required: {line.required}"
    for fact in line.facts:
        yield f"{indent}    {_fact(fact)}"
        for text in _open_rows(fact):
            yield f"{indent}      {text}"
    for value in line.computed:
        yield f"{indent}    {value}"
    if line.remedy:
        yield f"{indent}    {line.remedy}"


def _fact(fact: FactLine) -> str:
    source = f"{fact.department}, {fact.data_date}" if fact.data_date else fact.department
    unknown = "" if fact.known else f"; {fact.why_unknown}"
    return f"{fact.fact} = {fact.value}  ({source}){unknown}"


def _open_rows(fact: FactLine) -> Iterator[str]:
    for row in fact.open_rows:
        called = f": {row.called}" if row.called else ""
        yield f"row {row.row_no} of {row.title} ({row.dataset}), {row.department}{called}; {row.why}"
        changes = f"if it is, {row.if_theirs}; if not, {row.if_not}"
        yield f"  {changes}" if row.could_change else f"  it cannot change the decision by itself: {row.if_not}"
        yield f"  settle it: {row.settle}"
    if more := fact.open_row_count - len(fact.open_rows):
        yield f"and {more:,} more such {'row' if more == 1 else 'rows'}"


def _payment(payment: PaymentLine) -> Iterator[str]:
    item = f" for {payment.item}" if payment.item is not None else ""
    if not payment.counts:
        yield f"  due{item}: undetermined, whether it counts is unknown"
        return
    amount = "held, the amount is unknown" if payment.amount_fen is None else money(payment.amount_fen)
    yield f"  due{item}: {amount}"
    for place, step in enumerate(payment.steps, start=1):
        yield f"    {place}. {step.text}"


def _indent(depth: int) -> str:
    return "  " * (depth + 1)
