"""The files of the site as its tool sees them: which are there, which are left out."""

from __future__ import annotations

import posixpath
from difflib import get_close_matches
from typing import TYPE_CHECKING

from definition_of_done.readers.gitignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.session import Session
    from definition_of_done.readers.site import Site

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_HIDDEN = (".*", "/templates/")
# Plugins that put files on the site that nobody tracks.
_FILE_MAKERS = (
    "api-autonav",
    "autoapi",
    "gen-files",
    "i18n",
    "mkdocs-autoapi",
    "monorepo",
    "multirepo",
    "same-dir",
    "simple",
    "static-i18n",
    "techdocs-core",
)

_FILE_EVENTS = (b"on_config", b"on_pre_build", b"on_files")
# No path that is meant to be a file is longer.
_LONGEST = 1_000
# Characters of file names in one question to git.
_BATCH = 10_000
_COMPARISONS = 100_000
# What the usual themes put there.
_THEME_FILES = ("assets/images/favicon.png", "img/favicon.ico")


class Docs:
    """The files below docs_dir, by their paths relative to it.

    `files` are all that a link can lead to, `pages` the Markdown pages among them that are
    built; `is_whole` is False where a plugin or hook may add files that are not seen here;
    `hooks_write` says that a hook changes the text of pages.
    """

    def __init__(self, session: Session, site: Site) -> None:
        self.site = site
        self.prefix = "" if site.docs_dir == "." else f"{site.docs_dir}/"
        self._session = session
        names = [
            path.removeprefix(self.prefix)
            for path in session.tree.tracked
            if path.startswith(self.prefix)
        ]
        self.files = _without_shadowed(set(names)) if names else set()
        own = [*site.patterns("exclude_docs"), *site.patterns("draft_docs")]
        # Without its own ones, which may show what is hidden, no pattern has to be read.
        self._left_out = Patterns(site.path, [*_HIDDEN, *own] if own else [])
        self._not_in_nav = Patterns(site.path, site.patterns("not_in_nav"))
        # The answers of git, and how many names may still be compared.
        self._made: dict[str, bool] = {}
        self._comparisons = _COMPARISONS
        self.pages = [
            name
            for name in names
            if name.endswith(MARKDOWN) and name in self.files and not self._is_left_out(name)
        ]
        hooks = b"".join(self._hooks())
        self.is_whole = not any(name in _FILE_MAKERS for name in site.plugins) and not any(
            event in hooks for event in _FILE_EVENTS
        )
        self.hooks_write = b"on_page_markdown" in hooks or b"on_page_read_source" in hooks

    def belongs_in_nav(self, name: str) -> bool:
        """Whether a page is built and no setting keeps it out of the nav."""
        return not self._is_left_out(name) and not self._not_in_nav.match(name)

    def _is_left_out(self, name: str) -> bool:
        if self._left_out.lines:
            return self._left_out.match(name)
        return name.startswith(("templates/", ".")) or "/." in name

    def has(self, name: str) -> bool:
        """Whether there is such a file, or may be.

        What lies behind a link to a folder is not seen, nor what a plugin adds to its own folder.
        """
        if name in self.files or name in self._session.cache.keep("theme files", self._theme):
            return True
        blog = self.site.plugins.get("blog", False)
        if blog is not False:
            given = blog.get("blog_dir") if isinstance(blog, dict) else None
            if name.startswith(f"{given or 'blog'}/"):
                return True
        parts = name.split("/")
        return any("/".join(parts[:end]) in self.files for end in range(1, len(parts)))

    def made(self, names: Iterable[str]) -> set[str]:
        """Those of the files that git ignores: what is made before each build is not tracked."""
        names = set(names)
        batch: list[str] = []
        size = 0
        for name in sorted(names - self._made.keys()):
            if len(name) > _LONGEST or "\0" in name or posixpath.normpath(name).startswith("../"):
                # There is no such file for git, and of a list that holds it git judges nothing.
                self._made[name] = False
                continue
            if not name.isprintable() or '"' in name or "\\" in name:
                # Git quotes it in a list.
                self._ask([name])
                continue
            if size > _BATCH:
                self._ask(batch)
                batch, size = [], 0
            batch.append(name)
            size += len(name)
        self._ask(batch)
        return {name for name in names if self._made[name]}

    def _ask(self, names: list[str]) -> None:
        if not names:
            return
        paths = [self.prefix + name for name in names]
        if len(names) == 1:
            self._made[names[0]] = self._session.tree.is_ignored(paths[0])
            return
        ignored = self._session.tree.ignored(paths)
        if ignored is None:
            # One of them leads behind a link or into a submodule, and git judges none then.
            self._ask(names[: len(names) // 2])
            self._ask(names[len(names) // 2 :])
        else:
            self._made |= {name: path in ignored for name, path in zip(names, paths, strict=True)}

    def is_untracked(self, name: str) -> bool:
        """Whether the file is there, and only git does not know it."""
        return not self._session.tree.commit and self._session.tree.exists(self.prefix + name)

    def nearest(self, name: str) -> str | None:
        """The existing file whose path is nearest to one that does not exist."""
        base = name.rpartition("/")[2]
        same = sorted(one for one in self.files if one.rpartition("/")[2] == base)
        if len(same) == 1:
            return same[0]
        return self.closest(name, same or sorted(self.files), 0.8)

    def closest(self, name: str, names: list[str], cutoff: float) -> str | None:
        """The name that is nearest to one that does not exist, None where none is near.

        None is where so much is wrong with the site that the search would take long.
        """
        self._comparisons -= len(names)
        if len(name) > _LONGEST or self._comparisons < 0:
            return None
        found = get_close_matches(name, names, 1, cutoff)
        return found[0] if found else None

    def _theme(self) -> set[str]:
        """The files that the theme and its customisation add."""
        theme = self.site.settings.get("theme")
        folder = theme.get("custom_dir") if isinstance(theme, dict) else None
        if not isinstance(folder, str):
            return set(_THEME_FILES)
        top = posixpath.normpath(posixpath.join(posixpath.dirname(self.site.path), folder)) + "/"
        added = (one.removeprefix(top) for one in self._session.tree.tracked if one.startswith(top))
        return {*_THEME_FILES, *(one for one in added if not one.endswith((".html", *MARKDOWN)))}

    def _hooks(self) -> list[bytes]:
        value = self.site.settings.get("hooks")
        paths = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        return [self._session.tree.read(path) for path in paths if self._session.tree.exists(path)]


def _without_shadowed(names: set[str]) -> set[str]:
    """Without each README.md that an index.md beside it keeps off the site."""
    return {
        name
        for name in names
        if not (name == "README.md" or name.endswith("/README.md"))
        or name.removesuffix("README.md") + "index.md" not in names
    }


def docs_of(session: Session) -> Docs | None:
    """The files of the site, None where there is none, or it cannot be seen from here."""
    return session.cache.keep("docs", lambda: _docs(session))


def _docs(session: Session) -> Docs | None:
    from definition_of_done.project.docs.site import read_site

    site = read_site(session)
    if site is None or not site.is_whole or site.docs_dir.startswith(("../", "/")):
        return None
    docs = Docs(session, site)
    return docs if docs.files else None
