"""The files of this family's examples: the sample's own files, with a change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The members of both enums in the sample.
MEMBERS = ("VENDORS", "VENDOR_CREDITS")

_TASK = "app/graphql/vendor_credits/{0}/expire_credits.py"


def task(folder: str) -> dict[str, str | None]:
    """The sample's own task, moved to another folder of its resource, and its test."""
    return {
        _TASK.format("tasks"): None,
        _TASK.format(folder): '''"""Credits that nobody used."""

from app.worker import broker


@broker.task(schedule=[{"cron": "0 3 * * *"}])
async def expire_credits() -> None:
    print("nothing expires yet")
''',
        "tests/graphql/vendor_credits/test_expire_credits.py": f'''"""The nightly task."""

import asyncio

from {_TASK.format(folder).removesuffix(".py").replace("/", ".")} import expire_credits


def test_expires_nothing() -> None:
    assert asyncio.run(expire_credits()) is None
''',
    }


def taskfile(worker: str) -> dict[str, str | None]:
    """The sample's Taskfile, with other arguments for the worker."""
    return {
        "Taskfile.yml": f"""version: "3"

tasks:
  worker: uv run taskiq worker app.worker:broker {worker}
"""
    }


def schema(mutations: str) -> dict[str, str | None]:
    """The sample's schema module, with other bases for its mutations."""
    return {
        "app/graphql/schema.py": f'''"""The schema of the API."""

import strawberry

from app.graphql.vendor_credits.mutations import VendorCreditMutations
from app.graphql.vendor_credits.queries import VendorCreditQueries
from app.graphql.vendors.mutations import VendorMutations
from app.graphql.vendors.queries import VendorQueries


@strawberry.type
class Query(VendorQueries, VendorCreditQueries):
    pass


@strawberry.type
class Mutation({mutations}):
    pass


schema = strawberry.Schema(query=Query, mutation=Mutation)
'''
    }


def vendor_type(*fields: str) -> dict[str, str | None]:
    """The sample's first type, with these text fields."""
    lines = "".join(f"    {name}: str\n" for name in fields)
    return {
        "app/graphql/vendors/types.py": f"""import strawberry


@strawberry.type
class VendorType:
    id: int
{lines}"""
    }


def enums(resources: Iterable[str] = MEMBERS) -> dict[str, str]:
    """The enums Path and Resource, the latter with these members."""
    return {
        "app/graphql/rbac/models/models.py": f"""\
from enum import Enum


class Path(Enum):
{_members(MEMBERS)}

class Resource(Enum):
{_members(resources)}"""
    }


def _members(names: Iterable[str]) -> str:
    return "".join(f'    {name} = "{name.lower()}"\n' for name in names)


def backfill(*names: str) -> dict[str, str]:
    """The backfill script, with rows for these paths."""
    rows = ", ".join(f"Path.{name}" for name in names)
    return {
        "scripts/backfill_new_path_permissions.py": f"""\
from app.graphql.rbac.models.models import Path

ROWS = [{rows}]

if __name__ == "__main__":
    for path in ROWS:
        print(f"grant {{path.value}} to every administrator")
"""
    }


def service() -> dict[str, str | None]:
    """The sample's service of vendors, with one more method."""
    return {
        "app/graphql/vendors/services/vendor_service.py": '''"""What can be done with vendors."""

from app.graphql.vendors.models.vendor import Vendor
from app.graphql.vendors.repositories.vendor_repository import VendorRepository


class VendorService:
    def __init__(self, repository: VendorRepository) -> None:
        self.repository = repository

    def list_vendors(self) -> list[Vendor]:
        return self.repository.all()

    def find_vendors(self, part: str) -> list[Vendor]:
        return [row for row in self.repository.all() if part in row.title]

    def create_vendor(self, title: str) -> Vendor:
        return self.repository.add(Vendor(title=title))

    def update_vendor(self, id: int, title: str) -> Vendor:
        row = self.repository.get(id)
        row.title = title
        return row

    def delete_vendor(self, id: int) -> None:
        self.repository.remove(self.repository.get(id))
'''
    }


def test(body: str) -> dict[str, str | None]:
    """A test file beside those of vendors."""
    text = f'"""Vendors by a part of their name."""\n\n{body}'
    return {"tests/graphql/vendors/test_find_vendors.py": text}


def without_test(layer: str) -> dict[str, str | None]:
    """The sample without the test of a layer of its first resource."""
    return {f"tests/graphql/vendors/test_vendor_{layer}.py": None}


def waiver(link: str, reason: str) -> dict[str, str]:
    """The sample's settings, with a waiver for a link of its first resource."""
    return {
        "pyproject.toml": f"""\
[project]
name = "sample-backend"
version = "1.2.0"
requires-python = ">=3.11"
dependencies = ["alembic", "sqlalchemy", "strawberry-graphql", "taskiq"]

[tool.definition-of-done.resources.vendors]
waive = {{ {link} = "{reason}" }}
"""
    }
