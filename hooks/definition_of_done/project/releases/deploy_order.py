"""The Versioning notes of a release that takes something away name the order of the deploy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.errors import NotEvaluated, Unreadable, UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.sections import PageSection
from definition_of_done.project.migrations.ancestry.graph import read_history
from definition_of_done.project.migrations.files.migration import read_shared
from definition_of_done.project.migrations.operations.operations import Operation, Steps
from definition_of_done.project.releases.changelog import ChangelogPage
from definition_of_done.project.releases.revisions import release_revisions

# Words by which a sentence tells an order, or that there is none to keep: some of them alone.
_ALONE = regex(
    r"\border|\bcoordinat|\block-?step|downtime|\bmaintenance|\btwo-step|\boutage"
    r"|\b(?:expand|contract)(?:ion)? (?:phase|step)",
    re.I,
)
_ORDER = regex(
    r"\b(?:before(?:hand)?|after(?:wards?)?|first|then|once|until|till|prior|preced\w+|follow\w*"
    r"|sequence\w*|simultaneous\w*|together|alongside|at the same time|ahead|later"
    r"|next|last(?! release)|parallel|whenever|offline|hooks?|shut\w*|scal(?:e|ed|ing)"
    r"|while|whilst|during|finally|steps?|stages?|phases?|constraints?|independent\w*|atomic\w*"
    r"|rolling|stop\w*|drain\w*|restart\w*|(?:pre|post)-?\w*deploy\w*|already|wait\w*|as soon as"
    r"|by then|at once|any ?time|either|whichever|safe\w*"
    r"|compatible|normal\w*|special|automatic\w*|on start\w*|with the)\b",
    re.I,
)
# Words that tell an order only beside one of a deploy.
_RULE = regex(r"\b(?:must|needs? to|has to|have to|when|earlier|usual\w*)\b", re.I)
_DEPLOY = (
    r"deploy|\bmigrat|\broll(?:ed|ing|s)?[ -]?(?:out|back|forward)|\bupgrad|\bship"
    r"|\brun(?:s|ning)?\b|\bappl(?:y|ied|ies)|\balembic|\bdrop|\bvalidat|\blive\b|\bproduction"
    r"|\brelease|\bgo(?:es)? out|\bdowntime|\bmaintenance|\brestart|\bdrain|\bgone\b"
)
_DEPLOYING = regex(_DEPLOY, re.I)
# What is brought out, or what it is brought out upon.
_DEPLOYED = regex(
    rf"{_DEPLOY}|\bcode\b|\bapps?\b|\bapplication|\bapi\b|\bback-?end|\bfront-?end"
    r"|\bclients?\b|\bservers?\b|\bservices?\b|\bworkers?\b|\bpods?\b|\binstances?\b|\bnodes?\b"
    r"|\bprocess(?:es)?\b|\bdatabase|\bschema|\bscripts?\b|\btables?\b|\bcolumns?\b",
    re.I,
)
# A sentence on the version alone.
_BUMP = regex(r"\bbump|\bversioned|\btagged|\b(?:major|minor|patch)\b|\bsemver", re.I)
_RELEASE = regex(r"\brelease", re.I)
_SENTENCE = regex(r"[.;:!?]\s+|\n+")
_NAME = r'\s++(?:if\s++(?:not\s++)?+exists\s++)?+(?:only\s++)?+([\w."]++)'
_ALTERED = regex(rf"\balter\s++(?:table|type){_NAME}", re.I)
# What a statement does by itself, and what one does with the table that it alters.
_WHOLE = (
    ("makes", regex(rf"\bcreate\s++(?:\w++\s++)?(?:table|type){_NAME}", re.I)),
    ("drops table", regex(rf"\bdrop\s++table{_NAME}", re.I)),
    ("drops type", regex(rf"\bdrop\s++type{_NAME}", re.I)),
)
_RENAMED = regex(rf"\brename\s++to{_NAME}", re.I)
_PARTS = (
    ("adds", regex(rf"\badd\s++column{_NAME}", re.I)),
    ("drops column", regex(rf"\bdrop\s++column{_NAME}", re.I)),
    ("validates", regex(rf"\bvalidate\s++constraint{_NAME}", re.I)),
)
_CONSTRAINT = regex(rf"\badd\s++constraint{_NAME}", re.I)
_LATER = (
    ("adds NOT VALID", regex(r"\bnot\s++valid\b", re.I)),
    ("takes an index for", regex(r"\busing\s++index\b", re.I)),
)
_COMMENT = regex(r"--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
_CONSTRAINTS = ("create_foreign_key", "create_check_constraint")


class _Act(NamedTuple):
    """One thing that a migration does; `column` is empty where it is about a whole table."""

    verb: str
    table: str
    column: str = ""

    @property
    def label(self) -> str:
        """The act in words."""
        name = f"{self.table}.{self.column}" if self.column and self.table else ""
        return f"{self.verb} {name or self.column or self.table}"


def names_order(section: PageSection) -> bool:
    """True where a sentence tells the order of the deploy, or that none has to be kept."""
    text = "\n".join(
        " ".join(piece.text for piece in block.pieces if piece.kind == "text")
        for block in section.section.blocks
    )
    return any(map(_tells_order, _SENTENCE.split(text)))


def _tells_order(sentence: str) -> bool:
    if _BUMP.search(sentence):
        sentence = _RELEASE.sub("", sentence)
    is_about_order = _ORDER.search(sentence) and _DEPLOYED.search(sentence)
    is_rule = _RULE.search(sentence) and _DEPLOYING.search(sentence)
    return bool(is_about_order or is_rule or _ALONE.search(sentence))


def _numbers_steps(page: ChangelogPage, section: PageSection) -> bool:
    """True for a numbered list with two steps of a deploy."""
    text = page.page.text
    steps = [
        item
        for block in section.section.blocks
        for item in block.items
        if text.text[text.offset(item.spot.line, item.spot.column)].isdigit()
        and _DEPLOYED.search(" ".join(line.text for line in item.lines))
    ]
    return len(steps) > 1


def lacks_order(page: ChangelogPage) -> bool:
    """True where the page has notes that tell no order."""
    notes = page.section("Versioning notes")
    if notes is None or not notes.is_written:
        return False
    return not (names_order(notes) or _numbers_steps(page, notes))


def ordered_step(session: Session, version: str) -> str:
    """The first step of a release that asks for an order, in words; empty where none is seen."""
    try:
        revisions = release_revisions(session, version) or []
        history = read_history(session) if revisions else None
        paths = {node.revision: node.path for node in history.order} if history else {}
        done = [
            (name, act)
            for name in revisions
            if name in paths
            for act in _acts(read_shared(session, paths[name]).upgrade.steps)
        ]
    except (NotEvaluated, Unreadable, UsageError, OSError):
        return ""
    made = {act[1:] for _, act in done if act.verb in ("makes", "adds")}
    for revision, act in done:
        is_own = act[1:] in made or (act.table, "") in made
        if act.verb not in ("makes", "adds") and not is_own:
            return f"{revision} {act.label}"
    return ""


def _acts(steps: Steps) -> Iterator[_Act]:
    for operation in steps.operations:
        yield from _acts_of(operation)
    for change in steps.types:
        if change.name:
            yield _Act("makes" if change.is_created else "drops type", change.name)
    for text in steps.data:
        for statement in _COMMENT.sub(" ", text or "").split(";"):
            yield from _acts_in(statement)


def _acts_of(operation: Operation) -> Iterator[_Act]:
    table = operation.full_table
    if table is None:
        return
    if operation.name == "create_table":
        yield _Act("makes", table)
    elif operation.name == "rename_table" and operation.target:
        yield _Act("makes", operation.target)
    elif operation.name == "add_column":
        for column in operation.columns:
            yield _Act("adds", table, column.name or "")
    elif operation.is_doubtful:
        # It may ask whether the thing is there at all.
        return
    elif operation.name == "drop_table":
        yield _Act("drops table", table)
    elif operation.name == "drop_column" and operation.target:
        yield _Act("drops column", table, operation.target)
    elif operation.name in _CONSTRAINTS and "postgresql_not_valid" in operation.options:
        yield _Act("adds NOT VALID", table, operation.target or "a constraint")


def _acts_in(statement: str) -> Iterator[_Act]:
    for verb, pattern in _WHOLE:
        for found in pattern.finditer(statement):
            yield _Act(verb, _plain(found[1]))
    altered = _ALTERED.search(statement)
    if altered is None:
        return
    for found in _RENAMED.finditer(statement):
        yield _Act("makes", _plain(found[1]))
    table = _plain(altered[1])
    for verb, pattern in _PARTS:
        for found in pattern.finditer(statement):
            yield _Act(verb, table, _plain(found[1]))
    constraint = _CONSTRAINT.search(statement)
    for verb, pattern in _LATER:
        if constraint and pattern.search(statement):
            yield _Act(verb, table, _plain(constraint[1]))


def _plain(name: str) -> str:
    return name.replace('"', "")
