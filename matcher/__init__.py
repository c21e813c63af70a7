"""Who qualifies, how much, and why: compile, run, decisions, awards and explanations.

From Python, `import matcher` offers the main job as functions; `docs/python.md` walks through them.
"""

from matcher.api import explain, freeze, load, match, open_run
from matcher.explain.model import FirmExplanation
from matcher.outcomes import Outcome
from matcher.run.store import Run

__all__ = ["FirmExplanation", "Outcome", "Run", "explain", "freeze", "load", "match", "open_run"]
