"""From a list of entitlements to money in the bank (兑付): workflow, ledger, bank files."""
