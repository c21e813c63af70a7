"""From what is payable to files at a bank: planned by one officer, approved by others, checked again, sealed, sent."""
