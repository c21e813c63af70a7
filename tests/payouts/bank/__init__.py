"""What banks are told: no text is ever replaced, and equal orders give equal bytes."""
