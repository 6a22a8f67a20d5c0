"""Alembic's entry point."""

import os

import sqlalchemy as sa
from alembic import context

from backend.db import Base

with sa.create_engine(os.environ["DATABASE_URL"]).begin() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    context.run_migrations()
