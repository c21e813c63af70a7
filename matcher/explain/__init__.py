"""Why a firm gets what it gets: each condition with its value, its source and what would change it."""
