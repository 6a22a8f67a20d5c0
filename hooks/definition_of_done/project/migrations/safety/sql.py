"""Reads the statements of raw SQL."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.statements import (
    Key,
    NewColumn,
    Statement,
    brought,
)
from definition_of_done.project.migrations.safety.types import (
    SERIALS,
    default_of_sql,
    read_using,
    type_of_sql,
)
from definition_of_done.readers.sql import inside, outside, parts, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    Patterns: TypeAlias = Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]

_COMPUTED = "\u2026"
_NAME = r'(?:"[^"]+"|[^\s"(),;.\']+)'
_FULL = rf"{_NAME}(?:\.{_NAME})?"
_TABLE, _OTHER = rf"(?P<table>{_FULL})", rf"(?P<other>{_FULL})"
_THING, _NAMED = rf"(?P<name>{_FULL})", rf"(?:constraint (?P<name>{_NAME}) )?"
_LIST = rf"(?P<list>{_FULL}(?: ?\*)?(?: ?, ?(?:only )?{_FULL}(?: ?\*)?)*)"
_IF, _COLUMN = r"(?:if (?:not )?exists )?", r"(?:column )?"
_OPTIONAL = r"(?:\([^()]*\) ?)?"
# By the first word; the first pattern that matches tells the kind.
_STATEMENTS = {
    "alter": (
        (regex(rf"(?is)alter table {_IF}(?:only )?{_TABLE}(?: \*)? (?P<rest>.*)"), "alter table"),
        (
            regex(
                rf"(?is)alter materialized view {_IF}{_FULL} (?:(?:re)?set \(|cluster on "
                r"|set without cluster|alter (?:column )?\S+ (?:(?:re)?set \(|set statistics))"
            ),
            kinds.OTHER,
        ),
        (regex(rf"(?is)alter type {_THING} add value {_IF}'(?P<other>[^']*)'"), kinds.ADD_VALUE),
        (regex(rf"(?is)alter (?:policy|trigger) {_THING} on {_TABLE}"), kinds.LOCK),
        (regex(rf"(?is)alter (?:materialized )?view {_IF}{_TABLE}"), kinds.LOCK),
    ),
    "create": (
        (
            regex(
                r"(?is)create (?P<unique>unique )?index (?P<concurrently>concurrently )?"
                rf"{_IF}(?:{_THING} )?on (?P<only>only )?{_TABLE}(?P<rest>.*)"
            ),
            kinds.CREATE_INDEX,
        ),
        (regex(rf"(?is)create type {_THING} as enum"), kinds.CREATE_TYPE),
        (regex(rf"(?is)create policy {_THING} on {_TABLE}"), kinds.LOCK),
        (
            regex(rf"(?is)create (?:or replace )?rule {_THING} as on \w+ to {_TABLE}"),
            kinds.LOCK,
        ),
        (regex(rf"(?is)create table {_IF}{_OTHER} partition of {_TABLE}"), kinds.NEW_PARTITION),
        (
            regex(
                r"(?is)create (?:global |local )?(?:temp |temporary |unlogged )?table"
                rf" {_IF}{_TABLE}(?P<rest>.*)"
            ),
            kinds.CREATE_TABLE,
        ),
        (
            regex(
                r"(?is)create (?:or replace )?(?:(?:temp|temporary|recursive|materialized) )*view"
                rf" {_IF}{_TABLE}"
            ),
            kinds.CREATE_VIEW,
        ),
    ),
    "drop": (
        (
            regex(rf"(?is)drop index (?P<concurrently>concurrently )?{_IF}{_LIST}"),
            kinds.DROP_INDEX,
        ),
        (regex(rf"(?is)drop table {_IF}{_LIST}"), kinds.DROP_TABLE),
        (regex(rf"(?is)drop (?:materialized )?view {_IF}{_LIST}"), kinds.LOCK),
        (regex(rf"(?is)drop (?:policy|rule|trigger) {_IF}{_THING} on {_TABLE}"), kinds.LOCK),
    ),
    "lock": (
        (
            regex(rf"(?is)lock (?:table )?(?:only )?{_LIST}(?: in access exclusive mode)?$"),
            kinds.LOCK,
        ),
    ),
    "refresh": ((regex(rf"(?is)refresh materialized view (?!concurrently ){_TABLE}"), kinds.LOCK),),
    "reindex": (
        (regex(rf"(?is)reindex {_OPTIONAL}index (?:concurrently )?{_THING}"), kinds.REINDEX),
        (regex(rf"(?is)reindex {_OPTIONAL}table (?:concurrently )?{_TABLE}"), kinds.REINDEX),
    ),
    "cluster": ((regex(rf"(?is)cluster {_OPTIONAL}(?:verbose )?{_TABLE}"), kinds.REWRITE),),
    "vacuum": (
        (
            regex(
                r"(?is)vacuum (?:full |\([^()]*full[^()]*\) ?)"
                rf"(?:freeze )?(?:verbose )?(?:analyze )?{_TABLE}"
            ),
            kinds.REWRITE,
        ),
    ),
    "truncate": ((regex(rf"(?is)truncate (?:table )?(?:only )?{_LIST}"), kinds.TRUNCATE),),
    "comment": ((regex(r"(?is)comment on "), kinds.COMMENT),),
    "set": ((regex(r"(?is)set (?P<rest>.*)"), kinds.SET),),
    "reset": ((regex(r"(?is)reset (?P<rest>.*)"), kinds.SET),),
    "update": ((regex(rf"(?is)update (?:only )?{_TABLE}(?P<rest>.*)"), kinds.UPDATE),),
    "insert": ((regex(rf"(?is)insert into {_TABLE}"), kinds.INSERT),),
    "merge": ((regex(rf"(?is)merge into (?:only )?{_TABLE}"), kinds.MERGE),),
    "select": (
        (
            regex(
                r"(?is)select (?:(?!select ).)*? into (?:temp |temporary |unlogged )?(?:table )?"
                rf"{_TABLE}"
            ),
            kinds.CREATE_TABLE,
        ),
    ),
    "delete": ((regex(rf"(?is)delete from (?:only )?{_TABLE}(?P<rest>.*)"), kinds.DELETE),),
}
_ACTIONS = {
    "add": (
        (regex(rf"(?is)add {_NAMED}foreign key (?P<rest>.*)"), kinds.ADD_FOREIGN_KEY),
        (regex(rf"(?is)add {_NAMED}check (?P<rest>.*)"), kinds.ADD_CHECK),
        (regex(rf"(?is)add {_NAMED}unique using index {_OTHER}"), kinds.ADD_UNIQUE),
        (regex(rf"(?is)add {_NAMED}primary key using index {_OTHER}"), kinds.ADD_PRIMARY_KEY),
        (regex(rf"(?is)add {_NAMED}unique (?P<rest>.*)"), kinds.ADD_UNIQUE),
        (regex(rf"(?is)add {_NAMED}primary key (?P<rest>.*)"), kinds.ADD_PRIMARY_KEY),
        (regex(rf"(?is)add {_NAMED}exclude (?P<rest>.*)"), kinds.ADD_EXCLUDE),
        (regex(r"(?is)add constraint (?P<rest>.*)"), kinds.OTHER),
        (regex(rf"(?is)add {_COLUMN}{_IF}{_THING} (?P<rest>.*)"), kinds.ADD_COLUMN),
    ),
    "drop": (
        (regex(rf"(?is)drop constraint {_IF}{_THING}"), kinds.DROP_CONSTRAINT),
        (regex(rf"(?is)drop {_COLUMN}{_IF}{_THING}"), kinds.DROP_COLUMN),
    ),
    "validate": ((regex(rf"(?is)validate constraint {_THING}"), kinds.VALIDATE),),
    "rename": (
        (regex(rf"(?is)rename constraint {_THING} to {_OTHER}"), kinds.RENAME_CONSTRAINT),
        (regex(rf"(?is)rename to {_OTHER}"), kinds.RENAME_TABLE),
        (regex(rf"(?is)rename {_COLUMN}{_THING} to {_OTHER}"), kinds.RENAME_COLUMN),
    ),
    "alter": (
        (
            regex(rf"(?is)alter {_COLUMN}{_THING} (?:set data )?type (?P<rest>.*)"),
            kinds.SET_TYPE,
        ),
        (regex(rf"(?is)alter {_COLUMN}{_THING} set not null"), kinds.SET_NOT_NULL),
        (regex(rf"(?is)alter {_COLUMN}{_THING} drop not null"), kinds.DROP_NOT_NULL),
        (regex(rf"(?is)alter {_COLUMN}{_THING} set default"), kinds.SET_DEFAULT),
        (regex(rf"(?is)alter {_COLUMN}{_THING} drop default"), kinds.DROP_DEFAULT),
        (regex(rf"(?is)alter {_COLUMN}{_THING} set expression"), kinds.REWRITE),
    ),
    "set": ((regex(r"(?is)set (?:logged|unlogged|tablespace)\b"), kinds.REWRITE),),
    "attach": ((regex(rf"(?is)attach partition {_OTHER}"), kinds.ATTACH),),
    "detach": ((regex(rf"(?is)detach partition {_OTHER}$"), kinds.DETACH),),
}
# Other changes of a table lock out everybody, but for these, and for what is computed.
_WEAK = regex(
    r"(?i)(?:re)?set \(|set without cluster|cluster on|detach .* concurrently"
    r"|(?:en|dis)able (?:replica |always )?trigger"
    r"|alter (?:column )?\S+ (?:(?:re)?set \(|set statistics)|.*\u2026"
)
_CONCURRENTLY = regex(r"(?: (?:index|table) |\()concurrently\b")
_PARTITION = regex(r"\) ?partition by ")
_COMPUTING = frozenset("(%{:")
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
_BEHIND_WITH = regex(r"(?<!\bfor )\b(?:update|(?:insert|merge) into|delete from) .*", re.I | re.S)
_IN_WITH = regex(r"\((?= ?(?:update|insert into|delete from|merge into)\b)", re.I)
_CHECK = regex(r"\bcheck ?\(", re.I)
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
    is_behind = None
    if sql[:5].lower() == "with ":
        is_behind = _BEHIND_WITH.search(outside(sql))
        for part in _IN_WITH.finditer(sql):
            yield from _read(inside(sql, part.start()), spot)
    kind, found = _matched(is_behind[0] if is_behind else sql, _STATEMENTS)
    if found is None:
        yield Statement(kinds.OTHER, spot, sql=sql)
        return
    groups = found.groupdict()
    if kind == "alter table":
        for action in parts(groups["rest"]):
            made = _action(action, _named(groups["table"]), spot, sql)
            yield made
            if column := made.column:
                # A foreign key is not checked where the column is empty.
                keys = column.keys if column.default else ()
                yield from brought(made, column._replace(keys=keys))
            if made.kind in (kinds.ATTACH, kinds.DETACH):
                yield made._replace(kind=kinds.LOCK, table=made.other)
        return
    rest = groups.get("rest") or ""
    on, condition = None, rest.strip() or None
    columns: tuple[NewColumn, ...] = ()
    if kind == kinds.CREATE_INDEX:
        on = _columns(inside(rest))
    elif kind == kinds.CREATE_TABLE:
        checks = (inside(rest, found.start()) for found in _CHECK.finditer(rest))
        condition, columns = " and ".join(checks) or None, tuple(_table_columns(rest))
    made = Statement(
        kind,
        spot,
        table=_named(groups.get("table")),
        name=_named(groups.get("name")),
        on=on,
        other=groups.get("other"),
        condition=condition,
        columns=columns,
        options=_options(groups, sql),
        sql=sql,
    )
    yield from _each(made, groups.get("list"))


def _each(made: Statement, listed: str | None) -> Iterator[Statement]:
    """Yield the statement for each name of its list, and the two that some consist of."""
    if listed:
        for part in parts(listed):
            name = _named(re.sub(r"(?i)^only | ?\*$", "", part))
            is_index = made.kind == kinds.DROP_INDEX
            yield made._replace(name=name) if is_index else made._replace(table=name)
    elif made.kind == kinds.NEW_PARTITION:
        yield made._replace(kind=kinds.CREATE_TABLE, table=_named(made.other), other=None)
        yield made._replace(kind=kinds.LOCK, other=None)
    elif made.kind == kinds.CREATE_VIEW and made.table:
        if re.match(r"(?i)create or replace (?!temp)", made.sql):
            yield made._replace(kind=kinds.LOCK)
        # An index of a new view locks nobody out either.
        yield made._replace(kind=kinds.CREATE_TABLE)
    else:
        yield made


def _options(groups: dict[str, str | None], sql: str) -> frozenset[str]:
    start, rest = f"{sql[:80]} ".lower(), (groups.get("rest") or "").lower()
    found = set()
    # A pattern takes long to compile.
    if "concurrently" in start and _CONCURRENTLY.search(start):
        found.add(kinds.CONCURRENTLY)
    if "partition by" in rest and _PARTITION.search(rest):
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
    if made.other and kind in (kinds.ADD_UNIQUE, kinds.ADD_PRIMARY_KEY):
        options.add(kinds.USING_INDEX)
    if kind == kinds.SET_TYPE:
        using = re.split(r"(?i) using\b", rest, maxsplit=1)[1:]
        options.update(read_using("".join(using), made.name))
        made = made._replace(type=type_of_sql(_TYPE_ENDS.sub("", rest)))
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


def _table_columns(rest: str) -> Iterator[NewColumn]:
    for part in parts(inside(rest)):
        name, _, text = part.partition(" ")
        if name.lower() not in ("constraint", "primary", "foreign", "unique", "check", "exclude"):
            yield _column(_named(name), text)


def _column(name: str | None, text: str) -> NewColumn:
    type = type_of_sql(_TYPE_ENDS.sub("", text))
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
        default=default_of_sql(default[1]) if default else "",
        generated=generated,
        is_primary="primary key" in bare,
        is_unique=bool(re.search(r"\bunique\b", bare)),
        has_check=bool(re.search(r"\bcheck\b", bare)),
        keys=(Key(None, _named(key[1]), _named(key[2])),) if key else (),
    )


def _matched(sql: str, patterns: Patterns) -> tuple[str, re.Match[str] | None]:
    for pattern, kind in patterns.get(sql.partition(" ")[0].lower(), ()):
        if found := pattern.match(sql):
            return kind, found
    return kinds.OTHER, None


def _columns(text: str) -> tuple[str, ...] | None:
    """The names of a list, None where one is an expression."""
    names = [_named(part) for part in parts(text)] if text else []
    return tuple(name for name in names if name) if names and all(names) else None


def _named(text: str | None) -> str | None:
    """A name as PostgreSQL knows it, None for one that is computed or an expression."""
    if not text or _COMPUTED in text or not _COMPUTING.isdisjoint(text):
        return None
    names = text.strip().split(".")
    return ".".join(name.strip('"') if name[:1] == '"' else name.lower() for name in names)
