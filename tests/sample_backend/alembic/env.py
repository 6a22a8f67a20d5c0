"""Alembic's entry point: SQLite on a throw-away file, or the SQL for PostgreSQL offline."""

import os

import sqlalchemy as sa
from alembic import context

url = os.environ.get("DATABASE_URL", "sqlite:///sample.db")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
