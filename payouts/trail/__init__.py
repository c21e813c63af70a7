"""What happened to an entitlement, a payment or a batch, from its beginning: who did what, when and why."""
