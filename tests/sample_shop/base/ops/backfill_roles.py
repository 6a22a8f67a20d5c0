"""Gives roles what is new."""

from shop.api.rbac.enums import Path, Resource

GRANTS = {Path.ORDERS: Resource.ORDERS}

if __name__ == "__main__":
    print(GRANTS)
