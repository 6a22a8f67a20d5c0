"""Reads the identifiers of all migrations, and those that the setting `since` leaves out.

A file is not parsed where the lines of its identifiers are plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed, nearest
from definition_of_done.engine.session import Session, once
from definition_of_done.project.alembic import tracked_migrations, version_folders

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
_LONGEST_LINE = 500
# Each of the names holds one of these. A search for plain bytes is fast.
_WORDS = (b"revision", b"branch_labels", b"depends_on")
_DOWN = b"down_"
_UNKNOWN = "what since leaves out is not known: "
# The bytes of so many take less memory than Python itself.
_MANY = 1000
# The rules whose findings say as much.
_GRAPH, _KEPT = "alembic-single-head", "revision-immutable"
_AS_TEXT = "write it as a string, so that it is known without running it"


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


class LeftOut(NamedTuple):
    """The paths and the revisions of the migrations that `since` leaves out."""

    paths: frozenset[str]
    revisions: frozenset[str]


NOTHING = LeftOut(frozenset(), frozenset())


def read_sources(session: Session) -> Iterable[tuple[str, bytes]]:
    """Read the bytes of all tracked migrations by path; they are kept, but for a long history."""
    paths = tracked_migrations(session)
    if len(paths) > _MANY:
        return session.tree.read_each(paths)
    return session.cache.keep("all migrations", lambda: [*session.tree.read_each(paths)])


@once
def read_scans(session: Session) -> list[Scan]:
    """Read the identifiers of all tracked migrations that have a revision, by path."""
    nodes, broken = _scans(session)
    for error in broken:
        if not session.config.excludes(error.path):
            raise error
    return [node for node in nodes if not session.config.excludes(node.path)]


@once
def read_left_out(session: Session) -> LeftOut:
    """Read the migrations that no rule judges: those that `since` names, and their ancestors.

    Dependencies count as ancestors, as Alembic runs them first. Raises UsageError for a revision
    that no migration has, and Unreadable, with the path and the place, where the graph does not
    tell the ancestors.
    """
    since: list[str] = session.config["since"]
    if not since:
        return NOTHING
    nodes, broken = _scans(session)
    ancestries = [_Ancestry(part) for part in separate(session, nodes)]
    try:
        for name in since:
            if not any(name in ancestry.named for ancestry in ancestries):
                _raise_unknown(session, name, nodes, broken)
        found = [(ancestry, ancestry.ancestors(session, since)) for ancestry in ancestries]
    except Unreadable:
        if broken:
            # The file that cannot be read may have the revision.
            raise broken[0] from None
        raise
    return LeftOut(
        frozenset(
            node.path
            for ancestry, names in found
            for name in names
            for node in ancestry.named[name]
        ),
        frozenset(name for _, names in found for name in names),
    )


def read_left_out_if_known(session: Session) -> LeftOut:
    """Read the same: none where the graph does not tell the ancestors."""
    try:
        return read_left_out(session)
    except Unreadable:
        return NOTHING


def read_later_scans(session: Session) -> list[Scan]:
    """Read the scans that `since` does not leave out; raises as `read_left_out` does."""
    left = read_left_out(session)
    return [node for node in read_scans(session) if node.path not in left.paths]


def separate(session: Session, nodes: list[Scan]) -> Iterator[list[Scan]]:
    """Yield the migrations of each graph: folders that refer to each other belong together."""
    versions = version_folders(session)
    if not versions.are_apart or len(versions.folders) < 2:
        yield nodes
        return
    home = {node.path: versions.innermost(node.path) for node in nodes}
    owner: dict[str, set[str]] = {}
    for node in nodes:
        for name in (node.revision or "", *node.labels):
            owner.setdefault(name, set()).add(home[node.path])
    group = {folder: folder for folder in versions.folders}
    for node in nodes:
        here = home[node.path]
        for name in (*node.parents, *node.depends):
            there = owner.get(name, set())
            if there and here not in there:
                old, new = group[min(there)], group[here]
                group = {folder: new if root == old else root for folder, root in group.items()}
    for root in sorted(set(group.values())):
        part = [node for node in nodes if group[home[node.path]] == root]
        if part:
            yield part


def reached(start: Iterable[str], near: Callable[[str], Iterable[str]]) -> set[str]:
    """The revisions that a walk from some of them comes to, these included."""
    found = set(start)
    queue = list(found)
    while queue:
        for name in near(queue.pop()):
            if name not in found:
                found.add(name)
                queue.append(name)
    return found


@once
def _scans(session: Session) -> tuple[list[Scan], list[Unreadable]]:
    """The scans of all migrations, also of excluded ones, and the errors of broken files."""
    nodes: list[Scan] = []
    broken: list[Unreadable] = []
    for path, data in read_sources(session):
        try:
            node = scan(path, data)
        except Unreadable as error:
            error.path = path
            broken.append(error)
            continue
        if node.revision is not None or not node.is_certain:
            nodes.append(node)
    return nodes, broken


def _raise_unknown(
    session: Session, name: str, nodes: list[Scan], broken: list[Unreadable]
) -> None:
    for node in nodes:
        if node.revision is None:
            message = f"{_UNKNOWN}no migration has {name!r}, and a revision is computed here"
            raise _error(session, node, "revision", message, _AS_TEXT)
    if broken:
        raise broken[0]
    known = sorted({node.revision for node in nodes if node.revision})
    longer = [revision for revision in known if revision.startswith(name)]
    # Two hashes always have some digits in common.
    near = nearest(name, known, alike=0.8)
    hint = f"; did you mean {longer[0]!r}?" if len(longer) == 1 else near
    folders = version_folders(session)
    if gone := [path for path in session.branch.change.deleted if folders.hold(path)]:
        hint = f"; the change deletes {listed(gone)}"
    raise UsageError(f"since names a revision that no migration has: {name!r}{hint}")


class _Ancestry:
    """One graph, walked from a migration up to its parents and dependencies."""

    def __init__(self, nodes: list[Scan]) -> None:
        self.nodes = nodes
        self.named: dict[str, list[Scan]] = {}
        for node in nodes:
            if node.revision is not None:
                self.named.setdefault(node.revision, []).append(node)
        self.labels = {label: node.revision for node in nodes for label in node.labels}

    def ancestors(self, session: Session, names: list[str]) -> set[str]:
        """The names that are revisions of this graph, and their ancestors."""
        own = [name for name in names if name in self.named]
        return reached(own, lambda name: self._above(session, name))

    def _above(self, session: Session, revision: str) -> Iterator[str]:
        *others, node = self.named[revision]
        for namesake in others:
            if (namesake.parents, namesake.depends) != (node.parents, node.depends):
                message = f"{_UNKNOWN}revision {revision!r} is also that of {namesake.path}"
                help = "give one of them a revision of its own"
                error = _error(session, node, "revision", message, help)
                error.follows = tuple(
                    (_GRAPH, each.path, revision) for each in self.named[revision]
                )
                raise error
        if not node.is_certain:
            message = f"{_UNKNOWN}what {revision!r} comes after is computed"
            raise _error(session, node, "", message, _AS_TEXT)
        for name in filter(None, node.parents):
            if name not in self.named:
                raise self._missing(session, node, "down_revision", name)
            yield name
        for label in node.depends:
            name = self.labels.get(label) or label
            if name not in self.named:
                raise self._missing(session, node, "depends_on", name)
            yield name

    def _missing(self, session: Session, node: Scan, where: str, name: str) -> Unreadable:
        computed = next((candidate for candidate in self.nodes if candidate.revision is None), None)
        message = f"{_UNKNOWN}no migration has {name!r}, and "
        if computed:
            message += "a revision is computed here"
            return _error(session, computed, "revision", message, _AS_TEXT)
        computed = next((candidate for candidate in self.nodes if not candidate.shows_labels), None)
        if computed and where == "depends_on":
            message += "branch labels are computed here"
            return _error(session, computed, "branch_labels", message, _AS_TEXT)
        help = "name the revision of a migration that exists"
        error = _error(session, node, where, f"{message}{node.revision!r} comes after it", help)
        error.follows = ((_GRAPH, node.path, name), (_KEPT, node.path, node.revision or ""))
        return error


def _error(session: Session, node: Scan, where: str, message: str, help: str) -> Unreadable:
    """Return the error at an identifier of a migration; `where` is its name.

    Without a name it is the one that is computed.
    """
    from definition_of_done.project.migrations.files.migration import read_identifiers

    spots = [
        identifier.spot
        for name, identifier in read_identifiers(node.path, session.tree.read(node.path)).items()
        if identifier and (name == where or not identifier.is_literal)
    ]
    spot = spots[0] if spots else Spot(node.path)
    return Unreadable(message, spot.line, spot.column, help=help, path=node.path)


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
    first = max(at - _LONGEST_LINE, 0)
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
