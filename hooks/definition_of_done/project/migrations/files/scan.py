"""Reads the four identifiers of a migration, without a parse where its lines are plain."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = rb"(revision|down_revision|branch_labels|depends_on)"
_TEXT = rb"(?:\"[^\"\\\n]*\"|'[^'\\\n]*')"
_PLAIN = regex(
    rb"^" + _NAMES + rb"[ \t]*(?::[^=\n#]*)?=[ \t]*"
    rb"(?:None|(" + _TEXT + rb")|\(((?:\s*" + _TEXT + rb"\s*,)+(?:\s*" + _TEXT + rb")?)\s*\))"
    rb"[ \t]*(?:\#[^\n]*)?\r?$",
    re.M,
)
# All four as most files write them, one below the other: one match instead of one for each. A set
# of characters takes long to compile, so that none is named.
_USUAL = regex(
    rb"revision(?:: str)? = (?:\"(\w+)\"|'(\w+)')\r?\n"
    rb"down_revision(?:: .*?)? = (?:None|\"(\w+)\"|'(\w+)')\r?\n"
    rb"branch_labels(?:: .*?)? = None\r?\n"
    rb"depends_on(?:: .*?)? = None\r?$",
    re.M,
)
# What Alembic's own template writes above them.
_ABOVE = b"\n# revision identifiers, used by Alembic.\n"
_TEXTS = regex(_TEXT)
# Anything else that may bind one of the names, also in a string or a comment: such a file is
# parsed.
_BINDING = regex(_NAMES + rb"[ \t]*(?:[)\],][\w \t()\[\],*]{0,80})?(?:[^\w\s]{0,3}=(?!=)|:)")
_NAMING = regex(rb"\b(?:import|del)\b|^[ \t]*(?:async[ \t]+)?for\b", re.M)
_LONGEST = 500
# Each of the names holds one of these. A search for plain bytes is fast.
_WORDS = (b"revision", b"branch_labels", b"depends_on")
_DOWN = b"down_"


class Scan(NamedTuple):
    """The identifiers as tuples of strings: empty for None or a name that the file lacks.

    `revision` is None where the file has none. `is_certain` is false where Python computes
    revision, parents or dependencies. `shows_labels` is false where it computes the branch labels.
    """

    path: str
    revision: str | None
    parents: tuple[str, ...]
    labels: tuple[str, ...]
    depends: tuple[str, ...]
    is_certain: bool
    shows_labels: bool


def scan(path: str, data: bytes) -> Scan:
    """Read the identifiers; raises Unreadable where the file must be parsed and is not Python."""
    if not _is_plain_text(data):
        return _parse(path, data)
    usual = _USUAL.match(data, data.find(b"\nrevision") + 1)
    if usual and _is_alone(data, usual):
        own, other, parent, another = usual.groups()
        parents = ((parent or another).decode(),) if parent or another else ()
        return Scan(path, (own or other).decode(), parents, (), (), True, True)
    found: dict[bytes, tuple[str, ...]] = {}
    for at in _places(data):
        match = _PLAIN.match(data, at)
        if match is None:
            if _may_bind(data, at):
                return _parse(path, data)
            continue
        # A tuple is no revision: the parser says what is, and what stands in a text of lines.
        is_odd = match[1] in found or (match[3] and match[1] == b"revision")
        if is_odd or _is_in_text(data, at):
            return _parse(path, data)
        texts = _TEXTS.findall(match[2] or match[3] or b"")
        found[match[1]] = tuple(text[1:-1].decode() for text in texts)
    revision = found.get(b"revision")
    return Scan(
        path,
        revision[0] if revision else None,
        found.get(b"down_revision", ()),
        found.get(b"branch_labels", ()),
        found.get(b"depends_on", ()),
        is_certain=True,
        shows_labels=True,
    )


def _is_alone(data: bytes, usual: re.Match[bytes]) -> bool:
    """True where the four lines are no more than they seem, and nothing else names one of them."""
    start, end = usual.span()
    lines, rest = usual[0], data[:start].removesuffix(_ABOVE) + data[end:]
    if lines.count(b"=") != 4 or b"#" in lines or _is_in_text(data, start):
        return False
    return not any(map(rest.__contains__, _WORDS))


def _is_in_text(data: bytes, at: int) -> bool:
    """True where a text of several lines may hold an offset."""
    return data.count(b'"""', 0, at) % 2 == 1 or data.count(b"'''", 0, at) % 2 == 1


def _places(data: bytes) -> Iterator[int]:
    """Yield the offset of each of the names, also at the start or end of a longer word."""
    for word in _WORDS:
        at = data.find(word)
        while at >= 0:
            is_down = word == b"revision" and data[max(at - 5, 0) : at] == _DOWN
            yield at - 5 if is_down else at
            at = data.find(word, at + len(word))


def _may_bind(data: bytes, at: int) -> bool:
    """True where the name at an offset may be bound there."""
    before = data[at - 1 : at]
    if before.isalnum() or before == b"_":
        return False
    if _BINDING.match(data, at):
        return True
    first = max(at - _LONGEST, 0)
    end_before = data.rfind(b"\n", first, at)
    # The line is searched for each name: the parser is faster for a very long one.
    is_long = end_before < 0 and first > 0
    return is_long or _NAMING.search(data, max(end_before, 0), at) is not None


def _is_plain_text(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"coding" not in data[:200]


def _parse(path: str, data: bytes) -> Scan:
    from definition_of_done.project.migrations.files.migration import read_identifiers

    revision, parents, labels, depends = read_identifiers(path, data).values()
    known = [identifier for identifier in (revision, parents, depends) if identifier]
    return Scan(
        path,
        revision.values[0] if revision and revision.is_text else None,
        parents.values if parents else (),
        labels.values if labels else (),
        depends.values if depends else (),
        all(identifier.is_literal for identifier in known),
        labels is None or labels.is_literal,
    )
