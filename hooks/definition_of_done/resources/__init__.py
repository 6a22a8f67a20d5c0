"""Chapters 3 to 5 of the contract: the resources of the GraphQL API and what they are made of."""

from definition_of_done.engine.subject import RepositorySubject, late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.resources.mount_facts import Unmounted
    from definition_of_done.resources.worker_facts import Unregistered

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


def _is_code(session: "Session", path: str) -> bool:
    resources = session.config["resources"]
    return bool(resources) and path.endswith(".py") and path.startswith(resources + "/")


def _is_code_or_yaml(session: "Session", path: str) -> bool:
    """Whether the path is code of a resource, or perhaps a Taskfile, which may include others."""
    return path.endswith((".yml", ".yaml")) or _is_code(session, path)


UNREGISTERED: "RepositorySubject[list[Unregistered]]" = RepositorySubject(
    "worker tasks and the workers of the Taskfile",
    concerns=_is_code_or_yaml,
    read=late("definition_of_done.resources.worker_facts:read_unregistered"),
    settings=("resources", "taskfile"),
)

UNMOUNTED: "RepositorySubject[list[Unmounted]]" = RepositorySubject(
    "resolvers of the resources and the schema module",
    concerns=_is_code,
    read=late("definition_of_done.resources.mount_facts:read_unmounted"),
    settings=("resources", "resources-ignore"),
)
