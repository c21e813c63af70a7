"""The ledger's schema, step by step (Alembic); a step that was released is never changed."""
