"""Reads the statements of raw SQL."""

from __future__ import annotations

import re
from functools import cache

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.defaults import of_sql as default_of
from definition_of_done.project.migrations.safety.statements import Key, NewColumn, Statement
from definition_of_done.project.migrations.safety.types import SERIALS
from definition_of_done.project.migrations.safety.types import of_sql as type_of
from definition_of_done.project.migrations.safety.using import read_using
from definition_of_done.readers.sql import inside, parts, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPUTED = "\u2026"
_NAME = r'(?:"[^"]+"|[^\s"(),;.\']+)'
_WORDS = {
    "{table}": rf"(?P<table>{_NAME}(?:\.{_NAME})?)",
    "{name}": rf"(?P<name>{_NAME}(?:\.{_NAME})?)",
    "{other}": rf"(?P<other>{_NAME}(?:\.{_NAME})?)",
    "{if}": r"(?:if (?:not )?exists )?",
    "{column}": r"(?:column )?",
    "{named}": rf"(?:constraint (?P<name>{_NAME}) )?",
}
# The first pattern that matches tells the kind.
_STATEMENTS = (
    (r"alter table {if}(?:only )?{table}(?: \*)? (?P<rest>.*)", "alter table"),
    (
        r"create (?P<unique>unique )?index (?P<concurrently>concurrently )?{if}"
        r"(?:{name} )?on (?P<only>only )?{table}(?P<rest>.*)",
        kinds.CREATE_INDEX,
    ),
    (r"drop index (?P<concurrently>concurrently )?(?P<exists>if exists )?{name}", kinds.DROP_INDEX),
    (r"alter type {name} add value {if}'(?P<other>[^']*)'", kinds.ADD_VALUE),
    (r"create type {name} as enum", kinds.CREATE_TYPE),
    (r"alter policy {name} on {table}", kinds.LOCK),
    (r"create policy {name} on {table}", kinds.LOCK),
    (r"drop (?:policy|rule|trigger) {if}{name} on {table}", kinds.LOCK),
    (r"lock (?:table )?(?:only )?{table}(?: in access exclusive mode)?$", kinds.LOCK),
    (r"create table {if}{name} partition of {table}", "partition"),
    (
        r"create (?:global |local )?(?:temp |temporary |unlogged )?table {if}{table}(?P<rest>.*)",
        kinds.CREATE_TABLE,
    ),
    # An index of a new view locks nobody out either.
    (r"create (?:or replace )?(?:materialized )?view {if}{table}", kinds.CREATE_TABLE),
    (r"drop table {if}{table}", kinds.DROP_TABLE),
    (r"truncate (?:table )?(?:only )?{table}", kinds.TRUNCATE),
    (r"comment on ", kinds.COMMENT),
    (r"set (?P<rest>.*)", kinds.SET),
    (r"update (?:only )?{table}(?P<rest>.*)", kinds.UPDATE),
    (r"insert into {table}", kinds.INSERT),
    (r"delete from (?:only )?{table}(?P<rest>.*)", kinds.DELETE),
)
_ACTIONS = (
    (r"add {named}foreign key (?P<rest>.*)", kinds.ADD_FOREIGN_KEY),
    (r"add {named}check (?P<rest>.*)", kinds.ADD_CHECK),
    (r"add {named}unique using index {other}", kinds.ADD_UNIQUE),
    (r"add {named}primary key using index {other}", kinds.ADD_PRIMARY_KEY),
    (r"add {named}unique (?P<rest>.*)", kinds.ADD_UNIQUE),
    (r"add {named}primary key (?P<rest>.*)", kinds.ADD_PRIMARY_KEY),
    (r"add {named}exclude (?P<rest>.*)", kinds.ADD_EXCLUDE),
    (r"add constraint (?P<rest>.*)", kinds.OTHER),
    (r"add {column}{if}{name} (?P<rest>.*)", kinds.ADD_COLUMN),
    (r"drop constraint {if}{name}", kinds.DROP_CONSTRAINT),
    (r"drop {column}{if}{name}", kinds.DROP_COLUMN),
    (r"validate constraint {name}", kinds.VALIDATE),
    (r"rename constraint {name} to {other}", kinds.RENAME_CONSTRAINT),
    (r"rename to {other}", kinds.RENAME_TABLE),
    (r"rename {column}{name} to {other}", kinds.RENAME_COLUMN),
    (r"alter {column}{name} (?:set data )?type (?P<rest>.*)", kinds.SET_TYPE),
    (r"alter {column}{name} set not null", kinds.SET_NOT_NULL),
    (r"alter {column}{name} drop not null", kinds.DROP_NOT_NULL),
    (r"alter {column}{name} set default", kinds.SET_DEFAULT),
    (r"alter {column}{name} drop default", kinds.DROP_DEFAULT),
)
# Other changes of a table lock out everybody, but for these, and for what is computed.
_WEAK = regex(
    r"(?i)(?:re)?set \(|set without|cluster on|attach partition|detach .* concurrently"
    r"|(?:en|dis)able (?:replica |always )?trigger"
    r"|alter (?:column )?\S+ (?:(?:re)?set \(|set statistics)|.*\u2026"
)
_OPTIONS = {
    kinds.CONCURRENTLY: regex(r" (?:index|view) concurrently ", re.I),
    kinds.IF_EXISTS: regex(r" if (?:not )?exists ", re.I),
}
# Ends the type of a column.
_TYPE_ENDS = regex(
    r"\b(?:not null|null|default|generated|references|unique|primary|check|constraint|collate"
    r"|using)\b.*",
    re.I,
)
_DEFAULT = regex(
    r"\bdefault (.*?)(?= (?:not null|null|unique|primary key|references|check|constraint"
    r"|generated)\b|$)",
    re.I,
)
_REFERENCES = regex(rf"references ({_NAME}(?:\.{_NAME})?)\s*(?:\(([^()]*)\))?", re.I)


