"""The resources of the project: their folders, and the Python files in them."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.engine.session import Session
from definition_of_done.project.api.plurals import singular
from definition_of_done.project.layout import (
    LAYERS,
    REPOSITORY,
    RESOLVER,
    SERVICE,
    TYPE,
    is_test,
    named_layer,
)

# The links of a chain that are modules, as the contract names them, and the tests of its layers.
LINKS = ("models", "repositories", "services", "types", "inputs", "queries", "mutations")
TESTS = {"repository-test": REPOSITORY, "service-test": SERVICE, "resolver-test": RESOLVER}


def resource_files(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the resource and the path of each Python file in a resource's folder, tests left out.

    The package of the schema is no resource, nor is a folder that `resources-ignore` names. Files
    that `exclude` names are left out.
    """
    home = session.config["resources"]
    left_out = {"schema", *session.config["resources-ignore"]}
    for path in session.tree.tracked if home else ():
        if not (path.startswith(f"{home}/") and path.endswith(".py")):
            continue
        resource, is_inside, _ = path[len(home) + 1 :].partition("/")
        if not is_inside or resource in left_out or is_test(path) or session.config.excludes(path):
            continue
        yield resource, path


def tests_folder(session: Session) -> str:
    """The folder of tests that has a folder for each resource, as the resources' folder has."""
    tests = session.config["tests"] or "tests"
    home = session.config["resources"]
    backend, is_below, _ = tests.rpartition("/")
    parts = [part for part in home.removeprefix(backend + is_below).split("/") if part != "src"]
    return "/".join([tests, *parts[1:]])


def new_test(session: Session, resource: str, layer: str) -> str:
    """The path of a new test of a resource's layer, beside the other tests where there are some."""
    part = {RESOLVER: "resolvers", TYPE: "resolvers"}.get(layer, layer)
    inside = f"{session.config['resources']}/{resource}/tests"
    outside = f"{tests_folder(session)}/{resource}"
    folders = session.cache.keep(
        "folders of tests",
        lambda: {known.rpartition("/")[0] for known in session.tree.tracked if is_test(known)},
    )
    folder = inside if outside not in folders and inside in folders else outside
    return f"{folder}/test_{singular(resource)}_{part}.py"


def links_told(path: str) -> list[tuple[str, str, str]]:
    """The findings of resource-full-chain that may say that a resource lacks a file, as keys."""
    *folders, stem = path.removesuffix(".py").split("/")
    links = [link for link in LINKS if {link, singular(link)} & {*folders, stem}]
    links += [link for link, layer in TESTS.items() if layer in stem]
    return [("resource-full-chain", "", f"{folder}.{link}") for folder in folders for link in links]


def read_layout(session: Session) -> dict[str, list[str]]:
    """Read which Python files each resource has, by its name; an empty `__init__.py` is left out.

    A folder that is named as a layer and holds no layers, such as one of shared types, is no
    resource.
    """
    found: dict[str, list[str]] = {}
    for resource, path in resource_files(session):
        if session.tree.exists(path) and not _is_empty(session, path):
            found.setdefault(resource, []).append(path)
    return {
        resource: paths
        for resource, paths in found.items()
        if resource not in LAYERS or any(named_layer(session, path) for path in paths)
    }


def _is_empty(session: Session, path: str) -> bool:
    return path.endswith("/__init__.py") and not session.tree.read(path).strip()
