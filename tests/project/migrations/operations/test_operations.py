"""The walk over a migration's function: operations, and what is out of its sight."""

from __future__ import annotations

import ast
import textwrap

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.migrations.operations.opaque import Opaque
from definition_of_done.project.migrations.operations.operations import Column, Operation, Steps
from definition_of_done.project.migrations.operations.walk import MigrationWalker
from definition_of_done.readers.python import Module, read_module

HEAD = "import sqlalchemy as sa\nfrom alembic import op\n"
UPPER = "from alembic import op\ndef upgrade_x({}):\n    {}.drop_table('a')\ndef upgrade():\n{}"
LOOP = "for t in ({}):\n    op.drop_table(t)"
DISPATCH = "    globals()['upgrade_%s' % x]()\n"


def _parsed(body: str) -> tuple[Module, ast.FunctionDef]:
    """A file with this function, and the function; a body that defines `upgrade` is the file."""
    source = body
    if "def upgrade()" not in body:
        source = f"{HEAD}def upgrade():\n{textwrap.indent(body, '    ')}\n"
    module = read_module("x.py", source.encode())
    functions = [node for node in module.tree.body if isinstance(node, ast.FunctionDef)]
    return module, next(node for node in functions if node.name == "upgrade")


def _walked(body: str) -> tuple[tuple[Operation, ...], Steps]:
    module, function = _parsed(body)
    return MigrationWalker(module).walk(function)


def _steps(body: str) -> Steps:
    return _walked(body)[1]


def _column(column: Column) -> str:
    said = "?" if column.comment_is_hidden else ""
    return f"{column.label}: {column.comment}{said}"


def _said(operation: Operation) -> str:
    """`table.target`, then what else is known of it."""
    parts = [operation.name, f"{operation.full_table}.{operation.target}"]
    parts += [f"on {' '.join(operation.on)}"] if operation.on else []
    parts += [_column(column) for column in operation.columns]
    parts += [f"{key.column} -> {key.referent}" for key in operation.foreign_keys]
    parts += [f"restates {' '.join(operation.restated)}"] if operation.restated else []
    parts += ["plain"] if operation.is_plain else []
    parts += [] if operation.is_certain else ["perhaps" if operation.is_doubtful else "in a branch"]
    return ", ".join(parts)


