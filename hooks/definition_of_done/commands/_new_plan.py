"""`definition-of-done new plan TITLE`: the page with every section, to be filled in."""

from __future__ import annotations

import re
from datetime import date

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.commands.options import printable_title
from definition_of_done.engine.fixing import edited
from definition_of_done.engine.writing import write_all
from definition_of_done.project.docs.sections import plan_sections
from definition_of_done.project.page_names import is_date, slug
from definition_of_done.project.releases.nav import read_wiring
from definition_of_done.project.without import GRAPHQL, TASKS, left_out
from definition_of_done.readers.markdown import read_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterator

    from definition_of_done.engine.session import Session

HELP = "write the feature page of a plan, with every section to fill in"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the kind."""
    parser.add_argument("title", metavar="TITLE", help='what it is called, e.g. "Vendor credits"')
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day of the plan; default: today")


def draft(session: Session, options: argparse.Namespace) -> tuple[str, str]:
    """The path of the page, and its text.

    Raises UsageError for a date that does not exist, and for a title without a word for the
    filename.
    """
    folder = session.config["features"]
    if not folder:
        raise UsageError('features is "": the team keeps no feature pages')
    day = options.date or date.today().isoformat()
    if not is_date(day):
        raise UsageError(f"--date is no date: {day!r}; write it as YYYY-MM-DD")
    title = printable_title(options.title)
    name = slug(title)
    if not name:
        raise UsageError(f"the title {title!r} has no Latin letter or digit for the filename")
    parts = left_out(session.config)
    sections = plan_sections(session.config["feature-sections"], parts)
    text = "\n".join(_lines(title, day, sections, parts))
    return f"{folder}/{day}-{name}.md", text


def finish(session: Session, path: str) -> str:
    """Write the entry of the page into the nav, where there is one; say the next step."""
    session.tree.adopt(path)
    fill = f"write what each TODO of {path} asks for, then git add"
    try:
        wiring = read_wiring(session)
    except Unreadable as error:
        return f"next: mend {error.path}, and give the page its entry in the nav; {fill} both"
    page = next((page for page in wiring.unlisted if page.path == path), None) if wiring else None
    if wiring is None or page is None:
        return f"next: {fill} it"
    site = wiring.nav.text.path
    if not page.edits:
        entry = wiring.entry(page.title, page.target)
        return f"next: add {entry} to the nav of {site}: {page.refusal}; {fill} both"
    write_all(session, {site: edited(session, site, page.edits)})
    return f"written: {site}\nnext: {fill} both"


def _lines(title: str, day: str, sections: list[str], left_out: Collection[str]) -> Iterator[str]:
    deltas = ", ".join(words for words, part in _DELTAS.items() if part not in left_out)
    yield from (f"# {_escaped(title)}", "", f"Date: {day}")
    for name in sections:
        to_write = _TO_WRITE.get(name, "TODO: what changes, or None")
        yield from ("", f"## {name}", "", to_write.replace("DELTAS", deltas))
    yield ""


def _escaped(title: str) -> str:
    """The title as Markdown that is read as it stands, with backslashes only where needed."""
    read = [section.heading.text for section in read_page("", f"# {title}\n".encode()).sections]
    return title if read == [title] else re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", title)


_TO_WRITE = {
    "Problem / motivation": "TODO: one paragraph on what is wrong today, and for whom",
    "In scope": "- TODO: what the feature does",
    "Out of scope": "- TODO: what it leaves out",
    "Data model changes": "TODO: tables, columns, foreign keys, indexes, and every Alembic"
    " revision by name, or None",
    "GraphQL surface": "TODO: every new query, mutation, type, input and enum, or None",
    "RBAC": "TODO: the new members of Path and Resource, the menu, the backfill script, or None",
    "Background tasks / cron": "TODO: every task, where it lives and when it runs, or None",
    "Frontend contract": "TODO: what the frontend has to wire up, or None",
    "Open questions": "TODO: what must be answered before there is code, one item each, or None",
    "What's being implemented": "TODO: DELTAS and scripts to run after the deploy, each with a link"
    " to its file",
}
# The kinds of what is implemented, with the part of the contract that each belongs to.
_DELTAS = {
    "models": "",
    "services with their methods": "",
    "resolvers": GRAPHQL,
    "tasks with their schedules": TASKS,
}
