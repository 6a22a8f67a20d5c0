"""The Versioning notes of a changelog page: the bump that they name, and what is not the page's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.releases.steps import LEVELS, NAMES
from definition_of_done.project.schemes import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot
    from definition_of_done.project.docs.sections import PageSection
    from definition_of_done.project.releases.changelog import ChangelogPage

# A command that bumps, however it is started: the team's, its package manager's, a tool's.
_BUMP = regex(
    r"(?<![a-z])bump(?![a-z])|bump(?:ver|2?version)"
    r"|\bversion (?:--\w+ )?(?:major|minor|patch|v?[0-9]+\.[0-9])",
    re.I,
)
_VERSION = r"v?([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?)(?![\w+-]|\.\d)"
_NAMED = regex(rf"(?<![\w.]){_VERSION}")
_BUMPED = regex(
    rf"\b(?:(?:bumped|released|published|tagged)\b(?:(?!\. ).){{0,99}}?\b(?:to|as)"
    rf"|this (?:is|release is))\s+(?:version\s+)?{_VERSION}",
    re.I,
)
_LEVEL = regex(r"\b(major|minor|patch)\b", re.I)
_STEP = regex(r"\b(major|minor|patch)[ -](?:release|bump|version|step)\b", re.I)
# The step alone: A patch. This is a patch, as the schema stays.
_ALONE = regex(
    r"\W{0,9}(?:(?:(?:this|it|the release|this release) (?:is|was)|released as) )?"
    r"(?:just |merely )?an? (major|minor|patch)[.;:!]",
    re.I,
)
# A sentence with one of these may speak of another release.
_ASIDE = regex(
    r"\b(?:no|not|never|neither|nor|instead|rather|than|next|later|would|could|previous|last|earlier"
    r"|before|after|since|without|if|until|unless|only|every|each|any|once|than|future|upcoming)\b",
    re.I,
)
_SENTENCE = regex(r"(?:(?![.;] ).)+[.;]?", re.S)


class WrongName(NamedTuple):
    """A version or a step that the notes name, with what the page has instead."""

    spot: Spot
    named: str
    instead: str


def bumps(code: str, bump: str) -> bool:
    """True for the bump command of the settings, its name alone, or any other bump command."""
    name = bump.split()[0].rpartition("/")[2].rpartition(".")[0] or bump if bump.strip() else ""
    is_own = bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", code)
    return bool(bump in code or is_own or _BUMP.search(code))


def wrong_names(page: ChangelogPage, section: PageSection, bump: str) -> list[WrongName]:
    """The names in the notes that are not the page's; `bump` is the command of the settings."""
    return [*_versions(page, section, bump)] or [*_steps(page, section, bump)][:1]


def _versions(page: ChangelogPage, section: PageSection, bump: str) -> Iterator[WrongName]:
    instead = f"the page is of {page.version}"
    for piece in section.section.pieces:
        if piece.kind == "code":
            named = _NAMED.findall(piece.text) if bumps(piece.text, bump) else []
            if named and not any(same(version, page.version) for version in named):
                yield WrongName(piece.spot, f"version {named[0]}", instead)
            continue
        for found in _BUMPED.finditer(piece.text):
            if not same(found[1], page.version):
                spot = piece.spot.moved(found.start())
                yield WrongName(spot, f"version {found[1]}", instead)


def _steps(page: ChangelogPage, section: PageSection, bump: str) -> Iterator[WrongName]:
    if page.step is None:
        # semver-level reports a version that is no step from the last one.
        return
    own = NAMES[page.step]
    instead = f"{page.version} is a {own} one from {page.last}"
    code = [
        (piece.spot, found[1].lower())
        for piece in section.section.pieces
        if piece.kind == "code" and bumps(piece.text, bump) and not _NAMED.search(piece.text)
        for found in _LEVEL.finditer(piece.text)
    ]
    # Several commands may lead to the version.
    if own not in [name for _, name in code]:
        for spot, name in code:
            yield WrongName(spot, f"a {name} step", instead)
    for piece in section.section.pieces:
        for sentence in _SENTENCE.finditer(piece.text) if piece.kind == "text" else ():
            text = sentence[0]
            found = None if _ASIDE.search(text) else _STEP.search(text) or _ALONE.match(text)
            if found and found[1].lower() in LEVELS and found[1].lower() != own:
                spot = piece.spot.moved(sentence.start() + found.start())
                yield WrongName(spot, f"a {found[1].lower()} step", instead)
