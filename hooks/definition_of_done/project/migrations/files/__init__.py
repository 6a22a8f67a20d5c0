"""A migration as a file: its header, its scan, its facts."""