@pytest.mark.parametrize(
    ("body", "tables"),
    [
        # Under which names the operations are called.
        ("import alembic.op as o\no.drop_table('a')", "a"),
        ("from alembic import op as o\no.drop_table('a')", "a"),
        ("from alembic import context as o\no.drop_table('a')", ""),
        ("from team import op as o\no.drop_table('a')", ""),
        ("from alembic.op import drop_table as d\nd('a')", "a"),
        ("import alembic\nalembic.op.drop_table('a')", "a"),
        ("o = op\no.drop_table('a')", "a"),
        ("o = sa\no.drop_table('a')", ""),
        ("def f(o):\n    o.drop_table('a')\nf(op)", "a"),
        ("def f(op):\n    op.drop_table('a')\nf(get())", ""),
        (UPPER.format("op", "op", DISPATCH), "a"),
        (UPPER.format("o", "o", DISPATCH), ""),
        # Each kind of statement.
        ("x = op.drop_table('a')", "a"),
        ("x: object = op.drop_table('a')", "a"),
        ("x += op.drop_table('a')", "a"),
        ("for x in op.drop_table('a'):\n    pass", "a"),
        ("def f():\n    return op.drop_table('a')\nf()", "a"),
        ("(x := op.drop_table('a'))", "a"),
        ("f(op.drop_table('a'), x=op.drop_table('b'))", "a b"),
        ("op.drop_table('a').x()", "a"),
        ("while op.drop_table('a'):\n    op.drop_table('b')", "a b?"),
        ("match op.drop_table('a'):\n    case 1:\n        op.drop_table('b')", "a b?"),
        (
            "try:\n    op.drop_table('a')\nexcept E:\n    op.drop_table('b')\n"
            "else:\n    op.drop_table('c')\nfinally:\n    op.drop_table('d')",
            "a? c? b? d",
        ),
        ("for x in ('a', 'b'):\n    op.drop_table(x)\nelse:\n    op.drop_table('c')", "a b c"),
        ("f = lambda: op.drop_table('a')", ""),
        ("class X:\n    op.drop_table('a')", ""),
        # Branches.
        ("if op.get_bind().dialect.name == 'x':\n    op.drop_table('a')", "a|"),
        ("if op.get_bind().dialect.name == 'x':\n    return\nop.drop_table('a')", "a|"),
        ("if x:\n    return\nop.drop_table('a')", "a?"),
        ("if x:\n    pass\nop.drop_table('a')", "a"),
        (
            "def f():\n    if x:\n        return\n    op.drop_table('a')\nf()\nop.drop_table('b')",
            "a? b",
        ),
        # What a name is.
        ("name: str = 'a'\nop.drop_table(name)", "a"),
        ("name = 'a'\nname += 'b'\nop.drop_table(name)", "None"),
        ("op.drop_table(name := 'a')\nop.drop_table(name)", "a a"),
        ("a, *b = ('x', 'y')\nop.drop_table(b)", "None"),
        ("b = 'x'\na, *b = rows()\nop.drop_table(b)", "None"),
        ("a, b = ('x', 'y')\nop.drop_table(b)", "y"),
        ("a, b = ('x', *rest)\nop.drop_table(a)", "None"),
        ("a, b = ('x', 'y', 'z')\nop.drop_table(a)", "None"),
        ("def f():\n    op.drop_table('a')\nf = g\nf()", ""),
        ("f = g\ndef f():\n    op.drop_table('a')\nf()", "a"),
        ("def f():\n    op.drop_table('a')\ndef h(f):\n    f()\nh(1)", ""),
        # Parameters.
        ("def f(t):\n    op.drop_table(t)\nf('a')\nf(t='b', u='c')\nf()", "a b None"),
        ("def f(s, t='a'):\n    op.drop_table(t)\nf(1)\nf(1, 'b')", "a b"),
        ("def f(s, t='a', u='b'):\n    op.drop_table(t)\nf(1)", "a"),
        ("def f(*, t='a'):\n    op.drop_table(t)\nf()\nf(t='b')", "a b"),
        ("def f(*, t):\n    op.drop_table(t)\nf()", "None"),
        ("def f(t='a'):\n    op.drop_table(t)\nf(*x)\nf(**x)", "None None"),
        ("def f(t, *more):\n    op.drop_table(t)\nf('a', 'b')", "a"),
        ("def f(*names):\n    for t in names:\n        op.drop_table(t)\nf('a', 'b')", "a b"),
        ("t = 'a'\ndef f(t=t):\n    op.drop_table(t)\nf()", "a"),
        # What a loop goes through.
        ("for t in ['a'] + ['b']:\n    op.drop_table(t)", "a b"),
        ("for t in reversed(['a', 'b']):\n    op.drop_table(t)", "b a"),
        ("for t in sorted(('a', 'b')):\n    op.drop_table(t)", "a b"),
        ("for t in {'a': 1, **x, 'b': 2}:\n    op.drop_table(t)", "a b"),
        ("for t in {'x': 'a', **x, 'y': 'b'}.values():\n    op.drop_table(t)", "a b"),
        ("for t, _ in {'a': 'x'}.items():\n    op.drop_table(t)", "a"),
        ("for t in names.values():\n    op.drop_table(t)", "None?"),
        ("for t in [n for n in ('a',)]:\n    op.drop_table(t)", "a"),
        ("for t in ['a'] * 2:\n    op.drop_table(t)", "None?"),
        (LOOP.format("'a', " * 100), " ".join("a" * 100)),
    ],
)
def test_tables(body: str, tables: str) -> None:
    marks = {(True, False): "", (False, False): "|", (False, True): "?"}
    found = [operation for operation in _steps(body).operations if operation.name == "drop_table"]
    assert [
        f"{operation.full_table}{marks[operation.is_certain, operation.is_doubtful]}"
        for operation in found
    ] == (tables.split())


