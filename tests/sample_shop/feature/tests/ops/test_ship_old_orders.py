import pytest

from ops.ship_old_orders import ship_old_orders


def test_needs_a_connection():
    with pytest.raises(AttributeError):
        ship_old_orders(None)
