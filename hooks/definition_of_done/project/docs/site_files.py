"""The files of the site as its tool sees them: those that it builds, and those it leaves out."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.site import read_site
from definition_of_done.project.layout import MARKDOWN
from definition_of_done.readers.gitignore import Patterns
from definition_of_done.readers.site import Site

_HIDDEN = (".*", "/templates/")
# These plugins put files on the site that git does not track.
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
# The functions with which a hook can do so.
_FILE_EVENTS = (b"on_config", b"on_pre_build", b"on_files")
# Longer text is not meant as the path of a file.
_LONGEST = 1_000
_COMPARISONS = 100_000
# The usual themes bring these.
_THEME_FILES = ("assets/images/favicon.png", "img/favicon.ico")


class Docs:
    """The files below docs_dir, by their paths relative to it.

    `files` are all that a link can lead to, `pages` the Markdown pages among them that are built.
    `is_whole` is False where a plugin or hook may add files that are not seen here.
    `hooks_change_pages` is True where a hook changes the text of pages.
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
        # How many names may still be compared.
        self._comparisons_left = _COMPARISONS
        self.pages = [
            name
            for name in names
            if name.endswith(MARKDOWN) and name in self.files and not self._is_left_out(name)
        ]
        hooks = b"".join(self._hook_sources())
        self.is_whole = not any(name in _FILE_MAKERS for name in site.plugins) and not any(
            event in hooks for event in _FILE_EVENTS
        )
        self.hooks_change_pages = b"on_page_markdown" in hooks or b"on_page_read_source" in hooks

    def belongs_in_nav(self, name: str) -> bool:
        """True where a page is built and no setting keeps it out of the nav."""
        return not self._is_left_out(name) and not self._not_in_nav.match(name)

    def _is_left_out(self, name: str) -> bool:
        if self._left_out.lines:
            return self._left_out.match(name)
        return name.startswith(("templates/", ".")) or "/." in name

    def may_have(self, name: str) -> bool:
        """True where a file is on the site or may be there.

        It may be behind a symbolic link to a folder, or in the folder of the blog plugin.
        """
        if name in self.files or name in self._session.cache.keep("theme files", self._theme):
            return True
        blog = self.site.plugins.get("blog", False)
        if blog is not False:
            folder = blog.get("blog_dir") if isinstance(blog, dict) else None
            if name.startswith(f"{folder or 'blog'}/"):
                return True
        parts = name.split("/")
        return any("/".join(parts[:end]) in self.files for end in range(1, len(parts)))

    def generated(self, names: Iterable[str]) -> set[str]:
        """The files among `names` that a build may generate: git ignores them."""
        inside = (name for name in names if not posixpath.normpath(name).startswith("../"))
        paths = {self.prefix + name: name for name in inside}
        return {paths[path] for path in self._session.tree.ignored(paths)}

    def is_untracked(self, name: str) -> bool:
        """True where a file exists and is not tracked by git."""
        return not self._session.tree.commit and self._session.tree.exists(self.prefix + name)

    def nearest(self, name: str) -> str | None:
        """The existing file whose path is nearest to `name`, None where none is near."""
        base = name.rpartition("/")[2]
        same = sorted(file for file in self.files if file.rpartition("/")[2] == base)
        if len(same) == 1:
            return same[0]
        found = self.closest(name, same or sorted(self.files), 0.8)
        # Folders and dates alone make no two pages near.
        return self.closest(base, [found.rpartition("/")[2]], 0.8) and found if found else None

    def closest(self, name: str, names: list[str], cutoff: float) -> str | None:
        """The one of `names` that is nearest to `name`, None where none is near.

        Also None once too many names were compared: the search would take long.
        """
        self._comparisons_left -= len(names)
        if len(name) > _LONGEST or self._comparisons_left < 0:
            return None
        from difflib import get_close_matches

        found = get_close_matches(name, names, 1, cutoff)
        return found[0] if found else None

    def _theme(self) -> set[str]:
        """Return the files that the theme and its customisation add."""
        theme = self.site.settings.get("theme")
        folder = theme.get("custom_dir") if isinstance(theme, dict) else None
        if not isinstance(folder, str):
            return set(_THEME_FILES)
        top = posixpath.normpath(posixpath.join(posixpath.dirname(self.site.path), folder)) + "/"
        added = (
            path.removeprefix(top)
            for path in self._session.tree.tracked
            if path.startswith(top) and not path.endswith((".html", *MARKDOWN))
        )
        return {*_THEME_FILES, *added}

    def _hook_sources(self) -> list[bytes]:
        value = self.site.settings.get("hooks")
        paths = [path for path in value if isinstance(path, str)] if isinstance(value, list) else []
        return [self._session.tree.read(path) for path in paths if self._session.tree.exists(path)]


def _without_shadowed(names: set[str]) -> set[str]:
    """Leave out each README.md that an index.md beside it keeps off the site."""
    return {
        name
        for name in names
        if not (name == "README.md" or name.endswith("/README.md"))
        or name.removesuffix("README.md") + "index.md" not in names
    }


@once
def docs_of(session: Session) -> Docs | None:
    """Read the files of the site, None where there is no site or it cannot be seen as a whole."""
    site = read_site(session)
    if site is None or not site.is_whole or site.docs_dir.startswith(("../", "/")):
        return None
    docs = Docs(session, site)
    return docs if docs.files else None
