"""Chapters 1 and 2 of the contract: the plan, and the list of its changes."""
