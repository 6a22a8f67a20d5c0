"""A look at the work tree as if all of it were added: git's own index and objects stay."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from definition_of_done.engine.git import git, git_folder

_INDEX, _OBJECTS = "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"


@contextmanager
def all_added(top: str) -> Iterator[None]:
    """Add all that git does not ignore to a copy of the index, which git reads until the end.

    What cannot be added is left out. `top` is the top of the work tree.
    """
    known = {name: os.environ.get(name) for name in (_INDEX, _OBJECTS)}
    own = os.path.join(top, known[_INDEX] or os.path.join(git_folder(top), "index"))
    objects = os.fsdecode(git(top, "rev-parse", "--git-path", "objects") or b"").strip()
    with tempfile.TemporaryDirectory(prefix="dod-", ignore_cleanup_errors=True) as folder:
        index = os.path.join(folder, "index")
        with suppress(FileNotFoundError):
            # With its time, by which git knows which files it must compare.
            shutil.copy2(own, index)
        os.makedirs(os.path.join(folder, "objects", "info"))
        with open(os.path.join(folder, "objects", "info", "alternates"), "wb") as stream:
            stream.write(os.fsencode(os.path.join(top, objects)) + b"\n")
        os.environ[_INDEX], os.environ[_OBJECTS] = index, os.path.join(folder, "objects")
        try:
            plain = ("-c", "core.splitIndex=false", "-c", f"core.hooksPath={os.devnull}")
            git(top, *plain, "add", "--all", "--ignore-errors")
            yield
        finally:
            for name, value in known.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
