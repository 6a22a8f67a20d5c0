"""The broken links of Markdown pages outside of a site, resolved as a forge does it."""

from __future__ import annotations

import os
import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote, urlsplit

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import work_tree
from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.plain_pages import is_plain_page, plain_pages
from definition_of_done.project.layout import SITE_FILES, is_test, site_path
from definition_of_done.readers.forge import (
    forge_anchors,
    names_no_heading,
    plain_fragment,
    some_anchors,
)
from definition_of_done.readers.page import Link
from definition_of_done.readers.site_pages import may_link, possible_links

# A link with one of these is a pattern to be filled in.
_PATTERN = ("{", "}", "<", ">", "*", "$", "...", "\\")
_LONGEST = 1_000
# To compare an anchor with more takes long.
_MOST = 300


class _Tool(NamedTuple):
    """A tool that builds sites, and the form of the path of the file that configures it.

    `mark` is text of that file, where others may have its name. `folders` hold the pages of a site
    whose file is at the top of the project; any other has all pages below its file.
    """

    name: str
    files: str
    mark: bytes = b""
    folders: tuple[str, ...] = ()


_SCRIPT = r"\.(?:c|m)?[jt]s"
_TOOLS = (
    _Tool(
        "Docusaurus",
        rf"docusaurus\.config{_SCRIPT}",
        folders=("docs", "blog", "src", "i18n", "versioned_docs"),
    ),
    _Tool("Mintlify", r"(?:docs|mint)\.json", b'"navigation"'),
    _Tool("Sphinx", r"conf\.py", b"extensions"),
    _Tool("Jupyter Book", r"_toc\.yml", b"root:"),
    _Tool("Hugo", r"hugo\.(?:toml|yaml|yml|json)", folders=("content", "themes")),
    _Tool("Hugo", r"config\.toml", b"baseURL", folders=("content", "themes")),
    _Tool("VitePress", rf"\.vitepress/config{_SCRIPT}"),
    _Tool("VuePress", rf"\.vuepress/config{_SCRIPT}"),
    _Tool("Jekyll", r"_config\.ya?ml"),
    _Tool("mdBook", r"book\.toml", folders=("src",)),
    _Tool("Astro", rf"astro\.config{_SCRIPT}", folders=("src",)),
    _Tool("Gatsby", rf"gatsby-config{_SCRIPT}", folders=("content", "src", "docs", "blog")),
    _Tool("Eleventy", rf"(?:\.eleventy|eleventy\.config){_SCRIPT}"),
    _Tool("docsify", r"_sidebar\.md"),
    _Tool("GitBook", r"\.gitbook\.yaml"),
    _Tool("MkDocs", r"mkdocs[\w.-]*\.ya?ml|zensical\.toml"),
)
# The names of their files start so: other files are passed over at once.
_STARTS = (
    *("docusaurus.", "docs.json", "mint.json", "conf.py", "_toc.yml", "hugo.", "config."),
    *("_config.", "book.toml", "astro.", "gatsby-", ".eleventy", "eleventy.", "_sidebar.md"),
    *(".gitbook.yaml", "mkdocs", "zensical.toml"),
)
# A folder beside that of the configuration, as Docusaurus is given it.
_BESIDE = regex(rb"[\"'](?:\./)?\.\./([\w-]+)/?[\"']")
# A folder that a configuration at the top names instead of the usual one.
_NAMED = regex(
    rb"\b(?:src|srcDir|contentDir|path)[\"']?[ \t]*[:=][ \t]*[\"']?(?:\./)?([\w./-]+?)/?[\"',\s]"
)


class UnknownSite(NamedTuple):
    """A site, by its configuration, and the folders of its pages, each with a `/` at its end."""

    tool: str
    config: str
    folders: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """True where a page is on the site, and not on the forge alone."""
        if "" in self.folders:
            # At the top, README.md and its like are read on the forge.
            return "/" in path or not path.partition(".")[0].isupper()
        return path.startswith(self.folders)


