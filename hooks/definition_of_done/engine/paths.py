"""The files that a command line names, as paths below the root."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.files import is_below
from definition_of_done.engine.git import work_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.session import Session


def named_paths(session: Session, files: Iterable[str]) -> list[str]:
    """Paths below the root for the files of a command line; a folder stands for its files.

    Raises UsageError for a path outside of the work tree or one that does not exist. A path in
    the work tree but not below the root is passed over: it belongs to another project of it. Those
    of a project that is nested in this one are among them.
    """
    top = work_tree(session.root)
    cwd = os.getcwd()
    # Of a commit that is judged, the work tree does not tell the files.
    is_root = cwd == session.root and os.sep == "/" and not session.tree.commit
    paths: list[str] = []
    for name in files:
        if is_root and _is_plain(name) and os.path.isfile(name):
            # Runners pass thousands of these: to split and join each takes long.
            paths.append(name)
            continue
        full = os.path.normpath(os.path.join(cwd, name))
        if not is_below(full, top):
            parent, base = os.path.split(full)
            full = os.path.join(os.path.realpath(parent), base)
        if not is_below(full, top):
            raise UsageError(f"{name!r} is outside of the work tree {top!r}")
        if not is_below(full, session.root):
            continue
        path = os.path.relpath(full, session.root).replace(os.sep, "/")
        if os.path.isdir(full):
            prefix = "" if path == "." else path + "/"
            paths += [below for below in session.tree.listed if below.startswith(prefix)]
        elif session.tree.exists(path):
            paths.append(path)
        elif session.tree.commit and os.path.lexists(full):
            # The commit that is judged deletes it, and another one is checked out.
            continue
        elif os.path.exists(full):
            raise UsageError(f"{name!r} is not a regular file")
        else:
            raise UsageError(f"no such file: {name!r}")
    return paths


def _is_plain(name: str) -> bool:
    """True for a name that is a path in its shortest form."""
    around = f"/{name}/"
    return not ("//" in around or "/./" in around or "/../" in around)
