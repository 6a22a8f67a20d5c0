"""The feature pages that the branch adds or changes, and those that have shipped."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from definition_of_done.base.text import path_of
from definition_of_done.engine.session import Session, once
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.features_named import retold_links, shipped_links
from definition_of_done.project.docs.mentions import mentions_of
from definition_of_done.project.docs.page_words import Words, page_words
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.section_names import DELTAS, SHIPPED
from definition_of_done.project.layout import is_changelog, is_changelog_page, is_feature_page
from definition_of_done.readers.page import Link, Page


@once
def branch_pages(session: Session) -> list[FeaturePage]:
    """Read the pages that the branch adds, then those that it changes, each newest first.

    A project without feature pages needs no base.
    """
    if not any(is_feature_page(session, path) for path in session.tree.tracked):
        return []
    changed = session.branch.changed_or_nothing()
    paths = [
        path for path, letter in changed.items() if letter != "D" and is_feature_page(session, path)
    ]
    paths.sort(reverse=True)
    paths.sort(key=lambda path: changed[path] != "A")
    return [feature_page_of(session, path) for path in paths]


def other_words(session: Session) -> list[Words]:
    """The words of each feature page that the branch does not touch, and that may plan it."""
    own = {page.path for page in branch_pages(session)}
    return [words for path, words in page_words(session).items() if path not in own]


@once
def final_pages(session: Session) -> list[FeaturePage]:
    """The pages of the branch in their final form: the changelog adds them, or What shipped says.

    A page that has not shipped may name what is still to be written. Where the run looks ahead,
    that is due, too.
    """
    pages = branch_pages(session)
    final = shipped(session, [page.path for page in pages])
    return [
        page
        for page in pages
        if page.path in final
        or _says_what_shipped(page)
        or (session.looks_ahead and _is_built(session, page))
    ]


def _is_built(session: Session, page: FeaturePage) -> bool:
    """True for a page that the branch adds, or that lists a file which the branch adds."""
    changed = session.branch.changed
    if changed[page.path] == "A":
        return True
    deltas = mentions_of([page], DELTAS)
    return any(deltas.has_path(path) for path, letter in changed.items() if letter == "A")


def _says_what_shipped(page: FeaturePage) -> bool:
    sections = page.all_sections(SHIPPED)
    return any(section.is_written and not section.says_none for section in sections)


def shipped(session: Session, pages: Collection[str]) -> dict[str, str]:
    """Return the pages that the changelog adds, each with a changelog page that does.

    A page that another section or bullet mentions is not thereby shipped, but for one that the
    branch brings with its code: what adds nothing stands under Changed or Fixed. Only filenames are
    compared: they hold a date, and a link may lead to the site.
    """
    names = {path.rpartition("/")[2].removesuffix(".md"): path for path in pages}
    # A bullet may be about any other feature page, too.
    known = {
        path.rpartition("/")[2].removesuffix(".md")
        for path in session.tree.tracked
        if is_feature_page(session, path)
    }
    found: dict[str, str] = {}
    for path in session.tree.tracked:
        if not names or not is_changelog(session, path) or not session.tree.exists(path):
            continue
        data = session.tree.read(path)
        # Only a page that holds the name can link to it.
        if not any(name.encode() in data for name in names):
            continue
        page = session.cache.keep(f"links of {path}", partial(recall_page, session, path, data))
        for entry in _entries(session, path, page):
            for link in shipped_links(entry, lambda link: _page_name(link) in known):
                name = _page_name(link)
                if name in names:
                    found.setdefault(names[name], path)
            for link in retold_links(entry, lambda link: _page_name(link) in known):
                own = names.get(_page_name(link))
                if own and _comes_with_code(session, own, path):
                    found.setdefault(own, path)
    return found


def _comes_with_code(session: Session, page: str, changelog: str) -> bool:
    """True for a page that the branch adds beside code that it lists, and to the changelog."""
    changed = session.branch.changed_if_known()
    if changed.get(page) != "A" or changelog not in changed:
        return False
    deltas = mentions_of([feature_page_of(session, page)], DELTAS)
    return any(
        deltas.has_path(path)
        for path, letter in changed.items()
        if letter != "D" and path.endswith(".py")
    )


def _entries(session: Session, path: str, page: Page) -> list[Page]:
    """The page itself, or the entries of one file as pages."""
    if is_changelog_page(session, path):
        return [page]
    from definition_of_done.project.docs.kept_changelog import kept_of

    return [entry.page for entry in kept_of(path, page).entries]


def _page_name(link: Link) -> str:
    href = path_of(link.href).rstrip("/")
    return href.rpartition("/")[2].removesuffix(".md")
