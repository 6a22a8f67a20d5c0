"""Marks the orders of before as shipped; run once, after the deploy."""

from sqlalchemy import Connection, text


def ship_old_orders(connection: Connection) -> None:
    connection.execute(text("UPDATE orders SET shipped_at = now()"))
