"""A task, and the Taskfile that starts its worker, for the examples of this family."""

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
