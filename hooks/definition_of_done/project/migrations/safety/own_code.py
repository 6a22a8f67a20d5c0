"""Tells where the code of a project's own modules lies, without a parse."""

from __future__ import annotations

import re
from os.path import commonpath

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import is_test

_IMPORT = regex(rb"^[ \t]*(?:from|import)[ \t]+(\.*\w*)", re.M)
# A project's own folder has the name of the first, and nobody's code lies in the others.
_LIBRARIES = {"alembic", "sqlalchemy", "typing", "collections"}


def package(session: Session, path: str, name: str) -> str:
    """The folder or module of this name that is nearest to a file, the name where there is none."""
    nearest, folder = -1.0, name
    for above in _places(session).get(name, ()):
        shared = len(commonpath([f"{above}/", f"/{path}"])) - len(above) / 1000
        if shared > nearest:
            nearest, folder = shared, f"{above}/{name}".strip("/")
    return folder


@once
def _places(session: Session) -> dict[str, set[str]]:
    """The folders above each folder and file of code, by its name; of several nested the upper."""
    found: dict[str, set[str]] = {}
    for path in session.tree.tracked:
        if path.endswith(".py") and not is_test(path):
            above = ""
            for part in path.removesuffix(".py").split("/"):
                if f"/{part}/" not in f"{above}/":
                    found.setdefault(part, set()).add(above)
                above += f"/{part}"
    return found


def is_own(session: Session, name: str) -> bool:
    """True for the name of a folder or file of the project's code."""
    return name not in _LIBRARIES and name in _places(session)


def imports_own(session: Session, data: bytes) -> bool:
    """True where a file may import something from the project."""
    names = {found.decode() for found in _IMPORT.findall(data)}
    return any(name.startswith(".") or is_own(session, name) for name in names)
