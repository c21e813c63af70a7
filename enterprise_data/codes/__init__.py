"""Published codes: regions (GB/T 2260), industries (GB/T 4754), firms (GB 32100 and what came before it)."""
