"""The migrations of a project by revision: their ancestors, and which of them hold a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from definition_of_done.base.errors import Refused, Unreadable
from definition_of_done.engine.git import objects_of
from definition_of_done.engine.session import Session, once
from definition_of_done.engine.store import digest
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry.history import (
    Scan,
    read_scans,
    read_sources,
    scan,
)

# So many names are searched for in each file; for more, it pays to list who holds which word.
_FEW = 16
# What stands between words becomes a blank: that takes half the time of a regular expression.
_BLANKS = bytes(at if at > 127 or chr(at).isalnum() or at == 95 else 32 for at in range(256))


class Lineage:
    """All migrations by revision, and the words that each of them holds."""

    def __init__(self, session: Session) -> None:
        self.nodes: dict[str, Scan] = {}
        self.unclear: set[str] = set()
        self.by_path: dict[str, Scan] = {}
        for node in read_scans(session):
            self.by_path[node.path] = node
            name = node.revision or ""
            if name in self.nodes or not node.is_certain:
                self.unclear.add(name)
            self.nodes[name] = node
        self._session = session
        self._texts: dict[str, bytes] | None = None
        self._holders: dict[bytes, set[str]] | None = None
        self._asked = 0
        self._digests: dict[str, bytes] = {}
        # The digest of each line of ancestors.
        self._lines: dict[str, bytes] = {}

    def naming(self, name: str) -> set[str]:
        """The paths of the migrations whose bytes hold all words of a name."""
        self._asked += 1
        sets = [self._holding(word) for word in _spaced(encoded(name)).split()]
        return set.intersection(*sets) if sets else set()

    def _holding(self, word: bytes) -> set[str]:
        if self._texts is None:
            found = read_sources(self._session)
            self._texts = {path: _spaced(data) for path, data in found if path in self.by_path}
        if self._holders is None and self._asked <= _FEW:
            alone = b" %b " % word
            return {path for path, text in self._texts.items() if alone in text}
        if self._holders is None:
            self._holders = {}
            for path, text in self._texts.items():
                for held in set(text.split()):
                    self._holders.setdefault(held, set()).add(path)
        return self._holders.get(word, set())

    def digests(self, paths: Iterable[str]) -> list[bytes]:
        """The digests of the bytes of migrations, by path."""
        wanted = sorted(paths)
        missing = [path for path in wanted if path not in self._digests]
        for path, data in self._session.tree.read_each(missing):
            self._digests[path] = digest(path, data)
        return [self._digests.get(path, b"") for path in wanted]

    def digest(self, path: str) -> bytes:
        """The digest of a migration and of its ancestors, in their order."""
        way = [self.by_path[path]]
        seen: set[str] = set()
        while way:
            node = way[-1]
            above = [
                parent
                for name in (*node.parents, *node.depends)
                if (parent := self.nodes.get(name)) and parent.path not in self._lines
            ]
            if above and node.path not in seen:
                seen.add(node.path)
                way += above
                continue
            way.pop()
            names = [name for name in (*node.parents, *node.depends) if name in self.nodes]
            lines = [self._lines.get(self.nodes[name].path) for name in names]
            told = repr((node, lines, (node.revision or "") in self.unclear))
            self._lines[node.path] = digest(told, b"")
        return self._lines[path]

    def line(self, path: str) -> Iterator[Scan]:
        """Yield the ancestors of a migration, the nearest first.

        Raises Refused where they are not one line, or one of them is not known.
        """
        node = self.by_path[path]
        while True:
            parents = [parent for parent in node.parents if parent]
            if len(parents) > 1 or node.depends:
                raise Refused(f"the ancestors of {node.revision} are parallel")
            if not parents:
                return
            node = self._known(parents[0])
            yield node

    @cached_property
    def has_merges(self) -> bool:
        """True where any migration comes after several others."""
        return any(len(node.parents) + len(node.depends) > 1 for node in self.by_path.values())

    def ordered(self, path: str, *, turned: bool = False) -> Iterator[Scan]:
        """Yield the ancestors of a migration, each before its own ancestors.

        Of parallel ones the others come first where the order is turned. Raises Refused where one
        of them is not known.
        """
        node = self.by_path[path]
        while len(node.parents) == 1 and node.parents[0] and not node.depends:
            node = self._known(node.parents[0])
            yield node
        order = -1 if turned else 1
        done: dict[str, Scan] = {}
        seen: set[str] = set()
        way = self._parents(node)[::order]
        while way:
            node = way[-1]
            if node.path in seen:
                done.setdefault(way.pop().path, node)
            else:
                seen.add(node.path)
                way += [above for above in self._parents(node)[::order] if above.path not in seen]
        yield from reversed(done.values())

    def _parents(self, node: Scan) -> list[Scan]:
        return [self._known(name) for name in (*node.parents, *node.depends) if name]

    def ancestors(self, path: str) -> list[str]:
        """The paths of all ancestors; raises Refused where one of them is not known."""
        return [node.path for node in self.ordered(path)]

    def _known(self, revision: str) -> Scan:
        if revision in self.unclear or revision not in self.nodes:
            raise Refused(f"revision {revision} is not one migration that can be read")
        return self.nodes[revision]


def _spaced(data: bytes) -> bytes:
    """The words of a file in lower case, each between blanks."""
    return b" %b " % data.lower().translate(_BLANKS)


def encoded(text: str) -> bytes:
    """The bytes of a name, which may be no text that a file can hold."""
    return text.encode("utf-8", "surrogatepass")


@once
def lineage_of(session: Session) -> Lineage:
    """All migrations of the project; raises Unreadable for a broken one."""
    return Lineage(session)


def answers(session: Session, path: str, asked: Iterable[str]) -> object:
    """All that the inverse of a migration is made from, besides the file: its ancestors' bytes."""
    try:
        lineage = lineage_of(session)
        line = lineage.digest(path)
    except (Refused, Unreadable, KeyError) as error:
        return why_kept(session, path), str(error)
    named = [lineage.digests(lineage.naming(name)) for name in asked]
    return why_kept(session, path), line, named


def why_kept(session: Session, path: str) -> str:
    """The reason why a migration must not be edited, empty where the branch adds it.

    Without a base, what is committed may be released.
    """
    branch = session.branch
    commit = branch.relied_on
    if commit is None and not branch.has_commits:
        return ""
    files = session.cache.keep(
        "files of the base", lambda: objects_of(session.root, commit or "HEAD"), lasts=True
    )
    if path not in files and not _is_moved(session, files, path):
        return ""
    if commit is None:
        return "it is committed, and no base is known that lacks it"
    return "it stands on the base"


def _is_moved(session: Session, files: dict[str, str], path: str) -> bool:
    """True where the base has the revision of a file in one that is gone."""
    gone = [old for old in files if is_migration(session, old) and not session.tree.exists(old)]
    if not gone:
        return False
    own = scan(path, session.tree.read(path)).revision
    commit = session.branch.relied_on or "HEAD"
    return any(scan(old, session.branch.read_at(commit, old)).revision == own for old in gone)
