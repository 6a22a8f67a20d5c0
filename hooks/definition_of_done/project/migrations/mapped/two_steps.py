"""Tells what one release unmaps and a later one drops: it is no forgotten migration."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.text import decode
from definition_of_done.engine.registry import is_selected
from definition_of_done.project.layout import is_changelog, is_feature_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session

# Who asks for this rule drops nothing in the release that unmaps it.
_RULE = "drop-still-mapped"
_DROPPED = regex(r"\b(?:drop|remov|delet)", re.I)
_LATER = regex(
    r"\b(?:later|next|follow\w*|after\w*|once|then|second|until|when|future|separate\w*)\b", re.I
)
_SENTENCE = regex(r"[.;!?]\s+|\n\s*\n|\n\s*[-*+#|]")


def is_dropped_later(session: Session, symbol: str) -> bool:
    """True where a table or a column is to be dropped later: by the settings, or by a page."""
    if is_selected(_RULE, session.config):
        return True
    name = re.compile(rf"(?<![\w.]){re.escape(symbol.rpartition('.')[2])}(?!\w)")
    return any(
        name.search(sentence) and _DROPPED.search(sentence) and _LATER.search(sentence)
        for text in _pages(session)
        for sentence in _SENTENCE.split(text)
    )


def _pages(session: Session) -> Iterator[str]:
    """Yield the texts of the pages that the branch writes."""
    for path, letter in session.branch.changed.items():
        if letter == "D" or not session.tree.exists(path):
            continue
        if is_feature_page(session, path) or is_changelog(session, path):
            yield decode(path, session.tree.read(path)).text