def test_a_loop_is_one_operation_where_it_is_not_unrolled() -> None:
    operations, steps = _walked("for t in ('a', 'b'):\n    op.drop_table(t)")
    assert [_said(one) for one in operations] == ["drop_table, None.None, perhaps"]
    assert [_said(one) for one in steps.operations] == [
        "drop_table, a.None",
        "drop_table, b.None",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "with op.batch_alter_table('a', 's') as b:\n    b.drop_column('x')",
            ["batch_alter_table, a.None", "drop_column, s.a.x"],
        ),
        ("op.create_index('ix', 'a', ['x', 'y'])", ["create_index, a.ix, on x y"]),
        ("op.create_index('ix', 'a', ['x', y])", ["create_index, a.ix"]),
        (
            "op.create_table('a', sa.Column('x', T), sa.PrimaryKeyConstraint('x'))",
            ["create_table, a.None, a.x: None, plain"],
        ),
        (
            "op.create_table('a', sa.Column('x', T), *rest)",
            ["create_table, a.None, a.x: None"],
        ),
        (
            "op.create_table('a', *rest, sa.ForeignKeyConstraint(['b_id'], ['b.id']))",
            ["create_table, a.None, b_id -> b"],
        ),
        (
            "op.create_table('a', sa.ForeignKeyConstraint(['x', 'y'], ['b.x', 'b.y']))",
            ["create_table, a.None, None -> b, None -> b, plain"],
        ),
        ("C = sa.Column\nop.add_column('a', C('x', T))", ["add_column, a.None, a.x: None"]),
        ("C = sa.Index\nop.add_column('a', C('x', T))", ["add_column, a.None"]),
        ("op.add_column('a', f()('x', T))", ["add_column, a.None"]),
        (
            "c = 'x' if y else None\nop.add_column('a', sa.Column('n', T, comment=c))",
            ["add_column, a.None, a.n: x?"],
        ),
        (
            "c = None if y else 'x'\nop.add_column('a', sa.Column('n', T, comment=c))",
            ["add_column, a.None, a.n: x?"],
        ),
        (
            "c = ' ' if y else 'x'\nop.add_column('a', sa.Column('n', T, comment=c))",
            ["add_column, a.None, a.n: x?"],
        ),
        (
            "c = None if y else None\nop.add_column('a', sa.Column('n', T, comment=c))",
            ["add_column, a.None, a.n: None"],
        ),
        (
            "o = {'comment': 'x'} if y else {}\nop.add_column('a', sa.Column('n', T, **o))",
            ["add_column, a.None, a.n: None?"],
        ),
        ("op.add_column('a', sa.Column())", ["add_column, a.None, a.{?}: None"]),
        (
            f"op.add_column('a', sa.Column({'n' * 40}))",
            [f"add_column, a.None, a.{{{'n' * 40}}}: None"],
        ),
        (
            f"op.add_column('a', sa.Column({'n' * 41}))",
            [f"add_column, a.None, a.{{{'n' * 37}...}}: None"],
        ),
        (
            "op.alter_column('a', 'x', type_=T, existing_type=U)\n"
            "op.alter_column('a', 'x', type_=T, existing_type=T)",
            ["alter_column, a.x", "alter_column, a.x, restates type_"],
        ),
    ],
)
def test_operation(body: str, said: list[str]) -> None:
    assert [_said(operation) for operation in _steps(body).operations] == said


@pytest.mark.parametrize(
    ("body", "unseen"),
    [
        # Calls.
        ("print(x)\nx.create_it('DROP TABLE b')\nop.get_bind().begin()", []),
        ("f(x)", [None]),
        ("exec('x')", [None]),
        ("g(f())", [None, None]),
        ("print(op)", [None]),
        ("op.create_table('a', f(), x=f())", []),
        ("sa.inspect(f())", []),
        ("conn.execute(f())", [None]),
        ("execute('SELECT 1 FROM a')", [None]),
        ("op.create_entity(x)\nop.bulk_insert(t, [])\nop.batch_alter_table('a')", []),
        ("op.drop_everything()", [None]),
        ("def f():\n    f()\nf()", [None]),
        # What is imported.
        ("import json\njson.dumps(x)", []),
        ("import os.path\nos.path.join(x)", []),
        ("import json as j\nj.dumps(x)", []),
        ("from json import dumps as d\nd(x)", []),
        ("from sqlalchemy.dialects import postgresql\npostgresql.f()", []),
        ("import team.sub\nteam.sub.f()", [None]),
        ("import team.sub as t\nt.f()", [None]),
        ("from team import f\nf()", [None]),
        ("from . import json\njson.dumps(x)", [None]),
        ("from .json import dumps\ndumps(x)", [None]),
        ("f = sa.inspect\nf(x)", []),
        ("f = sa\nf(x)", [None]),
        ("f = g.h\nf(x)", [None]),
        # Methods of what is the team's own.
        ("from team import Model\nModel.make(x)", []),
        ("from team import repo\nrepo.session.add(x)\nrepo.query(x)", []),
        ("from team import log\nlog.info(x)", []),
        ("from team import repo\nrepo.get_all()", []),
        ("from team import repo\nrepo.apply()", [None]),
        ("from team import repo\nrepo['get']()", [None]),
        ("class X:\n    def f(self):\n        op.drop_table('a')\nX().f()", [None, None]),
        ("class X:\n    def f(self):\n        x.drop_table('a')\nX().f()", []),
        # What is created and dropped.
        ("sa.Enum('x').create(b)", []),
        ("e = sa.dialects.PgEnum('x')\ne.drop(b)", []),
        ("sa.Sequence('x').create(b)", []),
        ("sa.Table('a').create(b)", [None]),
        ("x.create(b)", [None]),
        ("x.create_all(b)", [None]),
        # SQL.
        ("op.execute('UPDATE a SET x = 1')\nop.execute('ANALYZE')", []),
        ("op.execute('SELECT * FROM a')", []),
        ("op.execute('SELECT f()')", ["SELECT f()"]),
        ("op.execute('DROP TABLE b')", ["DROP TABLE b"]),
        ("op.execute(f'ANALYZE {x}')", [None]),
        ("op.execute(f'VACUUM {x} FROM y')", [None]),
        ("op.execute(f'UPDATE {x}')", []),
        ("op.execute('UPDATE %s' % x)", []),
        ("op.execute('DROP TABLE %s' % x)", [None]),
        ("op.execute('DROP TABLE {}'.format(x))", [None]),
        ("op.execute('DROP TABLE b'.strip())", ["DROP TABLE b"]),
        ("op.execute(sa.text('DROP TABLE b').bindparams(x=1))", ["DROP TABLE b"]),
        ("op.execute(sa.insert(t).values(x=1))", []),
        ("op.execute(x[0])", [None]),
        ("a = 'DROP ' + 'TABLE b;'\nop.execute(a + a)", ["DROP TABLE b;DROP TABLE b;"]),
        ("t = 'a' if y else 'b'\nop.execute('DROP TABLE ' + t)", [None]),
        ("conn.execute('SELECT 1 FROM a', 'DROP TABLE b')", []),
        ("conn.execute('SELECT 1 FROM a', params='DROP TABLE b')", []),
        ("conn.execute(statement='DROP TABLE b')", ["DROP TABLE b"]),
    ],
)
def test_unseen(body: str, unseen: list[str | None]) -> None:
    assert [one.sql for one in _steps(body).opaque] == unseen


