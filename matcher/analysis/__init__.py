"""Faults of logic in a policy, found before it meets data: what no firm, or every firm, could ever meet.

A finding speaks of firms whose facts are known. Conditions become formulas over the facts (`encode`), a solver (z3)
answers whether any firm meets them, and what it answers with is made into rows and decided by the interpreter
(`witness`): a finding that the interpreter does not confirm is not reported. One kind of finding stands in one file.
"""
