"""Gives roles what is new."""

from shop.api.rbac.enums import Path, Resource

GRANTS = {Path.ORDERS: Resource.ORDERS, Path.SHIPMENTS: Resource.SHIPMENTS}

if __name__ == "__main__":
    print(GRANTS)
