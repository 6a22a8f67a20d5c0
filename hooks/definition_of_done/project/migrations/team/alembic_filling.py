"""Puts two rows into each table of a PostgreSQL database, equal outside their keys.

The script beside it runs this one: the team's environment does not hold our package.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlalchemy import Connection

# A key is what a primary key, a unique index or an exclusion constraint holds, also in expressions.
_COLUMNS = """
SELECT c.oid::regclass::text AS "table", quote_ident(a.attname) AS name,
    format_type(a.atttypid, a.atttypmod) AS type, b.typcategory AS category, b.typname AS base,
    a.attnotnull OR t.typnotnull AS required,
    a.attidentity <> '' OR a.attgenerated <> '' AS made,
    pg_get_expr(d.adbin, d.adrelid) AS "default",
    a.attnum IN (
        SELECT unnest(i.indkey) FROM pg_index i
        WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion)
        UNION SELECT p.refobjsubid FROM pg_index i JOIN pg_depend p ON p.objid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisunique AND p.refobjid = c.oid
    ) AS is_key,
    e.labels[1] AS first, e.labels[cardinality(e.labels)] AS last,
    f.confrelid::regclass::text AS above,
    (SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = f.confrelid
        AND attnum = f.confkey[array_position(f.conkey, a.attnum)]) AS above_name,
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = f.confrelid AND attnum = ANY (f.confkey)) AS above_key
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN (
    SELECT enumtypid, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
    FROM pg_enum GROUP BY enumtypid
) e ON e.enumtypid = b.oid
LEFT JOIN LATERAL (
    SELECT * FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f' AND a.attnum = ANY (conkey)
    ORDER BY cardinality(conkey) DESC, oid LIMIT 1
) f ON true
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = c.oid AND x.deptype = 'e')
ORDER BY c.oid, a.attnum
"""
# The text of a value by the category of its type, `{n}` being 1 for what is equal.
_BY_CATEGORY = {
    **{"N": "{n}", "S": "{n}", "A": "{{}}", "R": "[{n},{n}]", "T": "{n} day", "I": "10.0.0.{n}"},
    **{"G": "({n},{n})"},
}
_BY_TYPE = {
    "time": "00:00:{n:02}",
    "timetz": "00:00:{n:02}+00",
    "bool": "{n}",
    "uuid": "00000000-0000-4000-8000-{n:012}",
    "json": "{{}}",
    "jsonb": '{{"n": {n}}}',
    "bytea": "{n}",
    "hstore": "n=>{n}",
    "tsvector": "{n}",
    "macaddr": "00:00:00:00:00:{n:02x}",
    "xml": "<a>{n}</a>",
    "box": "(({n},{n}),(0,0))",
    "circle": "<(0,0),{n}>",
    "daterange": "[2020-01-01,2020-01-02]",
    "tsrange": "[2020-01-01,2020-01-02]",
    "tstzrange": "[2020-01-01,2020-01-02]",
}


class _Column(NamedTuple):
    """A column, and the key of another table that it refers to."""

    table: str
    name: str
    type: str
    category: str
    base: str
    required: bool
    made: bool
    default: str | None
    is_key: bool
    first: str | None
    last: str | None
    above: str | None
    above_name: str
    above_key: str

    @property
    def is_written(self) -> bool:
        """True where the row says the value: it must be there, and nothing makes it."""
        if self.made:
            return False
        # A constant default would be the same in both rows.
        is_same = self.default is not None and "(" not in self.default
        return (self.is_key and is_same) or (self.required and self.default is None)

    def value(self, row: int, number: int) -> str:
        """The SQL of this column's value in row 0 or 1; `number` is of this row alone."""
        if self.above and self.above != self.table:
            which = row if self.is_key else 0
            return (
                f"(SELECT {self.above_name} FROM {self.above} ORDER BY {self.above_key}"
                f" LIMIT 1 OFFSET {which})"
            )
        if self.first is not None:
            text = self.last if self.is_key and row else self.first
        else:
            text = self._shape().format(n=number if self.is_key else 1)
            if self.base == "bool":
                text = str(bool(row) if self.is_key else False)
        quoted = str(text).replace("'", "''")
        return f"CAST('{quoted}' AS {self.type})"

    def _shape(self) -> str:
        if self.category == "D" and not self.base.startswith("time"):
            return "20{n:02}-01-01"
        if self.base in ("timestamp", "timestamptz"):
            return "20{n:02}-01-01 00:00:00+00"
        return _BY_TYPE.get(self.base) or _BY_CATEGORY.get(self.category, "{n}")


def fill(connection: Connection, seen: dict[str, int]) -> dict[str, str]:
    """Put rows into the tables that hold fewer than two; returns why others stay without.

    `seen` counts the rows that were written, over all calls.
    """
    reasons: dict[str, str] = {}
    left = {table: columns for table, columns in _tables(connection) if _lacks(connection, table)}
    while left:
        reasons = {table: _write(connection, columns, seen) for table, columns in left.items()}
        more = {table: left[table] for table, reason in reasons.items() if reason}
        if len(more) == len(left):
            break
        # A table waits for those that it refers to.
        left = more
    return {table: reason for table, reason in reasons.items() if reason}


def complete(connection: Connection) -> None:
    """Give a value to what the rows leave empty, the same in both, where the table allows it."""
    for table, columns in _tables(connection):
        empty = [column for column in columns if not (column.required or column.made)]
        empty = [column for column in empty if not (column.is_key or column.above)]
        values = [f"{c.name} = coalesce({c.name}, {c.value(0, 1)})" for c in empty]
        if values:
            _tried(connection, [f"UPDATE {table} SET {', '.join(values)}"])


def _tables(connection: Connection) -> Iterator[tuple[str, list[_Column]]]:
    found: dict[str, list[_Column]] = {}
    for row in _run(connection, _COLUMNS):
        column = _Column._make(row)
        found.setdefault(column.table, []).append(column)
    for table, columns in found.items():
        # Alembic's own table says where the database stands.
        if [column.name for column in columns] != ["version_num"]:
            yield table, columns


def _lacks(connection: Connection, table: str) -> bool:
    return len(_run(connection, f"SELECT FROM {table} LIMIT 2")) < 2


def _write(connection: Connection, columns: list[_Column], seen: dict[str, int]) -> str:
    """Write both rows, or none; returns why not."""
    table = columns[0].table
    written = [column for column in columns if column.is_written]
    names = ", ".join(column.name for column in written)
    statements = []
    for row in (0, 1):
        seen[table] = seen.get(table, 0) + 1
        values = ", ".join(column.value(row, seen[table]) for column in written)
        into = f"({names}) VALUES ({values})" if written else "DEFAULT VALUES"
        statements.append(f"INSERT INTO {table} {into}")
    return _tried(connection, statements)


def _tried(connection: Connection, statements: list[str]) -> str:
    try:
        with connection.begin_nested():
            for statement in statements:
                _run(connection, statement)
    except Exception as error:
        lines = str(getattr(error, "orig", None) or error).strip().splitlines()
        return lines[0] if lines else type(error).__name__
    return ""


def _run(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    import sqlalchemy as sa

    result = connection.execute(sa.text(statement.replace(":", "\\:")))
    return cast("list[tuple[object, ...]]", result.all()) if result.returns_rows else []
