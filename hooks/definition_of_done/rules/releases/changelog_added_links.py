"""changelog-added-links: each bullet under Added leads to its feature page. Contract 7.4."""

from __future__ import annotations

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.releases.subjects import ADDED
from definition_of_done.rules.sample import release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.features import AddedFaults


@rule(
    id="changelog-added-links",
    contract="7.4",
    summary="every bullet under Added links to a feature page, and the branch's feature is one",
    why="The changelog says in a line what is new; who wants to know why, for whom and with which"
    " limits is one click away from the answer.",
    subject=ADDED,
    box=boxes.CHANGELOG,
    good=release(),
    bad=release(
        old="[Vendor credits](../feature/2026-05-24-vendor-credits.md)", new="Vendor credits"
    ),
)
def check(added: AddedFaults) -> Iterator[Finding]:
    for item, target, hint, is_legacy in added.unlinked:
        name = item.text if len(item.text) <= 60 else f"{item.text[:57]}..."
        message = f"{name!r} links to no feature page"
        if target:
            message = f"{name!r} links to {target}, which is not tracked{hint}"
        advice = "link it to its page among the feature pages"
        follows = [("docs-links-resolve", item.spot.path, link.href) for link in item.links]
        yield Finding(
            *(item.spot, message, advice),
            symbol=item.text,
            is_legacy=is_legacy,
            follows=follows if target else (),
        )
    for spot, path in added.left_out:
        message = f"{path} does not stand under Added, and the branch brings what it plans"
        begun = Begun(spot.path, path.rpartition("/")[2])
        # A section that is missing or empty has no line at all.
        follows = [("changelog-shape", spot.path, "Added")]
        advice = "add a line with a link to it"
        yield Finding(spot, message, advice, symbol=path, begun=begun, follows=follows)
