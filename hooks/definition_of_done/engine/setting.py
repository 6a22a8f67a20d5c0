"""One key of the configuration: its default, the values that it takes, and their meaning."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import is_below
from definition_of_done.base.records import Record
from definition_of_done.engine.git import is_sparse, names, work_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.session import Session

SEVERAL = ("paths", "texts", "files", "ids", "revisions")
_SHAPES = {
    "path": "a string",
    "text": "a string",
    "input": "a file",
    "number": "a whole number of at least 1",
    "paths": "a list of strings",
    "texts": "a list of strings",
    "files": "a list of strings, or of tables with a path and a pattern",
    "ids": "a list of hook ids and families",
    "revisions": "a string or a list of strings",
    "flag": "true or false",
    "names": "a table of names, each with a list of strings",
    "reasons": "a table of names, each with a reason",
    "levels": "a table of hook ids and families, each with `error` or `warning`",
}


class Setting(Record):
    """One key: the kind of its value, the default (None: it is found out), and the meaning.

    `kind` is one of `path`, `paths`, `text`, `texts`, `files`, `ids`, `revisions`, `number`,
    `flag`, `names`, `reasons`, `levels`, `input`; a path that is set must exist, and may be empty
    where `optional` says that a team may keep no such file; `revisions` are a list, of which one
    may be written alone; `files` are paths, or `path:pattern`, which may be a table; an input is a
    file of the command line alone.
    `alias` is a shorter flag on the command line of a hook that reads the key.
    `found` says in words what stands for a default of None.
    `known` are the texts that it takes alone, where these are few.
    `search(key, session)` returns what the project has instead of a default that does not exist:
    None where it has nothing. It raises UsageError where several fit. `usual` are the paths that
    stand for a default of None: there is no search where one of them exists.
    `refuse(config, key, where)` raises UsageError where the value does not go with the others.
    `read_table(config, name, table, where)` reads the tables below a key whose value may be one:
    its own value then stands under `folder`.
    """

    kind: str
    default: Any
    help: str
    found: str = ""
    optional: bool = False
    alias: str = ""
    known: Sequence[str] = ()
    search: Callable[[str, Session], Any] | None = None
    usual: Sequence[str] = ()
    refuse: Callable[[Config, str, str], None] | None = None
    read_table: Callable[[Config, str, object, str], dict[str, str]] | None = None

    @property
    def shape(self) -> str:
        """A value in words: `a string`."""
        return _SHAPES[self.kind]

    def checked(self, root: str, key: str, value: Any, where: str) -> Any:
        """The value that was written for a key, with its paths in their shortest form.

        Raises UsageError where it has another shape, or names a path that does not exist.
        """
        if self.kind == "reasons":
            check_reasons(key, value, where)
            return value
        if self.kind == "revisions" and isinstance(value, str):
            value = [value]
        if self.kind == "files" and isinstance(value, list):
            value = [_joined(entry) for entry in value]
        if not self._fits(value):
            raise UsageError(f"{where}: {key} {self._why_not(value)}")
        if self.kind == "path":
            return _path(root, key, value, where)
        if self.kind == "paths":
            return [_path(root, key, path, where) for path in value]
        return value

    def _fits(self, value: Any) -> bool:
        if self.kind == "number":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if self.kind == "flag":
            return isinstance(value, bool)
        if self.kind == "levels":
            return isinstance(value, dict)
        if self.kind == "names":
            return isinstance(value, dict) and all(map(_are_texts, value.values()))
        if self.kind in SEVERAL:
            return _are_texts(value)
        return isinstance(value, str) and (bool(value) or self.optional)

    def _why_not(self, value: Any) -> str:
        """The reason why a value does not fit; an empty string has the right type, and is none."""
        if self.kind in SEVERAL and isinstance(value, list) and "" in value:
            return "holds an empty string"
        if self.kind in ("path", "text") and value == "":
            return "may not be empty: leave it out for the default"
        return f"must be {self.shape}, not {value!r}"


def check_reasons(key: str, value: object, where: str) -> dict[str, str]:
    """A table of names, each with a reason; raises UsageError for anything else."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise UsageError(f"{where}: {key} must be {_SHAPES['reasons']}, not {value!r}")
    for name, reason in value.items():
        if not reason.strip():
            raise UsageError(f"{where}: {key}: {name} needs a reason")
    return value


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text for text in value)


def _joined(entry: Any) -> Any:
    """A table of a path and a pattern as `path:pattern`; anything else as it stands."""
    match entry:
        case {"path": str(path), "pattern": str(pattern), **others} if path and not others:
            return f"{path}:{pattern}"
        case {"path": str(path), **others} if not others:
            return path
    return entry


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
    """True where a sparse checkout has the path in its index alone."""
    return is_sparse(root) and bool(
        names(root, "--literal-pathspecs", "ls-files", "-z", "--", path)
    )


def _is_inside(root: str, path: str) -> bool:
    """True where links on the way stay in the work tree."""
    full = os.path.realpath(os.path.join(root, path))
    top = os.path.realpath(root)
    return is_below(full, top) or is_below(full, work_tree(root))
