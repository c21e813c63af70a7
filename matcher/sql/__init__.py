"""The set-based evaluator: ground terms as sqlglot expressions for DuckDB, exact and three-valued."""
