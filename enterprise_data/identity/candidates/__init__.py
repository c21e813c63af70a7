"""For a row that no rule links: the firms of the register whose names come nearest, and what differs. Links nothing."""
