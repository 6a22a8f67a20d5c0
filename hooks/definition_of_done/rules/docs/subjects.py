"""The subjects of the rules about the site and its final pages."""

from __future__ import annotations

from definition_of_done.engine.rule import RepositorySubject
from definition_of_done.project.docs.plain_pages import may_link
from definition_of_done.project.docs.site import is_on_site
from definition_of_done.project.layout import is_changelog, is_feature_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.docs.final_pages import FinalPage
    from definition_of_done.project.docs.links import SiteLinks
    from definition_of_done.project.releases.nav import Wiring


def _read_wiring(session: Session) -> Wiring | None:
    from definition_of_done.project.releases.nav import read_wiring

    return read_wiring(session)


NAV: RepositorySubject[Wiring | None] = RepositorySubject(
    "nav",
    concerns=is_on_site,
    read=_read_wiring,
    settings=("mkdocs", "features", "changelog", "changelog-style"),
    sights=("NAV_PAGES",),
)


def _read_site_links(session: Session) -> SiteLinks:
    from definition_of_done.project.docs.links import read_site_links

    return read_site_links(session)


LINKS: RepositorySubject[SiteLinks] = RepositorySubject(
    "links of Markdown pages",
    concerns=may_link,
    read=_read_site_links,
    settings=("mkdocs",),
    sights=("MARKDOWN",),
)


def _may_be_final(session: Session, path: str) -> bool:
    return path.endswith(".md") and (
        is_feature_page(session, path)
        or is_changelog(session, path)
        or "roadmap" in path.split("/")
    )


def _read_final_pages(session: Session) -> list[FinalPage]:
    from definition_of_done.project.docs.final_pages import read_final_pages

    return read_final_pages(session)


FINAL_PAGES: RepositorySubject[list[FinalPage]] = RepositorySubject(
    "feature pages that have shipped",
    concerns=_may_be_final,
    read=_read_final_pages,
    settings=("features", "changelog", "changelog-style"),
    sights=("FEATURE_PAGES", "CHANGELOG_PAGES"),
)