def read_sql(text: str, spot: Spot) -> Iterator[Statement]:
    """Yield the statements of a text, in which a computed part is `…`."""
    found = statements(text)
    for sql in found:
        for statement in _read(sql, spot):
            if len(found) > 1:
                statement = statement._replace(options=statement.options | {kinds.TOGETHER})
            yield statement


def _read(sql: str, spot: Spot) -> Iterator[Statement]:
    kind, found = _matched(sql, _STATEMENTS)
    if found is None:
        yield Statement(kinds.OTHER, spot, sql=sql)
        return
    groups = found.groupdict()
    if kind == "alter table":
        for action in parts(groups["rest"]):
            made = _action(action, _named(groups["table"]), spot, sql)
            yield made
            yield from _checked(made)
        return
    if kind == "partition":
        made = Statement(kinds.CREATE_TABLE, spot, table=_named(groups["name"]), sql=sql)
        yield made
        yield made._replace(kind=kinds.LOCK, table=_named(groups["table"]))
        return
    rest = groups.get("rest") or ""
    on = None
    if kind == kinds.CREATE_INDEX:
        on = _columns(inside(rest))
    yield Statement(
        kind,
        spot,
        table=_named(groups.get("table")),
        name=_named(groups.get("name")),
        on=on,
        other=groups.get("other"),
        condition=rest.strip() or None,
        columns=tuple(_table_columns(rest)) if kind == kinds.CREATE_TABLE else (),
        options=_options(groups, sql),
        sql=sql,
    )


def _options(groups: dict[str, str | None], sql: str) -> frozenset[str]:
    found = {name for name, pattern in _OPTIONS.items() if pattern.search(f"{sql[:80]} ")}
    if re.search(r"(?i)\) ?partition by ", groups.get("rest") or ""):
        found.add(kinds.PARTITIONED)
    if groups.get("only"):
        # The index of a partitioned table alone is not built.
        found.add(kinds.UNSEEN)
    return frozenset(found | ({kinds.UNIQUE} if groups.get("unique") else set()))


