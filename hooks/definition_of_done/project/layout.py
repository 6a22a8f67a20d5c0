"""The layout of a project: functions that say what a path is.

The settings say where things lie. These functions ask the cheapest question first, and read no file
but Alembic's own configuration.
"""

from __future__ import annotations

import os

from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic import may_be_migration, version_folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


PYPROJECT = "pyproject.toml"
MODEL, SERVICE, REPOSITORY, RESOLVER = "model", "service", "repository", "resolver"
TYPE, INPUT, TASK, SCRIPT = "GraphQL type", "GraphQL input", "worker task", "script"
# The modules and packages of a resource, each with what its files are.
LAYERS = {
    "models": MODEL,
    "services": SERVICE,
    "repositories": REPOSITORY,
    "tasks": TASK,
    "types": TYPE,
    "inputs": INPUT,
    **dict.fromkeys(("queries", "mutations", "subscriptions", "resolvers"), RESOLVER),
}
# The names of files that may name the version of a project, where no key says which one does.
VERSION_MODULES = ("version.py", "_version.py", "__version__.py", "__about__.py", "__init__.py")
VERSION_NAMES = (
    *(PYPROJECT, "setup.cfg", "setup.py", "package.json", "Cargo.toml"),
    *("VERSION", "VERSION.txt", "version.txt"),
)
VERSION_LOCKS = ("uv.lock", "package-lock.json", "npm-shrinkwrap.json")
# In the order of the search: a team that has the first one has moved on from the others.
SITE_FILES = ("zensical.toml", "mkdocs.yml", "mkdocs.yaml")
# Each stands at the start of a line of a migration.
_MIGRATION_LINES = (
    rb"^revision\s*[:=]",
    rb"^down_revision\s*[:=]",
    rb"^(?:(?:from|import)\s+alembic\b|def\s+upgrade\b)",
)
# Code or configuration that holds nothing but this is empty.
_BLANK = rb'(?:\s|#[^\n]*+|""".*?"""|' + rb"'''.*?''')*+"
MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_TEST_FOLDERS = ("tests", "test", "testing", "testutils", "test_utils")
# Both are the overview of their folder on a MkDocs site.
OVERVIEWS = ("index.md", "README.md")


def is_migration(session: Session, path: str) -> bool:
    """True for a path that Alembic would load as a migration; only a .py file asks the settings."""
    if not path.endswith(".py"):
        return False
    # Each rule asks again.
    known = _known_paths(session)
    if path not in known:
        known[path] = may_be_migration(session, path) and version_folders(session).hold(path)
    return known[path]


@once
def _known_paths(_: Session) -> dict[str, bool]:
    """The answers of `is_migration`."""
    return {}


def is_migration_anywhere(session: Session, path: str) -> bool:
    """True for a migration, also in a folder that no setting names: there its text shows it."""
    if is_migration(session, path):
        return True
    if not is_code(path):
        return False
    is_there = session.tree.exists(path)
    try:
        data = session.tree.read(path) if is_there else session.branch.read_before(path)
    except FileNotFoundError:
        return False
    return shows_migration(data)


def shows_migration(data: bytes) -> bool:
    """True for the text of a migration, in whatever folder it lies."""
    if b"down_revision" not in data:
        return False
    import re

    return all(re.search(line, data, re.M) for line in _MIGRATION_LINES)


def is_blank(path: str, data: bytes) -> bool:
    """True for a file that holds nothing, code but for comments and docstrings."""
    # A page has headings where code has comments.
    if path.endswith(MARKDOWN):
        return not data.strip()
    import re

    return re.fullmatch(_BLANK, data, re.S) is not None


def is_test(path: str) -> bool:
    """True for a test, by its folder or its name."""
    *folders, name = path.split("/")
    in_folder = any(folder in _TEST_FOLDERS for folder in folders)
    return in_folder or name.startswith(("test_", "conftest")) or name.endswith("_test.py")


def is_test_module(path: str) -> bool:
    """True for a Python file that pytest or unittest takes for tests, by its name."""
    name = path.rpartition("/")[2]
    return name.startswith("test") or name.endswith(("_test.py", "_tests.py"))


def is_in_tests(session: Session, path: str) -> bool:
    """True for a path below the folder of the tests."""
    tests = session.config["tests"]
    return bool(tests) and path.startswith(f"{tests}/")


def is_code(path: str) -> bool:
    """True for a Python file that is no test."""
    return path.endswith(".py") and not is_test(path)


def is_resource_code(session: Session, path: str) -> bool:
    """True for a Python file below the folder of the resources."""
    resources = session.config["resources"]
    return bool(resources) and path.endswith(".py") and path.startswith(f"{resources}/")


def resource_of(session: Session, path: str) -> str:
    """The resource of a path below the folder of the resources."""
    return path[len(session.config["resources"]) + 1 :].partition("/")[0]


def layer_of(session: Session, path: str) -> str | None:
    """The layer of a resource that a Python file belongs to, or SCRIPT; None for any other file.

    GraphQL's layers are known by what the file holds, else by its name. A migration has none.
    """
    named = named_layer(session, path)
    if named and session.tree.exists(path) and is_migration_anywhere(session, path):
        return None
    if named not in (None, TYPE, INPUT) or not is_resource_code(session, path):
        return named
    return _held_layer(session, path) or named


def _held_layer(session: Session, path: str) -> str | None:
    """The layer of the GraphQL classes that a file holds, None where it holds none."""
    resource, _, below = path[len(session.config["resources"]) + 1 :].partition("/")
    if not below or resource in LAYERS or is_test(path) or not session.tree.exists(path):
        return None
    data = session.tree.read(path)
    if b"strawberry" not in data:
        return None
    import re

    found = re.search(rb"^class \w*(Quer(y|ies)|Mutations?|Subscriptions?)\b", data, re.M)
    if found or re.search(rb"\bstrawberry\.(mutation|subscription)\b", data):
        return RESOLVER
    if re.search(rb"\bstrawberry\.(type|interface)\b", data):
        return TYPE
    return INPUT if re.search(rb"\bstrawberry\.input\b", data) else None


