"""From a list of entitlements to money in the bank (兑付): the officers' workflow, the ledger, files to and from banks."""
