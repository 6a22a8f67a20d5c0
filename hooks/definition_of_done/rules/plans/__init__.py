"""Chapters 1 and 2 of the contract: the plan, and what is being implemented."""
