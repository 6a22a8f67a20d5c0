"""Generates histories of migrations that run, each with an empty downgrade, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# What a generated upgrade does, with its weight. The last ones are refused by right.
KINDS: dict[str, float] = {
    "create_table": 6,
    "create_table with an enum": 2,
    "create_table with a key": 3,
    "add_column": 8,
    "add_column NOT NULL with a default": 4,
    "add_column with an enum": 2,
    "add_column with a named key": 10,
    "rename column": 5,
    "set NOT NULL": 4,
    "narrow a type": 3,
    "set a default": 4,
    "set a comment": 4,
    "create_index": 6,
    "create_unique_constraint": 3,
    "create_check_constraint": 4,
    "create_foreign_key": 24,
    "rename_table": 3,
    "set a table's comment": 2,
    "drop_column": 6,
    "drop_index": 8,
    "drop_constraint": 4,
    "drop_table": 4,
    "drop_table with its enum": 6,
    "loosen NOT NULL": 1,
    "widen a type": 2,
    "run SQL": 0.5,
}
_HEAD = '''"""{title}"""

import sqlalchemy as sa
from alembic import op
{imports}
revision = {revision!r}
down_revision = {parent!r}


def upgrade() -> None:
{body}


def downgrade() -> None:
    pass
'''


class _Column:
    def __init__(self, name: str, type_: str, **more: str) -> None:
        self.name = name
        self.type = type_
        self.more = more
        length = type_.removeprefix("sa.String(")
        self.length = int(length[:-1].removeprefix("length=")) if length != type_ else 0

    @property
    def is_nullable(self) -> bool:
        return self.more.get("nullable") != "False"

    @property
    def text(self) -> str:
        more = "".join(f", {name}={value}" for name, value in self.more.items())
        return f'sa.Column("{self.name}", {self.type}{more})'


class _Table:
    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: list[_Column] = []
        self.indexes: dict[str, list[str]] = {}
        # The word of `drop_constraint` and the columns by name.
        self.constraints: dict[str, tuple[str, list[str]]] = {}
        self.enum = ""
        # The columns that the present step makes: Alembic cannot change them in the same batch.
        self.new: list[_Column] = []
        self.fresh: set[str] = set()
        self.is_referred = False

    def free(self) -> list[_Column]:
        held = {name for on in self.indexes.values() for name in on}
        held |= {name for _, on in self.constraints.values() for name in on}
        return [column for column in self.columns[1:] if column.name not in held]


class History:
    """The files of one history, by revision; `is_batched` says that it runs on SQLite, too."""

    def __init__(self, number: int, seed: int) -> None:
        self.random = Random(f"{seed} {number}")
        self.number = number
        self.is_batched = number % 2 == 0
        self.files: dict[str, str] = {}
        self.kinds: dict[str, list[str]] = {}
        self._tables: list[_Table] = []
        self._count = 0
        self._lines: list[tuple[str, str]] = []
        parent = None
        for step in range(self.random.randint(2, 5)):
            revision = f"h{number}_r{step}"
            self._lines, self.kinds[revision] = [], []
            for _ in range(1 if step == 0 else self.random.randint(1, 3)):
                self._step(is_first=step == 0)
            for table in self._tables:
                table.new.clear()
                table.fresh.clear()
            body = self._body()
            is_special = "postgresql." in body
            imports = "from sqlalchemy.dialects import postgresql\n" if is_special else ""
            self.files[revision] = _HEAD.format(
                title=revision, imports=imports, revision=revision, parent=parent, body=body
            )
            parent = revision

    def _step(self, *, is_first: bool) -> None:
        kinds = list(KINDS)
        while True:
            kind = self.random.choices(kinds, [KINDS[name] for name in kinds])[0]
            kind = "create_table" if is_first else kind
            if _MAKE[kind](self):
                self.kinds[max(self.kinds, key=list(self.kinds).index)].append(kind)
                return

    def _body(self) -> str:
        lines = []
        last = ""
        for table, call in self._lines:
            if table and self.is_batched:
                if table != last:
                    lines.append(f'    with op.batch_alter_table("{table}") as batch_op:')
                lines.append(f"        batch_op.{call}")
            else:
                lines.append(f"    op.{call}" if table else f"    {call}")
            last = table
        return "\n".join(lines)

    # Parts of calls

    def _new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def _call(self, table: _Table, name: str, *args: str) -> None:
        """Add a call on a table; `args` come behind the table's name."""
        given = list(args)
        if not self.is_batched:
            at = 1 if name in _NAMED else 0
            given.insert(at, f'"{table.name}"')
            if name == "drop_index":
                given[1] = f'table_name="{table.name}"'
        self._lines.append((table.name, f"{name}({', '.join(given)})"))

    def _column(self, **more: str) -> _Column:
        type_ = self.random.choice(_TYPES)
        if self.random.random() < 0.5:
            more["comment"] = f'"about {self._count}"'
        if "server_default" in more:
            type_ = "sa.Integer()"
        elif self.random.random() < 0.25:
            more["server_default"] = 'sa.text("7")'
            type_ = "sa.BigInteger()"
        return _Column(self._new("c"), type_, **more)

    def _pick(self, *, is_free: bool = False) -> tuple[_Table, _Column] | None:
        pairs = [
            (table, column)
            for table in self._tables
            for column in (table.free() if is_free else table.columns[1:])
            if not (self.is_batched and column in table.new)
        ]
        return self.random.choice(pairs) if pairs else None

    def _table(self) -> _Table | None:
        return self.random.choice(self._tables) if self._tables else None

    # Kinds

    def create_table(self, enum: str = "", key: _Table | None = None) -> bool:
        table = _Table(self._new("t"))
        table.columns = [_Column("id", "sa.Integer()", nullable="False")]
        for _ in range(self.random.randint(1, 4)):
            table.columns.append(self._column(**self.random.choice(_NULLS)))
        parts = ['sa.PrimaryKeyConstraint("id")']
        if self.random.random() < 0.4:
            column = table.columns[1]
            name = self._new("uq")
            table.constraints[name] = "unique", [column.name]
            parts.append(f'sa.UniqueConstraint("{column.name}", name="{name}")')
        if enum:
            table.enum = self._new("kind")
            column = _Column(self._new("c"), enum.format(table.enum))
            table.columns.append(column)
        if key is not None:
            column = _Column(self._new("c"), "sa.Integer()")
            name = self._new("fk")
            table.columns.append(column)
            if self.random.random() < 0.5:
                table.constraints[name] = "foreignkey", [column.name]
                parts.append(
                    f'sa.ForeignKeyConstraint(["{column.name}"], ["{key.name}.id"], name="{name}")'
                )
            else:
                column.type += f', sa.ForeignKey("{key.name}.id", name="{name}")'
                table.constraints[name] = "foreignkey", [column.name]
            key.is_referred = True
        if self.random.random() < 0.4:
            parts.append(f'comment="{table.name} holds"')
        inner = ", ".join([*(column.text for column in table.columns), *parts])
        self._lines.append(("", f'op.create_table("{table.name}", {inner})'))
        self._tables.append(table)
        return True

    def create_table_with_enum(self) -> bool:
        return self.create_table(self.random.choice(_ENUMS))

    def create_table_with_key(self) -> bool:
        table = self._table()
        return table is not None and self.create_table(key=table)

    def add_column(self, **more: str) -> bool:
        table = self._table()
        if table is None:
            return False
        column = self._column(**more)
        table.columns.append(column)
        table.new.append(column)
        self._call(table, "add_column", column.text)
        return True

    def add_filled_column(self) -> bool:
        return self.add_column(nullable="False", server_default='sa.text("5")')

    def add_column_with_enum(self) -> bool:
        table = self._table()
        if table is None:
            return False
        name = self._new("kind")
        type_ = self.random.choice(_ENUMS).format(name)
        self._lines.append(("", f"{type_}.create(op.get_bind(), checkfirst=True)"))
        column = _Column(self._new("c"), type_)
        table.columns.append(column)
        table.new.append(column)
        self._call(table, "add_column", column.text)
        return True

    def add_column_with_key(self) -> bool:
        table, other = self._table(), self._table()
        if table is None or other is None or self.is_batched:
            return False
        if self._tables.index(table) <= self._tables.index(other):
            return False
        column, name = _Column(self._new("c"), "sa.Integer()"), self._new("fk")
        key = f'sa.ForeignKey("{other.name}.id", name="{name}")'
        self._call(table, "add_column", f'sa.Column("{column.name}", {column.type}, {key})')
        table.columns.append(column)
        table.constraints[name] = "foreignkey", [column.name]
        other.is_referred = True
        return True

    def rename_column(self) -> bool:
        found = self._pick()
        if found is None or found[0].constraints:
            return False
        table, column = found
        new = self._new("n")
        self._alter(table, column, f'new_column_name="{new}"')
        for index in table.indexes.values():
            index[:] = [new if name == column.name else name for name in index]
        column.name = new
        table.new.append(column)
        return True

    def _alter(self, table: _Table, column: _Column, *args: str) -> None:
        more = [f"existing_type={column.type.partition(', sa.F')[0]}"]
        if any(arg.startswith("type_") for arg in args) and self.random.random() < 0.5:
            more = []
        self._call(table, "alter_column", f'"{column.name}"', *args, *more)

    def set_not_null(self) -> bool:
        found = self._pick()
        if found is None or not found[1].is_nullable or "ENUM" in found[1].type.upper():
            return False
        table, column = found
        if column in table.new:
            # The rows of before have no value in it.
            return False
        extra = ["existing_nullable=True"] if self.random.random() < 0.5 else []
        self._alter(table, column, "nullable=False", *extra)
        column.more["nullable"] = "False"
        return True

    def narrow(self) -> bool:
        found = self._pick()
        if found is None or found[1].length < 20:
            return False
        table, column = found
        new = f"sa.String({column.length // 2})"
        self._alter(table, column, f"type_={new}")
        column.type, column.length = new, column.length // 2
        return True

    def set_default(self) -> bool:
        found = self._pick()
        if found is None or "Integer" not in found[1].type or "Key" in found[1].type:
            return False
        table, column = found
        new = self.random.choice(('sa.text("3")', '"4"', "None"))
        self._alter(table, column, f"server_default={new}")
        column.more["server_default"] = new
        return True

    def set_comment(self) -> bool:
        found = self._pick()
        if found is None:
            return False
        table, column = found
        new = self.random.choice((f'"now {self._count}"', "None"))
        self._alter(table, column, f"comment={new}")
        column.more["comment"] = new
        return True

    def create_index(self) -> bool:
        found = self._pick()
        if found is None:
            return False
        table, column = found
        name = self._new("ix")
        spelt = f'op.f("{name}")' if self.random.random() < 0.5 else f'"{name}"'
        more = ["unique=False"] if self.random.random() < 0.5 else []
        self._call(table, "create_index", spelt, f'["{column.name}"]', *more)
        table.indexes[name] = [column.name]
        table.fresh.add(name)
        return True

    def create_unique(self) -> bool:
        found = self._pick(is_free=True)
        if found is None or "server_default" in found[1].more or "ENUM" in found[1].type.upper():
            return False
        table, column = found
        if not column.is_nullable or "Boolean" in column.type:
            return False
        name = self._new("uq")
        table.fresh.add(name)
        self._call(table, "create_unique_constraint", f'"{name}"', f'["{column.name}"]')
        table.constraints[name] = "unique", [column.name]
        return True

    def create_check(self) -> bool:
        found = self._pick(is_free=True)
        if found is None or self.is_batched or "Integer" not in found[1].type:
            return False
        table, column = found
        name = self._new("ck")
        self._call(table, "create_check_constraint", f'"{name}"', f'"{column.name} >= 0"')
        table.constraints[name] = "check", [column.name]
        return True

    def create_key(self) -> bool:
        found, other = self._pick(is_free=True), self._table()
        if found is None or other is None or found[1].type != "sa.Integer()":
            return False
        table, column = found
        at = self._tables.index
        if "server_default" in column.more or at(table) <= at(other):
            # A circle of keys cannot be filled.
            return False
        name = self._new("fk")
        table.fresh.add(name)
        self._call(
            table,
            "create_foreign_key",
            f'"{name}"',
            f'"{other.name}"',
            f'["{column.name}"]',
            '["id"]',
        )
        table.constraints[name] = "foreignkey", [column.name]
        other.is_referred = True
        return True

    def rename_table(self) -> bool:
        table = self._table()
        if table is None or table.is_referred:
            return False
        new = self._new("t")
        self._lines.append(("", f'op.rename_table("{table.name}", "{new}")'))
        table.name = new
        return True

    def comment_table(self) -> bool:
        table = self._table()
        if table is None or self.is_batched:
            return False
        if self.random.random() < 0.3:
            self._lines.append(("", f'op.drop_table_comment("{table.name}")'))
        else:
            self._lines.append(("", f'op.create_table_comment("{table.name}", "all of it")'))
        return True

    def drop_column(self) -> bool:
        found = self._pick(is_free=self.random.random() < 0.8)
        if found is None:
            return False
        table, column = found
        if any(column.name in on for _, on in table.constraints.values()):
            return False
        held = [n for n, on in table.indexes.items() if column.name in on]
        if held and (self.is_batched or not table.fresh.isdisjoint(held)):
            # A batch of SQLite would make the index again.
            return False
        is_empty = column.more.get("server_default", "None") == "None"
        if not column.is_nullable and is_empty and self.random.random() < 0.8:
            # Refused by right.
            return False
        self._call(table, "drop_column", f'"{column.name}"')
        table.columns.remove(column)
        table.indexes = {n: on for n, on in table.indexes.items() if column.name not in on}
        return True

    def drop_index(self) -> bool:
        table = self._table()
        if table is None or not table.indexes:
            return False
        name = list(table.indexes)[-1]
        if name in table.fresh:
            return False
        del table.indexes[name]
        self._call(table, "drop_index", f'op.f("{name}")')
        return True

    def drop_constraint(self) -> bool:
        table = self._table()
        if table is None or not table.constraints:
            return False
        name = list(table.constraints)[-1]
        if name in table.fresh:
            return False
        word, _ = table.constraints.pop(name)
        self._call(table, "drop_constraint", f'"{name}"', f'type_="{word}"')
        return True

    def drop_table(self, *, with_enum: bool = False) -> bool:
        tables = [
            table
            for table in self._tables
            if not table.is_referred and bool(table.enum) == with_enum
        ]
        if not tables:
            return False
        table = self.random.choice(tables)
        self._tables.remove(table)
        self._lines.append(("", f'op.drop_table("{table.name}")'))
        if with_enum:
            drop = f'sa.Enum(name="{table.enum}").drop(op.get_bind())'
            self._lines.append(("", drop))
        return True

    def drop_table_with_enum(self) -> bool:
        return self.drop_table(with_enum=True)

    def loosen(self) -> bool:
        found = self._pick()
        if found is None or found[1].is_nullable:
            return False
        self._alter(*found, "nullable=True")
        found[1].more["nullable"] = "True"
        return True

    def widen(self) -> bool:
        found = self._pick()
        if found is None or not found[1].length:
            return False
        table, column = found
        new = f"sa.String({column.length * 2})"
        self._alter(table, column, f"type_={new}")
        column.type, column.length = new, column.length * 2
        return True

    def run_sql(self) -> bool:
        self._lines.append(("", 'op.execute("SELECT 1")'))
        return True


