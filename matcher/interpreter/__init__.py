"""The readable evaluator: one firm, exact fractions, three-valued truth. It explains, and it checks the SQL."""
