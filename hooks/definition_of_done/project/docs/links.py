"""The broken links between the pages of the site, resolved as the site's tool does it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import Text
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.plain_links import Broken, BrokenLink, read_plain_links
from definition_of_done.project.docs.repository import DeadLink, read_dead_links
from definition_of_done.project.docs.site import is_on_site
from definition_of_done.project.docs.site_files import Docs, docs_of
from definition_of_done.readers.site_pages import (
    may_link,
    possible_links,
    quick_anchors,
    read_anchors,
    read_links,
)
from definition_of_done.readers.slugs import slugger

# The kinds of a link to a file that is not there.
_ABSENT = ("missing", "untracked")
# With these values of `validation` the tool itself does not mind.
_LENIENT = ("ignore", "info")
# These plugins put text into pages that cannot be seen here.
_TEXT_MAKERS = (
    "autoapi",
    "include-markdown",
    "macros",
    "markdown-exec",
    "markdownextradata",
    "mkdocs-autoapi",
    "mkdocs-jupyter",
    "mkdocstrings",
    "monorepo",
    "table-reader",
    "techdocs-core",
)


class SiteLinks(NamedTuple):
    """The broken links between the pages, and the dead ones to the repository's files.

    `unjudged` are in words the sites of other tools, and the pages that cannot be read.
    """

    broken: list[BrokenLink]
    dead: list[DeadLink]
    unjudged: list[str]


def read_site_links(session: Session) -> SiteLinks:
    """Read the links that lead nowhere; raises Unreadable for a page that cannot be read."""
    plain, unjudged = read_plain_links(session)
    docs = docs_of(session) if _is_site_changed(session) else None
    # Where no site can be seen, it has no links.
    broken = _Resolver(session, docs).broken_links() if docs else ()
    return SiteLinks([*broken, *plain], list(read_dead_links(session)), unjudged)


def _is_site_changed(session: Session) -> bool:
    """True where the change is about the site, or about nothing less than the whole project."""
    change = session.branch.change
    paths = (*change.touched, *change.merged)
    return change.whole or any(is_on_site(session, path) for path in paths)


class _Resolver:
    def __init__(self, session: Session, docs: Docs) -> None:
        self._session = session
        self._docs = docs
        self._site = docs.site
        self._extensions = docs.site.extensions
        self._slug = slugger(self._extensions.get("toc"))
        self._pages = set(docs.pages)
        self._anchors: dict[str, frozenset[str] | None] = {}
        self._quick: dict[str, set[str]] = {}
        self._reachable: set[str] | None = None
        self._levels = {
            name: docs.site.level("links", name)
            for name in ("not_found", "anchors", "absolute_links", "unrecognized_links")
        }

    def broken_links(self) -> Iterator[BrokenLink]:
        for name in self._docs.pages:
            text = self._text(name)
            if text is None:
                continue
            possible = possible_links(text)
            # A page is sound if all its possible links are, in code or not: it needs no parser.
            if possible is not None and not self._find_broken(name, possible):
                continue
            links = read_links(text, reads_html="md_in_html" in self._extensions)
            broken = {
                href: self._with_suggestion(name, fault)
                for href, fault in self._find_broken(name, {link.href for link in links}).items()
            }
            for link in links:
                if link.href in broken:
                    yield BrokenLink(link, broken[link.href])

    def _find_broken(self, page: str, hrefs: set[str]) -> dict[str, Broken]:
        """Map the broken destinations of a page to their faults, without suggestions."""
        checked = ((href, self._check(page, href)) for href in sorted(hrefs))
        found = {href: fault for href, fault in checked if fault}
        absent = (fault.target for fault in found.values() if fault.kind in _ABSENT)
        generated = self._docs.generated(absent)
        return {
            href: fault
            for href, fault in found.items()
            if fault.kind not in _ABSENT or fault.target not in generated
        }

    def _with_suggestion(self, page: str, broken: Broken) -> Broken:
        if broken.kind == "anchor":
            ids = sorted(self._anchors[broken.target] or ())
            near = self._docs.closest(broken.anchor, ids, 0.6)
            return broken._replace(nearest=f"#{near}" if near else None)
        if broken.kind not in _ABSENT:
            return broken
        return broken._replace(nearest=self._relative(page, self._docs.nearest(broken.target)))

    def _text(self, name: str) -> Text | None:
        path = self._docs.prefix + name
        try:
            data = self._session.tree.read(path)
        except OSError:
            # It is deleted from the work tree, and still tracked.
            return None
        return self._session.tree.text(path) if may_link(data) else None

    def _check(self, page: str, href: str) -> Broken | None:
        """The fault of a link of a page, None where it has none or cannot be judged."""
        try:
            url = urlsplit(href)
        except ValueError:
            return None
        if url.scheme or url.netloc or "{{" in href or "{%" in href:
            return None
        if href.startswith(("/", "\\")):
            if self._levels["absolute_links"] != "relative_to_docs":
                return None
            return self._check_file(page, url, posixpath.normpath(unquote(url.path).lstrip("/")))
        if not url.path:
            return self._check_anchor(page, url.fragment)
        path = posixpath.join(posixpath.dirname(page), unquote(url.path))
        return self._check_file(page, url, posixpath.normpath(path))

    def _check_file(self, page: str, url: SplitResult, target: str) -> Broken | None:
        if target in self._docs.files:
            is_page = target in self._pages
            return self._check_anchor(target, url.fragment) if is_page and url.fragment else None
        if self._docs.may_have(target):
            return None
        is_file = bool(posixpath.splitext(unquote(url.path))[1])
        if target.startswith("../"):
            return self._check_outside(target, is_file)
        if not is_file:
            return self._check_folder(page, url, target)
        is_judged = self._docs.is_whole and self._levels["not_found"] not in _LENIENT
        if not is_judged:
            return None
        kind = "untracked" if self._docs.is_untracked(target) else "missing"
        return Broken(kind, target, "", None)

    def _check_outside(self, target: str, is_file: bool) -> Broken | None:
        path = posixpath.normpath(self._docs.prefix + target)
        exists = self._session.tree.exists(path) or any(
            tracked.startswith(f"{path}/") for tracked in self._session.tree.listed
        )
        if self._levels["not_found"] in _LENIENT or not (exists or is_file):
            # The build may put something beside the site that git does not know.
            return None
        return Broken("outside", path, "", None)

    def _check_folder(self, page: str, url: SplitResult, target: str) -> Broken | None:
        level = self._levels["unrecognized_links"]
        if level in _LENIENT or (level is None and self._reaches(page, url.path)):
            return None
        page_meant = next(
            (
                file
                for file in (f"{target}/index.md", f"{target}/README.md", f"{target}.md")
                if posixpath.normpath(file) in self._docs.files
            ),
            None,
        )
        if page_meant is None and level is None:
            # Another tool may have put something there.
            return None
        return Broken("folder", target, "", self._relative(page, page_meant))

    def _reaches(self, page: str, path: str) -> bool:
        """True where a browser that shows the page would find the path on the site."""
        if self._reachable is None:
            urls = {self._url(name) for name in self._docs.pages}
            self._reachable = {url.rstrip("/") for url in urls}
        found = unquote(urljoin("/" + self._url(page), path))
        return found.strip("/") in self._reachable

    def _url(self, name: str) -> str:
        folder, file = posixpath.split(name)
        stem = posixpath.splitext(file)[0]
        if stem in ("index", "README"):
            return f"{folder}/" if folder else ""
        return posixpath.join(folder, stem) + ("/" if self._site.uses_directory_urls else ".html")

    def _check_anchor(self, target: str, anchor: str) -> Broken | None:
        if not anchor or self._slug is None or self._levels["anchors"] in _LENIENT:
            return None
        if target not in self._quick:
            self._quick[target] = self._quick_anchors(target, self._slug)
        if anchor in self._quick[target]:
            return None
        if target not in self._anchors:
            self._anchors[target] = self._all_anchors(target, self._slug)
        ids = self._anchors[target]
        if ids is None or anchor in ids:
            return None
        return Broken("anchor", target, anchor, None)

    def _quick_anchors(self, target: str, slug: Callable[[str], str]) -> set[str]:
        try:
            return quick_anchors(self._session.tree.text(self._docs.prefix + target), slug)
        except OSError:
            return set()

    def _all_anchors(self, target: str, slug: Callable[[str], str]) -> frozenset[str] | None:
        """Read the ids of a page; None where not all of them can be seen."""
        if self._docs.hooks_change_pages or any(
            name in _TEXT_MAKERS for name in self._site.plugins
        ):
            return None
        try:
            text = self._session.tree.text(self._docs.prefix + target)
        except OSError:
            return None
        return read_anchors(text, slug, reads_lists="attr_list" in self._extensions)

    def _relative(self, page: str, name: str | None) -> str | None:
        """Write the path of a file of the site as a link of the page does."""
        if name is None:
            return None
        return posixpath.relpath(name, posixpath.dirname(page) or ".")
