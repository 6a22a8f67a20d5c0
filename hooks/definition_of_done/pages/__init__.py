"""Chapters 1, 2 and 6 of the contract: feature plans and pages."""
