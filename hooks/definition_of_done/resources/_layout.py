"""The resources of the project: their folders, and the Python files in them."""

from definition_of_done.engine.session import Session
from definition_of_done.migrations import is_test
from definition_of_done.resources import LAYERS, layer_of


def read_layout(session: Session) -> dict[str, list[str]]:
    """The Python files of each resource, by its name; packages with nothing in them left out.

    What is no resource: the schema module as a package, what `resources-ignore` and `exclude`
    name, and a folder that is named as a layer and holds no layers, such as shared types.
    """
    home = session.config["resources"]
    left_out = {"schema", *session.config["resources-ignore"]}
    found: dict[str, list[str]] = {}
    for path in session.tracked if home else ():
        resource, is_inside, _ = path.removeprefix(f"{home}/").partition("/")
        if not (is_inside and path.startswith(f"{home}/") and path.endswith(".py")):
            continue
        if resource in left_out or is_test(path) or session.config.excludes(path):
            continue
        if session.exists(path) and not _is_empty(session, path):
            found.setdefault(resource, []).append(path)
    return {
        resource: paths
        for resource, paths in found.items()
        if resource not in LAYERS or any(layer_of(session, path) for path in paths)
    }


def _is_empty(session: Session, path: str) -> bool:
    return path.endswith("/__init__.py") and not session.read(path).strip()
