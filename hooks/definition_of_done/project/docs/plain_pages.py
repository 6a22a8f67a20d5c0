"""The Markdown pages outside of a site, which a forge shows as they stand."""

from __future__ import annotations

from definition_of_done.project.docs.site import is_on_site
from definition_of_done.project.layout import MARKDOWN, is_test, site_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session

# Their pages are others', or are filled in where they are used.
_OTHERS = (
    *("node_modules", "vendor", "third_party", "site-packages"),
    *("templates", "fixtures", "__fixtures__", "testdata", "test-data", "snapshots"),
)
_FORMS = ("pull_request_template", "issue_template")
_LINKS = (b"](", b"]:")


def may_link(session: Session, path: str) -> bool:
    """True for what is on a site, a page with links, and a file that is gone."""
    if is_on_site(session, path) or not session.tree.exists(path):
        return True
    if not is_plain_page(path):
        return False
    data = session.tree.read(path)
    return any(link in data for link in _LINKS)


def plain_pages(session: Session) -> Iterator[str]:
    """Yield the pages that are there, and on no site of the settings."""
    has_site = session.tree.exists(site_path(session))
    for path in session.tree.tracked:
        if not is_plain_page(path) or (has_site and is_on_site(session, path)):
            continue
        if session.tree.exists(path):
            yield path


def is_plain_page(path: str) -> bool:
    """True for a Markdown page that a forge shows as it stands."""
    if not path.endswith(MARKDOWN) or "{{" in path or is_test(path):
        return False
    parts = path.lower().split("/")
    # A tool reads what is in a hidden folder, from the top of the project.
    return not any(
        part in _OTHERS or part.startswith(_FORMS) or (part[0] == "." and part != ".github")
        for part in parts
    )
