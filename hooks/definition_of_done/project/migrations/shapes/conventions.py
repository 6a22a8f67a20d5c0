"""The shapes that a team gives its migrations, by its settings, its Alembic or its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.migrations.ancestry.history import read_scans
from definition_of_done.project.migrations.files.migration import Migration, read_migration
from definition_of_done.project.migrations.files.slugs import fault
from definition_of_done.project.migrations.shapes.filename_form import filename_form
from definition_of_done.project.migrations.shapes.header_sync import (
    annotation_faults,
    header_faults,
)
from definition_of_done.project.migrations.shapes.naming import FilenameForm, form_of
from definition_of_done.project.patterns import LONGEST
from definition_of_done.project.python_version import lowest_python

# Newer ones tell how a team works today; older ones may not.
_NEWEST = 20
# Of a shape that the last ones have all left, the team has let go.
_LAST = 3
# Most of them break a shape where no more keep it; a shape fits where nearly all keep it.
_HALF, _NEARLY_ALL = 0.5, 0.9
_PROPOSED = "; `init --alembic` brings the contract's"
_NAMED = f"""as the newest are named{_PROPOSED}, with these lines of alembic.ini:
  file_template = %%(year)d%%(month).2d%%(day).2d_%%(slug)s
  truncate_slug_length = 32"""
# A pattern that everything has.
ANY = ".+"
_NUMBERED = r"[0-9]+_[a-z0-9_]+"
_TIME, _RELEASE = r"[0-9]+(?:_[0-9]+)*", r"v?[0-9]+(?:\.[0-9a-z]+)+"
_REVISIONS = ("hash", _TIME, _NUMBERED, _RELEASE, r"\w+")
_FILENAMES = ("%(rev)s_%(slug)s", "%(rev)s", _NUMBERED, r"\w+")


class Convention(NamedTuple):
    """A key of the settings, the value that fits a team, and the reason."""

    key: str
    value: object
    reason: str


def read_conventions(session: Session) -> Iterator[Convention]:
    """Yield the keys that fit the newest migrations, where most of these break a shape."""
    migrations = _newest(session)
    forms = [filename_form(session, migration.path) for migration in migrations]
    pattern = _filename_pattern(forms, migrations)
    if pattern:
        forms = [form_of(pattern)] * len(migrations)
        yield Convention("filename-pattern", pattern, _NAMED)
    yield from _revisions(session, migrations)
    yield from _header(session, forms, migrations)


def _newest(session: Session) -> list[Migration]:
    """The migrations nearest to the heads; none where any of them cannot be read."""
    try:
        nodes = read_scans(session)
        known = {node.revision: node for node in nodes}
        parents = {name for node in nodes for name in node.parents}
        queue = [node for node in nodes if node.revision not in parents]
        for node in queue:
            if len(queue) >= _NEWEST:
                break
            above = (known[name] for name in node.parents if name in known)
            queue += [parent for parent in above if parent not in queue]
        paths = [node.path for node in queue[:_NEWEST]]
        return [read_migration(path, session.tree.read(path)) for path in paths]
    except (Unreadable, OSError):
        return []


def _filename_pattern(own: Sequence[FilenameForm], migrations: Sequence[Migration]) -> str:
    """The pattern that nearly all filenames have, empty where most have the team's own form."""

    def fits(forms: Sequence[FilenameForm]) -> list[bool]:
        pairs = zip(forms, migrations, strict=True)
        return [form.fault(migration) is None for form, migration in pairs]

    if _is_usual(fits(own)):
        return ""
    found = (name for name in _FILENAMES if _is_shape(fits([form_of(name)] * len(own))))
    return next(found, ANY)


def _revisions(session: Session, migrations: Sequence[Migration]) -> Iterator[Convention]:
    found = [migration.revision for migration in migrations if migration.revision]
    texts = [revision.values[0] for revision in found if revision.is_text]

    def fits(form: str, longest: int) -> list[bool]:
        return [not any(fault(text, longest, form)) for text in texts]

    own, longest = session.config["revision-pattern"], session.config["revision-max-length"]
    if _is_usual(fits(own, longest)):
        return
    value = next((form for form in (own, *_REVISIONS) if _is_shape(fits(form, LONGEST))), ANY)
    if value != own:
        yield Convention("revision-pattern", value, f"as the newest revisions are{_PROPOSED}")
    if not _is_usual(fits(value, longest)):
        reason = "the longest of the newest revisions"
        yield Convention("revision-max-length", max(map(len, texts)), reason)


def _header(
    session: Session, forms: Sequence[FilenameForm], migrations: Sequence[Migration]
) -> Iterator[Convention]:
    fields = session.config["header-fields"]
    wrong = [
        {fault.symbol for fault in header_faults(migration, fields, form.day(migration))}
        for form, migration in zip(forms, migrations, strict=True)
    ]
    usual = [
        name
        for name in fields
        if _is_usual([not symbols & {name, "docstring"} for symbols in wrong])
    ]
    if usual != fields:
        yield Convention("header-fields", usual, "as the docstrings of the newest migrations are")
    lowest = lowest_python(session)
    if not _is_usual([not any(annotation_faults(each, lowest)) for each in migrations]):
        reason = "the newest migrations do not annotate their identifiers so"
        yield Convention("revision-annotations", False, reason)


def _is_usual(answers: Sequence[bool]) -> bool:
    """True where most of the newest migrations keep a shape, and one of the last ones does."""
    return _share(answers) > _HALF and _lasts(answers)


def _is_shape(answers: Sequence[bool]) -> bool:
    """True where nearly all of the newest migrations keep a shape, and one of the last ones."""
    return _share(answers) >= _NEARLY_ALL and _lasts(answers)


def _lasts(answers: Sequence[bool]) -> bool:
    return not answers or any(answers[:_LAST])


def _share(answers: Sequence[bool]) -> float:
    """The share of true answers, 1 where none is given."""
    return sum(answers) / len(answers) if answers else 1
