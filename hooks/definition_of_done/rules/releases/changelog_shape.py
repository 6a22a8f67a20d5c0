"""changelog-shape: a changelog page has its seven sections, filled in. Contract 7.3 and 7.7."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.project.without import left_out
from definition_of_done.rules.releases.subjects import CHANGELOG_PAGE
from definition_of_done.rules.sample import release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.docs.kept_changelog import KeptChangelog
    from definition_of_done.project.releases.changelog import ChangelogPage


@rule(
    id="changelog-shape",
    contract="7.3",
    summary="a changelog page names its version and has its seven sections, filled in",
    why="Support, sales and the frontend read the page and not the diff;"
    " a section that is missing is a question on the day of the deploy.",
    subject=CHANGELOG_PAGE,
    box=boxes.CHANGELOG,
    proves=True,
    settings=("changelog-extra-sections", "bump-command", "without"),
    fixes=True,
    good=release(),
    bad=release(old="## Migrations\n\nNone\n\n"),
)
def check(changelog: ChangelogPage | KeptChangelog, settings: Config) -> Iterator[Finding]:
    from definition_of_done.project.releases.changelog import ChangelogPage, asked_sections
    from definition_of_done.project.releases.page_shape import (
        order_faults,
        own_faults,
        section_faults,
        title_faults,
    )

    if not isinstance(changelog, ChangelogPage):
        from definition_of_done.project.releases.kept_shape import kept_faults

        yield from kept_faults(changelog, settings["changelog-extra-sections"])
        return
    yield from title_faults(changelog)
    asked = asked_sections(left_out(settings))
    bump = settings["bump-command"]
    yield from order_faults(changelog, settings["changelog-extra-sections"], asked, bump)
    for section in changelog.named:
        yield from section_faults(section, bump)
    yield from own_faults(changelog, bump)
