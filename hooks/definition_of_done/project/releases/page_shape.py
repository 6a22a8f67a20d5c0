"""The checks of changelog-shape: the title, the order of the sections, and the text of each."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.words import listed, nearest
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.project.docs.plan_shape import repeated_faults, stub_faults
from definition_of_done.project.docs.sections import PageSection
from definition_of_done.project.releases.changelog import SECTIONS, ChangelogPage, no_fix
from definition_of_done.project.releases.notes import bumps, wrong_names
from definition_of_done.project.releases.plain_words import jargon
from definition_of_done.project.schemes import names_version

_ADVICE = {
    "Highlights": "say in 1 to 3 bullets what a non-engineer gets",
    "Added": "link to the page of each feature, or say None",
    "Migrations": "list each revision of the release and each script to run, or say None",
    "Frontend impact": "repeat what the feature pages tell the frontend, or say None",
}


def title_faults(page: ChangelogPage) -> Iterator[Finding]:
    """Yield a finding where no level-1 heading names the version of the filename."""
    advice = f'title the page "# {page.version}"'
    if page.title is None:
        message = f"no level-1 heading names version {page.version}"
    elif not names_version(page.title.text, page.version):
        message = f"the title {page.title.text!r} does not name version {page.version}"
    else:
        return
    yield Finding(page.start, message, advice, symbol="title")


def order_faults(
    page: ChangelogPage, extra: list[str], asked: list[str], bump: str
) -> Iterator[Finding]:
    """Yield a finding for each section that is unknown, repeated, missing or out of order.

    `asked` are the sections without which a page is not whole.
    """
    allowed = {name.casefold() for name in extra}
    for section in page.sections:
        text = section.heading.text
        if section.name is None and text.casefold() not in allowed:
            message = f"unknown section {text!r}{nearest(text, SECTIONS)}"
            advice = "rename it, or name it in changelog-extra-sections"
            yield Finding(section.heading.spot, message, advice, symbol=text)
    yield from repeated_faults(page.named, lambda section: str(section.name))
    for name in asked:
        if page.section(name) is None:
            advice = f'add "## {name}"; {_advice(name, bump)}'
            yield Finding(page.start, f"section {name} is missing", advice, symbol=name)
    if not page.is_in_order:
        yield _misplaced(page)


def _misplaced(page: ChangelogPage) -> Finding:
    ranks = page.ranks
    at = next(at for at, rank in enumerate(ranks) if rank < max(ranks[: at + 1]))
    before = SECTIONS[max(ranks[:at])]
    section = page.named[at]
    edits = page.sorting_edits() if page.is_released is False else ()
    message = f"section {section.name} stands behind {before}"
    advice = f"put the sections in this order: {', '.join(SECTIONS)}"
    if not edits:
        fault = "a section stands twice or a title stands between"
        advice += no_fix(page.is_released, fault)
    return Finding(
        section.heading.spot, message, advice, symbol=f"order {section.name}", edits=edits
    )


def own_faults(page: ChangelogPage, bump: str) -> Iterator[Finding]:
    """Yield a finding for each highlight that only engineers read, and for notes that mislead.

    Only a page that the branch writes is judged so.
    """
    if not page.is_own:
        return
    for spot, names in jargon(page):
        shown = listed([repr(name) for name in names])
        message = f"a highlight names {shown}, which only an engineer knows"
        advice = "say what a user gets, in words that anybody reads"
        yield Finding(spot, message, advice, symbol=f"highlight {names[0]}")
    notes = page.section("Versioning notes")
    if notes:
        for spot, named, instead in wrong_names(page, notes, bump):
            message = f"section Versioning notes names {named}, {instead}"
            yield Finding(spot, message, "name what was done", symbol=f"notes {named}")
    if notes and page.ordered:
        message = f"section Versioning notes names no deploy order, and {page.ordered}"
        advice = "say what goes first, the code or the migration, or that no order is needed"
        yield Finding(notes.heading.spot, message, advice, symbol="deploy order")


def section_faults(section: PageSection, bump: str) -> Iterator[Finding]:
    """Yield a finding where a known section is empty, has a stub, or lacks what it must hold."""
    name, spot = str(section.name), section.heading.spot
    # A bump leaves a page that is written later.
    begun = Begun(spot.path)
    for finding in stub_faults(name, section):
        finding.begun = begun
        yield finding
    if section.is_stub:
        return
    if section.is_empty:
        advice = _advice(name, bump)
        yield Finding(spot, f"section {name} is empty", advice, symbol=name, begun=begun)
    elif name == "Highlights" and (section.says_none or not section.is_list):
        message = "section Highlights is not a list of bullets"
        yield Finding(spot, message, _advice(name, bump), symbol=name)
    elif name == "Highlights" and len(section.items) > 3:
        message = f"section Highlights has {len(section.items)} bullets, at most 3 are read"
        yield Finding(spot, message, "keep the 1 to 3 that matter most", symbol=name)
    elif name == "Versioning notes" and not any(bumps(code.text, bump) for code in section.code):
        message = f"section Versioning notes does not name the bump command {bump!r}"
        yield Finding(spot, message, _advice(name, bump), symbol=name)


def _advice(name: str, bump: str) -> str:
    """Say what belongs into a section."""
    if name == "Versioning notes":
        return f"say how the version was bumped, in code: `{bump}`"
    return _ADVICE.get(name, "write it, or None")
