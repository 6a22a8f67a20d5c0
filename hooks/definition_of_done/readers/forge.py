"""The anchors that a forge gives to a Markdown page: GitHub's, and those of its like."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.text import Text
from definition_of_done.readers.site_pages import quick_anchors, read_anchors

_HEADING = regex(r"<h[1-6]\b[^<>]*+>", re.I)
# A heading in HTML is not longer.
_LONGEST = 1_000
_TAG = regex(r"<[^<>]*+>")
_DROPPED = regex(r"[^\w\- ]")
# What a forge keeps beside letters and marks: digits, numerals as letters, ties; and letters in
# circles and squares, which Unicode calls signs.
_KEPT = frozenset(["Nd", "Nl", "Pc"])
_LETTER_SIGN = regex("[\u24b6-\u24e9\U0001f130-\U0001f189]")
# It asks for a coloured emoji, and is a mark: who writes a link by hand leaves it out.
_SELECTOR = "\ufe0f"
# What a forge puts before an id, and fragments that show no heading: lines, the page's top, the
# text of a README below the list of files, a passage, a footnote, an image for a dark page.
_PREFIX = regex(r"(?:user-content-|markdown-header-)")
_NO_HEADING = regex(
    r"(?:[Ll][0-9]+.*|top|readme|.*-ov-file|:~:.*|(?:user-content-)?fn(?:ref)?[-:].*"
    r"|gh-(?:dark|light)-mode-only)",
    re.S,
)


def some_anchors(text: Text) -> frozenset[str]:
    """The ids of plain headings in lower case, found without a parser."""
    return frozenset(quick_anchors(text, _slug, number=_numbered))


def forge_anchors(text: Text) -> frozenset[str] | None:
    """The ids of a page in lower case, None where not all can be seen; raises Unreadable."""
    ids = read_anchors(text, _slug, reads_lists=True, number=_numbered)
    if ids is None:
        return None
    found = {id.lower() for id in ids}
    for opening in _HEADING.finditer(text.text):
        inner = text.text[opening.end() : opening.end() + _LONGEST].partition("</h")[0]
        _numbered(_slug(" ".join(_TAG.sub("", inner).split())), found)
    # GitLab joins dashes.
    found |= {id.replace(_SELECTOR, "") for id in found}
    return frozenset(found | {re.sub("-+", "-", id) for id in found})


def names_no_heading(fragment: str) -> bool:
    """True for a fragment that a forge gives a meaning of its own."""
    return _NO_HEADING.fullmatch(fragment) is not None


def plain_fragment(fragment: str) -> str:
    """A fragment as `forge_anchors` writes ids."""
    return _PREFIX.sub("", fragment, count=1).lower()


def _slug(heading: str) -> str:
    lower = heading.lower()
    # Python takes no marks for parts of a word, and some scripts write vowels with them.
    kept = _DROPPED.sub("", lower) if lower.isascii() else "".join(filter(_is_kept, lower))
    return kept.replace(" ", "-")


def _is_kept(character: str) -> bool:
    from unicodedata import category

    kind = category(character)
    is_letter = kind[0] in "LM" or kind in _KEPT
    return is_letter or character in "- " or _LETTER_SIGN.match(character) is not None


def _numbered(id: str, taken: set[str]) -> str:
    count, name = 0, id
    while name in taken:
        count += 1
        name = f"{id}-{count}"
    taken.add(name)
    return name
