"""The task, the Taskfile and the schema module that the examples of this family are made of."""

_TASK = "app/graphql/vendor_credits/{0}/remind_of_credits.py"


def task(folder: str) -> dict[str, str | None]:
    """A module with another task in a folder of the sample's second resource."""
    return {
        _TASK.format(folder): '''"""Credits that wait for a bill."""

from app.worker import broker


@broker.task
async def remind_of_credits() -> None:
    print("nobody is reminded yet")
'''
    }


def taskfile(worker: str) -> dict[str, str | None]:
    """The sample's Taskfile with other arguments of the worker."""
    return {
        "Taskfile.yml": f"""version: "3"

tasks:
  worker: uv run taskiq worker app.worker:broker {worker}
"""
    }


def schema(mutations: str) -> dict[str, str | None]:
    """The sample's schema module with other bases of its mutations."""
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
