"""Between a proposal and its payment (复核、公示、确认): every step by an officer, a firm or the machine, as events."""
