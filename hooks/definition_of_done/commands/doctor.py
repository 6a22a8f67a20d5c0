"""`definition-of-done doctor`: say what each enabled rule sees in this project."""

from __future__ import annotations

import json
import os

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.words import count, listed, printable, write
from definition_of_done.commands.options import add_format
from definition_of_done.engine.json_report import by_project
from definition_of_done.engine.registry import all_rules, enabled, known_ids
from definition_of_done.engine.rule import WITHOUT, Rule
from definition_of_done.engine.session import in_project
from definition_of_done.engine.sight import sights_off, written
from definition_of_done.project.settings import open_projects
from definition_of_done.project.sights import sights_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from definition_of_done.engine.session import Session

DESCRIPTION = (
    "Print for each enabled rule how many of the things that it is about it sees in this project:"
    " migrations, pages, resources, exports, versions. A rule that sees none finds nothing, and"
    " proves nothing: the setting to blame is named. Point it at what the project has, or switch"
    ' the rule off: with "" as the value of a path that the project does not keep, or under'
    " ignore. Exit code 0: each rule sees something; 1: one sees none; 2: usage, configuration or"
    " internal error."
)
SEES, NONE, OFF = "sees", "sees none", "off"


class Diagnosis(NamedTuple):
    """The things that a rule sees, as nouns with their numbers.

    `state` is SEES, NONE or OFF; `reason` says why it is no other, and `setting` is to blame.
    """

    rule: str
    state: str
    seen: dict[str, int]
    setting: str = ""
    reason: str = ""
    help: str = ""


class Look(NamedTuple):
    """The diagnoses of a project, and the keys that a search found: with their values, in words."""

    diagnoses: list[Diagnosis]
    found: Mapping[str, object]
    words: list[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Print what the enabled rules see; returns 1 where one sees none, else 0."""
    sessions = open_projects(os.getcwd()).all()
    seen = {session.folder: in_project(session.folder, _look, session) for session in sessions}
    if options.format == "json":
        write(_json(seen))
    else:
        for at, (folder, look) in enumerate(seen.items()):
            if folder or len(seen) > 1:
                write(("\n" if at else "") + f"{printable(folder.rstrip('/') or '.')}:\n")
            lines = (*_lines(look.diagnoses), *look.words)
            write("".join(f"{printable(line)}\n" for line in lines))
    return 1 if any(each.state == NONE for look in seen.values() for each in look.diagnoses) else 0


def _look(session: Session) -> Look:
    diagnoses = [diagnose(session, rule) for rule in enabled(known_ids(), session.config)]
    found = session.config.found_keys()
    return Look(diagnoses, found, [written(session, key) for key in found])


def _json(seen: Mapping[str, Look]) -> str:
    documents = {
        folder.rstrip("/"): {
            "rules": [each._asdict() for each in look.diagnoses],
            "found": look.found,
        }
        for folder, look in seen.items()
    }
    return json.dumps(by_project(documents), indent=2) + "\n"


def diagnose(session: Session, rule: Rule) -> Diagnosis:
    """Say what a rule sees."""
    if rule.is_left_out(session.config):
        return Diagnosis(rule.id, OFF, {}, WITHOUT, written(session, WITHOUT))
    sights = sights_of(rule)
    if off := sights_off(session, sights):
        return Diagnosis(rule.id, OFF, {}, off[0], written(session, off[0]))
    seen = {}
    for sight in sights:
        try:
            seen[sight.noun] = sight.seen(session)
        except Unreadable as error:
            place = f"{error.path}:{error.line}: {error.message}"
            return Diagnosis(rule.id, NONE, seen, "", place, "mend the file")
        if not seen[sight.noun]:
            key = sight.blamed(session)
            reason = f"sees no {sight.noun}: {written(session, key)}"
            return Diagnosis(rule.id, NONE, seen, key, reason, _advice(session, rule, key))
    return Diagnosis(rule.id, SEES, seen)


def _advice(session: Session, rule: Rule, key: str) -> str:
    setting, without = session.config.settings[key], f'ignore = ["{rule.id}"]'
    if setting.kind in ("texts", "files"):
        change = f"change {key}, or " if session.config.is_set(key) else ""
        return f"{change}say that the project has none: {without}"
    sights = {sight for rule in all_rules() for sight in sights_of(rule)}
    if not any(sight.seen(session) for sight in sights if sight.settings[:1] == (key,)):
        # Nothing else is found by the key.
        if setting.optional:
            without = f'{key} = ""'
        elif setting.kind == "paths":
            without = f"{key} = []"
    return f"name the right place in {key}, or say that the project keeps none: {without}"


def _lines(found: list[Diagnosis]) -> Iterator[str]:
    width = max((len(each.rule) for each in found), default=0)
    helped = {""}
    for each in found:
        counted = listed([count(number, noun) for noun, number in each.seen.items()])
        told = counted if each.state == SEES else each.reason
        yield f"{each.rule:{width}}  {'off: ' if each.state == OFF else ''}{told}"
        if each.help not in helped:
            yield f"    help: {each.help}"
        helped.add(each.help)
    numbers = [sum(each.state == state for each in found) for state in (SEES, NONE, OFF)]
    yield f"{count(len(found), 'rule')}: {numbers[0]} see, {numbers[1]} see none, {numbers[2]} off"
