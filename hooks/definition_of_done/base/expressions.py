"""Regular expressions that are compiled when they are first used: a run uses a part of them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    regex = re.compile
else:

    class regex:  # It stands for a function.
        """A pattern as `re.compile` returns it, which takes as long as all else of an import."""

        def __init__(self, text, flags=0):
            self._text = text
            self._flags = flags

        def __getattr__(self, name):
            compiled = re.compile(self._text, self._flags)
            self.__dict__.update({name: getattr(compiled, name) for name in _NAMES})
            return getattr(compiled, name)


_NAMES = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")
