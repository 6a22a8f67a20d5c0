"""The project's settings: every path of the contract is a key, with the contract's as default."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import nearest
from definition_of_done.engine.config import ENGINE_SETTINGS
from definition_of_done.engine.setting import Setting, check_reasons
from definition_of_done.project.layout import SITE_FILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.session import Session

# The links that a resource is wired through, by the names that a team may waive.
LINKS = (
    *("models", "repositories", "services", "types", "inputs", "queries", "mutations"),
    *("migration", "repository-test", "service-test", "resolver-test", "feature-page"),
    *("list", "create", "update", "delete", "export", "rbac"),
)


PER_FEATURE = "per-feature"
RELEASES = (PER_FEATURE, "separate")


def _refuse_repeats(config: Config, where: str) -> None:
    from definition_of_done.project.alembic import refuse_repeats

    refuse_repeats(config, where)


def _search(key: str) -> Callable[[Session], str | list[str] | None]:
    """A search for a key whose default does not exist; most runs load none."""

    def search(session: Session) -> str | list[str] | None:
        from definition_of_done.project.searches import SEARCHES

        return SEARCHES[key](session)

    return search


def _refuse_unclosed(key: str) -> Callable[[Config, str], None]:
    """A check that a shell could read each command under a key."""

    def refuse(config: Config, where: str) -> None:
        import shlex

        for command in config[key]:
            try:
                words = shlex.split(command)
            except ValueError as error:
                raise UsageError(f"{where}: {key}: {command!r}: {error}") from None
            if not words:
                raise UsageError(f"{where}: {key}: {command!r} is no command")

    return refuse


def _refuse_release(config: Config, where: str) -> None:
    value = config["release"]
    if value not in RELEASES:
        known = " or ".join(map(repr, RELEASES))
        raise UsageError(f"{where}: release must be {known}, not {value!r}")


def _read_waivers(config: Config, name: str, table: object, where: str) -> dict[str, str]:
    """Read the links that a resource goes without, each with the reason."""
    if not isinstance(table, dict):
        raise UsageError(f"{where}: unknown key {name!r}{nearest(name, ['folder'])}")
    where = f"{where}.{name}"
    for key in table:
        if key != "waive":
            raise UsageError(f"{where}: unknown key {key!r}{nearest(key, ['waive'])}")
    folder = f"{config['resources']}/{name}"
    if "/" in name or not os.path.isdir(os.path.join(config.root, folder)):
        raise UsageError(f"{where} names a folder that does not exist: {folder!r}")
    reasons = check_reasons("waive", table.get("waive", {}), where)
    for link in reasons:
        if link not in LINKS:
            raise UsageError(f"{where}: waive: unknown link {link!r}{nearest(link, LINKS)}")
    return dict(reasons)


SETTINGS: Mapping[str, Setting] = {
    **ENGINE_SETTINGS,
    "versions": Setting(
        "paths",
        None,
        "folders with Alembic migrations",
        found="`alembic-config`'s or `[tool.alembic]`'s, else `alembic/versions`",
        search=_search("versions"),
        refuse=_refuse_repeats,
    ),
    "recursive": Setting(
        "flag",
        None,
        "the folders inside those of `versions` hold migrations, too",
        found="`recursive_version_locations` of `alembic-config`",
    ),
    "since": Setting(
        "revisions",
        [],
        "a revision: no hook judges its migration or an ancestor of it, or of one of several",
    ),
    "immutable-body": Setting(
        "flag", False, "`revision-immutable` holds a migration's code immutable, too"
    ),
    "revision-max-length": Setting("number", 32, "longest revision that the database holds"),
    "revision-annotations": Setting(
        "flag", True, "`alembic-header-sync` wants the four identifiers annotated, too"
    ),
    "alembic-config": Setting(
        "path",
        "alembic.ini",
        "Alembic's configuration, in the folder that Alembic is run in",
        search=_search("alembic-config"),
    ),
    "alembic-command": Setting(
        "text",
        None,
        "how the team runs Alembic",
        found="`uv run --no-sync alembic` beside a `uv.lock`, else `.venv`'s, else PATH's",
    ),
    "roundtrip-url": Setting(
        "text",
        None,
        "SQLAlchemy URL of an empty database for `alembic-roundtrip`, `$VARIABLES` filled in",
        found="a SQLite file that is thrown away",
        alias="--url",
    ),
    "roundtrip-all": Setting(
        "flag", False, "downgrade every migration, not only those of the change", alias="--all"
    ),
    "roundtrip-reuse": Setting(
        "flag",
        False,
        "take a database that is not empty, go on from its revision and leave it at the head",
        alias="--reuse",
    ),
    "features": Setting(
        "path",
        "docs/feature",
        "folder of the feature pages, `<date>-<name>.md`",
        optional=True,
        search=_search("features"),
    ),
    "feature-sections": Setting(
        "names",
        {},
        "more level-2 sections of a feature page, or more names of the contract's:"
        ' `Rollout = ["Deploy"]`',
    ),
    "resources": Setting(
        "path",
        "app/graphql",
        "folder with one folder for each GraphQL resource; as a table it holds the folder under"
        " `folder`, and for each resource a table whose `waive` names links that it goes without,"
        f" each with the reason: {', '.join(LINKS)}",
        optional=True,
        search=_search("resources"),
        read_table=_read_waivers,
    ),
    "resources-ignore": Setting(
        "texts",
        ["rbac", "common", "core", "shared", "utils"],
        "folders beside the resources that are none",
    ),
    "tests": Setting(
        "path",
        "tests",
        "folder with the tests, laid out as the code is",
        optional=True,
        search=_search("tests"),
    ),
    "taskfile": Setting(
        "path",
        None,
        "Taskfile that starts the workers",
        found="the first that Task looks for",
        search=_search("taskfile"),
    ),
    "rbac-models": Setting(
        "path",
        "app/graphql/rbac/models/models.py",
        "Python file with the enums `Path` and `Resource`",
        optional=True,
        search=_search("rbac-models"),
    ),
    "rbac-exempt": Setting(
        "reasons",
        {},
        "members that only one of the two has on purpose, each with the reason:"
        ' `HEALTH = "no menu entry"`',
    ),
    "backfill-scripts": Setting(
        "paths",
        ["scripts/backfill_new_path_permissions.py"],
        "scripts that give existing tenants the rows of new members, as siblings `backfill*.py`"
        " do; `[]`: none is kept",
        search=_search("backfill-scripts"),
    ),
    "schema-exports": Setting(
        "paths",
        ["schema.graphql", "schema-admin.graphql"],
        "files that GraphQL schemas are exported to",
        search=_search("schema-exports"),
    ),
    "max-file-lines": Setting("number", 1000, "most lines that a file may have"),
    "max-lines-for": Setting(
        "texts",
        [".py"],
        "ends of the names of files that may be too long; widen `files` of the hook, too",
    ),
    "changelog": Setting(
        "path",
        "docs/changelog",
        "folder of the changelog pages, `<version>.md`",
        optional=True,
        search=_search("changelog"),
    ),
    "release": Setting(
        "text",
        PER_FEATURE,
        "`per-feature`: a branch whose code a feature page plans, or that changes the GraphQL"
        " schema, carries its bump and its changelog entry; `separate`: releases are made apart",
        refuse=_refuse_release,
    ),
    "version-file": Setting(
        "path", "app/version.py", "Python file that names the version", optional=True
    ),
    "version-source": Setting(
        "path", None, "the file whose version the others must match", found="`version-file`"
    ),
    "mkdocs": Setting(
        "path",
        None,
        "MkDocs or Zensical file that holds the nav",
        found="`zensical.toml` where there is one, else `mkdocs.yml`",
        optional=True,
        search=_search("mkdocs"),
        usual=SITE_FILES,
    ),
    "nav-sections": Setting(
        "texts",
        ["Accounting Features", "Core Operations", "Roadmap", "PAC"],
        "top-level sections of the nav that feature pages stand under; `[]`: any",
    ),
    "changelog-extra-sections": Setting("texts", [], "level-2 sections allowed besides the seven"),
    "bump-command": Setting(
        "text", "scripts/bump_version.py", "command that Versioning notes name in code"
    ),
    "check-commands": Setting(
        "texts",
        ["task all"],
        "commands of which one, run by `definition-of-done run`, ticks both boxes `task all`",
        refuse=_refuse_unclosed("check-commands"),
    ),
    "test-commands": Setting(
        "texts",
        ["task test"],
        "commands of which one, run by `definition-of-done run`, ticks the box `task test`",
        refuse=_refuse_unclosed("test-commands"),
    ),
    "body": Setting(
        "input",
        None,
        "file with the text of the pull request, - for standard input",
        found="what is piped in, else the event file of GitHub Actions",
    ),
}


def open_project(cwd: str, options: argparse.Namespace | None = None) -> Session:
    """The session for a folder of a project, with the settings that parsed options override.

    Raises UsageError outside of a work tree and for a configuration that is wrong.
    """
    from definition_of_done.engine.session import open_session

    return open_session(cwd, SETTINGS, options)