_NAMED = {"create_index", "drop_index", "create_unique_constraint", "create_check_constraint"}
_NAMED |= {"create_foreign_key", "drop_constraint"}
_NULLS: list[dict[str, str]] = [{}, {}, {"nullable": "True"}, {"nullable": "False"}]
_TYPES: tuple[str, ...] = (
    "sa.String(100)",
    "sa.Integer()",
    "sa.Text()",
    "sa.Boolean()",
    "sa.Numeric(10, 2)",
)
_TYPES += ("sa.DateTime(timezone=True)", "sa.Date()", "sa.String(length=40)", "sa.Integer()")
_ENUMS = ('sa.Enum("a", "b", name="{}")', 'postgresql.ENUM("a", "b", name="{}")')
_MAKE: dict[str, Callable[[History], bool]] = {
    "create_table": History.create_table,
    "create_table with an enum": History.create_table_with_enum,
    "create_table with a key": History.create_table_with_key,
    "add_column": History.add_column,
    "add_column NOT NULL with a default": History.add_filled_column,
    "add_column with an enum": History.add_column_with_enum,
    "add_column with a named key": History.add_column_with_key,
    "rename column": History.rename_column,
    "set NOT NULL": History.set_not_null,
    "narrow a type": History.narrow,
    "set a default": History.set_default,
    "set a comment": History.set_comment,
    "create_index": History.create_index,
    "create_unique_constraint": History.create_unique,
    "create_check_constraint": History.create_check,
    "create_foreign_key": History.create_key,
    "rename_table": History.rename_table,
    "set a table's comment": History.comment_table,
    "drop_column": History.drop_column,
    "drop_index": History.drop_index,
    "drop_constraint": History.drop_constraint,
    "drop_table": History.drop_table,
    "drop_table with its enum": History.drop_table_with_enum,
    "loosen NOT NULL": History.loosen,
    "widen a type": History.widen,
    "run SQL": History.run_sql,
}
