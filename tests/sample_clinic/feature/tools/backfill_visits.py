"""Grants visits to the roles of existing tenants; run once, after the deploy."""

from backend.api.access.grants import Path, Resource

PAIRS = ((Path.VISITS, Resource.VISITS),)


def pairs() -> tuple[tuple[Path, Resource], ...]:
    return PAIRS


if __name__ == "__main__":
    print(pairs())
