"""frontend-impact-repeated: the changelog repeats the frontend contracts. Contract 7.6."""

from __future__ import annotations

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.releases.subjects import FRONTEND
from definition_of_done.rules.sample import release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.repeat import Unrepeated


@rule(
    id="frontend-impact-repeated",
    contract="7.6",
    summary="the changelog repeats the frontend contract of each feature that it adds",
    why="The frontend team reads the changelog of the version that it moves to, and wires up what"
    " stands there; what stands only on a feature page is found when a screen is empty.",
    subject=FRONTEND,
    part=without.FRONTEND,
    box=boxes.CHANGELOG,
    due=DONE,
    fixes=True,
    good=release(),
    bad=release(old="The vendor page lists the open credits.", new="None"),
)
def check(unrepeated: list[Unrepeated]) -> Iterator[Finding]:
    from definition_of_done.project.releases.changelog import IMPACT, no_fix

    for path, heading, line, spot, is_released, edits in unrepeated:
        message = f"Frontend impact lacks what {path}:{line.number} says: {line.text!r}"
        advice = f"repeat the section {heading} of the feature page"
        unfixed = no_fix(is_released, "a part stands there, or a link would break")
        advice += ", or run with --fix" if edits else unfixed
        begun = Begun(spot.path, path.rpartition("/")[2])
        follows = [("changelog-shape", spot.path, IMPACT)]
        yield Finding(spot, message, advice, symbol=path, edits=edits, begun=begun, follows=follows)
