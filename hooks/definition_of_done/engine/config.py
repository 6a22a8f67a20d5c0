"""The team's settings: `[tool.definition-of-done]` in pyproject.toml, over the contract's paths."""

import os

from definition_of_done.engine.errors import UsageError
from definition_of_done.engine.text import is_below, read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

TABLE = "definition-of-done"
_MARKS = ("pyproject.toml", ".pre-commit-config.yaml", "prek.toml")
# What a resource is wired through, by the names that a team may waive.
LINKS = (
    *("models", "repositories", "services", "types", "inputs", "queries", "mutations"),
    *("migration", "repository-test", "service-test", "resolver-test", "feature-page"),
    *("list", "create", "update", "delete"),
)


class Setting:
    """One key: what its value is, the default (None: found out), and what it means.

    `kind` is one of `path`, `paths`, `text`, `texts`, `ids`, `revisions`, `number`, `flag`,
    `names`, `reasons`, `input`; a path that is set must exist, and may be empty where `optional`
    says that a team may keep no such file; `revisions` are a list, of which one may be written
    alone; an input is a file of the command line alone.
    `alias` is a shorter flag on the command line of a hook that reads the key.
    `found` says in words what stands for a default of None.
    """

    __slots__ = ("alias", "default", "found", "help", "kind", "optional")

    def __init__(
        self,
        kind: str,
        default: "Any",
        help: str,
        *,
        found: str = "",
        optional: bool = False,
        alias: str = "",
    ) -> None:
        self.kind = kind
        self.default = default
        self.help = help
        self.found = found
        self.optional = optional
        self.alias = alias

    @property
    def shape(self) -> str:
        """What a value is, in words: `a string`."""
        return _SHAPES[self.kind]


