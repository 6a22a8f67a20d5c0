"""Migrations as a running PostgreSQL sees them: statements, locks, transactions, history."""
