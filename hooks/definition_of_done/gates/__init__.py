"""Chapters 5 and 8 of the contract: what must be green."""
