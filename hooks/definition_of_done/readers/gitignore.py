"""Lists of files in the syntax of .gitignore: with one, MkDocs leaves pages out of a site."""

from __future__ import annotations

import re
from collections import Counter
from math import comb

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathspec.gitignore import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# The ways to match a path that are tried at most. A pattern of many stars has far more.
_WAYS = 10**9
_FOLDERS = regex(r"(?:^|(?<=/))\*\*(?=/|$)")


class Patterns:
    """The lines of patterns in the file `path`; the last line that matches decides."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self.path = path
        self.lines = lines
        self._spec: GitIgnoreSpec | None = None
        # The number of lines for each number of stars.
        self._stars = Counter(_FOLDERS.sub("*", line).count("*") for line in lines)

    def match(self, name: str) -> bool:
        """True where the list has a path, relative to the list's folder and with `/`.

        Raises Unreadable where finding that out would take for ever.
        """
        if not self.lines:
            return False
        size = len(name)
        ways = (lines * comb(size, min(stars, size // 2)) for stars, lines in self._stars.items())
        if sum(ways) > _WAYS:
            raise Unreadable("patterns of too many stars, which are not judged", path=self.path)
        self._spec = self._spec or _spec(self.lines)
        return self._spec.match_file(name)


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    """The patterns of the lines; a line that is no valid pattern is left out."""
    import warnings
    from contextlib import suppress

    # The import takes longer than most of what a run does.
    from pathspec.gitignore import GitIgnoreSpec

    found: list[GitIgnoreSpecPattern] = []
    with warnings.catch_warnings():
        # Python warns of a bracket within brackets.
        warnings.simplefilter("ignore")
        for line in lines:
            with suppress(ValueError, re.error):
                found += GitIgnoreSpec.from_lines([line]).patterns
    return GitIgnoreSpec(found)
