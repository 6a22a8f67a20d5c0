"""The nav of the site is compared with the feature, changelog and roadmap pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import MIB
from definition_of_done.engine.registry import is_selected
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.feature_page import feature_page_of, without_dates
from definition_of_done.project.docs.follow_ups import is_roadmap_page, roadmap_folder
from definition_of_done.project.docs.sections import ATTRIBUTES, plain
from definition_of_done.project.docs.site_files import Docs, docs_of
from definition_of_done.project.layout import is_changelog_page, is_feature_page
from definition_of_done.project.schemes import scheme_of, version_of
from definition_of_done.readers.nav import Nav, NavEntry
from definition_of_done.readers.nav_edits import added, quoted_entry, retitled

# The title of a heading that is all text needs no parser.
_PLAIN_TITLE = regex(rb"\A(?:\xef\xbb\xbf)?\s*+# ++([\w ,.;/()'-]++)\r?\n")
# The most characters of the nav that are read again to prove edits.
_EDITS = 2 * MIB
# What a title says of the page and not of the feature, and what stands around it or a date.
_WORDS = r"(?:(?:feature|page|plan|design|spec|rfc|proposal|doc|and)\b ?){1,3}"
_MARK = "[:\u2013\u2014-]"
# A ticket is a word with a number, and a list of attributes stands in braces.
_KIND = regex(
    rf"\A(?:the )?{_WORDS}{_MARK} |\A\[{_WORDS}\]|{_MARK} {_WORDS}\Z|\({_WORDS}\)\Z"
    rf"|\A\[?[a-z]+-\d+\]?{_MARK}? |\A\d+[.)] |\s\{{[^{{}}]*\}}\Z|\b(?:feature|plan)\Z"
)
_AROUND = " `*_:,;\u2013\u2014-"
_ADDRESS = regex(r"(?:[A-Za-z][\w+.-]*:|//)")
_NOT_ALONE = "the entry beside it is not a line of its own, or an alias repeats it"


class UnlistedPage(NamedTuple):
    """A page without an entry in the nav.

    `title` is None where the page has none. `edits` add the entry, `refusal` says why there are
    none.
    """

    path: str
    target: str
    title: str | None
    is_feature: bool
    edits: tuple[Edit, ...]
    refusal: str


class Mistitled(NamedTuple):
    """The entry of a feature page that does not have the page's `title`."""

    entry: NavEntry
    title: str
    edits: tuple[Edit, ...]


class Dangling(NamedTuple):
    """An entry whose target is no tracked file; `nearest` is a tracked file with a similar path."""

    entry: NavEntry
    is_untracked: bool
    nearest: str | None


def read_wiring(session: Session) -> Wiring | None:
    """Read the faults of the nav, None where there is no nav or a plugin builds it."""
    docs = docs_of(session)
    if docs is None or docs.site.nav is None or docs.site.makes_nav:
        return None
    return Wiring(session, docs, docs.site.nav)


