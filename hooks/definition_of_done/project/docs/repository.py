"""The addresses of the repository's files on its forge."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.site import is_on_site, read_site
from definition_of_done.readers.page import Link

# What stands between a repository and a path on GitHub, GitLab, Bitbucket and Gitea.
_VIEW = regex(r"/(?:-/)?(?:blob|tree|src/branch|src)/(?P<ref>[^/]+)/(?P<path>.+)")
_MARKS = (b"/blob/", b"/tree/", b"/src/")
_SSH = regex(r"(?:ssh://)?(?:[\w.-]+@)?([\w.-]+\.\w+)(?::\d+)?[:/](.+)")
_FORMS = {"github": "blob", "gitlab": "-/blob", "bitbucket": "src", "codeberg": "src/branch"}


class DeadLink(NamedTuple):
    """A link to a file of the repository's default branch that neither side has."""

    link: Link
    path: str
    branch: str


def read_dead_links(session: Session) -> Iterator[DeadLink]:
    """Yield the dead links of the pages that the branch changes; without a base there are none."""
    for path, letter in sorted(session.branch.changed_if_known().items()):
        is_page = letter != "D" and path.endswith(".md") and is_on_site(session, path)
        if not is_page or not session.tree.exists(path):
            continue
        data = session.tree.read(path)
        if any(mark in data for mark in _MARKS):
            for link in recall_page(session, path, data).links:
                yield from _dead(session, link)


def _dead(session: Session, link: Link) -> Iterator[DeadLink]:
    if "://" not in link.href or not _VIEW.search(unquote(link.href)):
        return
    for home in _homes(session):
        url = urlsplit(link.href)
        rest = f"{url.netloc}{url.path}"
        found = _VIEW.fullmatch(unquote(rest.removeprefix(home))) if rest.startswith(home) else None
        if found and found["ref"] in _default_branches(session):
            ref, path = found["ref"], found["path"].rstrip("/")
            if not _is_there(session, ref, path):
                yield DeadLink(link, path, ref)
            return


def _is_there(session: Session, ref: str, path: str) -> bool:
    """True where the branch or the default branch has a file or folder, from git's top folder."""
    if session.tree.exists(path) or any(
        name.startswith(f"{path}/") for name in session.tree.listed
    ):
        return True
    names = (f"refs/remotes/origin/{ref}", f"refs/heads/{ref}")
    tips = [name for name in names if _has(session, name)]
    # Where the default branch cannot be seen, it may have the file.
    return not tips or any(
        _has(session, f"{side}:{path}") for side in (session.tree.commit or "", *tips)
    )


def _has(session: Session, name: str) -> bool:
    return git(session.root, "cat-file", "-e", name) is not None


def is_of_repository(session: Session, href: str) -> bool:
    """True for a URL below an address of the repository."""
    url = urlsplit(href)
    if not url.netloc:
        return False
    return any(f"{url.netloc}{url.path}".startswith(f"{home}/") for home in _homes(session))


@once
def _homes(session: Session) -> list[str]:
    """The addresses of the repository, without a scheme: `origin`'s and the site's."""
    origin = git(session.root, "config", "--get", "remote.origin.url") or b""
    try:
        site = read_site(session)
    except Unreadable:
        site = None
    named = site.settings.get("repo_url") if site else None
    found = (_home(url) for url in (os.fsdecode(origin), named) if isinstance(url, str))
    return [home for home in found if home]


def _home(url: str) -> str:
    url = url.strip().removesuffix("/").removesuffix(".git")
    if url.startswith(("http://", "https://")):
        parts = urlsplit(url)
        return f"{parts.netloc.rpartition('@')[2]}{parts.path}"
    found = _SSH.fullmatch(url)
    return f"{found[1]}/{found[2]}" if found else ""


@once
def _default_branches(session: Session) -> set[str]:
    head = git(session.root, "symbolic-ref", "-q", "--short", "refs/remotes/origin/HEAD")
    named = [os.fsdecode(head or b"").strip(), session.config["base"] or ""]
    names = {name.removeprefix("origin/") for name in named} - {""}
    return names if head else {*names, "main", "master"}


def address_of(session: Session, page: FeaturePage, path: str) -> str | None:
    """The address of a file, as the page's other links have it; None where that is not certain."""
    for link in page.page.links:
        url = link.href.partition("#")[0]
        found = _VIEW.search(url) if "://" in url else None
        if found and session.tree.exists(unquote(found["path"])):
            return url[: found.start("path")] + path
    for home in _homes(session):
        form = next((form for name, form in _FORMS.items() if name in home.partition("/")[0]), None)
        branches = sorted(_default_branches(session))
        if form and len(branches) == 1:
            return f"https://{home}/{form}/{branches[0]}/{path}"
    return None
