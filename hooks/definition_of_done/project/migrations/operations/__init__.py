"""The operations of a migration, and what they do to its tables."""
