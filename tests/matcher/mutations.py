"""Small faults put into a copy of the sources on purpose: every one must make a test fail.

The table names each fault, the file, and the text that is replaced; a fault whose text is gone is itself an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("enterprise_data", "matcher", "policies", "tests")
TESTS = ("test_traps", "test_outcomes", "test_awards", "test_random_policies", "test_two_evaluators")


@dataclass(frozen=True)
class Mutation:
    """One fault: in `file` of matcher/, `old` becomes `new`."""

    name: str
    file: str
    old: str
    new: str


MUTATIONS = (
    Mutation("interpreter: < as <=", "interpreter/intervals.py", "bool(left < right)", "bool(left <= right)"),
    Mutation("SQL: < as <=", "sql/logic.py", '"<": exp.LT,', '"<": exp.LTE,'),
    Mutation("interpreter: unknown before false", "interpreter/evaluate.py",
             "return False if False in seen else None if None in seen else True",
             "return None if None in seen else False if False in seen else True"),
    Mutation("SQL: unknown condition takes the else", "sql/build.py",
             "    return exp.Case(this=paren(condition), ifs=branches)",
             "    return exp.Case(this=paren(condition), ifs=branches[:1], default=otherwise)"),
    Mutation("SQL: sums skip empty values", "sql/aggregates.py",
             'return case((is_true(pieces["empty"].copy()), exp.null()), otherwise=value)', "return value"),
    Mutation("SQL: doubtful rows count surely", "sql/pieces.py",
             "return all_hold(paren(Compiler(self.rows).condition(where)), belongs)",
             "return paren(Compiler(self.rows).condition(where))"),
    Mutation("interpreter: doubtful rows count surely", "interpreter/rows.py",
             'True if passes and row["belongs"] else None', "True if passes else None"),
    Mutation("SQL: open world as closed", "sql/aggregates.py",
             "return case((some_hold(*tests), value)) if tests else exp.null()",
             "return case((some_hold(*tests), value)) if tests else value"),
    Mutation("SQL: any month fills a window", "sql/aggregates.py", "exp.EQ(this=filled,", "exp.LTE(this=filled,"),
    Mutation("both: coverage begins a day late", "coverage.py",
             "first is None or first < covers.from_", "first is None or first <= covers.from_"),
    Mutation("both: stale feeds are fresh", "coverage.py",
             "as_of - feed.data_date <= timedelta", "as_of - feed.data_date >= timedelta"),
    Mutation("both: any lower bound of a window", "coverage.py",
             "first = max(_days_said(", "first = min(_days_said("),
    Mutation("interpreter: months of 30 days", "dates.py", "relativedelta(months=months)",
             "timedelta(days=30 * months)"),
    Mutation("SQL: a month passes on its first day", "sql/dates.py", "case((not_passed, number(1))",
             "case((not_passed, number(0))"),
    Mutation("SQL: truncates instead of floor", "sql/exact.py", '(exp.LT, -1) if mode == "down"',
             '(exp.LT, 0) if mode == "down"'),
    Mutation("interpreter: truncates instead of floor", "interpreter/intervals.py",
             "return (steps.numerator // steps.denominator) * quantum", "return int(steps) * quantum"),
    Mutation("SQL: ends of min and max swapped", "sql/aggregates.py",
             "ends = (open_side, certain_side) if smallest", "ends = (open_side, certain_side) if not smallest"),
    Mutation("SQL: decimals a tenth too small", "sql/columns.py", "highest), None, scale))",
             "highest), None, scale * 10))"),
    Mutation("SQL: a negative divisor keeps its sign", "sql/exact.py",
             'numerator = self.numerator.times(Whole(cast(sign.expr, "BIGINT"), 1))', "numerator = self.numerator"),
    Mutation("SQL: a negative factor keeps the ends", "sql/numbers.py",
             "return scaled if factor.value >= 0 else scaled.mirrored", "return scaled"),
    Mutation("both: exceptions of a scope ignored", "plan.py", "    if rule.except_prefixes:",
             "    if not rule.except_prefixes:"),
    Mutation("SQL: coarse codes lie outside", "sql/logic.py", "    if not coarser:", "    if coarser:"),
    Mutation("interpreter: coarse codes lie outside", "interpreter/evaluate.py",
             "return None if code in coarser else False", "return False"),
    Mutation("interpreter: rounding lifts over the cap", "awards.py",
             "if any(step.limit is not None and whole > step.limit for step in steps):",
             "if any(step.limit is not None and whole < 0 for step in steps):"),
    Mutation("SQL: what came before is not capped", "sql/awards.py",
             "before, upto = _least(before, cap), _least(upto, cap)", "upto = _least(upto, cap)"),
    Mutation("SQL: items of one key need not agree", "sql/awards.py",
             "case((all_hold(all_known, exp.EQ(this=least, expression=most)), least.copy()))",
             "case((all_known, least.copy()))"),
    Mutation("SQL: doubled rows are facts", "sql/facts.py",
             'exp.EQ(this=pieces["rows"], expression=number(1))', 'exp.GTE(this=pieces["rows"], expression=number(1))'),
    Mutation("interpreter: later doubtful rows ignored", "interpreter/aggregates.py",
             "row[anchor] is None or row[anchor] >= last", "row[anchor] is None or row[anchor] == last"),
    Mutation("SQL: gaps do not break a run", "sql/streaks.py",
             'run = exp.Sub(this=column("place"), expression=rank)', "run = number(0)"),
    Mutation("both: `none` inside `none` is forgotten", "outcomes.py",
             'wanted = holds if member.mode != "none" else not holds', 'wanted = holds and member.mode != "none"'),
)  # fmt: skip


def copied(mutation: Mutation | None, folder: Path) -> Path:
    """Copy the sources and put the fault in.

    Raises:
        ValueError: when the text to replace does not stand there exactly once.
    """
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    if mutation is not None:
        file = folder / "matcher" / mutation.file
        text = file.read_text(encoding="utf-8")
        if text.count(mutation.old) != 1:
            raise ValueError(f"{mutation.name}: {mutation.file} has {text.count(mutation.old)} of `{mutation.old}`")
        file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    return folder


def first_failure(folder: Path) -> str:
    """Run the tests on a copy; return the first test that fails, or an empty string when none does."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
    tests = [str(folder / "tests" / "matcher" / f"{name}.py") for name in TESTS]
    # The examples of every day must find the fault; the nightly ones would only take longer.
    environment = {**os.environ, "PYTHONPATH": str(folder), "HYPOTHESIS_PROFILE": "ci", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, *tests], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    found = re.search(r"^(?:FAILED|ERROR) (?:\S*/)?(test_\w+\.py::.*?)(?: - |$)", done.stdout, re.MULTILINE)
    if done.returncode != 1 or found is None:
        raise RuntimeError(f"the tests could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found[1]
