"""The oldest Python that a project runs on, as far as it says so."""

from __future__ import annotations

import os
import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.files import read_regular
from definition_of_done.engine.session import Session, lasting

# To parse the files takes longer than most hooks run; the names stand in no other table of them.
_STATED = regex(
    r"(?m)^[^#\n]*?\b(?:requires-python|python_requires)[ \t]*=[ \t]*[\"']?([^\"'\n#]+)"
    r"|^\[tool\.poetry\.dependencies\][^\[]*?\npython[ \t]*=[ \t]*[\"']([^\"'\n]+)"
)
_CLAUSE = regex(r"(>=|~=|===?|\^|~|>|)\s*v?(\d++)(?:\.(\d++))?+[\d.*]*+")
_FILES = ("pyproject.toml", "setup.cfg", "setup.py")


@lasting
def lowest_python(session: Session) -> int | None:
    """The minor version of the oldest Python 3 that may load a project's code.

    None where pyproject.toml, setup.cfg and setup.py of its folder do not say it.
    """
    for name in _FILES:
        try:
            data = read_regular(os.path.join(session.root, name))
            found = _STATED.search(data.decode("utf-8", "replace"))
        except OSError:
            continue
        if found:
            ways = [_lowest(way) for way in re.split(r"\|\|?", found[1] or found[2])]
            known = [way for way in ways if way is not None]
            return min(known) if len(known) == len(ways) else None
    return None


def _lowest(specifiers: str) -> int | None:
    """The lowest minor version that all of the specifiers allow, None where none bounds it."""
    clauses = (_CLAUSE.fullmatch(specifier.strip()) for specifier in specifiers.split(","))
    bounds = [(int(clause[2]), int(clause[3] or 0)) for clause in clauses if clause]
    return max((minor if major == 3 else 0 for major, minor in bounds if major <= 3), default=None)
