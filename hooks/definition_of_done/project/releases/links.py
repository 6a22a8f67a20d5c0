"""The links of a page: the paths that they lead to, and their spelling on another page."""

from __future__ import annotations

import posixpath
import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.text import path_of
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_feature_page

_ABSOLUTE = regex(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def path_on_site(page: str, href: str, top: str) -> str | None:
    """The path that a link of a page leads to, None for a link that leaves the site.

    `top` is the folder that a destination with a leading `/` is relative to.
    """
    if _ABSOLUTE.match(href):
        return None
    path = path_of(href)
    if not path:
        return page
    folder = top if path.startswith("/") else page.rpartition("/")[0]
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))


def is_relative(href: str) -> bool:
    """True where a destination leads elsewhere from a page of another folder."""
    return not (_ABSOLUTE.match(href) or href.startswith("/"))


def moved_href(page: str, new_page: str, href: str) -> str:
    """Rewrite a relative destination of a page so that it stays the same on a new page."""
    path = re.split(r"[?#]", href, maxsplit=1)[0]
    full = posixpath.join(page.rpartition("/")[0], path) if path else page
    new = posixpath.relpath(full, new_page.rpartition("/")[0])
    return new + ("/" if path.endswith("/") else "") + href[len(path) :]


def feature_targets(session: Session, page: str, hrefs: list[str]) -> list[str]:
    """Return the paths of feature pages that links of a changelog page lead to."""
    features, changelog = session.config["features"], session.config["changelog"]
    top = posixpath.commonpath([features, changelog]) if features and changelog else ""
    found = [path_on_site(page, href, top) or _on_forge(session, href) for href in hrefs]
    # On the site, a page is a folder.
    pages = (path if path.endswith(".md") else f"{path}.md" for path in found if path)
    return [path for path in pages if is_feature_page(session, path)]


def _on_forge(session: Session, href: str) -> str | None:
    """The tracked feature page that a URL of the repository's forge ends with."""
    folder = session.config["features"]
    start, _, name = path_of(href).rpartition(f"/{folder}/")
    path = f"{folder}/{name}"
    return path if start and folder and path in session.tree.tracked_set else None
