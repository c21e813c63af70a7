"""Settlement: the steps of an award that look beyond one policy or one firm, over all awards of a run at once.

5 exclusive group, 6 top-up, 7 caps over several policies, 8 budget; then 10 instalments. Step 9, rounding, is applied
wherever an amount changes: what a step leaves is rounded down to the policy's own unit, which never lifts it.
"""
