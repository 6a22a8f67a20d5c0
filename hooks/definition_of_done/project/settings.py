"""The project's settings: every path of the contract is a key, with the contract's as default."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.words import listed, nearest
from definition_of_done.engine.config import ENGINE_SETTINGS
from definition_of_done.engine.session import Projects
from definition_of_done.engine.setting import Setting, check_reasons
from definition_of_done.project.alembic import refuse_repeats
from definition_of_done.project.layout import SITE_FILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.session import Session

# The links that the exported schema shows.
SHOWN_LINKS = ("list", "create", "update", "delete", "export")
# The links that a resource is wired through, by the names that a team may waive.
LINKS = (
    *("models", "repositories", "services", "types", "inputs", "queries", "mutations"),
    *("migration", "repository-test", "service-test", "resolver-test", "feature-page"),
    *(*SHOWN_LINKS, "rbac"),
)
HEADER_FIELDS = ("title", "Revision ID", "Revises", "Create Date")
PER_FEATURE = "per-feature"
SCHEMES = ("semver", "pep440", "calver")
DATABASES = ("postgresql", "mysql", "sqlite")
PARTS = ("graphql", "rbac", "tasks", "frontend")


def _search(key: str, session: Session) -> str | list[str] | None:
    """Search for a key whose default does not exist; most runs load no search."""
    from definition_of_done.project.searches import SEARCHES

    return SEARCHES[key](session)


def _refuse_version(config: Config, key: str, where: str) -> None:
    version = config[key]
    if not all(map(str.isdecimal, version.split("."))):
        raise UsageError(f"{where}: {key} must be a version as '15', not {version!r}")


def _refuse_changelog(config: Config, _: str, where: str) -> None:
    from definition_of_done.project.changelog_style import refuse_changelog

    refuse_changelog(config, where)


def _refuse_unclosed(config: Config, key: str, where: str) -> None:
    """Raise UsageError for a command that no shell could read."""
    import shlex

    for command in config[key]:
        try:
            words = shlex.split(command)
        except ValueError as error:
            raise UsageError(f"{where}: {key}: {command!r}: {error}") from None
        if not words:
            raise UsageError(f"{where}: {key}: {command!r} is no command")


def _refuse_entries(config: Config, key: str, where: str) -> None:
    from definition_of_done.project.version_entries import refuse_entries

    refuse_entries(config, key, where)


def _refuse_unknown(noun: str) -> Callable[[Config, str, str], None]:
    """A check that the value of a key, or each item of its list, is a known one."""

    def refuse(config: Config, key: str, where: str) -> None:
        value, known = config[key], config.settings[key].known
        several = isinstance(value, list)
        for name in value if several else [value]:
            if name not in known:
                hint = nearest(name, known) or ("" if several else f": {listed(known, 'or')}")
                raise UsageError(f"{where}: {key}: unknown {noun} {name!r}{hint}")

    return refuse


def _refuse_release(config: Config, key: str, where: str) -> None:
    value, known = config[key], config.settings[key].known
    if value not in known:
        raise UsageError(f"{where}: {key} must be {' or '.join(map(repr, known))}, not {value!r}")


def _refuse_pattern(config: Config, key: str, where: str) -> None:
    """Raise UsageError where the value is no form of a filename or of a revision."""
    from definition_of_done.project.patterns import refusal

    reason = refusal(key, config[key])
    if reason:
        raise UsageError(f"{where}: {key}: {reason}")


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
        "folders with Alembic migrations; `[]`: none is kept",
        found="`alembic-config`'s or `[tool.alembic]`'s, else `alembic/versions`",
        search=_search,
        refuse=refuse_repeats,
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
    "filename-pattern": Setting(
        "text",
        None,
        "form of a migration's filename: a template as Alembic's `%(rev)s_%(slug)s`, or a regular"
        " expression, whose groups `year`, `month` and `day` are compared with Create Date",
        found="Alembic's `file_template` where that is set, else `YYYYMMDD_<snake_case>.py`",
        refuse=_refuse_pattern,
    ),
    "revision-pattern": Setting(
        "text",
        "slug",
        "form of a revision: `slug`, `hash` (of Alembic's own kind), or a regular expression",
        refuse=_refuse_pattern,
    ),
    "revision-max-length": Setting("number", 32, "longest revision that the database holds"),
    "header-fields": Setting(
        "texts",
        list(HEADER_FIELDS),
        "what a migration's docstring must have; a Revision ID or Revises that is not among them"
        " agrees with its variable where it stands",
        known=HEADER_FIELDS,
        refuse=_refuse_unknown("field"),
    ),
    "revision-annotations": Setting(
        "flag", True, "`alembic-header-sync` wants the four identifiers annotated, too"
    ),
    "alembic-config": Setting(
        "path",
        "alembic.ini",
        "Alembic's configuration, in the folder that Alembic is run in",
        search=_search,
    ),
    "database": Setting(
        "text",
        None,
        "database of the migrations, which the rules of `safety` know the locks of: `postgresql`,"
        " `mysql` or `sqlite`",
        found="what URLs and imports of dialects name",
        known=DATABASES,
        refuse=_refuse_unknown("database"),
    ),
    "database-version": Setting(
        "text",
        None,
        'oldest version of it in use: `"11"`, `"15.4"`',
        found="one that is still maintained",
        refuse=_refuse_version,
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
    "roundtrip-rows": Setting(
        "flag",
        False,
        "on PostgreSQL: put two rows, equal outside their keys, into each table before a migration",
        alias="--rows",
    ),
    "roundtrip-locks": Setting(
        "flag",
        False,
        "on PostgreSQL: report the locks that each statement of `upgrade` adds",
        alias="--locks",
    ),
    "features": Setting(
        "path",
        "docs/feature",
        "folder of the feature pages, `<date>-<name>.md`",
        optional=True,
        search=_search,
    ),
    "without": Setting(
        "texts",
        [],
        "parts that the team does without: `graphql`, `rbac`, `tasks`, `frontend`; pages need no"
        " sections on them, resources no links, and their hooks judge nothing; what is kept"
        ' nowhere, as with `resources = ""`, is without by itself',
        known=PARTS,
        refuse=_refuse_unknown("part"),
    ),
    "feature-sections": Setting(
        "names",
        {},
        'more sections of a feature page, or more names of the contract\'s: `Rollout = ["Deploy"]`',
    ),
    "resources": Setting(
        "path",
        "app/graphql",
        "folder with one folder for each GraphQL resource; as a table it holds the folder under"
        " `folder`, and for each resource a table whose `waive` names links that it goes without,"
        f" each with the reason: {', '.join(LINKS)}",
        optional=True,
        search=_search,
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
        search=_search,
    ),
    "taskfile": Setting(
        "path",
        None,
        "Taskfile that starts the workers",
        found="the first that Task looks for",
        search=_search,
        usual=("Taskfile.yml", "Taskfile.yaml"),
    ),
    "rbac-models": Setting(
        "path",
        "app/graphql/rbac/models/models.py",
        "Python file with the enums `Path` and `Resource`",
        optional=True,
        search=_search,
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
        search=_search,
    ),
    "scripts": Setting(
        "path", "scripts", "folder with the one-off scripts that run after a deploy", optional=True
    ),
    "schema-exports": Setting(
        "paths",
        ["schema.graphql", "schema-admin.graphql"],
        "files that GraphQL schemas are exported to",
        search=_search,
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
        "folder of the changelog pages, `<version>.md`; else the file or the folder of its style",
        optional=True,
        refuse=_refuse_changelog,
        search=_search,
    ),
    "changelog-style": Setting(
        "text",
        None,
        "`pages`, a folder with a page for each version; `keep-a-changelog`, one `CHANGELOG.md`;"
        " `fragments`, a folder to which each branch that changes code adds a file, for towncrier",
        found="`keep-a-changelog` where `changelog` is a file, else `pages`",
        refuse=_refuse_changelog,
    ),
    "release": Setting(
        "text",
        PER_FEATURE,
        "`per-feature`: a branch whose code a feature page plans, or that changes the GraphQL"
        " schema, carries its bump and its changelog entry; `separate`: releases are made apart",
        known=(PER_FEATURE, "separate"),
        refuse=_refuse_release,
    ),
    "version-file": Setting(
        "path", "app/version.py", "Python file that names the version", optional=True
    ),
    "version-files": Setting(
        "files",
        None,
        "files that name the version, instead of those that are found, the first as the source:"
        " Python, TOML, `package.json`, `setup.cfg`, `uv.lock`, a file that holds it alone, or any"
        " file with a pattern whose one group is the version:"
        ' `"chart.yaml:^appVersion: (.*)$"`, or'
        " `{ path = \"chart.yaml\", pattern = '^appVersion: (.*)$' }`; lock files follow",
        found="`version-file` and what the build configuration names",
        refuse=_refuse_entries,
    ),
    "version-scheme": Setting(
        "text",
        "semver",
        "`semver`, `pep440` or `calver`: what a version is, and which one is higher; `semver-level`"
        " does not judge the last, which has no levels. Where it is not set and"
        " there are no changelog pages, a version that is none of `semver` shows its scheme",
        known=SCHEMES,
        refuse=_refuse_unknown("scheme"),
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
        search=_search,
        usual=SITE_FILES,
    ),
    "nav-sections": Setting(
        "texts",
        ["Accounting Features", "Core Operations", "Roadmap", "PAC"],
        "top-level sections of the nav that feature pages stand under; `[]`: any",
    ),
    "changelog-extra-sections": Setting(
        "texts", [], "sections allowed besides the seven, or the six kinds of Keep a Changelog"
    ),
    "bump-command": Setting(
        "text", "scripts/bump_version.py", "command that Versioning notes name in code"
    ),
    "check-commands": Setting(
        "texts",
        ["task all"],
        "commands of which one, run by `definition-of-done run`, ticks both boxes `task all`; the"
        " first one words them",
        refuse=_refuse_unclosed,
    ),
    "test-commands": Setting(
        "texts",
        ["task test"],
        "commands of which one, run by `definition-of-done run`, ticks the box `task test`; the"
        " first one words it",
        refuse=_refuse_unclosed,
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

    Raises UsageError outside of a work tree, for a configuration that is wrong, and in a folder
    that is no project but has some below it.
    """
    return open_projects(cwd, options).only()


def open_projects(cwd: str, options: argparse.Namespace | None = None) -> Projects:
    """The projects for a folder: its own, and those below it; raises as `open_project` does."""
    return Projects(cwd, SETTINGS, options)
