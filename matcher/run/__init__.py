"""One run over a whole snapshot: decided in DuckDB, stored with its evidence."""
