"""The checks of feature-plan-shape: the title, the date, and the text of each section."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from definition_of_done.base.expressions import regex
from definition_of_done.base.words import nearest
from definition_of_done.engine.finding import Finding
from definition_of_done.project.docs.feature_page import FeaturePage, dates_in
from definition_of_done.project.docs.sections import (
    CRON,
    DATA_MODEL,
    DELTAS,
    FRONTEND,
    FUTURE,
    IN_SCOPE,
    OUT_OF_SCOPE,
    PROBLEM,
    QUESTIONS,
    RBAC,
    SHIPPED,
    SURFACE,
    PageSection,
    holds_both_scopes,
    meant_section,
    plain,
    plan_sections,
    section_names,
)
from definition_of_done.project.page_names import filename_date, filename_slug, names_in_order
from definition_of_done.readers.page import Block, Heading
from definition_of_done.readers.stubs import says_nothing

# A line of a list with letters, which Markdown does not know.
_LETTERED = regex(r"(?:[a-z]|[ivx]{1,4})\.\s")
_SCOPES = (IN_SCOPE, OUT_OF_SCOPE)
Extra = Mapping[str, list[str]]
_ADVICE = {
    PROBLEM: "say in one paragraph what is wrong today and for whom",
    IN_SCOPE: "list what the feature does",
    OUT_OF_SCOPE: "list what the feature leaves out",
    DATA_MODEL: "name each revision, table, column, foreign key and index, or say None",
    SURFACE: "name each new query, mutation, type, input and enum, or say None",
    RBAC: "name the new members, the menu and the backfill, or say None",
    CRON: "name each task, where it lives and when it runs, or say None",
    FRONTEND: "say what the frontend has to wire up, or None",
    QUESTIONS: "list what must be answered before there is code, or say None",
    DELTAS: "link to each file that the feature brings, with its services' methods, or say None",
    SHIPPED: f"list what came of {DELTAS}",
    FUTURE: "list each follow-up with the reason why it waits, or say None",
}


def title_faults(page: FeaturePage) -> Iterator[Finding]:
    """Yield a finding where no level-1 heading holds the words of the filename."""
    slug = filename_slug(page.path)
    words = slug.replace("-", " ").replace("_", " ")
    advice = f'title the page "# {words.capitalize()}"'
    if page.title is None:
        yield Finding(page.start, "the page has no level-1 title", advice, symbol="title")
    elif not names_in_order(page.title.text, slug):
        message = f"the title {page.title.text!r} lacks words of the filename: {words}"
        advice = "name the feature in the title as in the filename"
        yield Finding(page.title.spot, message, advice, symbol="title")


def date_faults(page: FeaturePage) -> Iterator[Finding]:
    """Yield a finding where the page does not name the date of its filename."""
    expected = filename_date(page.path)
    if page.date is None:
        advice = f"write Date: {expected or 'YYYY-MM-DD'} below the title"
        yield Finding(page.start, "the page names no date", advice, symbol="date")
    elif expected and expected not in dates_in(page.date.text):
        message = f"the page is dated {page.date.text}, its filename {expected}"
        yield Finding(page.date.spot, message, f"write Date: {expected}", symbol="date")


def missing_faults(page: FeaturePage, extra: Extra, left_out: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each section that is missing, stands twice or has another level.

    `left_out` are the parts that the team does without.
    """
    # Two names of one section, such as Background tasks and Cron, are two, and GraphQL surface may
    # be repeated as the final list.
    named = [section for section in page.sections if section.name and section.name != SURFACE]
    yield from repeated_faults(named, lambda section: plain(section.heading.text))
    known = section_names(extra)
    # A heading that means another section is no slip of the pen.
    unknown = [
        heading
        for heading in (section.heading.text for section in page.sections if not section.name)
        if not meant_section(heading, known) and not holds_both_scopes(heading)
    ]
    for name in plan_sections(extra, left_out):
        if page.section(name) or (name in _SCOPES and _is_ticked_in_part(page)):
            continue
        headings = (found for found in _headings(page) if known.get(plain(found.text)) == name)
        heading = next(headings, None)
        if heading:
            message = f"section {name} has a heading of level {heading.level}, not 2"
            yield Finding(heading.spot, message, f'write it as "## {name}"', symbol=name)
            continue
        hint = nearest(name, unknown)
        advice = f'add "## {name}"; {section_advice(name)}'
        yield Finding(page.start, f"section {name} is missing{hint}", advice, symbol=name)


