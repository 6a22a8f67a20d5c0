"""docs-links-resolve: links between Markdown pages lead somewhere. Contract 2.2 and 6.5."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.docs.subjects import LINKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.links import SiteLinks
    from definition_of_done.project.docs.plain_links import Broken


def _home(target: str) -> dict[str, str | None]:
    """Write the first page of the sample's site, with a link."""
    return {"docs/index.md": f"# Sample backend\n\nWhat comes next: the [roadmap]({target}).\n"}


@rule(
    id="docs-links-resolve",
    contract="6.5",
    summary="links, images and anchors of Markdown pages resolve, as on the site or the forge",
    why="A reviewer navigates the diff from the links of the page;"
    " one that is broken also stops the strict build, and with it the deploy of the site.",
    subject=LINKS,
    box=boxes.NAV,
    proves=True,
    good=_home("roadmap/index.md"),
    bad=_home("roadmap/overview.md"),
)
def check(links: SiteLinks) -> Iterator[Finding]:
    for link, path, branch in links.dead:
        message = f"link to {link.href}: there is no {path} on {branch}"
        advice = "correct the address: neither that branch nor this one has the file"
        # A plan links to the code that is still to be written.
        begun = None if path.endswith(".md") else Begun(link.spot.path, link.href)
        yield Finding(link.spot, message, advice, symbol=link.href, begun=begun)
    for link, broken, is_legacy in links.broken:
        fault, advice = _fault_and_advice(broken)
        kind = "image" if link.is_image else "link"
        message = f"{kind} to {link.href}: {fault}"
        beside = join(dirname(link.spot.path), link.href.partition("#")[0])
        follows = [("plan-never-deleted", normpath(beside), "")]
        yield Finding(
            *(link.spot, message, advice), symbol=link.href, is_legacy=is_legacy, follows=follows
        )
    if links.unjudged:
        raise NotEvaluated(f"how links resolve is not known: {'; '.join(links.unjudged)}")


def _fault_and_advice(broken: Broken) -> tuple[str, str]:
    instead = f"did you mean {broken.nearest}?" if broken.nearest else ""
    if broken.kind == "untracked":
        return f"git does not track {broken.target}", "git add it"
    if broken.kind == "outside":
        advice = f"link to {broken.target} by the repository's URL"
        return "it leads out of the site's folder", advice
    if broken.kind == "folder":
        return "it names no page", instead or "name the file of a page"
    if broken.kind == "anchor":
        return f"{broken.target} has no #{broken.anchor}", instead or "name a heading of that page"
    return f"there is no {broken.target}", instead or "write it, or link to another page"
