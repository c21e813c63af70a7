"""What the law says: the policy library, its vocabulary and the predicate language."""