def test_sql_is_put_together_up_to_a_million_characters() -> None:
    half = "DROP TABLE b;".ljust(500_000)
    assert _steps(f"a = '{half}'\nop.execute(a + a)").opaque[0].sql == half * 2
    assert _steps(f"a = '{half}'\nop.execute(a + a + ' ')").opaque[0].sql is None


@pytest.mark.parametrize("shape", ["'' + {}", "{} % x", "sa.text({})", "({}).strip()"])
def test_how_deep_sql_is_looked_for(shape: str) -> None:
    texts = ["'UPDATE a SET x = 1'"]
    for _ in range(60):
        texts.append(shape.format(texts[-1]))
    assert _steps(f"op.execute({texts[59]})").opaque == ()
    assert _steps(f"op.execute({texts[60]})").opaque == (Opaque(None),)


def _aliases(count: int) -> str:
    lines = ["n0 = 'a'", *(f"n{at} = n{at - 1}" for at in range(1, count + 1))]
    return "\n".join([*lines, f"op.drop_table(n{count})"])


def _helpers(count: int) -> str:
    lines = ["def f0():\n    op.drop_table('a')"]
    lines += [f"def f{at}():\n    f{at - 1}()" for at in range(1, count)]
    return "\n".join([*lines, f"f{count - 1}()"])


def test_how_far_names_and_helpers_are_followed() -> None:
    assert [one.table for one in _steps(_aliases(29)).operations] == ["a"]
    assert [one.table for one in _steps(_aliases(30)).operations] == [None]
    assert [one.table for one in _steps(_helpers(30)).operations] == ["a"]
    assert _steps(_helpers(31)) == Steps((), _steps("f()").opaque)


def test_a_walk_has_an_end() -> None:
    lines = ["def f0():\n    op.drop_table('a')"]
    lines += [f"def f{at}():\n    f{at - 1}()\n    f{at - 1}()" for at in range(1, 25)]
    with pytest.raises(Unreadable, match=r"upgrade has [0-9]+ operations: more than 3000"):
        _walked("\n".join([*lines, "f24()"]))
    body = "\n".join([*lines, "f24()"]).replace("op.drop_table('a')", "pass")
    assert [one.sql for one in _steps(body).opaque] == [None]


def test_a_list_that_is_long_is_not_gone_through_to_its_end() -> None:
    steps = _steps(LOOP.format("'a', " * 2001))
    assert (len(steps.operations), [one.sql for one in steps.opaque]) == (2000, [None])


LONG_LOOP = "for t in ({}):\n    op.drop_table(t)\n".format("'a', " * 1500)


@pytest.mark.parametrize(
    ("most", "more"),
    [("op.drop_table('a')\n" * 3000, "op.drop_table('a')\n"), (LONG_LOOP * 2, LONG_LOOP)],
    ids=["written out", "in loops"],
)
def test_more_operations_than_are_judged(most: str, more: str) -> None:
    _walked(most)
    with pytest.raises(Unreadable) as raised:
        _walked(most + more)
    error = raised.value
    count = 3001 if more != LONG_LOOP else 4500
    assert (error.message, error.path, error.line, error.column) == (
        f"upgrade has {count} operations: more than 3000 are not judged",
        "x.py",
        3,
        1,
    )
