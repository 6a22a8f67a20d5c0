"""The names of a page's sections: those of the contract, and other words that mean the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from definition_of_done.project import without

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
# The sections that are written before the feature ships.
FINAL_SECTIONS = (SHIPPED, FUTURE)
# A section with one of these headings is meant only where none has a name of the contract.
_OTHER_WORDS = {
    PROBLEM: "Why; The why; Background; Context; Rationale; Purpose; Problem statement;"
    " The problem; Why this is being built; Why we are building this; Why are we building this;"
    " Why this is built; Why now",
    IN_SCOPE: "Scope; Goals; What is in scope",
    OUT_OF_SCOPE: "Not in scope; Non goals; What is out of scope",
    DATA_MODEL: "Data model; Database; Database changes; Schema changes; Model changes; Models;"
    " Migrations; Alembic migrations; Tables",
    SURFACE: "GraphQL; GraphQL API; GraphQL schema; GraphQL changes; API; API surface;"
    " Final GraphQL surface",
    RBAC: "Permissions; Access; Access control; Access rights; RBAC changes",
    CRON: "Background jobs; Background work; Cron jobs; Jobs; Scheduled jobs; Scheduled tasks;"
    " Schedules; Tasks; Taskiq tasks; Worker tasks; Workers",
    FRONTEND: "Frontend; Frontend handoff; Frontend changes; Frontend notes; Frontend work;"
    " Frontend contract / impact; Frontend impact / contract; For the frontend",
    QUESTIONS: "Questions; Open points; Open issues; Unanswered questions",
    DELTAS: "Implementation; Implementation details; Implementation plan; Detail; Details;"
    " Details of what is getting done; What is getting done; What gets done; What is implemented;"
    " What's implemented; What we are implementing; Deltas; Concrete deltas; Changes",
    SHIPPED: "Shipped; What was shipped; What has shipped; What actually shipped;"
    " What we shipped; What was implemented",
    FUTURE: "Future work; Future; Future improvements; Follow-ups; Follow-up; Followups;"
    " Follow-up work; Deferred; Later; Next steps; What's next",
}
_BOTH_SCOPES = ("In scope / out of scope", "Scope")
_LABELS = {
    IN_SCOPE: "In; Included; Goals; Yes",
    OUT_OF_SCOPE: "Out; Excluded; Not included; Not in scope; Non goals; No",
}
_NUMBER = re.compile(r"\A\d+(?:\.\d+)*[.)]?\s+")
_WORD = re.compile(r"[^\W_]+|[/&+]")
_JOINTS = ("/", "&", "+", "and")
# What stands behind the name: a bracket, or a sentence behind a colon or a dash.
_REMARK = re.compile(r"[(\[]|:\s|\s[-\u2013\u2014]+\s")


def plain(name: str) -> str:
    """Reduce a section's name to its plain form: words in lower case, and `/` between parts."""
    text = _NUMBER.sub("", re.sub("['\u2019]", "", name.strip()))
    words = _WORD.findall(text.casefold().replace("front-end", "frontend"))
    joined = " ".join("/" if word in _JOINTS else word for word in words)
    parts = (part.strip() for part in joined.split("/"))
    return "/".join(sorted(filter(None, parts)))


def _by_plain(names: Mapping[str, str]) -> dict[str, str]:
    return {plain(word): name for name, words in names.items() for word in words.split(";")}


_OTHERS = _by_plain(_OTHER_WORDS)
_SCOPES = {plain(name): name for name in (IN_SCOPE, OUT_OF_SCOPE)} | _by_plain(_LABELS)
_BOTH = frozenset(map(plain, _BOTH_SCOPES))


def section_names(extra: Mapping[str, list[str]]) -> dict[str, str]:
    """Map the plain form of each name and alias of a section to the section's own name.

    `extra` holds the sections and aliases of `feature-sections`.
    """
    known = {
        plain(alias): name
        for name, aliases in (*SECTIONS.items(), *((final, ()) for final in FINAL_SECTIONS))
        for alias in (name, *aliases)
    }
    for name, aliases in extra.items():
        meant = known.get(plain(name), name)
        known |= {plain(alias): meant for alias in (name, *aliases)}
    return known


def plan_sections(extra: Mapping[str, list[str]], left_out: Collection[str] = ()) -> list[str]:
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
        name = known.get(words) or _OTHERS.get(words)
        if name:
            return name
        parts = {known.get(part) or _OTHERS.get(part) for part in words.split("/")}
        found = parts - {None}
        # What stands beside a name of the contract may be anything, but for the questions.
        is_named = any(part in known for part in words.split("/")) and QUESTIONS not in found
        if len(found) == 1 and (None not in parts or is_named):
            return found.pop()
    return None


def scope_of(label: str) -> str | None:
    """The scope that a label names, None for any other text."""
    return _SCOPES.get(plain(label))


def holds_both_scopes(heading: str) -> bool:
    """True for a heading over both lists."""
    return plain(heading) in _BOTH
