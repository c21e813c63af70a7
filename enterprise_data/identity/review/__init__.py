"""Rows that no rule linked, for people to decide: in which order, on what evidence, alone or with a second person."""
