"""The commands of `mianshen payout`, one file per step of the way from a run to the bank and back."""
