"""From the files of a finished match to entitlements (补贴权益), each proposed or open with its reason."""
