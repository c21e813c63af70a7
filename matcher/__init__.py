"""Who qualifies, how much, and why: compile, run, decisions, awards and explanations."""
