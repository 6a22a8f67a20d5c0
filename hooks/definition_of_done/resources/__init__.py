"""Chapters 3 to 5 of the contract: the resources of the GraphQL API and what they are made of."""

from definition_of_done.engine.subject import RepositorySubject, late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.resources.backfill_facts import Backfill
    from definition_of_done.resources.chain_facts import Chains
    from definition_of_done.resources.export_facts import Stale
    from definition_of_done.resources.mount_facts import Unmounted
    from definition_of_done.resources.rbac_facts import Differences
    from definition_of_done.resources.tested_facts import Untested
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
LAYERS = {
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
    below = path.removeprefix(f"{resources}/").removesuffix(".py").split("/")[1:]
    if {"tests", "test"} & set(below) or name.startswith(("test_", "conftest")):
        return None
    return next((LAYERS[part] for part in below if part in LAYERS), None)


def is_tested(session: "Session", path: str) -> bool:
    """Whether a file is a service, repository or resolver of a resource."""
    if layer_of(session, path) not in (SERVICE, REPOSITORY, RESOLVER):
        return False
    return resource_of(session, path) not in session.config["resources-ignore"]


def _is_tested_or_test(session: "Session", path: str) -> bool:
    """Whether the path is such a file, or a test: one that goes may leave code without any."""
    if not path.endswith(".py") or not session.config["resources"]:
        return False
    from definition_of_done.migrations import is_test

    return is_test(path) or is_tested(session, path)


def resource_of(session: "Session", path: str) -> str:
    """The resource of a path below the folder of the resources."""
    return path[len(session.config["resources"]) + 1 :].partition("/")[0]


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

EXPORTS: "RepositorySubject[list[Stale]]" = RepositorySubject(
    "exported schemas and the code that they are exported from",
    concerns=lambda session, path: (
        path in session.config["schema-exports"] or _is_code(session, path)
    ),
    read=late("definition_of_done.resources.export_facts:read_stale"),
    settings=("resources", "schema-exports"),
)

UNTESTED: "RepositorySubject[list[Untested]]" = RepositorySubject(
    "code of the resources that the branch changes, and its tests",
    diff=True,
    concerns=_is_tested_or_test,
    read=late("definition_of_done.resources.tested_facts:read_untested"),
    settings=("resources", "resources-ignore", "tests"),
)

RBAC: "RepositorySubject[Differences]" = RepositorySubject(
    "enums Path and Resource",
    concerns=lambda session, path: path in (session.config["rbac-models"], "pyproject.toml"),
    read=late("definition_of_done.resources.rbac_facts:read_differences"),
    settings=("rbac-models", "rbac-exempt"),
)


def is_backfill(session: "Session", path: str) -> bool:
    """Whether the path is a backfill script: a configured one, or a sibling that is called so."""
    configured = session.config["backfill-scripts"]
    folder, _, name = path.rpartition("/")
    return path in configured or (
        name.startswith("backfill")
        and name.endswith(".py")
        and any(folder == one.rpartition("/")[0] for one in configured)
    )


def _is_backfilled(session: "Session", path: str) -> bool:
    if path == session.config["rbac-models"] or is_backfill(session, path):
        return True
    if not path.endswith(".md"):
        return False
    from definition_of_done.pages import is_feature_page
    from definition_of_done.release import is_changelog_page

    return is_feature_page(session, path) or is_changelog_page(session, path)


BACKFILL: "RepositorySubject[Backfill]" = RepositorySubject(
    "backfill of the enums Path and Resource",
    diff="who names the script",
    concerns=_is_backfilled,
    read=late("definition_of_done.resources.backfill_facts:read_backfill"),
    settings=("rbac-models", "backfill-scripts", "features", "changelog"),
)


def is_in_tests(session: "Session", path: str) -> bool:
    """Whether the path is below the folder of the tests."""
    tests = session.config["tests"]
    return bool(tests) and path.startswith(f"{tests}/")


def _is_of_chain(session: "Session", path: str) -> bool:
    """Whether the path is a part of a resource, or may say that a resource has one."""
    from definition_of_done.migrations import is_migration, is_test
    from definition_of_done.pages import is_feature_page

    if not path.endswith(".py"):
        exports = session.config["schema-exports"]
        return path == "pyproject.toml" or path in exports or is_feature_page(session, path)
    return (
        _is_code(session, path)
        or is_test(path)
        or is_in_tests(session, path)
        or is_migration(session, path)
    )


CHAINS: "RepositorySubject[Chains]" = RepositorySubject(
    "resources and what they are wired through",
    concerns=_is_of_chain,
    read=late("definition_of_done.resources.chain_facts:read_chains"),
    settings=(
        *("resources", "resources-ignore", "tests", "features", "schema-exports"),
        *("versions", "alembic-config"),
    ),
    accept="a link that a resource goes without is waived with its reason:"
    ' `waive = { delete = "credits are immutable" }` in'
    " `[tool.definition-of-done.resources.vendor_credits]`",
)
