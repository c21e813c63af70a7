"""Checking: names are resolved and kinds agree, or the fault is told; what passes becomes a term.

One family of forms per file, each registered for its node by `checker.checks` or, for functions, in a table by
`calls.function`. One more form is one more registered function.
"""

from policies.language.check import calls, dates, literals, logic, numbers, parameters, periods, references, rows, sets
from policies.language.check.checker import Checker

FAMILIES = (literals, references, parameters, logic, numbers, dates, periods, sets, calls, rows)

__all__ = ["FAMILIES", "Checker"]
