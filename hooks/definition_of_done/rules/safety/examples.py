"""Migrations of the sample on PostgreSQL, for the examples of this family."""

from __future__ import annotations

from definition_of_done.rules.sample import example

_SETTINGS = """
[tool.definition-of-done]
extend-select = ["safety"]
database = "postgresql"
"""
_ENV = '''\
"""Alembic's entry point: a transaction for each migration, which waits for no lock for long."""

import os

import sqlalchemy as sa
from alembic import context

engine = sa.create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    connection.execute(sa.text("SET lock_timeout = '4s'"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
'''
_DROP = 'op.drop_column("vendor_credits", "credit_limit")'


def deployed(upgrade: str = "", downgrade: str = _DROP) -> dict[str, str | None]:
    """A migration of a table that is in use, with a `lock_timeout` and the family switched on."""
    files = example(
        upgrade=upgrade, downgrade=downgrade, title="add credit_limit to vendor_credits"
    )
    return {
        **files,
        "alembic/env.py": _ENV,
        "pyproject.toml": f"{files['pyproject.toml']}{_SETTINGS}",
    }


def block(call: str) -> str:
    """An operation in an autocommit block, in the body of a function."""
    return f"with op.get_context().autocommit_block():\n        {call}"


def without_timeout() -> dict[str, str | None]:
    """An entry point that sets no `lock_timeout`."""
    lines = _ENV.splitlines(keepends=True)
    kept = [line for line in lines if "lock_timeout" not in line and ".commit()" not in line]
    return {"alembic/env.py": "".join(kept)}
