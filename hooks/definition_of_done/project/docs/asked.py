"""The open questions of the branch's feature pages, and the code that must wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.engine.session import Session
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.layout import is_feature_page, is_site_file

if TYPE_CHECKING:
    from definition_of_done.readers.markdown import Line


class Asked(NamedTuple):
    """An open question on a page of the branch, and the code that the branch changes."""

    question: Line
    code: tuple[str, ...]


def read_asked(session: Session) -> list[Asked]:
    """The open questions on the branch's pages, none where it changes nothing but documents.

    A page is the branch's where it adds or changes it, or where it names what the branch adds.
    Raises NotEvaluated where there is no base, and Unreadable for a file that cannot be read.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    code = tuple(path for path in sorted(changed) if _is_code(session, path))
    if not code:
        return []
    pages = [path for path in session.tree.tracked if is_feature_page(session, path)]
    # A table may be added to a file that was there.
    may_add = any(letter != "D" and path.endswith(".py") for path, letter in changed.items())
    named = set(_naming(session)) if pages and may_add else set()
    own = [
        path for path in pages if (path in changed or path in named) and session.tree.exists(path)
    ]
    if not own:
        return []
    from definition_of_done.project.docs.questions import open_questions

    return [
        Asked(question, code)
        for path in own
        for question in open_questions(feature_page_of(session, path))
    ]


def _naming(session: Session) -> Iterator[str]:
    """The pages that name what the branch adds."""
    from definition_of_done.project.docs.page_words import page_words
    from definition_of_done.project.docs.plans import names_any, read_additions

    added = read_additions(session)
    for path, words in page_words(session).items():
        if names_any(words, added):
            yield path


def _is_code(session: Session, path: str) -> bool:
    """Whether a path is no document: outside of the docs folder, no Markdown, not the nav."""
    docs = session.config["features"].partition("/")[0]
    return not path.startswith(f"{docs}/") and not (
        path.endswith(".md") or is_site_file(session, path) or session.config.excludes(path)
    )
