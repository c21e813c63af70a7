"""Readers: one per form of file. Each yields chunks of text cells with row numbers and interprets nothing."""