def named_layer(session: Session, path: str) -> str | None:
    """The layer that the name of a file or its folder tells, or SCRIPT."""
    if is_one_off_script(session, path):
        return SCRIPT
    if not is_resource_code(session, path):
        return None
    # The first folder is the resource, which may have the name of a layer itself.
    below = path.removeprefix(f"{session.config['resources']}/").removesuffix(".py").split("/")[1:]
    if {"tests", "test"} & set(below) or path.rpartition("/")[2].startswith(("test_", "conftest")):
        return None
    return next((LAYERS[part] for part in below if part in LAYERS), None)


def is_layer(session: Session, path: str) -> bool:
    """True for a service, repository, resolver or GraphQL type of a resource."""
    if layer_of(session, path) not in (SERVICE, REPOSITORY, RESOLVER, TYPE):
        return False
    return resource_of(session, path) not in session.config["resources-ignore"]


def is_one_off_script(session: Session, path: str) -> bool:
    """True for a Python file directly in the folder of the scripts."""
    folder, _, name = path.rpartition("/")
    return folder == session.config["scripts"] != "" and name.endswith(".py")


def script_path(folder: str, before: str = "", after: str = r"\b") -> re.Pattern[str]:
    """The pattern of a script's path in a text, as a group; without a folder, of nothing."""
    import re

    path = rf"({re.escape(folder)}/[\w/-]{{1,200}}\.py)" if folder else r"(?!)()"
    return re.compile(f"{before}{path}{after}")


def is_backfill(session: Session, path: str) -> bool:
    """True for a backfill script: a configured one, or a sibling that is called `backfill*.py`."""
    configured = session.config["backfill-scripts"]
    folder, _, name = path.rpartition("/")
    return path in configured or (
        name.startswith("backfill")
        and name.endswith(".py")
        and any(folder == script.rpartition("/")[0] for script in configured)
    )


def is_feature_page(session: Session, path: str) -> bool:
    """True for a page directly in the folder of the feature pages."""
    folder, _, name = path.rpartition("/")
    return (
        name.endswith(".md")
        and name not in OVERVIEWS
        and bool(folder)
        and folder == session.config["features"]
    )


def is_from_before(session: Session, path: str) -> bool:
    """True for a feature page without a date in its name that stood there before the branch."""
    year = path.rpartition("/")[2][:4]
    is_dated = len(year) == 4 and year.isascii() and year.isdecimal()
    return not is_dated and session.branch.changed.get(path) != "A"


def is_changelog_page(session: Session, path: str) -> bool:
    """True for a page of the changelog that is named as a version."""
    folder, _, name = path.rpartition("/")
    # The digit of a version is asked for before re is imported.
    if not folder or folder != session.config["changelog"]:
        return False
    if not name.endswith(".md") or not name[0].isdigit():
        return False
    from definition_of_done.project.schemes import scheme_of

    return scheme_of(session).is_version(name.removesuffix(".md"))


def is_version_file(session: Session, path: str) -> bool:
    """True for a file that names the version, or repeats it, by the settings or its name."""
    files = session.config["version-files"]
    name = path.rpartition("/")[2]
    if name in VERSION_LOCKS:
        return True
    if files is not None:
        is_named = any(entry == path or entry.startswith(f"{path}:") for entry in files)
        return is_named or (PYPROJECT in files and _may_be_led_to(session, path))
    file = session.config["version-file"]
    is_given = session.config.is_set("version-file") or not file or session.tree.exists(file)
    if path.count("/") < 3 and not is_given and name in (*VERSION_MODULES, *VERSION_NAMES):
        return True
    return path in ("setup.cfg", "setup.py") or _may_be_led_to(session, path)


def _may_be_led_to(session: Session, path: str) -> bool:
    """True where a build configuration may name a file as the one with the version."""
    folder, _, name = path.rpartition("/")
    word = folder.rpartition("/")[2] if name == "__init__.py" else name.removesuffix(".py")
    for config, mark in ((PYPROJECT, b"dynamic"), ("setup.cfg", b":")):
        try:
            data = session.tree.read_checked_out(config)
        except OSError:
            continue
        if mark in data and os.fsencode(word) in data:
            return True
    return False


def is_changelog(session: Session, path: str) -> bool:
    """True for a page of the changelog, and for the one file that is the changelog."""
    if is_changelog_page(session, path):
        return True
    from definition_of_done.project.changelog_style import is_changelog_file

    return is_changelog_file(session, path)


def is_export(session: Session, path: str) -> bool:
    """True for a file that a GraphQL schema is exported to."""
    return path in session.config["schema-exports"]


def site_path(session: Session) -> str:
    """The file that configures the site, empty where the team says that there is none."""
    configured: str | None = session.config["mkdocs"]
    if configured is not None:
        return configured
    return next((path for path in SITE_FILES if session.tree.exists(path)), "mkdocs.yml")


def is_site_file(session: Session, path: str) -> bool:
    """True for a path that configures the site, or did until it was deleted."""
    configured = session.config["mkdocs"]
    return path in (SITE_FILES if configured is None else (configured,))


def changed_code(session: Session) -> dict[str, str]:
    """Git's letter for each Python file of the branch that is no test or migration, by path."""
    return {
        path: letter
        for path, letter in sorted(session.branch.changed_or_nothing().items())
        if is_code(path)
        and not session.config.excludes(path)
        and not is_migration_anywhere(session, path)
    }