class Broken(NamedTuple):
    """The fault of a link.

    `kind` is missing, untracked, outside (`target` is a path from the root, and not on the site),
    folder (`target` is no path of a page) or anchor. `target` is else the path from docs_dir,
    `anchor` the fragment, and `nearest` a destination that the link could have instead.
    """

    kind: str
    target: str
    anchor: str
    nearest: str | None


class BrokenLink(NamedTuple):
    """A link of a page with its fault; `is_legacy` says that the branch leaves both alone."""

    link: Link
    broken: Broken
    is_legacy: bool = False


def read_plain_links(session: Session) -> tuple[list[BrokenLink], list[str]]:
    """Read the broken links of the pages that the branch changes, or whose target it deletes.

    With them are, in words, the sites and pages that were not judged.

    A branch that changes nothing is asked for all pages. Where all is judged, what stands on the
    other pages is legacy: a baseline accepts it.
    """
    changed = session.branch.changed_if_known()
    gone = {path for path, letter in changed.items() if letter == "D"}
    is_whole = session.branch.change.whole
    links = _Links(session)
    broken: list[BrokenLink] = []
    unjudged: dict[str, str] = {}
    for path in plain_pages(session):
        is_own = not changed or path in changed
        if not (is_own or is_whole or links.may_name(path, gone)):
            continue
        unknown = next((site for site in read_unknown_sites(session) if site.holds(path)), None)
        try:
            found = () if unknown else links.broken(path)
        except Unreadable as error:
            if is_own:
                unjudged[path] = f"{path}: {error.message}"
            continue
        for link in found:
            is_legacy = not (is_own or _is_gone(link.broken.target, gone))
            if is_whole or not is_legacy:
                broken.append(link._replace(is_legacy=is_legacy))
        if unknown and is_own:
            unjudged[unknown.config] = f"{unknown.config} is a site of {unknown.tool}"
    return broken, list(unjudged.values())


def _is_gone(target: str, gone: set[str]) -> bool:
    """True for a file that is gone, and for the folder of one."""
    return any(path == target or path.startswith(f"{target}/") for path in gone)


