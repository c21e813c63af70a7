"""The predicate language: small, typed, total; text becomes terms that both evaluators read.

    text → parse (grammar.lark, build) → tree → names (Chinese to English) ┬→ check → terms
                                                                           └→ format → canonical text

`docs/language.md` is the reference. `compile.compile_expression` and `compile.format_expression` are the way in.
"""