def _is_ticked_in_part(page: FeaturePage) -> bool:
    """True where boxes stand below Scope, some of them ticked: what is not ticked is left out."""
    items = [
        item for section in page.sections if section.is_of_both_scopes for item in section.items
    ]
    return all(item.is_task for item in items) and len({item.is_ticked for item in items}) > 1


def repeated_faults(
    sections: list[PageSection], key: Callable[[PageSection], str]
) -> Iterator[Finding]:
    """Yield a finding for each section that stands twice, by the `key` of each."""
    first: dict[str, PageSection] = {}
    for section in sections:
        before = first.setdefault(key(section), section)
        if before is not section:
            name, line = str(section.name), before.heading.spot.line
            message = f"section {name} stands twice, first on line {line}"
            yield Finding(section.heading.spot, message, "merge the two", symbol=name)


def section_faults(section: PageSection) -> Iterator[Finding]:
    """Yield a finding where a known section is empty, has a stub, or lacks what it must hold."""
    name, spot = str(section.name), section.heading.spot
    yield from stub_faults(name, section)
    blocks = section.section.blocks
    kinds = [block.kind for block in blocks if not (block.heading and block.heading.is_of_box)]
    lines = [line.text for block in blocks for line in block.lines]
    texts = [piece.text for piece in section.section.pieces]
    is_list = bool(section.items) or "table" in kinds or any("<li" in text for text in texts)
    is_list |= len(lines) > 1 and all(map(_LETTERED.match, lines))
    if section.is_stub or (name == OUT_OF_SCOPE and _says_nothing("".join(texts))):
        return
    if section.is_empty:
        yield Finding(spot, f"section {name} is empty", section_advice(name), symbol=name)
    elif name in (PROBLEM, IN_SCOPE, OUT_OF_SCOPE) and section.says_none:
        yield Finding(spot, f"section {name} says None", section_advice(name), symbol=name)
    elif name in _SCOPES and not is_list:
        yield Finding(spot, f"section {name} is not a list", section_advice(name), symbol=name)
    elif name == PROBLEM and kinds != ["paragraph"]:
        here = f"{len(kinds)} paragraphs" if set(kinds) == {"paragraph"} else "another kind of text"
        message = f"section {name} is one paragraph, here {here}"
        yield Finding(spot, message, section_advice(name), symbol=name)


def _says_nothing(text: str) -> bool:
    """True for the sentence that nothing is left out; the word None is no answer."""
    return text.strip(" *_").casefold().startswith("nothing") and says_nothing(text)


def stub_faults(name: str, section: PageSection) -> Iterator[Finding]:
    """Yield a finding for each stub of a section."""
    for stub in section.stubs:
        message = f"section {name} holds the stub {stub.text!r}"
        symbol = f"{name} {stub.text}" if section.is_written else name
        yield Finding(stub.spot, message, "write what it stands for", symbol=symbol)


def section_advice(name: str) -> str:
    """Say what belongs into a section."""
    return _ADVICE.get(name, "write what it asks for, or None")


def _headings(page: FeaturePage) -> Iterator[Heading]:
    """Yield the headings of the page, but the titles of its boxes."""
    for section in page.page.sections:
        yield section.heading
        yield from _inner(section.blocks)
    yield from _inner(page.page.preamble)


def _inner(blocks: tuple[Block, ...]) -> Iterator[Heading]:
    return (block.heading for block in blocks if block.heading and not block.heading.is_of_box)
