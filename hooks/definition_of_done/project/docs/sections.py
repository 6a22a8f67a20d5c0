"""The sections of a page: their names, in other words, too, and what each of them holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project import without
from definition_of_done.readers.page import Heading, Link, ListItem, Piece, Section
from definition_of_done.readers.stubs import Stub, find_stubs, says_none, says_nothing

IN_SCOPE, OUT_OF_SCOPE = "In scope", "Out of scope"
PROBLEM, QUESTIONS = "Problem / motivation", "Open questions"
DATA_MODEL, RBAC = "Data model changes", "RBAC"
SURFACE, CRON, FRONTEND = "GraphQL surface", "Background tasks / cron", "Frontend contract"
DELTAS = "What's being implemented"
SHIPPED, FUTURE = "What shipped", "Future additions"
# The sections of a plan, each with its other names in the contract.
SECTIONS: dict[str, tuple[str, ...]] = {
    PROBLEM: ("Problem", "Motivation"),
    IN_SCOPE: (),
    OUT_OF_SCOPE: (),
    DATA_MODEL: (),
    SURFACE: (),
    RBAC: (),
    CRON: ("Background tasks", "Cron"),
    FRONTEND: ("Frontend impact",),
    QUESTIONS: (),
    DELTAS: ("What is being implemented", "Detail of what is getting done"),
}
# The parts of the contract that a team may do without, by the section about each.
_PARTS = {
    SURFACE: without.GRAPHQL,
    RBAC: without.RBAC,
    CRON: without.TASKS,
    FRONTEND: without.FRONTEND,
}
# A section with one of these headings is meant only where none has a name of the contract.
_OTHER_WORDS = {
    PROBLEM: "Background; Business need; Business case",
    IN_SCOPE: "Scope; Goals; What is in scope; What is in; Explicitly in scope; Scope: in;"
    " Within scope; Included; Included in this feature; What is included; What we do;"
    " What we will do; We will; In this release; In this version",
    OUT_OF_SCOPE: "Not in scope; Non goals; What is out of scope; What is not in scope;"
    " What is out; Explicitly out of scope; Explicitly not in scope; Scope: out; Beyond scope;"
    " Outside the scope; Not included; What is not included; Excluded; Exclusions; Not doing;"
    " What we are not doing; What we're not doing; What we will not do;"
    " What we won't do; What we do not do; What we don't do; We will not; We won't;"
    " Explicit non goals; Out of scope for now; Not in this release; Not in this version",
    SHIPPED: "What did ship",
    QUESTIONS: "Open points; Open issues; Questions and answers; Open questions and answers; Q&A;"
    " Open questions / decisions; Open items; Still open; To be decided; To clarify; Unresolved",
    SURFACE: "Queries and mutations",
    DELTAS: "What is implemented; What gets done; What gets built; Files; Files changed;"
    " Work items",
    CRON: "Background work; Background processing",
    FUTURE: "Not yet",
}
# So is one whose heading consists of words of a section, at least one of them a key: those
# before the colon. Words that every heading may hold are left out.
_VOCABULARY = {
    PROBLEM: "context problem motivation why rationale purpose pain: background being built"
    " building business do doing feature matters need now point points solve solving statement"
    " today user users",
    DATA_MODEL: "alembic data database datamodel db migration migrations model models persistence"
    " schema table tables: change changes columns design indexes new",
    SURFACE: "api gql graphql: changes contract endpoints final list mutations operations public"
    " queries resolvers schema surface types",
    RBAC: "access authorisation authorization permission permissions rbac roles:"
    " backfill based changes control menu rights role wiring",
    CRON: "cron jobs schedule scheduled scheduler schedules taskiq tasks worker workers:"
    " async background processing work",
    FRONTEND: "fe frontend ui: changes contract do handoff has impact must needs notes"
    " requirements team up wire wiring work",
    QUESTIONS: "question questions: answered open resolved unanswered unresolved",
    DELTAS: "being changes changing deltas detail details getting implement implementation"
    " implementing will: be built code concrete done file implemented notes plan technical",
    SHIPPED: "built delivered implemented landed released shipped:"
    " actually been final finally has have was were",
    FUTURE: "deferred follow followup followups future later next postponed:"
    " additions comes ideas improvements possible steps up ups work",
}
_FILLERS = frozenset("a an are as for in is it of on our s the this to v we were what with".split())
_BOTH_SCOPES = ("In scope / out of scope", "Scope")
_LABELS = {
    IN_SCOPE: "In; Yes",
    OUT_OF_SCOPE: "Out; No",
}
_NUMBER = regex(
    r"\A(?:(?:step|part|section|chapter)\s+|\xa7\s*)?"
    r"(?:\d+(?:\.\d+)*[.):]?|(?:[ivx]+|[a-z])[.):])\s+",
    re.I,
)
_WORD = regex(r"[^\W_]+|[/&+]")
ATTRIBUTES = regex(r"(?<!\s)\s*+\{[^{}]*+\}\Z")
_SPELT = regex("front[- ]end|what['\u2019\u02bc]?s|['\u2019\u02bc]")
_JOINTS = ("/", "&", "+", "and")
# What stands behind the name: a bracket, or a sentence behind a colon or a dash.
_REMARK = regex(r"[(\[]|:\s|\s[-\u2013\u2014]+\s")


def plain(name: str) -> str:
    """Reduce a section's name to its plain form: words in lower case, and `/` between parts."""
    text = _NUMBER.sub("", ATTRIBUTES.sub("", name.strip()))
    words = _WORD.findall(_SPELT.sub(_respelt, text.casefold()))
    joined = " ".join("/" if word in _JOINTS else word for word in words)
    parts = (part.strip() for part in joined.split("/"))
    return "/".join(sorted(filter(None, parts)))


