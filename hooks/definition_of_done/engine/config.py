"""The team's settings over the contract's paths.

They stand in `[tool.definition-of-done]` of pyproject.toml, or in a definition-of-done.toml. Each
folder with such a table is a project, and the projects nested in it are none of its files.
"""

from __future__ import annotations

import os

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.files import names_path, read_regular
from definition_of_done.base.words import nearest
from definition_of_done.engine.registry import families, family_of, known_ids
from definition_of_done.engine.setting import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from definition_of_done.engine.finding import Finding
    from definition_of_done.engine.session import Session

TABLE = "definition-of-done"
PYPROJECT, OWN_FILE = "pyproject.toml", "definition-of-done.toml"
SETTINGS_FILES = (PYPROJECT, OWN_FILE)
PER_FILE, SEVERITY = "per-file-ignores", "severity"
WARNING = "warning"
LEVELS = ("error", WARNING)
_MARKS = ("pyproject.toml", ".pre-commit-config.yaml", "prek.toml")
# The ends of the paths of files that may start a project.
MARKS = ("/pyproject.toml", "/definition-of-done.toml")


def _check_selectors(names: Iterable[str], where: str) -> None:
    """Raise UsageError for the first name that is neither a hook id nor a family."""
    known = (*known_ids(), *families())
    for name in names:
        if name not in known:
            are_several = "," in name or " " in name
            hint = "; write each as a string of its own" if are_several else nearest(name, known)
            raise UsageError(f"{where}: unknown hook id or family {name!r}{hint}")


def _refuse_per_file(config: Config, key: str, where: str) -> None:
    """Raise UsageError where `per-file-ignores` names an unknown selector."""
    for pattern, names in config[key].items():
        _check_selectors(names, f"{where}: {key}: {pattern}")


def _refuse_severity(config: Config, key: str, where: str) -> None:
    """Raise UsageError where `severity` names an unknown selector or level."""
    levels = config[key]
    _check_selectors(levels, f"{where}: {key}")
    for name, level in levels.items():
        if level not in LEVELS:
            known = " or ".join(map(repr, LEVELS))
            is_off = level in ("off", "ignore")
            off = f"; switch it off with ignore = [{name!r}]"
            hint = off if is_off else nearest(str(level), LEVELS)
            raise UsageError(f"{where}: {key}: {name} must be {known}, not {level!r}{hint}")


# The engine's own keys; the project adds those of its files.
ENGINE_SETTINGS: Mapping[str, Setting] = {
    "select": Setting(
        "ids",
        [],
        "hooks that the suite runs, by id or by a family of `definition-of-done list`",
        found="all of them, but those beyond the contract",
    ),
    "extend-select": Setting(
        "ids",
        [],
        "hooks that the suite runs on top of these, by id or family, such as `safety`; `ignore`"
        " wins",
    ),
    "ignore": Setting(
        "ids", [], "hooks that the suite leaves out, by id or family; an id goes before a family"
    ),
    "exclude": Setting("texts", [], "files, folders or glob patterns that no hook judges"),
    PER_FILE: Setting(
        "names",
        {},
        "hooks, by id or family, that do not judge the files, folders or glob patterns which stand"
        ' before them: `"legacy/**" = ["migrations"]`',
        refuse=_refuse_per_file,
    ),
    SEVERITY: Setting(
        "levels",
        {},
        "hooks, by id or family, of which a finding is a `warning` and fails nothing, or an"
        " `error`; a runner shows what a passing hook says only with `verbose: true`:"
        ' `migration-one-concern = "warning"`',
        refuse=_refuse_severity,
    ),
    "base": Setting(
        "text",
        None,
        "branch that a feature is judged against",
        found="`origin/HEAD`, `main` or `master`",
    ),
    "complete-at-commit": Setting(
        "flag", False, "hold each commit to everything, also to what its branch has only begun"
    ),
}


