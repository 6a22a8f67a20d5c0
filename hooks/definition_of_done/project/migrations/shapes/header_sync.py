"""Compares a migration's docstring and annotations with its variables, and edits them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from definition_of_done.base.rewrites import Annotate, Declare, InString, Rewrite, spelled
from definition_of_done.base.words import listed
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.files.migration import (
    FIELDS,
    IDENTIFIERS,
    Header,
    Identifier,
    Migration,
)

_TITLE, _CREATE_DATE = "title", FIELDS[-1]
_LABELS = frozenset({"str", "Sequence[str]", "None"})
_BEFORE_UNIONS = 9
_PARENT = frozenset({"str", "None"})


def header_faults(
    migration: Migration, wanted: Sequence[str], day: date | None
) -> Iterator[Finding]:
    """Yield the docstring's disagreements with the variables and the `day` of the filename.

    `wanted` are the value of `header-fields`: what a docstring must have.
    """
    header = migration.header
    if header is None:
        if wanted:
            lines = listed(["a title" if name == _TITLE else name for name in wanted])
            yield Finding(
                migration.start,
                "the migration has no docstring",
                f"start the file with a docstring: {lines}",
                symbol="docstring",
            )
        return
    if header.title is None and _TITLE in wanted:
        message = "the docstring has no title"
        yield Finding(
            header.title_spot, message, "say in its first line what changes", symbol=_TITLE
        )
    revision, parents = migration.revision, migration.down_revision
    for identifier, name, variable in (
        (revision if revision and revision.is_text else None, "Revision ID", "revision"),
        (parents if parents and parents.is_literal else None, "Revises", "down_revision"),
    ):
        if identifier and (name in wanted or name in header.fields):
            yield from _field(migration, header, name, variable, identifier.values)
    if _CREATE_DATE in wanted:
        yield from _create_date(migration, header, day)


def _field(
    migration: Migration, header: Header, name: str, variable: str, values: tuple[str, ...]
) -> Iterator[Finding]:
    right = ", ".join(values)
    field = header.fields.get(name)
    if field is None:
        if values:
            yield _missing(migration, header, name, right)
        return
    # Of a merge, some generators write the parents as Python has them.
    around = "()[]'\" " if field.value.startswith(("(", "[")) else " "
    written = {part.strip(around) for part in field.value.split(",")} - {"", "None"}
    if written != set(values):
        says = repr(field.value) if written else "nothing"
        is_ = repr(right) if right else "None"
        yield Finding(
            field.spot,
            f"{name} says {says}, {variable} is {is_}",
            f"write {name}: {right}".rstrip(),
            symbol=name,
            rewrite=_in_docstring(migration, field.start, field.end, field.gap + right),
        )


def _create_date(migration: Migration, header: Header, wanted: date | None) -> Iterator[Finding]:
    name = _CREATE_DATE
    right = f"{wanted} 00:00:00.000000" if wanted else ""
    field = header.fields.get(name)
    if field is None:
        yield _missing(migration, header, name, right)
        return
    found = _day(field.value[:10])
    if found is None:
        message = f"Create Date {field.value!r} is not a date"
        rewrite = (
            _in_docstring(migration, field.start, field.end, field.gap + right) if right else None
        )
        advice = f"write {name}: {right or 'YYYY-MM-DD HH:MM:SS'}"
        yield Finding(field.spot, message, advice, symbol=name, rewrite=rewrite)
    elif wanted and found != wanted:
        yield Finding(
            field.spot,
            f"Create Date is {found}, the filename's date is {wanted}",
            f"write {name}: {wanted}{field.value[10:]}, or rename the file",
            symbol=name,
            rewrite=_in_docstring(migration, field.start, field.start + 10, str(wanted)),
        )


def _missing(migration: Migration, header: Header, name: str, value: str) -> Finding:
    place = header.place(name) if value else None
    rewrite = None
    if place:
        at, line = place
        rewrite = _in_docstring(migration, at, at, line.format(f"{name}: {value}"))
    return Finding(
        header.spot,
        f"the docstring has no {name}",
        f"add the line {name}: {value or 'YYYY-MM-DD HH:MM:SS'}",
        symbol=name,
        rewrite=rewrite,
    )


def _in_docstring(migration: Migration, start: int, end: int, text: str) -> Rewrite:
    return Rewrite(migration.path, (InString(start, end, text),))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def annotation_faults(migration: Migration, stated: int | None) -> Iterator[Finding]:
    """Yield the identifiers that are not annotated as in the template, or missing.

    `stated` is the oldest Python 3 that evaluates the annotations, as far as the project says so.
    """
    four, lowest = migration.identifiers, _lowest(migration, stated)
    bare = {}
    for name, identifier in four.items():
        if identifier is None or identifier.name_spot is None:
            continue
        if identifier.annotation is None:
            bare[name] = identifier
        elif identifier.annotation not in _allowed(name, identifier):
            text = spelled(_wanted(migration, name), lowest)
            yield Finding(
                identifier.name_spot,
                f"{name} is not annotated as {text}",
                f"write {name}: {text}",
                symbol=name,
                rewrite=_annotated(migration, [name], lowest),
            )
    if bare:
        first = next(iter(bare.values()))
        texts = [f"{name}: {spelled(_wanted(migration, name), lowest)}" for name in bare]
        yield Finding(
            first.name_spot or migration.start,
            f"{listed(list(bare))} {'is' if len(bare) == 1 else 'are'} not annotated",
            f"write {listed(texts)}",
            symbol="annotations",
            rewrite=_annotated(migration, bare, lowest),
        )
    missing = [name for name in ("branch_labels", "depends_on") if four[name] is None]
    if missing:
        lines = [f"{name}: {spelled(_wanted(migration, name), lowest)} = None" for name in missing]
        steps = [Declare(name, IDENTIFIERS, _wanted(migration, name), lowest) for name in missing]
        yield Finding(
            migration.revision.spot if migration.revision else migration.start,
            f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing",
            f"add {listed(lines)}",
            symbol="identifiers",
            rewrite=Rewrite(migration.path, tuple(steps)),
        )


def _annotated(migration: Migration, names: Iterable[str], lowest: int | None) -> Rewrite:
    steps = [Annotate(name, _wanted(migration, name), lowest) for name in names]
    return Rewrite(migration.path, tuple(steps))


def _allowed(name: str, identifier: Identifier | None) -> list[frozenset[str]]:
    """The annotations that are right for a name, the template's first."""
    if name == "revision":
        # A bare Final has the type of its value.
        return [frozenset({kind}) for kind in ("str", "Final", "typing.Final")]
    if name != "down_revision":
        return [_LABELS]
    several = identifier is not None and len(identifier.values) > 1
    return [_LABELS, frozenset({"Sequence[str]"})] if several else [_PARENT, _LABELS]


def _wanted(migration: Migration, name: str) -> tuple[str, ...]:
    """The types of a name in the template's order."""
    types = _allowed(name, migration.identifiers[name])[0]
    return tuple(kind for kind in ("str", "Sequence[str]", "None") if kind in types)


def _lowest(migration: Migration, stated: int | None) -> int | None:
    """The oldest Python 3 that evaluates the annotations, None for one that knows `str | None`."""
    if migration.defers_annotations:
        return None
    return _BEFORE_UNIONS if stated is None and migration.has_typing else stated