SETTINGS: "dict[str, Setting]" = {
    "select": Setting("ids", [], "hook ids that the suite runs; default: all of them"),
    "ignore": Setting("ids", [], "hook ids that the suite leaves out"),
    "exclude": Setting("texts", [], "files, folders or glob patterns that no hook judges"),
    "base": Setting(
        "text",
        None,
        "branch that a feature is judged against",
        found="`origin/HEAD`, `main` or `master`",
    ),
    "versions": Setting(
        "paths",
        None,
        "folders with Alembic migrations",
        found="`alembic-config`'s or `[tool.alembic]`'s, else `alembic/versions`",
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
    "alembic-config": Setting(
        "path", "alembic.ini", "Alembic's configuration, in the folder that Alembic is run in"
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
        "path", "docs/feature", "folder of the feature pages, `<date>-<name>.md`", optional=True
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
    ),
    "resources-ignore": Setting(
        "texts",
        ["rbac", "common", "core", "shared", "utils"],
        "folders beside the resources that are none",
    ),
    "tests": Setting(
        "path", "tests", "folder with the tests, laid out as the code is", optional=True
    ),
    "taskfile": Setting(
        "path", None, "Taskfile that starts the workers", found="the first that Task looks for"
    ),
    "rbac-models": Setting(
        "path",
        "app/graphql/rbac/models/models.py",
        "Python file with the enums `Path` and `Resource`",
        optional=True,
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
    ),
    "schema-exports": Setting(
        "paths",
        ["schema.graphql", "schema-admin.graphql"],
        "files that GraphQL schemas are exported to",
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
    "body": Setting(
        "input",
        None,
        "file with the text of the pull request, - for standard input",
        found="what is piped in, else the event file of GitHub Actions",
    ),
}

SEVERAL = ("paths", "texts", "ids", "revisions")
_SHAPES = {
    "path": "a string",
    "text": "a string",
    "input": "a file",
    "number": "a whole number of at least 1",
    "paths": "a list of strings",
    "texts": "a list of strings",
    "ids": "a list of hook ids",
    "revisions": "a string or a list of strings",
    "flag": "true or false",
    "names": "a table of names, each with a list of strings",
    "reasons": "a table of names, each with a reason",
}


class Config:
    """The settings of one run; `values` holds only what the team set.

    `waivers` are the links that resources go without, each with the reason, by resource.
    """

    def __init__(self, root: str, values: "Mapping[str, Any] | None" = None) -> None:
        self.root = root
        self.values = dict(values or {})
        self.waivers: dict[str, dict[str, str]] = {}

    def __getitem__(self, key: str) -> "Any":
        """The value of a known key: the team's, else the default."""
        if key in self.values:
            return self.values[key]
        return SETTINGS[key].default

    def is_set(self, key: str) -> bool:
        """Whether the team set the key itself."""
        return key in self.values

    def override(self, key: str, value: "Any", where: str) -> None:
        """Set a key from the command line; raises UsageError as the configuration would."""
        self.values[key] = _checked(self.root, key, value, where)
        if key == "versions":
            _refuse_overlap(self, where)

    def excludes(self, path: str) -> bool:
        """Whether `exclude` names the path, a folder above it, or a glob that matches it."""
        patterns = self["exclude"]
        if not patterns:
            return False
        from fnmatch import fnmatchcase

        return any(
            path == pattern.rstrip("/")
            or path.startswith(pattern.rstrip("/") + "/")
            or fnmatchcase(path, pattern)
            for pattern in patterns
        )


def find_root(start: str, top: str) -> str:
    """The folder that paths are relative to: the nearest one up from `start` with the table.

    Without any table, the nearest one with a project or hook configuration; else `top`, the top
    of the work tree.
    """
    folders = [start]
    while folders[-1] != top and len(folders[-1]) > len(top):
        folders.append(os.path.dirname(folders[-1]))
    for folder in folders:
        if _table(folder) is not None:
            return folder
    for folder in folders:
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
            return folder
    return top


def load_config(root: str) -> Config:
    """The settings of the project at `root`.

    Raises UsageError that names the key: unknown (with the nearest known one), of a wrong type,
    a path that does not exist, or versions folders of which one lies in another.
    """
    table = _table(root)
    where = f"pyproject.toml: [tool.{TABLE}]"
    if table is None:
        return Config(root)
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table")
    known = [key for key, setting in SETTINGS.items() if setting.kind != "input"]
    values = {}
    tables: Mapping[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise UsageError(f"{where}: unknown key {key!r}{nearest(key, known)}")
        if key == "resources" and isinstance(value, dict):
            tables = {name: one for name, one in value.items() if not _is_folder(name, one)}
            if tables.keys() == value.keys():
                continue
            value = value["folder"]
        values[key] = _checked(root, key, value, where)
    config = Config(root, values)
    _refuse_overlap(config, where)
    for name, one in tables.items():
        config.waivers[name] = _waivers(config, name, one, f"{where}: resources")
    return config


def nearest(name: str, known: "Iterable[str]") -> str:
    """`; did you mean 'x'?` for the known name nearest to `name`, else the empty string."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), 1, 0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


def check_ids(ids: "Iterable[str]", where: str) -> None:
    """Raises UsageError for the first id that no hook has, naming the nearest."""
    from definition_of_done.engine.registry import known_ids

    known = known_ids()
    for id in ids:
        if id not in known:
            hint = _apart(id, where) if "," in id or " " in id else nearest(id, known)
            raise UsageError(f"{where}: unknown hook id {id!r}{hint}")


def _apart(ids: str, where: str) -> str:
    """How several ids that were written as one are told apart."""
    if where.startswith("--"):
        option = where.partition(":")[0]
        return "; repeat the option: " + " ".join(
            f"{option} {id}" for id in ids.replace(",", " ").split()
        )
    return "; write each id as a string of its own"


def has_table(folder: str) -> bool:
    """Whether a folder's pyproject.toml has the table; raises UsageError where it is broken."""
    return _table(folder) is not None


def _table(folder: str) -> "Any":
    """The table in a folder's pyproject.toml, None where there is none."""
    try:
        data = read_regular(os.path.join(folder, "pyproject.toml"))
    except OSError:
        return None
    # Parsing TOML costs as much as starting Python: only for a file that names the table.
    if TABLE.encode() not in data:
        return None
    from definition_of_done.engine.errors import Unreadable
    from definition_of_done.readers.toml import read_toml

    try:
        tool = read_toml("pyproject.toml", data).get("tool", {})
    except Unreadable as error:
        raise UsageError(f"pyproject.toml:{error.line}:{error.column}: {error.message}") from None
    return tool.get(TABLE) if isinstance(tool, dict) else None


def _checked(root: str, key: str, value: "Any", where: str) -> "Any":
    setting = SETTINGS[key]
    several = setting.kind in SEVERAL
    if setting.kind == "reasons":
        _check_reasons(key, value, where)
        return value
    if setting.kind == "revisions" and isinstance(value, str):
        value = [value]
    if setting.kind == "number":
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    elif setting.kind == "flag":
        fits = isinstance(value, bool)
    elif several:
        fits = _are_texts(value)
    elif setting.kind == "names":
        fits = isinstance(value, dict) and all(map(_are_texts, value.values()))
    else:
        fits = isinstance(value, str) and (bool(value) or setting.optional)
    if not fits:
        raise UsageError(f"{where}: {key} must be {setting.shape}, not {value!r}")
    if setting.kind == "ids":
        check_ids(value, f"{where}: {key}")
    if setting.kind in ("path", "paths"):
        paths = [_path(root, key, one, where) for one in (value if several else [value])]
        return paths if several else paths[0]
    return value


def _refuse_overlap(config: Config, where: str) -> None:
    """Raises UsageError for versions folders that overlap, unless Alembic's own do, too."""
    folders = config.values.get("versions", [])
    for at, folder in enumerate(folders):
        for other in folders[:at]:
            if other == folder:
                raise UsageError(f"{where}: versions names {folder!r} twice")
            outer, inner = sorted((folder, other), key=len)
            if (outer == "." or inner.startswith(f"{outer}/")) and not _overlap(config, folders):
                raise UsageError(f"{where}: versions names {inner!r}, which lies in {outer!r}")


def _overlap(config: Config, folders: "list[str]") -> bool:
    """Whether Alembic is told to load these folders, or to descend into them."""
    from definition_of_done.readers.alembic_config import read_alembic_config

    def read(path: str) -> bytes:
        return read_regular(os.path.join(config.root, path))

    alembic = read_alembic_config(config.root, config["alembic-config"], read)
    return alembic.recursive or set(folders) <= set(alembic.folders)


def _is_folder(name: str, value: "Any") -> bool:
    return name == "folder" and not isinstance(value, dict)


def _waivers(config: Config, name: str, table: "Any", where: str) -> "dict[str, str]":
    """The links that a resource goes without, each with the reason."""
    if not isinstance(table, dict):
        raise UsageError(f"{where}: unknown key {name!r}{nearest(name, ['folder'])}")
    where = f"{where}.{name}"
    for key in table:
        if key != "waive":
            raise UsageError(f"{where}: unknown key {key!r}{nearest(key, ['waive'])}")
    folder = f"{config['resources']}/{name}"
    if "/" in name or not os.path.isdir(os.path.join(config.root, folder)):
        raise UsageError(f"{where} names a folder that does not exist: {folder!r}")
    reasons = table.get("waive", {})
    _check_reasons("waive", reasons, where)
    for link in reasons:
        if link not in LINKS:
            raise UsageError(f"{where}: waive: unknown link {link!r}{nearest(link, LINKS)}")
    return dict(reasons)


def _check_reasons(key: str, value: "Any", where: str) -> None:
    """Raises UsageError where this is no table of names, each with a reason."""
    if not (isinstance(value, dict) and all(isinstance(one, str) for one in value.values())):
        raise UsageError(f"{where}: {key} must be {_SHAPES['reasons']}, not {value!r}")
    for name, reason in value.items():
        if not reason.strip():
            raise UsageError(f"{where}: {key}: {name} needs a reason")


def _are_texts(value: "Any") -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _path(root: str, key: str, value: str, where: str) -> str:
    if not value:
        return ""
    path = os.path.normpath(value).replace(os.sep, "/")
    if os.path.isabs(value) or path.startswith("../") or path == "..":
        raise UsageError(f"{where}: {key} must be a path below the project, not {value!r}")
    if not os.path.exists(os.path.join(root, path)) and not _is_left_out(root, path):
        raise UsageError(f"{where}: {key} names a path that does not exist: {value!r}")
    if not _is_inside(root, path):
        raise UsageError(f"{where}: {key} leads out of the work tree: {value!r}")
    return path


def _is_left_out(root: str, path: str) -> bool:
    """Whether a sparse checkout has the path in its index alone."""
    from definition_of_done.engine.git import is_sparse, names

    return is_sparse(root) and bool(
        names(root, "--literal-pathspecs", "ls-files", "-z", "--", path)
    )


def _is_inside(root: str, path: str) -> bool:
    """Whether links on the way stay in the work tree."""
    from definition_of_done.engine.git import work_tree

    full = os.path.realpath(os.path.join(root, path))
    top = os.path.realpath(root)
    return is_below(full, top) or is_below(full, work_tree(root))
