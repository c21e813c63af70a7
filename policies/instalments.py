"""Instalments (分期): parts of a payment, each a share of it, due so long after the period, on its own condition."""

from __future__ import annotations

from fractions import Fraction

from policies.award_form import Payout
from policies.durations import months_of
from policies.language.terms import BOOL
from policies.policy import Instalment
from policies.reader import SHARE, Reader


def compile_instalments(payout: Payout | None, reader: Reader) -> tuple[Instalment, ...]:
    """Return the parts in the order of the file; together they must be the whole payment."""
    forms = payout.instalments if payout is not None else ()
    parts = []
    faults = len(reader.problems)
    for i, form in enumerate(forms):
        path = ("payout", "instalments", i)
        share = reader.constant(form.share, (*path, "share"), SHARE)
        if share is not None and share <= 0:
            reader.problem("POL012", "a part must be more than nothing", (*path, "share"), "leave it out")
        months = months_of(form.after, (*path, "after"), reader) if form.after is not None else 0
        when = reader.term(form.when, (*path, "when"), BOOL) if form.when is not None else None
        parts.append(Instalment(share or Fraction(0), months, when))
    total = sum((part.share for part in parts), Fraction(0))
    if parts and len(reader.problems) == faults and total != 1:
        message = f"the instalments come to {float(total * 100):g} % of the payment, not 100 %"
        reader.problem("POL052", message, ("payout", "instalments"), "let the shares add up to 100%")
    return tuple(parts)
