"""The ledger (账本): what is owed, approved, sent, paid and recovered; double entry in fen, append-only."""
