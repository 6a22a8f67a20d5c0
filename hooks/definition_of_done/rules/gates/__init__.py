"""Chapters 5 and 8 of the contract: suppressions, lengths, the checklist."""
