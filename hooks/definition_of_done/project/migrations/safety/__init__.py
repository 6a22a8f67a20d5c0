"""What a migration does to a running PostgreSQL: statements, locks, transactions, history."""
