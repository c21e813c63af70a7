"""Which firm a row is about: exact evidence only, every link with the rule that made it."""