def _respelt(found: re.Match[str]) -> str:
    return {"f": "frontend", "w": "what is"}.get(found[0][0], "")


def _by_plain(names: Mapping[str, str]) -> dict[str, str]:
    return {plain(word): name for name, words in names.items() for word in words.split(";")}


# Most pages have the headings of the contract, and these tables take a millisecond to make.
@cache
def _others() -> dict[str, str]:
    return _by_plain(_OTHER_WORDS)


@cache
def _keys() -> dict[str, tuple[frozenset[str], ...]]:
    return {
        name: tuple(frozenset(part.split()) for part in words.split(":"))
        for name, words in _VOCABULARY.items()
    }


@cache
def _scopes() -> dict[str, str]:
    others = _others().items()
    return {
        **{words: name for words, name in others if name in _LABELS and words != "scope"},
        **{plain(name): name for name in _LABELS},
        **_by_plain(_LABELS),
    }


@cache
def _contract_names() -> dict[str, str]:
    return {
        plain(alias): name
        for name, aliases in (*SECTIONS.items(), (SHIPPED, ()), (FUTURE, ()))
        for alias in (name, *aliases)
    }


_BOTH = frozenset(map(plain, _BOTH_SCOPES))


def section_names(extra: Mapping[str, list[str]]) -> dict[str, str]:
    """Map the plain form of each name and alias of a section to the section's own name.

    `extra` holds the sections and aliases of `feature-sections`.
    """
    known = {**_contract_names()}
    for name, aliases in extra.items():
        meant = known.get(plain(name), name)
        known |= {plain(alias): meant for alias in (name, *aliases)}
    return known


def plan_sections(extra: Mapping[str, list[str]], left_out: Collection[str]) -> list[str]:
    """The names of the sections of a plan: those of the contract, then those of the settings.

    Those about a part that the team does without are left out.
    """
    known = section_names({})
    own = [name for name in extra if plain(name) not in known]
    return [name for name in (*SECTIONS, *own) if is_asked(name, left_out)]


def is_asked(section: str, left_out: Collection[str]) -> bool:
    """True for a section that is about no part which the team does without."""
    return _PARTS.get(section) not in left_out


def meant_section(heading: str, known: Mapping[str, str]) -> str | None:
    """The section that a heading means in other words, None where it means none, or several."""
    remark = _REMARK.search(heading)
    for text in (heading, heading[: remark.start()] if remark else ""):
        words = plain(text)
        name = known.get(words) or _in_other_words(words)
        name = name or _in_other_words(words.replace("/", " "))
        if name:
            return name
        parts = {known.get(part) or _in_other_words(part) for part in words.split("/")}
        found = parts - {None}
        # What stands beside a name of the contract may be anything, but for the questions.
        is_named = any(part in known for part in words.split("/")) and QUESTIONS not in found
        if len(found) == 1 and (None not in parts or is_named):
            return found.pop()
    return None


def _in_other_words(text: str) -> str | None:
    words = {word for word in text.split() if word not in _FILLERS and not word.isdecimal()}
    found = [
        name for name, (keys, more) in _keys().items() if words & keys and words <= keys | more
    ]
    return _others().get(text) or (found[0] if len(found) == 1 else None)


def scope_of(label: str) -> str | None:
    """The scope that a label names, None for any other text."""
    return _scopes().get(plain(label))


def holds_both_scopes(heading: str) -> bool:
    """True for a heading over both lists."""
    return plain(heading) in _BOTH


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
