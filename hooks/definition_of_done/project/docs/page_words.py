"""The words of the feature pages: a name is found in them without a parser."""

from __future__ import annotations

import re
from functools import cached_property

from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.page_names import filename_slug


class Words:
    """The text of a page, its filename included, as words."""

    def __init__(self, text: str) -> None:
        # A page may write the _ of a name with a backslash.
        self._text = text.replace("\\_", "_").casefold()
        self._words = frozenset(re.findall(r"\w+", self._text))

    def has_word(self, name: str) -> bool:
        """True where a name stands there as a whole word."""
        plain = name.casefold()
        if re.fullmatch(r"\w+", plain):
            return plain in self._words
        return self._find(re.escape(plain))

    def has_phrase(self, name: str) -> bool:
        """True where a name stands there, also with blanks or `-` for its `_`."""
        plain = name.casefold()
        if len(plain) > len(self._text):
            # The text cannot hold it, and its expression would take long to compile.
            return False
        if self.has_word(name):
            return True
        # Compiling an expression takes longer than a plain search, which rules out most names.
        pattern = re.escape(plain).replace("_", r"[\s_-]+")
        return _joined(plain) in self._joined and self._find(pattern)

    @cached_property
    def _joined(self) -> str:
        return _joined(self._text)

    def _find(self, pattern: str) -> bool:
        return re.search(rf"(?<!\w){pattern}(?!\w)", self._text) is not None


def _joined(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text)


@once
def page_words(session: Session) -> dict[str, Words]:
    """Read the words of each tracked feature page, by its path; raises Unreadable."""
    return {
        path: Words(f"{filename_slug(path)}\n{session.tree.text(path).text}")
        for path in session.tree.tracked
        if is_feature_page(session, path) and session.tree.exists(path)
    }
