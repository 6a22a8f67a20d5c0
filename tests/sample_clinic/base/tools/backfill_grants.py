"""Grants what is new to the roles of existing tenants."""

from backend.api.access.grants import Path, Resource

PAIRS = ((Path.ROOMS, Resource.ROOMS),)

if __name__ == "__main__":
    print(PAIRS)
