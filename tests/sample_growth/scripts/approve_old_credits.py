"""Approves the credits from before approvals; run once, after the deploy."""

from sqlalchemy import Connection, text


def approve_old_credits(connection: Connection) -> None:
    connection.execute(text("UPDATE vendor_credits SET approved_on = CURRENT_DATE"))
