"""`python -m tests.fuzz.sizes [NAME ...]`: files of 1 MiB, dense or broken, and their cost.

Each stands in the sample backend, and all rules that read it run in a process of their own, one by
one where they take more than 5 s of processor time or 500 MiB of memory together. A rule that does
ends the run with exit code 1, and so does a command of three times as much. Of a file that is
refused for what there is in it, as much is tried, too, as is not.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.snapshot import environment

if TYPE_CHECKING:
    from tests.fuzz.world import World

MIB = 2**20
SECONDS = 5.0
MEMORY = 500 * MIB
# What is still running then is not waited for.
_LIMIT = 20
_REFUSED = re.compile(r"unreadable: .*(?:not (?:parsed|judged)|too much)")
_STEP = 0.8
_CHECK = ("definition-of-done", "check", "--no-cache")
_BUMP = ("definition-of-done", "bump", "patch", "--dry-run")
_INIT = ("definition-of-done", "init", "--dry-run")
_STATUS = ("definition-of-done", "status")


class Cost(NamedTuple):
    """The cost of a command: seconds of processor time, bytes of memory, exit code, last line.

    `is_refused` says that it had too much to read.
    """

    seconds: float
    memory: int
    code: int
    said: str
    is_refused: bool

    @property
    def is_bounded(self) -> bool:
        """True where it kept to both bounds, and ended as a command may."""
        return self.seconds <= SECONDS and self.memory <= MEMORY and self.code in (0, 1, 2)


def filled(
    unit: str | Callable[[int], str], head: str = "", tail: str = "", *, size: int = MIB
) -> bytes:
    """So many bytes of a unit, which may be made of its number, between a head and a tail."""
    made, left, number = [head.encode()], size - len(head) - len(tail), 0
    while (left := left - len(piece := (unit(number) if callable(unit) else unit).encode())) >= 0:
        number += 1
        made.append(piece)
    return b"".join([*made, tail.encode()])


_MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
_CREDITS = "app/graphql/vendor_credits"
_MODEL = f"{_CREDITS}/models/vendor_credit.py"
_TYPES, _QUERIES = f"{_CREDITS}/types.py", f"{_CREDITS}/queries.py"
_TASKS, _SERVICE = (
    f"{_CREDITS}/tasks/expire_credits.py",
    f"{_CREDITS}/services/vendor_credit_service.py",
)
_ENUMS = "app/graphql/rbac/models/models.py"
_PAGE, _CHANGELOG = "docs/feature/2026-05-24-vendor-credits.md", "docs/changelog/1.2.0.md"
_TEST = "tests/graphql/vendor_credits/test_vendor_credit_service.py"
_HEADER = '''"""add vendor_credits

Revision ID: add_vendor_credits
Revises: add_vendors
Create Date: 2026-05-24 00:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision: str = "add_vendor_credits"
down_revision: str | None = "add_vendors"
branch_labels: str | None = None
depends_on: str | None = None

