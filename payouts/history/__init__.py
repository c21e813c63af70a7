"""What was paid before: the bureau's records and our own payments, as one delivery of the dataset `payments`."""
