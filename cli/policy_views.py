"""What `mianshen policy` shows, as rows, lines and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cli.award_views import award_json, award_lines
from cli.output import Column, Row

if TYPE_CHECKING:
    from policies.load import Library
    from policies.policy import Applies, Group, Leaf, Policy

LIST_COLUMNS = (
    Column("policy", "Policy"),
    Column("title", "Title"),
    Column("kind", "Kind"),
    Column("status", "Status"),
    Column("automatic", "Automatic", lambda value: "yes" if value else "no"),
    Column("period", "By"),
    Column("applies", "Applies", "; ".join),
    Column("checked", "Checked against"),
)
_MODES = {"all": "all of these must hold", "any": "any of these must hold", "none": "none of these may hold"}


def list_rows(library: Library) -> list[Row]:
    """Return one row a policy."""
    return [
        {
            "policy": policy.id,
            "title": policy.title.zh,
            "kind": policy.kind.value,
            "status": policy.status.value,
            "automatic": policy.automatic,
            "period": policy.period_kind.value,
            "applies": [applies_text(rule) for rule in policy.applies],
            "checked": policy.source.checked.value,
        }
        for policy in library.policies
    ]


def applies_text(rule: Applies) -> str:
    """Return a transition rule for people: its periods, and where."""
    from enterprise_data.codes import regions

    periods = str(rule.first) if rule.last == rule.first else f"{rule.first}..{rule.last or ''}"
    inside = "、".join(map(regions.name_of, rule.region_prefixes)) or "everywhere"
    outside = "、".join(map(regions.name_of, rule.except_prefixes))
    return f"{periods} {inside}" + (f" except {outside}" if outside else "")


def rule_lines(policy: Policy) -> Iterator[str]:
    """Yield a policy's conditions and award as its file writes them, in the policy language."""
    yield "conditions"
    yield from _group(policy.conditions, 1)
    if policy.award is not None:
        yield "award"
        yield from award_lines(policy.award)


def _group(group: Group, depth: int) -> Iterator[str]:
    from policies.policy import Group

    indent = "  " * depth
    for member in group.members:
        if isinstance(member, Group):
            yield f"{indent}- {_MODES[member.mode]}{f': {member.text}' if member.text else ''}"
            yield from _group(member, depth + 1)
        else:
            yield f"{indent}- {member.text}（{member.clause}）  [{member.id}]"
            yield from (f"{indent}    {line}" for line in member.source_text.splitlines())


def policy_json(policy: Policy) -> dict[str, Any]:
    """Return a policy as data."""
    return {
        "policy": policy.id,
        "title": policy.title.model_dump(mode="json"),
        "kind": policy.kind.value,
        "status": policy.status.value,
        "automatic": policy.automatic,
        "reason": policy.reason,
        "period": policy.period_kind.value,
        "applies": [applies_text(rule) for rule in policy.applies],
        "source": policy.source.model_dump(mode="json"),
        "service": policy.service.model_dump(mode="json") if policy.service else None,
        "conditions": [_condition(member) for member in policy.conditions.members],
        "award": award_json(policy.award) if policy.award else None,
        "file": policy.file,
        "sha256": policy.sha256,
    }


def _condition(member: Leaf | Group) -> dict[str, Any]:
    from policies.policy import Group

    if isinstance(member, Group):
        return {member.mode: [_condition(inner) for inner in member.members]}
    return {"id": member.id, "text": member.text, "clause": member.clause, "when": member.source_text}
