"""feature-page-final: a page that shipped closes the loop. Contract 6.1, 6.2 and 6.3."""

from __future__ import annotations

from definition_of_done.engine.finding import Begun, Finding, Lack
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.docs.subjects import FINAL_PAGES
from definition_of_done.rules.sample import shipped_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.final_pages import FinalPage


@rule(
    id="feature-page-final",
    contract="6.1",
    summary="a page that the changelog links to says what shipped, and why the rest waits",
    why="The page is the documentation from then on: what was planned and is in neither section"
    " is forgotten, and nobody knows whether it works.",
    subject=FINAL_PAGES,
    box=boxes.FINAL_PAGE,
    proves=True,
    due=DONE,
    good=shipped_page(": waits for the payment run", " waits for the payment run"),
    bad=shipped_page(": waits for the payment run"),
)
def check(pages: list[FinalPage]) -> Iterator[Finding]:
    from definition_of_done.project.docs.plan_shape import section_advice

    for final in pages:
        proof = f", and {final.changelog} links to the page" if final.changelog else ""
        begun = Begun(final.changelog, final.page.start.path.rpartition("/")[2])
        lacking = [
            *((name, final.page.start, "missing", f'add "## {name}"; ') for name in final.missing),
            *((*unwritten, "") for unwritten in final.unwritten),
        ]
        for name, spot, fault, start in lacking:
            advice = f"{start}{section_advice(name)}"
            message = f"section {name} is {fault}{proof}"
            follows = [("feature-plan-shape", final.page.path, name)]
            yield Finding(spot, message, advice, symbol=name, begun=begun, follows=follows)
        for thing in final.lost:
            message = f"{thing.text} is in neither What shipped nor Future additions"
            advice = "to one of them; under Future additions with a reason"
            # What one line plans is one thing.
            line = f"{thing.spot.path}:{thing.spot.line}"
            start = "neither What shipped nor Future additions names"
            lack = Lack(start, thing.text, f"move each {advice}", group=line)
            yield Finding(
                *(thing.spot, message, f"move it {advice}"),
                symbol=thing.text,
                begun=begun,
                lack=lack,
            )
        for section in final.prose:
            message = f"section {section.name} is not a list"
            advice = (
                "list each follow-up with the reason why it waits; where there is none, say None"
            )
            spot = section.heading.spot
            yield Finding(spot, message, advice, symbol=str(section.name), begun=begun)
        for later in final.unexplained:
            message = f"{later.name!r} does not say why it waits"
            advice = "add one line on why it is deferred, after a colon"
            yield Finding(later.spot, message, advice, symbol=later.name, begun=begun)
        for later, path in final.unlinked:
            name = later.name.partition(":")[0]
            message = f"{name!r} has a page of its own, {path}, and does not link to it"
            yield Finding(later.spot, message, "link to it", symbol=later.name, begun=begun)
        for link in final.dead:
            message = f"the link to {link.href} leads to no page of the roadmap"
            yield Finding(
                *(link.spot, message, "correct it, or write the page"),
                symbol=link.href,
                begun=begun,
                follows=[("docs-links-resolve", link.spot.path, link.href)],
            )