'''
_UP = _HEADER + "\ndef upgrade() -> None:\n"
_DOWN = "\n\ndef downgrade() -> None:\n    op.drop_table('a')\n"
_SITE = "site_name: a\n"
_TOML = '[project]\nname = "a"\nversion = "1.2.0"\n'
_MODELS = "from app.database import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n"
_GRAPH = "import strawberry\n"


def _cases() -> Iterator[tuple[str, str, partial[bytes], tuple[tuple[str, ...], ...]]]:
    """Name, path, the bytes, and the commands that read them."""
    for name, unit, head, tail in (
        ("nav", lambda n: f"  - Page {n}: feature/{n}.md\n", _SITE + "nav:\n", ""),
        ("nav deep", lambda n: "  " * (n % 90) + f"  - S{n}:\n", _SITE + "nav:\n", ""),
        ("nav of one page", "  - feature/2026-05-24-vendor-credits.md\n", _SITE + "nav:\n", ""),
        ("flow", "{a: b},", _SITE + "x: [", "]\n"),
        ("flow of nothing", "[],", _SITE + "x: [", "]\n"),
        ("flow unclosed", "[a,", _SITE + "x: ", ""),
        ("keys", lambda n: f"k{n}: 1\n", _SITE, ""),
        ("one key", "a: 1\n", _SITE, ""),
        ("question marks", "? a\n", _SITE, ""),
        ("dashes", "- a\n", "", ""),
        ("anchors", lambda n: f"a{n}: &a{n} x\n", _SITE, ""),
        ("aliases", "- *a\n", "a: &a b\nnav:\n", ""),
        ("merges", lambda n: f"k{n}: {{<<: *a}}\n", "a: &a {b: c}\n", ""),
        ("one line", "a", _SITE + "x: ", "\n"),
        ("quoted line", "\\n", _SITE + 'x: "', '"\n'),
        ("blanks", " ", _SITE + "x: ", "\n"),
        ("newlines", "\n", _SITE, ""),
        ("comments", "#\n", _SITE, ""),
        ("tags", "- !ENV [A, b]\n", "a:\n", ""),
        ("patterns", "  **/a*\n", _SITE + "nav: []\nnot_in_nav: |\n", ""),
        ("patterns of stars", "*a", _SITE + "nav: []\nexclude_docs: |\n  ", "\n"),
        ("patterns of folders", "**/a/", _SITE + "nav: []\nexclude_docs: |\n  ", "\n"),
        ("patterns of brackets", "[", _SITE + "nav: []\nexclude_docs: |\n  ", "\n"),
        ("many patterns of brackets", "  [a\n", _SITE + "nav: []\nexclude_docs: |\n", ""),
        ("extensions", lambda n: f"  - e{n}\n", _SITE + "markdown_extensions:\n", ""),
        ("plugins", lambda n: f"  - e{n}: {{a: b}}\n", _SITE + "plugins:\n", ""),
        (
            "redirects",
            lambda n: f"        a{n}.md: b.md\n",
            _SITE + "plugins:\n  - redirects:\n      redirect_maps:\n",
            "",
        ),
        ("broken", "a: b: c\n", _SITE, ""),
        ("percent", "%a\n", "", ""),
    ):
        yield (
            f"mkdocs {name}",
            "mkdocs.yml",
            partial(filled, unit, head, tail),
            (_CHECK, _BUMP),
        )
    for name, unit, head, tail in (
        ("commands", "      - a\n", "version: '3'\ntasks:\n  a:\n    cmds:\n", ""),
        ("tasks", lambda n: f"  t{n}: a\n", "version: '3'\ntasks:\n", ""),
        (
            "workers",
            "      - taskiq worker a:b -tp 'app/**/*.py'\n",
            "version: '3'\ntasks:\n  a:\n    cmds:\n",
            "",
        ),
        (
            "workers of tasks",
            lambda n: f"  t{n}: taskiq worker a:b --tasks-pattern '**/{n}*.py'\n",
            "version: '3'\ntasks:\n",
            "",
        ),
        ("one worker", " -tp '**/**/*a*a*'", "version: '3'\ntasks:\n  a: taskiq worker a:b", "\n"),
        (
            "stars of a worker",
            "**/",
            "version: '3'\ntasks:\n  a: taskiq worker a:b -tp '",
            "*.py'\n",
        ),
        (
            "variables",
            lambda n: f"  V{n}: a\n",
            "version: '3'\nvars:\n",
            "tasks:\n  a: '{{.V1}}'\n",
        ),
        (
            "doubled",
            lambda n: f"  V{n + 1}: '{{{{.V{n}}}}}{{{{.V{n}}}}}'\n",
            "version: '3'\nvars:\n  V0: ab\n",
            "tasks:\n  a: '{{.V900}}'\n",
        ),
        (
            "variables of tasks",
            lambda n: f"  t{n}: {{vars: {{A: b}}, cmds: ['{{{{.A}}}}']}}\n",
            "version: '3'\ntasks:\n",
            "",
        ),
        ("templates", "{{.A}}", "version: '3'\ntasks:\n  a: ", "\n"),
        ("template ends", "{{ ", "version: '3'\ntasks:\n  a: '", "}}'\n"),
        ("includes", lambda n: f"  i{n}: ./x{n}\n", "version: '3'\nincludes:\n", ""),
        ("includes itself", lambda n: f"  i{n}: Taskfile.yml\n", "version: '3'\nincludes:\n", ""),
        (
            "includes itself once",
            "a",
            "version: '3'\nincludes:\n  a: Taskfile.yml\n  b: Taskfile.yml\ntasks:\n  a: ",
            "\n",
        ),
        (
            "calls",
            lambda n: f"      - {{task: a, vars: {{V{n}: b}}}}\n",
            "version: '3'\ntasks:\n  a:\n    cmds:\n",
            "",
        ),
        ("quotes", "'", "version: '3'\ntasks:\n  a: |\n    taskiq worker ", "\n"),
        ("backslashes", "\\\n    ", "version: '3'\ntasks:\n  a: |\n    taskiq worker ", "\n"),
        ("words", "a ", "version: '3'\ntasks:\n  a: |\n    taskiq worker ", "\n"),
        ("broken", "a: b: c\n", "version: '3'\n", ""),
    ):
        yield (
            f"taskfile {name}",
            "Taskfile.yml",
            partial(filled, unit, head, tail),
            (_CHECK,),
        )
    for name, unit, head, tail in (
        (
            "repos",
            lambda n: f"  - repo: https://x/{n}\n    rev: v1\n    hooks: [{{id: x}}]\n",
            "repos:\n",
            "",
        ),
        (
            "hooks",
            lambda n: f"      - id: x{n}\n",
            "repos:\n  - repo: https://x\n    rev: v1\n    hooks:\n",
            "",
        ),
        ("flow", "{id: x},", "repos: [{repo: a, hooks: [", "]}]\n"),
        ("broken", "a: b: c\n", "repos:\n", ""),
    ):
        yield (
            f"pre-commit {name}",
            ".pre-commit-config.yaml",
            partial(filled, unit, head, tail),
            (_INIT, _CHECK),
        )
    for name, unit, head, tail in (
        ("fields", lambda n: f" f{n}:Int", "type Query {", "}\n"),
        ("types", lambda n: f"type T{n}{{a:Int}}", "type Query {a: T0}\n", ""),
        ("scalars", lambda n: f"scalar S{n} ", "type Query {a: Int}\n", ""),
        ("empty types", lambda n: f"type T{n} ", "type Query {a: Int}\n", ""),
        ("arguments", lambda n: f"a{n}:Int ", "type Query {a(", "):Int}\n"),
        ("enum", lambda n: f"A{n} ", "type Query {a: E}\nenum E {", "}\n"),
        ("union", "|Query ", "type Query {a: U}\nunion U=", "\n"),
        ("implements", lambda n: f"&I{n} ", "type Query implements ", "{a: Int}\n"),
        (
            "interfaces",
            lambda n: f"interface I{n} implements I{n + 1}{{a:Int}}",
            "type Query {a: I0}\n",
            "",
        ),
        ("extensions", "extend type Query{a:Int}", "type Query {b: Int}\n", ""),
        ("lists", "[", "type Query {a: ", "}\n"),
        ("list value", "1 ", "type Query {a(b: [Int] = [", "]): Int}\n"),
        ("object value", "a:1 ", "type Query {a(b: A = {", "}): Int}\n"),
        ("directives", "@a", "type Query {a: Int ", "}\n"),
        ("quotes", '"', "type Query {a: Int}\n", ""),
        ("block string", 'a\\"""', 'type Query {a: Int}\n"""', '"""\n'),
        ("block string of lines", " \n", 'type Query {a: Int}\n"""', '"""\ntype A{b:Int}'),
        ("descriptions", lambda n: f'"a"f{n}:Int ', "type Query {", "}\n"),
        ("comments", "#\n", "type Query {a: Int}\n", ""),
        ("commas", ",", "type Query {a: Int}\n", ""),
        ("fields twice", "a:Int ", "type Query {", "}\n"),
        ("broken", "type ", "", ""),
    ):
        yield (
            f"sdl {name}",
            "schema.graphql",
            partial(filled, unit, head, tail),
            (_CHECK,),
        )
    for name, unit, head, tail in (
        ("keys", lambda n: f"k{n} = 1\n", _TOML + "[tool.a]\n", ""),
        ("tables", lambda n: f"[t{n}]\n", _TOML, ""),
        ("deep tables", lambda n: "[" + ".".join("abcdefgh" * 8) + f".t{n}]\n", _TOML, ""),
        ("one deep table", "a.", _TOML + "[", "b]\n"),
        ("dotted key", "a.", _TOML, "b = 1\n"),
        ("dotted keys", lambda n: f"a.b.c.d.e.f.k{n} = 1\n", _TOML + "[x]\n", ""),
        ("arrays of tables", "[[a]]\n", _TOML, ""),
        ("nested arrays of tables", "[[a]]\n[[a.b]]\n", _TOML, ""),
        ("array", "1,", _TOML + "a = [", "]\n"),
        ("empty arrays", "[],", _TOML + "a = [", "]\n"),
        ("inline tables", "{a=1},", _TOML + "a = [", "]\n"),
        ("strings", '"1.2.0",', _TOML + "a = [", "]\n"),
        ("versions first", '"1.2.0",', "a = [", "]\n" + _TOML),
        ("versions in comments", '# "1.2.0"\n', "", _TOML),
        ("one string", "a", _TOML + 'a = "', '"\n'),
        ("escapes", "\\n", _TOML + 'a = "', '"\n'),
        ("open string", "a", _TOML + 'a = "', ""),
        ("multi-line", '""a', _TOML + 'a = """', '"""\n'),
        ("digits", "1_", _TOML + "a = ", "1\n"),
        ("dates", "2026-01-01T00:00:00Z,", _TOML + "a = [", "]\n"),
        ("comments", "#\n", _TOML, ""),
        ("newlines", "\n", _TOML, ""),
        ("blanks", " ", _TOML, "\n"),
        (
            "sections",
            lambda n: f"s{n} = []\n",
            _TOML + "[tool.definition-of-done.feature-sections]\n",
            "",
        ),
        (
            "reasons",
            lambda n: f'"file-length {n}" = "a"\n',
            _TOML + "[tool.definition-of-done.reasons]\n",
            "",
        ),
        ("excluded", '"*a*b",', _TOML + "[tool.definition-of-done]\nexclude = [", "]\n"),
        ("ignored", '"file-length",', _TOML + "[tool.definition-of-done]\nignore = [", "]\n"),
        ("unknown", lambda n: f"k{n} = 1\n", _TOML + "[tool.definition-of-done]\n", ""),
        ("broken", "[", _TOML, ""),
    ):
        yield (
            f"toml {name}",
            "pyproject.toml",
            partial(filled, unit, head, tail),
            (_CHECK, _BUMP, _INIT),
        )
    for name, unit, head, tail in (
        (
            "columns",
            lambda n: f"    op.add_column('t', sa.Column('c{n}', sa.Integer()))\n",
            _UP,
            _DOWN,
        ),
        (
            "columns of tables",
            lambda n: f"    op.add_column('t{n}', sa.Column('c', sa.Integer()))\n",
            _UP,
            _DOWN,
        ),
        ("tables", lambda n: f"    op.create_table('t{n}')\n", _UP, _DOWN),
        (
            "wide table",
            lambda n: f"sa.Column('c{n}', sa.Integer()),",
            _UP + "    op.create_table('t',",
            ")\n" + _DOWN,
        ),
        (
            "foreign keys",
            lambda n: f"    op.create_foreign_key('f{n}','t{n}','t{n + 1}',['a'],['b'])\n",
            _UP,
            _DOWN,
        ),
        ("indexes", lambda n: f"    op.create_index('i{n}','t',['c{n}'])\n", _UP, _DOWN),
        ("one index", "    op.create_index('i','t',['c'])\n", _UP, _DOWN),
        ("drops", lambda n: f"    op.drop_index('i{n}')\n", _UP, _DOWN),
        ("alters", lambda n: f"    op.alter_column('t','c{n}',nullable=True)\n", _UP, _DOWN),
        ("renames", lambda n: f"    op.rename_table('t{n}','t{n + 1}')\n", _UP, _DOWN),
        ("sql", lambda n: f"    op.execute('ALTER TABLE t{n} ADD c')\n", _UP, _DOWN),
        ("one sql", "alter table t add c;", _UP + "    op.execute('", "')\n" + _DOWN),
        ("sql actions", "add c,", _UP + "    op.execute('alter table t ", "')\n" + _DOWN),
        ("sql do", "do ", _UP + "    op.execute('", "')\n" + _DOWN),
        ("sql drop", "drop ", _UP + "    op.execute('", "')\n" + _DOWN),
        ("sql blanks", " ", _UP + "    op.execute('create ", "')\n" + _DOWN),
        ("sql comments", "/*", _UP + "    op.execute('", "')\n" + _DOWN),
        ("sql quotes", '"', _UP + "    op.execute('alter table ", "')\n" + _DOWN),
        ("executes", "execute", _UP + "    op.execute('", "')\n" + _DOWN),
        ("execute names", "execute", _UP + "    op.", "('a')\n" + _DOWN),
        (
            "unseen sql",
            lambda n: f"    op.execute('create x{n}')\n    op.drop_index('i{n}')\n",
            _UP,
            _DOWN,
        ),
        (
            "helpers",
            lambda n: f"def h{n}():\n    h{n + 1}()\n",
            _HEADER,
            "\ndef upgrade():\n    h0()\n" + _DOWN,
        ),
        (
            "helpers doubled",
            lambda n: f"def h{n}():\n    h{n + 1}();h{n + 1}()\n",
            _HEADER,
            "\ndef upgrade():\n    h0()\n" + _DOWN,
        ),
        (
            "loops",
            lambda n: f"    for x{n} in 'a','b':\n        op.drop_column(x{n}, 'c')\n",
            _UP,
            _DOWN,
        ),
        (
            "loop of many",
            "'a',",
            _UP + "    for x in (",
            "):\n        op.add_column(x, sa.Column('c'))\n" + _DOWN,
        ),
        (
            "names",
            lambda n: f"a{n + 1} = a{n}\n",
            _HEADER + "a0 = 'x'\n",
            "def upgrade():\n    op.drop_table(a900)\n" + _DOWN,
        ),
        (
            "names doubled",
            lambda n: f"a{n + 1} = a{n} + a{n}\n",
            _HEADER + "a0 = 'x'\n",
            "def upgrade():\n    op.drop_table(a900)\n    op.execute(a900)\n" + _DOWN,
        ),
        (
            "names formatted",
            lambda n: f"a{n + 1} = f'{{a{n}}}{{a{n}}}'\n",
            _HEADER + "a0 = 'x'\n",
            "def upgrade():\n    op.drop_table(a900)\n    op.execute(a900)\n" + _DOWN,
        ),
        ("ifs", lambda n: f"    if x: op.drop_column('t','c{n}')\n", _UP, _DOWN),
        (
            "batch",
            lambda n: f"    with op.batch_alter_table('t{n}') as b: b.drop_column('c')\n",
            _UP,
            _DOWN,
        ),
        ("plus", "'a'+", _UP + "    op.execute(", "'a')\n" + _DOWN),
        ("docstring", "Revises: a\n", '"""add\n\n', '"""\n'),
        ("docstring of words", "a ", '"""', '"""\n'),
        ("docstring quotes", "\\'", '"""', '"""\n'),
        ("parents", "'a',", "revision = 'b'\ndown_revision = (", ")\n"),
        ("revisions", "revision = 'a'\n", "", ""),
        ("open revision", "'a',", "revision = (", "\n"),
        ("comments", "#\n", _HEADER, ""),
        ("noqa", "#noqa\n", _HEADER, ""),
        ("ignores", "#dod:ignore[a]\n", _HEADER, ""),
        ("ignores on a line", "dod:ignore[a]", _HEADER + "#", "\n"),
        ("ignores that name many", "a,", _HEADER + "# dod: ignore[", "]\n"),
        ("ignores of a rule", "x=1#dod:ignore[file-length]a\n", _HEADER, ""),
        ("open ignores", "dod:ignore[", _HEADER + "#", "\n"),
        ("statements", "a\n", _HEADER, ""),
        ("fields", "{a}", _HEADER + "a = f'", "'\n"),
        ("calls", "f(", _HEADER, ""),
        ("semicolons", "a;", _HEADER, "\n"),
        ("list", "1,", _HEADER + "a=[", "]\n"),
        ("dots", ".a", _HEADER + "a", "\n"),
        ("newlines", "\n", _HEADER, ""),
        ("carriage returns", "\r", _HEADER, ""),
        ("form feeds", "\f", _HEADER, "\n"),
        ("blanks", " ", _HEADER, "\n"),
        ("not ASCII", "\u00e9=1\n", _HEADER, ""),
        ("not ASCII on a line", "\u00e9;", _HEADER, "\n"),
        ("broken", "a b\n", _HEADER, ""),
        ("broken at the end", "a=[1,2]\n", _HEADER, "print 1\n"),
        ("type aliases", "type X=int\n", _HEADER, "a b\n"),
    ):
        yield (
            f"migration {name}",
            _MIGRATION,
            partial(filled, unit, head, tail),
            (_CHECK,),
        )
    for name, path, unit, head, tail in (
        (
            "model classes",
            _MODEL,
            lambda n: (
                f"class C{n}(Base):\n    __tablename__='t{n}'\n    a:Mapped[int]=mapped_column()\n"
            ),
            _MODELS,
            "",
        ),
        (
            "model columns",
            _MODEL,
            lambda n: f"    c{n}:Mapped[int]=mapped_column()\n",
            _MODELS + "class C(Base):\n    __tablename__='t'\n",
            "",
        ),
        (
            "model bases",
            _MODEL,
            lambda n: f"class C{n + 1}(C{n}):pass\n",
            _MODELS + "class C0(Base):\n    __tablename__='t'\n",
            "",
        ),
        (
            "model indexes",
            _MODEL,
            lambda n: f"Index('i{n}','c'),",
            _MODELS + "from sqlalchemy import Index\nclass C(Base):\n    __tablename__='t'\n"
            "    __table_args__=(",
            ")\n",
        ),
        ("model long name", _MODEL, "_", _MODELS + "class C(Base):\n    __tablename__='t", "'\n"),
        ("types", _TYPES, lambda n: f"@strawberry.type\nclass T{n}:\n    a: int\n", _GRAPH, ""),
        (
            "type fields",
            _TYPES,
            lambda n: f"    f{n}: int\n",
            _GRAPH + "@strawberry.type\nclass T:\n",
            "",
        ),
        (
            "type bases",
            _TYPES,
            lambda n: f"@strawberry.type\nclass T{n + 1}(T{n}):\n    f{n}:int\n",
            _GRAPH + "@strawberry.type\nclass T0:\n    a: int\n",
            "",
        ),
        ("annotation", _TYPES, "list[", _GRAPH + "@strawberry.type\nclass T:\n    a: ", "\n"),
        (
            "union",
            _TYPES,
            lambda n: f"|T{n}",
            _GRAPH + "@strawberry.type\nclass T:\n    a: int",
            "\n",
        ),
        ("fields twice", _TYPES, "    f: int\n", _GRAPH + "@strawberry.type\nclass T:\n", ""),
        ("underscores", _TYPES, "_", _GRAPH + "@strawberry.type\nclass T", ":\n    a: int\n"),
        ("imports", _TYPES, lambda n: f"from a import b{n}\n", _GRAPH, ""),
        (
            "aliases",
            _TYPES,
            lambda n: f"a{n + 1} = a{n}\n",
            _GRAPH + "a0 = strawberry.type\n",
            "@a900\nclass T:\n    a: int\n",
        ),
        (
            "queries",
            _QUERIES,
            lambda n: f"    @strawberry.field\n    def f{n}(self)->int:...\n",
            _GRAPH + "@strawberry.type\nclass VendorCreditQueries:\n",
            "",
        ),
        (
            "query words",
            _QUERIES,
            lambda n: f"    @strawberry.field\n    def a{'_b' * 90}_{n}(self)->int:...\n",
            _GRAPH + "@strawberry.type\nclass VendorCreditQueries:\n",
            "",
        ),
        (
            "query classes",
            _QUERIES,
            lambda n: f"@strawberry.type\nclass C{n}Query:\n    a:int\n",
            _GRAPH,
            "",
        ),
        (
            "service methods",
            _SERVICE,
            lambda n: f"    def f{n}(self):...\n",
            "class VendorCreditService:\n",
            "",
        ),
        ("service classes", _SERVICE, lambda n: f"class S{n}Service:...\n", "", ""),
        (
            "tasks",
            _TASKS,
            lambda n: f"@broker.task\nasync def t{n}():...\n",
            "from app.worker import broker\n",
            "",
        ),
        (
            "cron",
            _TASKS,
            lambda n: f"@broker.task(schedule=[{{'cron':'{n} * * * *'}}])\nasync def t{n}():...\n",
            "from app.worker import broker\n",
            "",
        ),
        (
            "schedules",
            _TASKS,
            "{'cron':'* * * * *'},",
            "from app.worker import broker\n@broker.task(schedule=[",
            "])\nasync def t():...\n",
        ),
        ("worker imports", "app/worker.py", lambda n: f"import a{n}\n", "", ""),
        (
            "enum members",
            _ENUMS,
            lambda n: f"    A{n}='a{n}'\n",
            "from enum import Enum\nclass Path(Enum):\n",
            "",
        ),
        (
            "resource members",
            _ENUMS,
            lambda n: f"    A{n}='a{n}'\n",
            "from enum import Enum\nclass Path(Enum):\n    A='a'\nclass Resource(Enum):\n",
            "",
        ),
        (
            "enum member twice",
            _ENUMS,
            "    A='a'\n",
            "from enum import Enum\nclass Path(Enum):\n",
            "",
        ),
        (
            "enum underscores",
            _ENUMS,
            "_",
            "from enum import Enum\nclass Path(Enum):\n    A",
            "B = 'a'\n",
        ),
        (
            "backfill",
            "scripts/backfill_new_path_permissions.py",
            lambda n: f"Path.A{n}\n",
            "from app.graphql.rbac.models.models import Path\n",
            "",
        ),
        (
            "backfill strings",
            "scripts/backfill_new_path_permissions.py",
            lambda n: f"'a{n}'\n",
            "",
            "",
        ),
        ("backfill quotes", "scripts/backfill_new_path_permissions.py", "'", "'''", "'''\n"),
        ("schema classes", "app/graphql/schema.py", lambda n: f"class Q{n}(Q):...\n", _GRAPH, ""),
        (
            "schema bases",
            "app/graphql/schema.py",
            lambda n: f"Q{n},",
            _GRAPH + "@strawberry.type\nclass Query(",
            "):...\n",
        ),
        ("tests", _TEST, lambda n: f"def test_{n}():\n    assert f{n}()\n", "", ""),
        ("test words", _TEST, "vendor_credit_service ", "def test_a():\n    '", "'\n"),
        ("test blanks", _TEST, " ", "def test_a():\n    '", "'\n"),
        ("test underscores", _TEST, "_", "def test_a():\n    a", "\n"),
        ("version", "app/version.py", "version = '1.2.0'\n", "", ""),
        ("version string", "app/version.py", "1.2.0", "version = '", "'\n"),
        ("env", "alembic/env.py", "target_metadata = Base.metadata\n", "", ""),
        ("env imports", "alembic/env.py", lambda n: f"from a{n} import *\n", "", ""),
        (
            "ini",
            "alembic.ini",
            lambda n: f"a{n} = %(a{n - 1})s%(a{n - 1})s\n",
            "[alembic]\nscript_location = %(a900)s\na-1=ab\n",
            "",
        ),
        (
            "ini locations",
            "alembic.ini",
            "a ",
            "[alembic]\nscript_location = alembic\nversion_locations = ",
            "\n",
        ),
        (
            "ini blanks",
            "alembic.ini",
            " ",
            "[alembic]\nscript_location = alembic\nversion_locations = a",
            "b\n",
        ),
        (
            "ini sections",
            "alembic.ini",
            lambda n: f"[s{n}]\n",
            "[alembic]\nscript_location = alembic\n",
            "",
        ),
    ):
        yield (
            f"python {name}",
            path,
            partial(filled, unit, head, tail),
            (_CHECK, *((_BUMP,) if "version" in path else ())),
        )
    plan = "# Vendor credits\n\nDate: 2026-05-24\n\n"
    for name, unit, head, tail in (
        ("sections", lambda n: f"## S{n}\n\nx\n\n", plan, ""),
        ("headings", "## In scope\n", plan, ""),
        ("numbers", "1.", plan + "## ", "\n"),
        ("scopes", "### In scope\n", plan + "## Scope\n\n", ""),
        ("heading joints", "/ ", plan + "## a", "\n"),
        ("heading ands", "and ", plan + "## ", "\n"),
        ("date", " ", "# a\n\nDate: a", "b\n"),
        ("dates", "Date:\n", "# a\n\n", ""),
        ("items", "- a\n", plan + "## What's being implemented\n\n", ""),
        (
            "items nested",
            lambda n: "  " * (n % 40) + "- a\n",
            plan + "## What's being implemented\n\n",
            "",
        ),
        ("tasks", "- [ ] a\n", plan + "## Open questions\n\n", ""),
        ("questions", "- a?\n", plan + "## Open questions\n\n", ""),
        ("question marks", "?", plan + "## Open questions\n\n- -> ", "a\n"),
        ("arrows", "-> a ", plan + "## Open questions\n\n- ", "?\n"),
        ("arrows that ask", "->???", plan + "## Open questions\n\n- ", "\n"),
        ("question paragraphs", "a?\n\n", plan + "## Open questions\n\n", ""),
        ("question lines", "a?\n", plan + "## Open questions\n\n", ""),
        ("question headings", "### a?\n", plan + "## Open questions\n\n", ""),
        ("questions and answers", "- a?\n  - b?\n", plan + "## Open questions\n\n", ""),
        ("code", "`a` ", plan + "## GraphQL surface\n\n", "\n"),
        ("code names", lambda n: f"- `a{n}`\n", plan + "## GraphQL surface\n\n", ""),
        ("code newlines", "\n", plan + "## GraphQL surface\n\n```\na", "\n```\n"),
        ("code calls", "(", plan + "## GraphQL surface\n\n`a", "`\n"),
        ("revisions", lambda n: f"- `rev_{n}`\n", plan + "## Data model changes\n\n", ""),
        ("crons", "- `* * * * *`\n", plan + "## Background tasks / cron\n\n", ""),
        ("cron blanks", " -", plan + "## Background tasks / cron\n\n1", "a\n"),
        ("paths", "a/b.py ", plan + "## What's being implemented\n\n", "\n"),
        ("path dots", "a.", plan + "## What's being implemented\n\n- a/", "/\n"),
        ("path slashes", "a/", plan + "## What's being implemented\n\n- ", "\n"),
        ("links", "[a](b.md) ", plan, "\n"),
        ("links that resolve", "[a](2026-04-10-vendors.md#a)\n", plan, ""),
        ("link fragments", lambda n: f"[a](#x{n})\n", plan, ""),
        ("definitions", lambda n: f"[a{n}]: b.md\n", plan, ""),
        ("definition", "[a]: b.md\n", plan, ""),
        ("open definitions", "[a]:\n", plan, ""),
        ("definitions in lists", "- [a]: b\n", plan, ""),
        ("definitions of labels", "[", plan, "]: b\n"),
        ("definition titles", "[a]: b '", plan, "\n"),
        ("definition lines", "[a]: b\n'\n", plan, ""),
        ("footnotes", "[^a]", plan, "\n"),
        ("open footnotes", "[^", plan, "\n"),
        ("equal headings", "# a\n", plan, ""),
        ("counted headings", "# a_1\n", plan, ""),
        ("empty headings", "#\n", plan, ""),
        ("heading blanks", " ", plan + "#", "x\n"),
        ("underlines", "a\n-\n", plan, ""),
        ("underline", "-", plan + "a\n", "\n"),
        ("attributes", "\t ", plan + "# a ", "\n"),
        ("attribute lists", "{#a}", plan + "# ", "\n"),
        ("attribute braces", "{", plan + "# ", "\n"),
        ("tags", "<a id='", plan, "\n"),
        ("tag blanks", "<a ", plan, "\n"),
        ("tag names", "<a" + " id" * 99, plan, "\n"),
        ("angle brackets", "<", plan + "# ", "\n"),
        ("comments", "<!-- a -->\n", plan, ""),
        ("comment lines", "<!-- a -->\n\n", plan, ""),
        ("equal comments", "a <!-- a -->\n", plan, ""),
        ("ignores", "<!-- dod: ignore[a] -->\n", plan, ""),
        ("ignores inline", "<!-- dod: ignore[a] -->", plan + "a ", "\n"),
        ("ignores without an end", "<!-- dod:ignore[a]", plan, ""),
        ("fences", "```\na\n```\n", plan, ""),
        ("fence", "a\n", plan + "```\n", ""),
        ("fence of marks", "[!*<", plan + "```\n", "\n```\n"),
        ("fences of tildes", "~~~\n", plan, ""),
        ("fence marks", "`" * 9 + "~\n", plan, ""),
        ("quotes", "> a\n", plan, ""),
        ("lists of quotes", "> - a\n", plan, ""),
        ("html", "<div>\n", plan, ""),
        ("html lines", "<div>\n\n", plan, ""),
        ("table", "|a|b|\n", plan + "|a|b|\n|-|-|\n", ""),
        ("admonitions", "!!! a\n", plan, ""),
        ("admonitions nested", lambda n: " " * 4 * (n % 30) + "!!! a\n", plan, ""),
        ("tabs", '=== "a"\n', plan, ""),
        ("front matter", "a: b\n", "---\n", "---\n"),
        ("open front matter", "---x\n", "---\n", ""),
        ("blanks", " ", plan, "\n"),
        ("newlines", "\n", plan, ""),
        ("carriage returns", "\r", plan, ""),
        ("letters", "a", plan, ""),
        ("words", "a ", plan, ""),
        ("lines", "a\n", plan, ""),
        ("paragraphs", "a b c d e f g h\n\n", plan, ""),
        ("indented", "    a\n", plan, ""),
        ("entities", "&amp;", plan, ""),
        ("backslashes", "\\*", plan, ""),
        ("strong", "**a** ", plan, ""),
        ("emphasis", "*a ", plan, ""),
        ("emphasis twice", "**a *", plan, ""),
        ("backticks", "`a", plan, ""),
        ("addresses", "<http://a> ", plan, ""),
        ("stubs", "TODO ", plan, ""),
        ("placeholders", "<a-b> ", plan, ""),
        ("not ASCII", "\u00e9 ", plan, ""),
        ("NUL", "\0", plan, ""),
    ):
        yield f"page {name}", _PAGE, partial(filled, unit, head, tail), (_CHECK, _STATUS)
    log = "# 1.2.0\n\n## Highlights\n\n- a\n\n"
    for name, unit, head, tail in (
        ("added", "- a\n", log + "## Added\n\n", ""),
        ("added links", "- [a](../feature/a.md)\n", log + "## Added\n\n", ""),
        ("migrations", lambda n: f"- `rev_{n}`\n", log + "## Migrations\n\n", ""),
        ("one migration", "- `add_vendor_credits`\n", log + "## Migrations\n\n", ""),
        ("migrations in a row", "add_vendors, ", log + "## Migrations\n\n- ", "\n"),
        ("migrations of dots", ".", log + "## Migrations\n\n- ", "\n"),
        ("migrations of blanks", " ", log + "## Migrations\n\n- add_vendors", "x\n"),
        ("scripts", "- scripts/a.py\n", log + "## Migrations\n\n", ""),
        ("script slashes", "scripts/", log + "## Migrations\n\n- ", "\n"),
        ("frontend", lambda n: f"line {n}\n", log + "## Frontend impact\n\n", ""),
        ("frontend comments", "<!-- dod:", log + "## Frontend impact\n\n", ""),
        ("frontend brackets", "[\n", log + "## Frontend impact\n\n", ""),
        ("sections", "## Added\n\n- a\n\n", log, ""),
        ("notes", "a ", log + "## Versioning notes\n\n", "\n"),
        ("versions", "1.2.0 ", log, "\n"),
        ("version dots", "1.", log, "\n"),
    ):
        yield (
            f"changelog {name}",
            _CHANGELOG,
            partial(filled, unit, head, tail),
            (_CHECK, _BUMP),
        )
    yield (
        "page frontend",
        _PAGE,
        partial(filled, lambda n: f"line {n}\n", plan + "## Frontend contract\n\n"),
        (_CHECK,),
    )
    yield (
        "page frontend links",
        _PAGE,
        partial(filled, "[a][r]\n", plan + "## Frontend contract\n\n", "[a](b)\n\n# X\n\n[r]: b\n"),
        (_CHECK,),
    )
    yield (
        "body",
        "pull_request.md",
        partial(filled, "- [x] plan before code: a\n"),
        (("pr-checklist", "--body", "pull_request.md"),),
    )
    yield (
        "body words",
        "pull_request.md",
        partial(filled, "plan before code "),
        (("pr-checklist", "--body", "pull_request.md"),),
    )
    yield (
        "baseline",
        ".definition-of-done-baseline.toml",
        partial(
            filled, lambda n: f'[[finding]]\nrule = "file-length"\npath = "a{n}"\nsymbol = "a"\n'
        ),
        (_CHECK,),
    )
    yield (
        "lock",
        "uv.lock",
        partial(filled, lambda n: f'[[package]]\nname = "a{n}"\nversion = "1.2.0"\n'),
        (_CHECK, _BUMP),
    )


CASES = {name: (path, data, commands) for name, path, data, commands in _cases()}


def cost(command: tuple[str, ...]) -> Cost:
    """Run a command in a process of its own, where the hooks are imported already."""
    from tests.fuzz.world import call

    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (_LIMIT, _LIMIT))
            resource.setrlimit(resource.RLIMIT_AS, (4 * 1024 * MIB, 4 * 1024 * MIB))
            code = 3
            try:
                code, out, err = call(command)
                told.write(b"refused\n" if _REFUSED.search(out + err) else b"\n")
                told.write((out + err)[-200:].encode())
                told.flush()
            except BaseException as error:
                told.write(f"{type(error).__name__}: {error}"[:200].encode())
                told.flush()
            os._exit(code)
        _, status, used = os.wait4(child, 0)
        told.seek(0)
        refused, _, said = told.read().decode("utf-8", "replace").partition("\n")
    code = os.waitstatus_to_exitcode(status)
    last = said.strip().rpartition("\n")[2]
    seconds = used.ru_utime + used.ru_stime
    return Cost(seconds, used.ru_maxrss * 1024, code, last, bool(refused))


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz.sizes", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="cases, or what they start with; default: all"
    )
    parser.add_argument("--all", action="store_true", help="say the cost of the cheap ones, too")
    options = parser.parse_args()
    os.environ.update(environment())
    os.environ["DEFINITION_OF_DONE_CACHE"] = "off"
    from tests.fuzz.__main__ import _import_all
    from tests.fuzz.world import World, call

    _import_all()
    broken = 0
    chosen = [name for name in CASES if not options.names or name.startswith(tuple(options.names))]
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        # What git says is known to all of the processes then.
        call(_CHECK)
        gc.collect()
        for name in chosen:
            for command in CASES[name][-1]:
                broken += sum(_broken(world, name, command, shows_all=options.all))
    print(f"{len(chosen)} files, {broken} too costly")
    return 1 if broken else 0


def _broken(world: World, name: str, command: tuple[str, ...], *, shows_all: bool) -> Iterator[int]:
    """One for each rule, or the command, that keeps to no bound; what is costly is printed."""
    from definition_of_done.engine.registry import all_rules

    path, data, _ = CASES[name]
    size = MIB
    while True:
        world.lay(path, data(size=size))
        took = cost(command)
        label = name if size == MIB else f"{name} ({size // 1024} KiB)"
        if shows_all or not took.is_bounded:
            print(_row(label, command, took), flush=True)
        if command[1] != "check":
            yield not took._replace(seconds=took.seconds / 3).is_bounded
        elif not took.is_bounded:
            for rule in all_rules():
                world.lay(path, data(size=size))
                alone = cost((*command, "--select", rule.id))
                if not alone.is_bounded:
                    yield 1
                    print("   ", _row(rule.id, command, alone), flush=True)
        if not took.is_refused or size < MIB // 20:
            break
        size = int(size * _STEP)
    world.restore(path)


def _row(name: str, command: tuple[str, ...], took: Cost) -> str:
    words = " ".join(command).removeprefix("definition-of-done ")
    spent = f"{took.seconds:6.1f} s {took.memory // MIB:5} MiB  {took.code:3}"
    return f"{spent}  {name}: {words}: {took.said[-110:]}"


if __name__ == "__main__":
    sys.exit(main())
