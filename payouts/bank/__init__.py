"""Files to and from banks and the treasury: pure functions of their rows, one mapping file per bank."""
