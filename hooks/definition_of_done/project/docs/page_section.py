"""A section of a feature page or of a changelog page as facts."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.project.docs.section_names import holds_both_scopes
from definition_of_done.readers.page import Heading, Link, ListItem, Piece, Section
from definition_of_done.readers.stubs import Stub, find_stubs, says_none, says_nothing


class PageSection(NamedTuple):
    """A section. `name` is spelt as in the contract or the settings, None if unknown there.

    On a feature page, a heading in other words has a name where no section has the contract's name.
    `items` are the items of its lists, `code` is its inline code. A section with both scopes is
    followed by a section for each of them, which starts at a level-3 heading, a label or a cell.
    """

    name: str | None
    heading: Heading
    is_empty: bool
    says_none: bool
    stubs: tuple[Stub, ...]
    items: tuple[ListItem, ...]
    links: tuple[Link, ...]
    code: tuple[Piece, ...]
    section: Section

    @property
    def is_written(self) -> bool:
        """True where the section holds more than a stub."""
        return not (self.is_empty or self.is_stub)

    @property
    def is_stub(self) -> bool:
        """True where the section holds a stub, and neither code nor links."""
        return bool(self.stubs) and not self.code and not self.links

    @property
    def says_nothing(self) -> bool:
        """True where the section says None, in other words, too."""
        return says_nothing("".join(piece.text for piece in self.section.pieces))

    @property
    def is_list(self) -> bool:
        """True where the section holds lists, and nothing else."""
        blocks = self.section.blocks
        return bool(blocks) and all(block.kind == "list" for block in blocks)

    @property
    def is_of_both_scopes(self) -> bool:
        """True where the heading stands over both lists."""
        return holds_both_scopes(self.heading.text)

    @property
    def all_items(self) -> Iterator[ListItem]:
        """The items and all that are nested in them, in the order of the page."""
        for item in self.items:
            yield from item.all_items


def page_section(name: str | None, section: Section) -> PageSection:
    """The facts of a section with this name."""
    blocks = section.blocks
    return PageSection(
        name,
        section.heading,
        section.is_empty,
        says_none(section.pieces),
        tuple(find_stubs(section.pieces)),
        tuple(item for block in blocks for item in block.items),
        tuple(link for block in blocks for link in block.links),
        tuple(piece for piece in section.pieces if piece.kind == "code"),
        section,
    )