class Wiring:
    """The faults of the nav; `repeated` are second entries of a page, each with the first one."""

    def __init__(self, session: Session, docs: Docs, nav: Nav) -> None:
        self.nav = nav
        self.docs_dir = docs.site.docs_dir
        self.sections = session.config["nav-sections"]
        self._session = session
        self._docs = docs
        self._homes = frozenset(map(plain, self.sections))
        self._edits_left = max(1, _EDITS // len(nav.text.text))
        self._listed = {entry.path for entry in nav.entries}
        # These are the entries of feature pages, each with the path of its page.
        self._features = [
            (entry, docs.prefix + entry.path)
            for entry in nav.entries
            if entry.path in docs.files and is_feature_page(session, docs.prefix + entry.path)
        ]
        self.unlisted = list(self._unlisted())
        self.misplaced = [entry for entry, _ in self._features if not self._is_placed(entry.trail)]
        self.mistitled = list(self._mistitled())
        self.dangling = list(self._dangling()) if docs.is_whole else []
        self.repeated = list(self._repeated())

    def entry(self, title: str | None, target: str) -> str:
        """Quote an entry as its file would have it."""
        return quoted_entry(self.nav, title or "<title>", target)

    def _unlisted(self) -> Iterator[UnlistedPage]:
        folders = [self._session.config[key] for key in ("features", "changelog")]
        # Of the roadmap, only the branch's own pages are judged.
        changed = self._session.branch.changed
        for name in self._docs.pages:
            path = self._docs.prefix + name
            is_roadmap = path in changed and is_roadmap_page(self._session, path)
            if (
                name in self._listed
                or not (is_roadmap or path.rpartition("/")[0] in filter(None, folders))
                or not self._docs.belongs_in_nav(name)
                or self._is_left_to_version_sync(path)
            ):
                continue
            is_feature = is_feature_page(self._session, path)
            title = self._title(path) if is_feature or is_roadmap else None
            if is_feature:
                edits, refusal = self._feature_edits(name, title)
            elif is_roadmap:
                edits, refusal = self._roadmap_edits(name, title)
            else:
                edits = self._changelog_edits(path) if self._take_edit() else ()
                refusal = "it finds no entry to put it beside"
            yield UnlistedPage(path, name, title, is_feature, edits, refusal)

    def _take_edit(self) -> bool:
        """Count one more edit, and return False once there were too many.

        Each edit reads the nav again, which takes a second for a long one. The next round of a fix
        makes the edits that are left.
        """
        self._edits_left -= 1
        return self._edits_left >= 0

    def _mistitled(self) -> Iterator[Mistitled]:
        for entry, path in self._features:
            shown = entry.title
            if shown is not None and shown == _plain_title(self._session.tree.read(path)):
                continue
            title = self._title(path)
            if title and (shown is None or _compared(shown) != _compared(title)):
                edits = retitled(self.nav, entry, title) if self._take_edit() else ()
                yield Mistitled(entry, title, edits)

    def _dangling(self) -> Iterator[Dangling]:
        missing = [
            entry
            for entry in self.nav.entries
            if not entry.target.startswith("/")
            and not _ADDRESS.match(entry.target)
            and not self._docs.may_have(entry.path)
        ]
        generated = self._docs.generated(entry.path for entry in missing)
        for entry in missing:
            if entry.path not in generated:
                is_untracked = self._docs.is_untracked(entry.path)
                yield Dangling(entry, is_untracked, self._docs.nearest(entry.path))

    def _repeated(self) -> Iterator[tuple[NavEntry, NavEntry]]:
        first: dict[str, NavEntry] = {}
        for entry in self.nav.entries:
            before = first.setdefault(entry.path, entry)
            if before is not entry and entry.path in self._docs.files:
                yield entry, before

    def _title(self, path: str) -> str | None:
        heading = feature_page_of(self._session, path).title
        title = heading.text if heading else ""
        if "{" in title and "attr_list" in self._docs.site.extensions:
            title = ATTRIBUTES.sub("", title)
        return title or None

    def _feature_edits(self, name: str, title: str | None) -> tuple[tuple[Edit, ...], str]:
        if title is None:
            return (), "the page has no title"
        beside, refusal = self._siblings()
        if not beside:
            return (), refusal
        if not self._take_edit():
            return (), "it adds more entries once these are added"
        sibling, is_after = _neighbour(name, beside)
        return added(self.nav, title, name, sibling, after=is_after), _NOT_ALONE

    def _roadmap_edits(self, name: str, title: str | None) -> tuple[tuple[Edit, ...], str]:
        """Put a page of the roadmap behind the last one of the nav, where these stand together."""
        folder = roadmap_folder(self._session)
        beside = [
            entry
            for entry in self.nav.entries
            if (self._docs.prefix + entry.path).startswith(f"{folder}/")
        ]
        if title is None or len({entry.trail for entry in beside}) != 1 or not beside[0].trail:
            return (), "the nav has no one section of the roadmap" if title else "it has no title"
        edits = added(self.nav, title, name, beside[-1], after=True) if self._take_edit() else ()
        return edits, _NOT_ALONE

    def _siblings(self) -> tuple[list[NavEntry], str]:
        """Return the entries of the section that a new feature page belongs in, or a refusal.

        All other feature pages stand in that section, or the nav has only one for them.
        """
        homes = {entry.trail for entry, _ in self._features if self._is_home(entry.trail)}
        if len(homes) > 1:
            shown = " and ".join(" / ".join(home) for home in sorted(homes))
            return [], f"feature pages stand under {shown}"
        if homes:
            return [entry for entry, _ in self._features if entry.trail in homes], ""
        trails = [section.trail for section in self.nav.sections]
        tops = [trail for trail in trails if len(trail) == 1 and self._is_home(trail)]
        if len(tops) != 1:
            names = " and ".join(trail[0] for trail in tops)
            return [], f"{names} could hold it" if tops else "the nav has none of the sections"
        beside = [entry for entry in self.nav.entries if entry.trail == tops[0]]
        return beside, f"{tops[0][0]} has no entry to put it beside"

    def _is_home(self, trail: tuple[str, ...]) -> bool:
        return bool(trail) and self._is_placed(trail)

    def _is_placed(self, trail: tuple[str, ...]) -> bool:
        """True below a section of `nav-sections`, whatever marks stand beside its name."""
        return not self._homes or (bool(trail) and plain(trail[0]) in self._homes)

    def _changelog_edits(self, path: str) -> tuple[Edit, ...]:
        from definition_of_done.project.releases.versions import version_edits

        if not is_changelog_page(self._session, path):
            return ()
        versions = {
            name: version_of(name)
            for name in self._docs.pages
            if is_changelog_page(self._session, self._docs.prefix + name)
        }
        return version_edits(scheme_of(self._session), self.nav, versions, version_of(path))

    def _is_left_to_version_sync(self, path: str) -> bool:
        """True for the page of the present version, if version-sync runs and reports it."""
        is_run = is_selected("version-sync", self._session.config)
        if not is_run or not is_changelog_page(self._session, path):
            return False
        from definition_of_done.project.releases.versions import read_versions

        try:
            return path == read_versions(self._session).page
        except Unreadable:
            # version-sync reports the file that cannot be read.
            return False


def _plain_title(data: bytes) -> str | None:
    found = _PLAIN_TITLE.match(data)
    return found[1].decode().rstrip(" ") if found else None


def _compared(title: str) -> str:
    """Reduce a title to what a nav repeats: words without date or kind of page, and no capitals."""
    text = " ".join(without_dates(title).casefold().split()).strip(_AROUND)
    return " ".join(re.findall(r"[^\W_]+", _KIND.sub("", text)))


def _neighbour(name: str, beside: list[NavEntry]) -> tuple[NavEntry, bool]:
    """Return the entry to put a page beside, and True to put it behind; the order is kept."""
    paths = [entry.path for entry in beside]
    if len(paths) > 1 and paths == sorted(paths, reverse=True):
        lower = next((entry for entry in beside if entry.path < name), None)
        return (lower, False) if lower else (beside[-1], True)
    if len(paths) > 1 and paths == sorted(paths):
        lower = next((entry for entry in reversed(beside) if entry.path < name), None)
        return (lower, True) if lower else (beside[0], False)
    return beside[-1], True
