"""Lists of files as .gitignore spells them, which MkDocs uses for pages that it leaves out."""

from __future__ import annotations

import re
from collections import Counter
from math import comb
from typing import TYPE_CHECKING

from definition_of_done.base.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathspec.gitignore import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# Ways to match a path. A pattern of many stars has more than can ever be tried.
_WAYS = 10**9
_FOLDERS = re.compile(r"(?:^|(?<=/))\*\*(?=/|$)")


class Patterns:
    """Lines of patterns in the file `path`; the last one that matches decides."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self.path = path
        self.lines = lines
        self._spec: GitIgnoreSpec | None = None
        # How many lines have so many stars.
        self._stars = Counter(_FOLDERS.sub("*", line).count("*") for line in lines)

    def match(self, name: str) -> bool:
        """Whether a path, relative to the folder of the list and with `/`, is on it.

        Raises Unreadable where that cannot be told within a lifetime.
        """
        if not self.lines:
            return False
        size = len(name)
        ways = (many * comb(size, min(stars, size // 2)) for stars, many in self._stars.items())
        if sum(ways) > _WAYS:
            raise Unreadable("patterns of too many stars, which are not judged", path=self.path)
        self._spec = self._spec or _spec(self.lines)
        return self._spec.match_file(name)


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    """The patterns, without those that are none."""
    import warnings
    from contextlib import suppress

    # The import takes longer than most of what a run does.
    from pathspec.gitignore import GitIgnoreSpec

    found: list[GitIgnoreSpecPattern] = []
    with warnings.catch_warnings():
        # Of a bracket in brackets.
        warnings.simplefilter("ignore")
        for line in lines:
            with suppress(ValueError, re.error):
                found += GitIgnoreSpec.from_lines([line]).patterns
    return GitIgnoreSpec(found)
