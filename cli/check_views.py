"""What `policy check --format json` writes: every problem as data, with the firm that shows a fault of logic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enterprise_data.declarations.problems import Problem

if TYPE_CHECKING:
    from cli.policy_check import Check


def check_json(found: Check) -> dict[str, Any]:
    """Return a check as plain values; `logic` is null but for faults of logic."""
    logic = {
        analysis.problem: {
            "policy": analysis.policy,
            "conditions": list(analysis.finding.parts),
            "witness": analysis.finding.witness.json() if analysis.finding.witness else None,
        }
        for analysis in found.logic
    }
    return {
        "files": found.files,
        "errors": found.errors,
        "warnings": len(found.problems) - found.errors,
        "broken_elsewhere": list(found.broken_elsewhere),
        "problems": [{**_problem(problem), "logic": logic.get(problem)} for problem in found.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "length": place.length,
    }
