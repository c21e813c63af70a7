"""A synthetic register, and synthetic lists that name its firms, and others, as badly as real lists do."""
