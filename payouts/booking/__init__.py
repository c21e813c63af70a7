"""What became of payments: the bank's answers are booked, contradictions go to two officers, money is asked back."""
