"""What people decided about firms: facts that are only ever added, each with author, time and reason."""
