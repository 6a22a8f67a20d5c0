"""Chapters 3 to 5 of the contract: the resources of the GraphQL API and what they are made of."""

from definition_of_done.engine.subject import RepositorySubject, late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.resources.rbac_facts import Differences

MODEL, SERVICE, REPOSITORY, RESOLVER, TASK, SCRIPT = (
    "model",
    "service",
    "repository",
    "resolver",
    "worker task",
    "script",
)
# The modules and packages of a resource, each with what its files are.
_LAYERS = {
    "models": MODEL,
    "services": SERVICE,
    "repositories": REPOSITORY,
    "tasks": TASK,
    **dict.fromkeys(
        ("queries", "mutations", "subscriptions", "types", "inputs", "resolvers"), RESOLVER
    ),
}
SCRIPTS = "scripts"


def layer_of(session: "Session", path: str) -> str | None:
    """What a Python file is in its resource, or that it is a script; None for any other file."""
    if not path.endswith(".py"):
        return None
    folder, _, name = path.rpartition("/")
    if folder == SCRIPTS:
        return SCRIPT
    resources = session.config["resources"]
    if not resources or not path.startswith(resources + "/"):
        return None
    # The first folder is the resource, which may have the name of a layer itself.
    below = path[len(resources) + 1 :].removesuffix(".py").split("/")[1:]
    if {"tests", "test"} & set(below) or name.startswith(("test_", "conftest")):
        return None
    return next((_LAYERS[part] for part in below if part in _LAYERS), None)


RBAC: "RepositorySubject[Differences]" = RepositorySubject(
    "enums Path and Resource",
    concerns=lambda session, path: path in (session.config["rbac-models"], "pyproject.toml"),
    read=late("definition_of_done.resources.rbac_facts:read_differences"),
    settings=("rbac-models", "rbac-exempt"),
)
