"""What would change a condition that fails: by how much a number misses, or that a row is or is not there."""

from __future__ import annotations

from datetime import date

from matcher.explain.describe import Describer, is_presence
from matcher.explain.values import one
from matcher.interpreter.evaluate import Interpreter, has_bounds
from matcher.interpreter.intervals import Interval
from policies.language import terms as t

_WANTED = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "=": "exactly", "!=": "other than"}


def remedy(term: t.Term, interpreter: Interpreter, words: Describer) -> str:
    """Return what would make a false condition true, or an empty string where no single change would."""
    if isinstance(term, t.All):
        wrong = [member for member in term.members if interpreter.truth(member) is False]
        return remedy(wrong[0], interpreter, words) if len(wrong) == 1 else ""
    if isinstance(term, t.Defined):
        return remedy(term.body, interpreter, words)
    if isinstance(term, t.Not):
        return _remedy_of_opposite(term.member, interpreter, words)
    return _comparison(term, interpreter, words) if isinstance(term, t.Compare) else ""


def _remedy_of_opposite(term: t.Term, interpreter: Interpreter, words: Describer) -> str:
    """Return what would make a true condition false."""
    if isinstance(term, t.Defined):
        return _remedy_of_opposite(term.body, interpreter, words)
    if isinstance(term, t.Not):
        return remedy(term.member, interpreter, words)
    return _comparison(_opposite(term), interpreter, words) if isinstance(term, t.Compare) else ""


def _opposite(term: t.Compare) -> t.Compare:
    operators: dict[t.Comparison, t.Comparison] = {
        "=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
    }  # fmt: skip
    return t.Compare(t.BOOL, operators[term.operator], term.left, term.right)


def _comparison(term: t.Compare, interpreter: Interpreter, words: Describer) -> str:
    if is_presence(term):
        return _rows_there(term)
    if not has_bounds(term.left.type):
        return f"would hold if {words.describe(term.left)} were {_WANTED[term.operator]} {words.describe(term.right)}"
    now, wanted = interpreter.evaluate(term.left), interpreter.evaluate(term.right)
    if wanted.value is None:
        return ""
    needed = f"would hold at {_WANTED[term.operator]} {one(wanted.value, term.right.type)}"
    return f"{needed}{_distance(now, wanted, term)}"


def _rows_there(term: t.Compare) -> str:
    if term.operator in (">", ">=", "!="):
        return "would hold if such a row were delivered"
    return "would hold if there were no such row"


def _distance(now: Interval, wanted: Interval, term: t.Compare) -> str:
    if now.value is None or isinstance(now.value, date) or now.value == wanted.value:
        return ""
    difference = wanted.value - now.value
    kind = term.left.type
    if kind.kind is t.Kind.SHARE:
        kind = t.Type(t.Kind.POINTS)
    return f": {one(abs(difference), kind)} {'more' if difference > 0 else 'less'} than now"