def _action(action: str, table: str | None, spot: Spot, sql: str) -> Statement:
    kind, found = _matched(action, _ACTIONS)
    if found is None:
        kind = kinds.OTHER if _WEAK.match(action) else kinds.ALTER
    made = Statement(kind, spot, table=table, sql=sql)
    if found is None or kind == kinds.OTHER:
        return made
    groups = found.groupdict()
    rest = groups.get("rest") or ""
    options = {kinds.NOT_VALID} if re.search(r"\bnot valid\b", rest, re.I) else set()
    made = made._replace(name=_named(groups.get("name")), other=_named(groups.get("other")))
    if (made.other and "unique" in kind) or (made.other and kind == kinds.ADD_PRIMARY_KEY):
        options.add(kinds.USING_INDEX)
    if re.search(r"\bif (?:not )?exists\b", action, re.I):
        options.add(kinds.IF_EXISTS)
    if kind == kinds.SET_TYPE:
        using = re.split(r"(?i) using\b", rest, maxsplit=1)[1:]
        options.update(read_using("".join(using), made.name))
        made = made._replace(type=type_of(_TYPE_ENDS.sub("", rest)))
    elif kind == kinds.ADD_COLUMN:
        made = made._replace(columns=(_column(made.name, rest),))
    elif kind == kinds.ADD_FOREIGN_KEY:
        key = _REFERENCES.search(rest)
        made = made._replace(
            on=_columns(inside(rest)),
            other=_named(key[1]) if key else None,
            remote=_columns(key[2] or "") if key else None,
        )
    elif kind == kinds.ADD_CHECK:
        made = made._replace(condition=inside(rest))
    elif not made.other and rest:
        made = made._replace(on=_columns(inside(rest)))
    return made._replace(options=frozenset(options))


def _checked(added: Statement) -> Iterator[Statement]:
    """Yield what a new column makes PostgreSQL check in all rows.

    A foreign key is none of it where the column is empty.
    """
    column = added.column
    if column is None:
        return
    made = added._replace(name=None, columns=(), on=(column.name,) if column.name else None)
    for key in column.keys if column.default else ():
        remote = (key.remote,) if key.remote else None
        yield made._replace(kind=kinds.ADD_FOREIGN_KEY, other=key.referent, remote=remote)
    if column.is_unique:
        yield made._replace(kind=kinds.ADD_UNIQUE)
    if column.has_check:
        yield made._replace(kind=kinds.ADD_CHECK)


def _table_columns(rest: str) -> Iterator[NewColumn]:
    for part in parts(inside(rest)):
        name, _, text = part.partition(" ")
        if name.lower() not in ("constraint", "primary", "foreign", "unique", "check", "exclude"):
            yield _column(_named(name), text)


def _column(name: str | None, text: str) -> NewColumn:
    type = type_of(_TYPE_ENDS.sub("", text))
    bare = re.sub(r"'[^']*'", "''", text).lower()
    default = _DEFAULT.search(text)
    key = _REFERENCES.search(text)
    generated = ""
    if re.search(r"\bas identity\b", bare) or (type and type.name in SERIALS):
        generated = "identity"
    elif "generated always as" in bare:
        generated = "virtual" if bare.rstrip().endswith("virtual") else "stored"
    return NewColumn(
        name,
        type=type,
        is_required="not null" in bare or "primary key" in bare,
        default=default_of(default[1]) if default else "",
        generated=generated,
        is_primary="primary key" in bare,
        is_unique=bool(re.search(r"\bunique\b", bare)),
        has_check=bool(re.search(r"\bcheck\b", bare)),
        keys=(Key(None, _named(key[1]), _named(key[2])),) if key else (),
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for word, meaning in _WORDS.items():
        pattern = pattern.replace(word, meaning)
    return re.compile(pattern, re.I | re.S)


def _matched(sql: str, patterns: tuple[tuple[str, str], ...]) -> tuple[str, re.Match[str] | None]:
    first = f"{sql.partition(' ')[0].lower()} "
    for pattern, kind in patterns:
        # Most patterns are never asked for: to compile them takes long.
        if pattern.startswith(first) and (found := _compiled(pattern).match(sql)):
            return kind, found
    return kinds.OTHER, None


def _columns(text: str) -> tuple[str, ...] | None:
    """The names of a list, None where one is an expression."""
    names = [_named(part) for part in parts(text)] if text else []
    return tuple(name for name in names if name) if names and all(names) else None


def _named(text: str | None) -> str | None:
    """A name as PostgreSQL knows it, None for one that is computed or an expression."""
    if not text or _COMPUTED in text or re.search(r"[(%{:]", text):
        return None
    names = text.strip().split(".")
    return ".".join(name.strip('"') if name[:1] == '"' else name.lower() for name in names)