class _Links:
    """The links of pages, and the files and anchors that they can lead to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._files = session.tree.tracked_set
        self._some: dict[str, frozenset[str]] = {}
        self._anchors: dict[str, frozenset[str] | None] = {}
        self._is_top = work_tree(session.root) == session.root

    def may_name(self, path: str, gone: set[str]) -> bool:
        """True where a page holds the name of a file that is gone, or of a folder of one."""
        data = self._session.tree.read(path) if gone else b""
        names = {name for lost in gone for name in lost.split("/")}
        return any(os.fsencode(name) in data for name in names)

    def broken(self, path: str) -> list[BrokenLink]:
        """The broken links of a page; raises Unreadable."""
        data = self._session.tree.read(path)
        if not may_link(data):
            return []
        possible = possible_links(self._session.tree.text(path))
        # A page is sound if all its possible links are, in code or not: it needs no parser.
        if possible is not None and not any(self._check(path, href) for href in possible):
            return []
        page = recall_page(self._session, path, data)
        # A footnote looks like a reference.
        links = [link for link in page.links if not link.text.startswith("^")]
        checked = [(link, self._check(path, link.href)) for link in links]
        found = [BrokenLink(link, broken) for link, broken in checked if broken]
        absent = {each.broken.target for each in found if each.broken.kind == "missing"}
        # A build may make what git ignores.
        ignored = self._session.tree.ignored(absent)
        left = (each for each in found if each.broken.target not in ignored)
        return [self._with_nearest(path, each) for each in left]

    def _check(self, page: str, href: str) -> Broken | None:
        """The fault of a link of a page, None where it has none or cannot be judged."""
        try:
            url = urlsplit(href)
        except ValueError:
            return None
        if url.scheme or url.netloc or any(mark in href for mark in _PATTERN):
            return None
        if len(href) > _LONGEST or (href.startswith("/") and not self._is_top):
            return None
        if not url.path:
            return self._check_anchor(page, url.fragment)
        path = unquote(url.path).replace("\0", "")
        folder = "" if path.startswith("/") else posixpath.dirname(page)
        target = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
        # What lies above the repository are the forge's own pages.
        if target == "." or target.startswith("../") or target == "..":
            return None
        if target in self._files:
            return self._check_anchor(target, url.fragment) if is_plain_page(target) else None
        if self._may_be_there(target) or self._may_be_route(url.path, target):
            return None
        if not self._session.tree.exists(target):
            return Broken("missing", target, "", None)
        # Another project of the repository may have it.
        is_untracked = target in self._session.tree.untracked(target)
        return Broken("untracked", target, "", None) if is_untracked else None

    def _may_be_route(self, path: str, target: str) -> bool:
        """True where another program may show something at a path without a suffix."""
        if posixpath.splitext(path)[1]:
            return False
        pages = (f"{target}.md", f"{target}.mdx", f"{target}.rst")
        return path.startswith("/") or any(page in self._files for page in pages)

    def _may_be_there(self, target: str) -> bool:
        """True for a folder, and for what lies behind a link or in a submodule."""
        tracked = self._session.tree.tracked
        at = bisect_left(tracked, f"{target}/")
        if at < len(tracked) and tracked[at].startswith(f"{target}/"):
            return True
        if os.path.isdir(self._session.tree.full(target)):
            return True
        parts = target.split("/")
        return any("/".join(parts[:end]) in self._files for end in range(1, len(parts)))

    def _check_anchor(self, target: str, fragment: str) -> Broken | None:
        anchor = unquote(fragment)
        if not anchor or names_no_heading(anchor) or not self._session.tree.exists(target):
            return None
        id = plain_fragment(anchor)
        try:
            if target not in self._some:
                self._some[target] = some_anchors(self._session.tree.text(target))
            ids = self._some[target] if id in self._some[target] else self._ids(target)
        except Unreadable:
            return None
        if ids is None or id in ids:
            return None
        return Broken("anchor", target, anchor, None)

    def _ids(self, target: str) -> frozenset[str] | None:
        if target not in self._anchors:
            self._anchors[target] = forge_anchors(self._session.tree.text(target))
        return self._anchors[target]

    def _with_nearest(self, page: str, link: BrokenLink) -> BrokenLink:
        broken, nearest = link.broken, None
        if broken.kind == "anchor":
            from difflib import get_close_matches

            ids = sorted(self._ids(broken.target) or ())
            near = get_close_matches(broken.anchor.lower(), ids, 1) if len(ids) < _MOST else ()
            nearest = f"#{near[0]}" if near else None
        elif broken.kind == "missing":
            same = self._by_name.get(broken.target.rpartition("/")[2], ())
            if len(same) == 1:
                nearest = posixpath.relpath(same[0], posixpath.dirname(page) or ".")
        return link._replace(broken=broken._replace(nearest=nearest))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """The paths of all files, by their last part."""
        found: dict[str, list[str]] = {}
        for path in self._session.tree.tracked:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found


@once
def read_unknown_sites(session: Session) -> list[UnknownSite]:
    """The sites of the project but that of the settings, by the names of their files."""
    sites: list[UnknownSite] = []
    # A team that keeps no site may have its file all the same.
    own = (site_path(session),) if session.config["mkdocs"] != "" else SITE_FILES
    for path in session.tree.tracked:
        name = path.rpartition("/")[2]
        if not name.startswith(_STARTS) or path in own or is_test(path):
            continue
        for tool in _TOOLS:
            found = re.fullmatch(rf"(|.*/)(?:{tool.files})", path)
            if found and session.tree.exists(path):
                data = session.tree.read(path)
                if tool.mark in data:
                    sites.append(UnknownSite(tool.name, path, (*_folders(tool, found[1], data),)))
                    break
    return sites


def _folders(tool: _Tool, home: str, data: bytes) -> Iterator[str]:
    if home or not tool.folders:
        yield home
    else:
        named = (found[1].decode() for found in _NAMED.finditer(data))
        for folder in (*tool.folders, *named):
            yield "" if folder == "." else f"{folder}/"
    outer = home.rstrip("/").rpartition("/")[0]
    for beside in _BESIDE.finditer(data) if home and tool.folders else ():
        yield f"{outer}/{beside[1].decode()}/".lstrip("/")
