"""The enums and the backfill script that the examples of this family are made of."""

from collections.abc import Iterable

MODELS = "app/graphql/rbac/models/models.py"
SCRIPT = "scripts/backfill_new_path_permissions.py"


def enums(paths: Iterable[str], resources: Iterable[str]) -> dict[str, str]:
    """The two enums with these members."""
    return {
        MODELS: f"""\
from enum import Enum


class Path(Enum):
{_members(paths)}

class Resource(Enum):
{_members(resources)}"""
    }


def _members(names: Iterable[str]) -> str:
    return "".join(f'    {name} = "{name.lower()}"\n' for name in names)


def backfill(*names: str) -> dict[str, str]:
    """The script with rows for these paths."""
    rows = ", ".join(f"Path.{name}" for name in names)
    return {
        SCRIPT: f"""\
from app.graphql.rbac.models.models import Path

ROWS = [{rows}]

if __name__ == "__main__":
    for path in ROWS:
        print(f"grant {{path.value}} to every administrator")
"""
    }
