"""The team's own Alembic, run where it is asked for by name."""
