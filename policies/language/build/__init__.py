"""The parser's raw tree becomes ours; one family of forms per file, each with its part of the table of forms."""

from policies.language.build import calls, logic, values
from policies.language.build.branches import Builder
from policies.language.build.calls import ROW_FUNCTIONS

FAMILIES = (values, logic, calls)

__all__ = ["FAMILIES", "ROW_FUNCTIONS", "Builder"]