class Config:
    """The settings of one run, each key with its Setting; `values` holds what the team set.

    `tables` has what stands in tables below a key: by the key, then by the table's name. `file` is
    the one that holds them; `is_written` says that the project has one.
    """

    def __init__(
        self,
        root: str,
        settings: Mapping[str, Setting],
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.root = root
        self.file = PYPROJECT
        self.settings = settings
        self.values = dict(values or {})
        self.tables: dict[str, dict[str, dict[str, str]]] = {}
        self._session: Session | None = None
        self._found: dict[str, Any] = {}
        self.is_written = False

    def __getitem__(self, key: str) -> Any:
        """The value of a known key: the team's, else the default, else what the project has.

        Raises UsageError where the default does not exist and several values fit.
        """
        if key in self.values:
            return self.values[key]
        setting = self.settings[key]
        found = self.found(key) if setting.search else None
        return setting.default if found is None else found

    def search_in(self, session: Session) -> None:
        """Search the session's files for what stands instead of defaults that do not exist."""
        self._session = session

    def found(self, key: str) -> Any:
        """The value of a key that was found by a search, None where it stands elsewhere."""
        setting = self.settings[key]
        if setting.search is None or self._session is None or key in self.values:
            return None
        if key not in self._found:
            there = self._has_default(setting, self._session)
            self._found[key] = None if there else setting.search(key, self._session)
        return self._found[key]

    def found_keys(self) -> dict[str, Any]:
        """The keys whose values were found so far, with these."""
        return {key: value for key, value in self._found.items() if value is not None}

    def _has_default(self, setting: Setting, session: Session) -> bool:
        default = setting.default or setting.usual
        paths = (default,) if isinstance(default, str) else default
        if any(os.path.exists(os.path.join(self.root, path)) for path in paths):
            return True
        # What is judged may not be checked out.
        is_elsewhere = paths and (session.tree.commit or session.tree.sparse)
        above = tuple(f"{path}/" for path in paths)
        return bool(is_elsewhere) and any(
            f"{path}/".startswith(above) for path in session.tree.tracked
        )

    def is_set(self, key: str) -> bool:
        """True where the team set the key itself."""
        return key in self.values

    def with_values(self, values: Mapping[str, Any]) -> Config:
        """The settings of the same project with other values, and the same tables."""
        config = Config(self.root, self.settings, values)
        config.tables, config.file = self.tables, self.file
        return config

    def override(self, key: str, value: Any, where: str) -> None:
        """Set a key from the command line; raises UsageError as the configuration would."""
        if self.settings[key].kind == "ids":
            # Each text may hold several, with commas between them; one without any is refused.
            value = [name for text in value for name in text.replace(",", " ").split() or [text]]
        self.values[key] = self._checked(key, value, where)
        self._refuse([key], where)

    def excludes(self, path: str) -> bool:
        """True where `exclude` names the path, a folder above it, or a glob that matches it."""
        patterns: list[str] = self["exclude"]
        return bool(patterns) and any(names_path(pattern, path) for pattern in patterns)

    def ignores(self, id: str, path: str) -> bool:
        """True where `per-file-ignores` takes the rule with a known id off a path."""
        if not self[PER_FILE]:
            return False
        names = {id, family_of(id)}
        return any(
            not names.isdisjoint(ignored) and names_path(pattern, path)
            for pattern, ignored in self[PER_FILE].items()
        )

    def mark_warnings(self, findings: Iterable[Finding]) -> None:
        """Mark findings of rules that `severity` makes warnings; an id goes before its family."""
        levels = self[SEVERITY]
        for finding in findings if levels else ():
            if finding.rule in known_ids():
                level = levels.get(finding.rule) or levels.get(family_of(finding.rule))
                finding.is_warning = level == WARNING

    def read(self, table: Mapping[str, Any], where: str) -> None:
        """Set the keys of a table; raises UsageError, which names the wrong key."""
        known = [key for key, setting in self.settings.items() if setting.kind != "input"]
        inner = {}
        for key, value in table.items():
            if key not in known:
                raise UsageError(f"{where}: unknown key {key!r}{nearest(key, known)}")
            if not (self.settings[key].read_table and isinstance(value, dict)):
                self.values[key] = self._checked(key, value, where)
                continue
            inner[key] = {name: below for name, below in value.items() if _is_table(name, below)}
            if inner[key].keys() != value.keys():
                self.values[key] = self._checked(key, value["folder"], where)
        self._refuse(self.values, where)
        for key, tables in inner.items():
            self._read_tables(key, tables, where)

    def _checked(self, key: str, value: Any, where: str) -> Any:
        setting = self.settings[key]
        checked = setting.checked(self.root, key, value, where)
        if setting.kind == "ids":
            _check_selectors(checked, f"{where}: {key}")
        return checked

    def _refuse(self, keys: Iterable[str], where: str) -> None:
        for key in keys:
            refuse = self.settings[key].refuse
            if refuse:
                refuse(self, key, where)

    def _read_tables(self, key: str, tables: Mapping[str, object], where: str) -> None:
        read = self.settings[key].read_table
        assert read
        self.tables[key] = {
            name: read(self, name, table, f"{where}: {key}") for name, table in tables.items()
        }


def _is_table(name: str, value: object) -> bool:
    return name != "folder" or isinstance(value, dict)


def find_root(start: str, top: str) -> str:
    """The folder that paths are relative to: the nearest one up from `start` with the table.

    Without any table, the nearest one with a project or hook configuration; else `top`, the top
    of the work tree.
    """
    folders = [start]
    while folders[-1] != top and len(folders[-1]) > len(top):
        folders.append(os.path.dirname(folders[-1]))
    for folder in folders:
        if has_table(folder):
            return folder
    for folder in folders:
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
            return folder
    return top


def load_config(root: str, settings: Mapping[str, Setting]) -> Config:
    """The settings of the project at `root`.

    Raises UsageError, which names the key: it is unknown, or its value has a wrong type, is a path
    that does not exist, or does not go with the others.
    """
    config = Config(root, settings)
    config.file, table = _configured(root)
    if table is None:
        return config
    where = OWN_FILE if config.file == OWN_FILE else f"{PYPROJECT}: [tool.{TABLE}]"
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table")
    if config.file == OWN_FILE and "tool" in table:
        raise UsageError(f"{where}: the keys stand at the top of it, not in [tool.{TABLE}]")
    config.is_written = True
    config.read(table, where)
    return config


def has_table(folder: str) -> bool:
    """True where a file of the folder holds settings; raises UsageError where it is broken."""
    return _configured(folder)[1] is not None


def _configured(folder: str) -> tuple[str, Any]:
    """The file of a folder that holds settings, and their table; None where there is none.

    Raises UsageError where there are two.
    """
    # Parsing TOML costs as much as starting Python: only for a file that names the table.
    document = _document(folder, PYPROJECT, TABLE.encode())
    tool = document.get("tool", {}) if document else {}
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    own = _document(folder, OWN_FILE)
    if own is None:
        return PYPROJECT, table
    if table is not None:
        both = f"{OWN_FILE} and [tool.{TABLE}] in {PYPROJECT}"
        raise UsageError(f"the settings stand in {both}: keep them in one of the two")
    return OWN_FILE, own


def _document(folder: str, name: str, word: bytes = b"") -> dict[str, Any] | None:
    """A TOML file as plain values, None where it is not there or does not hold a word."""
    try:
        data = read_regular(os.path.join(folder, name))
    except OSError:
        return None
    if word not in data:
        return None
    from definition_of_done.readers.toml import read_toml

    try:
        return read_toml(name, data)
    except Unreadable as error:
        raise UsageError(f"{name}:{error.line}:{error.column}: {error.message}") from None


class Territory:
    """Says which project a path below a root belongs to: the nearest that has the table.

    A folder that `excludes` is true for starts no project: it may be a test's own backend.
    """

    def __init__(self, root: str, excludes: Callable[[str], bool] = lambda _: False) -> None:
        self._root = root
        self._excludes = excludes
        self._homes = {"": ""}

    def home(self, path: str) -> str:
        """The folder of the nearest project, with a slash at its end; empty for the root."""
        folder, walked = path.rpartition("/")[0], []
        while folder not in self._homes:
            walked.append(folder)
            if self._is_project(folder):
                self._homes[folder] = f"{folder}/"
                break
            folder = folder.rpartition("/")[0]
        home = self._homes[folder]
        self._homes.update(dict.fromkeys(walked, home))
        return home

    def nested(self, paths: Iterable[str]) -> list[str]:
        """The folders of the nested projects of these paths, sorted."""
        return sorted({self.home(path) for path in paths if path.endswith(MARKS)} - {""})

    def own(self, paths: list[str]) -> list[str]:
        """Those of all paths below the root that belong to the root's own project."""
        nested = tuple(self.nested(paths))
        return [path for path in paths if not path.startswith(nested)] if nested else paths

    def split(self, letters: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
        """The own ones of the paths with letters, and the folders of the projects of the others."""
        homes = {path: self.home(path) for path in letters}
        own = {path: letter for path, letter in letters.items() if not homes[path]}
        return own, set(homes.values()) - {""}

    def _is_project(self, folder: str) -> bool:
        try:
            return has_table(os.path.join(self._root, folder)) and not self._excludes(folder)
        except UsageError as error:
            if self._excludes(folder):
                return False
            raise UsageError(f"{folder}/{error}") from None
