"""Sections of a page without content: text that is still to be written, or the word None."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.readers.page import Piece

# A sentence that says that there is nothing to say.
_NOTHING = regex(
    r"(?:none(?! of)|nothing|n/?a|not applicable|no"
    r"|there (?:is|are|was|were) (?:no|nothing|none))\b"
)
_MORE = regex(r"\b(?:but|except|however|apart from|other than|so(?! far))\b|[:\u2013\u2014]| - ")
# Sections that say so are None in other words.
_NONE = {
    *("none", "nothing", "n/a", "not applicable", "no change", "no changes", "no impact"),
    *("no frontend change", "no frontend changes", "no frontend impact"),
    *("-", "\u2013", "\u2014"),
}
# A section that is nothing else is still to be written.
_LATER = regex(
    r"(?:still )?to be (?:written|defined|decided|done|added|filled in)\W*|coming soon\W*", re.I
)
_STUB_WORD = regex(r"\b(?:TODO|TBD|FIXME)\b")
_TAG = regex(r"<([A-Za-z][\w-]*)((?:[ \t]+[\w-]+)*)[ \t]*>")
# Real elements; any other word in angle brackets is a placeholder.
_HTML = frozenset(
    (
        "a abbr address article aside audio b base bdi bdo blockquote body br button canvas "
        "caption center cite code col colgroup data datalist dd del details dfn dialog div dl dt "
        "em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header "
        "hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta "
        "meter nav noscript object ol optgroup option output p picture pre progress q rp rt ruby "
        "s samp script search section select slot small source span strike strong style sub "
        "summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u "
        "ul var video wbr "
    ).split()
)


class Stub(NamedTuple):
    """A sign that text is still to be written."""

    spot: Spot
    text: str


def says_none(pieces: Iterable[Piece]) -> bool:
    """True where a section holds only the word None, with or without emphasis."""
    return is_none("".join(piece.text for piece in pieces))


def is_none(text: str) -> bool:
    """True where a text is the word None or its like, with or without emphasis and a full stop."""
    return text.strip(" .*_").casefold() in _NONE


def says_nothing(text: str) -> bool:
    """True where a text is None, or sentences of which the first says that there is nothing."""
    first = re.split(r"[.;!]", text.strip(" .*_-").casefold(), maxsplit=1)[0]
    return bool(_NOTHING.match(first)) and not _MORE.search(first)


def find_stubs(pieces: Iterable[Piece]) -> Iterator[Stub]:
    """Yield the stubs of a section: TODO, TBD, FIXME, a bracketed placeholder.

    A lone ellipsis is one, and so is a section that only says that it is to be written.
    """
    pieces = list(pieces)
    whole = "".join(piece.text for piece in pieces).strip()
    if _LATER.fullmatch(whole):
        yield Stub(pieces[0].spot, whole)
    # The tag in `List<int>` belongs to a word.
    in_word = False
    for piece in pieces:
        if piece.kind == "text":
            for word in _STUB_WORD.finditer(piece.text):
                yield Stub(piece.spot.moved(word.start()), word[0])
            if piece.text.strip() in ("...", "\u2026"):
                gap = len(piece.text) - len(piece.text.lstrip())
                yield Stub(piece.spot.moved(gap), "...")
        elif piece.kind == "html" and not in_word:
            for tag in _TAG.finditer(piece.text):
                if tag[1].lower() not in _HTML:
                    yield Stub(piece.spot, tag[0])
        in_word = piece.kind == "text" and piece.text[-1:].isalnum()
