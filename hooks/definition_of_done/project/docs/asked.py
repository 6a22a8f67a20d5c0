"""The branch's code waits for answers to the open questions of its feature pages."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.docs.section_names import QUESTIONS
from definition_of_done.project.layout import is_feature_page, is_site_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.project.docs.feature_page import FeaturePage
    from definition_of_done.readers.page import Line


class OpenQuestion(NamedTuple):
    """An open question on a page of the branch, with the code that the branch changes."""

    question: Line
    code: tuple[str, ...]


def read_open_questions(session: Session) -> list[OpenQuestion]:
    """Read the open questions on the branch's pages; a branch of documents only has none.

    Where the run looks ahead, it has.

    A page is the branch's if the branch adds or changes it, or if it names what the branch adds.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    code = tuple(path for path in sorted(changed) if _must_wait(session, path))
    if not (code or session.looks_ahead):
        return []
    pages = [path for path in session.tree.tracked if is_feature_page(session, path)]
    # A table may be added to a file that was there.
    may_add = any(letter != "D" and path.endswith(".py") for path, letter in changed.items())
    naming = set(_naming_pages(session)) if pages and may_add else set()
    own = [
        path for path in pages if (path in changed or path in naming) and session.tree.exists(path)
    ]
    asking = [page for page in (feature_page_of(session, path) for path in own) if _may_ask(page)]
    if not asking:
        return []
    from definition_of_done.project.docs.questions import open_questions

    return [OpenQuestion(question, code) for page in asking for question in open_questions(page)]


def _may_ask(page: FeaturePage) -> bool:
    section = page.section(QUESTIONS)
    return section is not None and not section.says_none


def _naming_pages(session: Session) -> Iterator[str]:
    """Yield the pages that name what the branch adds."""
    from definition_of_done.project.docs.page_words import page_words
    from definition_of_done.project.docs.plans import names_on, read_additions

    added = read_additions(session)
    for path, words in page_words(session).items():
        if any(names_on(words, added)):
            yield path


def _must_wait(session: Session, path: str) -> bool:
    """True for all but documents: files of the docs folder, Markdown, the site's own file."""
    docs = session.config["features"].partition("/")[0]
    return not path.startswith(f"{docs}/") and not (
        path.endswith(".md") or is_site_file(session, path) or session.config.excludes(path)
    )
