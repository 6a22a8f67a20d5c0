"""`python -m tests.fuzz.sizes [NAME ...]`: the largest files of each kind, dense or broken.

Each stands in the sample backend, and all rules that read it run in a process of their own. They
may take their time: a command that ends otherwise than with 0, 1 or 2, or takes 2 GiB of memory,
ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.snapshot import environment

MIB = 2**20
MEMORY = 2 * 1024 * MIB
# Seconds of processor time: what is still running then has no end.
_LIMIT = 3_600
_CHECK = ("definition-of-done", "check", "--no-cache")
_BUMP = ("definition-of-done", "bump", "patch", "--dry-run")
_INIT = ("definition-of-done", "init", "--dry-run")
_STATUS = ("definition-of-done", "status")


class Cost(NamedTuple):
    """What a command took: seconds of processor time, bytes of memory, exit code, last line."""

    seconds: float
    memory: int
    code: int
    said: str

    @property
    def is_bounded(self) -> bool:
        """Whether it kept to the memory, and ended as a command may."""
        return self.memory <= MEMORY and self.code in (0, 1, 2)


class Case(NamedTuple):
    """A file of so many MiB of a unit between a head and a tail; `#N` in a unit is its number.

    `#M` is the number that follows.
    """

    unit: str
    head: str = ""
    tail: str = ""

    def data(self, size: int) -> bytes:
        """The bytes of the file."""
        made, left, number = [self.head], size * MIB - len(self.head) - len(self.tail), 0
        while True:
            unit = self.unit.replace("#N", str(number)).replace("#M", str(number + 1))
            left -= len(unit.encode())
            if left < 0:
                return "".join([*made, self.tail]).encode()
            number += 1
            made.append(unit)


class Kind(NamedTuple):
    """The files at one path: the limit in MiB, the commands that read them, the files by name."""

    path: str
    size: int
    commands: tuple[tuple[str, ...], ...]
    cases: dict[str, Case]


_HEADER = '"""add\n\nRevision ID: a\nRevises: b\n"""\n\nrevision = "a"\ndown_revision = "b"\n\n'
_UP = _HEADER + "\ndef upgrade():\n"
_DOWN = "\n\ndef downgrade():\n    op.drop_table('a')\n"
_SITE = "site_name: a\n"
_TASKS = "version: '3'\ntasks:\n"
_TOML = '[project]\nname = "a"\nversion = "1.2.0"\n'
_TOOL = _TOML + "[tool.definition-of-done]\n"
_PLAN = "# Vendor credits\n\nDate: 2026-05-24\n\n"
_OPEN = _PLAN + "## Open questions\n\n"
_LOG = "# 1.2.0\n\n## Highlights\n\n- a\n\n"
_TYPES = "import strawberry\n"
_CREDITS = "app/graphql/vendor_credits"
_NAMED = "def upgrade():\n    op.drop_table(a900)\n    op.execute(a900)\n" + _DOWN
KINDS = {
    "mkdocs": Kind(
        "mkdocs.yml",
        1,
        (_CHECK, _BUMP),
        {
            "nav": Case("  - Page #N: feature/#N.md\n", _SITE + "nav:\n"),
            "flow": Case("a,", _SITE + "x: [", "]\n"),
            "brackets": Case("[", _SITE + "x: "),
            "keys": Case("k#N: 1\n", _SITE),
            "anchors": Case("a#N: &a#N x\n", _SITE),
            "aliases": Case("- *a\n", "a: &a b\nnav:\n"),
            "bomb": Case("a#M: &a#M [*a#N, *a#N]\n", "a0: &a0 [x]\n"),
            "patterns": Case("  a#N\n", _SITE + "nav: []\nnot_in_nav: |\n"),
            "stars": Case("*a", _SITE + "exclude_docs: |\n  ", "\n"),
            "broken": Case("a: b: c\n", _SITE),
        },
    ),
    "taskfile": Kind(
        "Taskfile.yml",
        1,
        (_CHECK,),
        {
            "workers": Case("  t#N: taskiq worker a:b -tp '**/#N*.py'\n", _TASKS),
            "doubled": Case(
                "  V#M: '{{.V#N}}{{.V#N}}'\n",
                "version: '3'\nvars:\n  V0: ab\n",
                "tasks:\n  a: '{{.V900}}'\n",
            ),
            "includes": Case("  i#N: Taskfile.yml\n", "version: '3'\nincludes:\n"),
            "quotes": Case("'", _TASKS + "  a: |\n    taskiq worker ", "\n"),
        },
    ),
    "hooks": Kind(
        ".pre-commit-config.yaml",
        1,
        (_INIT, _CHECK),
        {"flow": Case("{id: x},", "repos: [{repo: a, hooks: [", "]}]\n")},
    ),
    "sdl": Kind(
        "schema.graphql",
        4,
        (_CHECK,),
        {
            "fields": Case("f#N:A ", "type Query{", "}\n"),
            "equal fields": Case("a:A ", "type Query{", "}\n"),
            "union": Case("|Q", "type Query {a: U}\nunion U=", "\n"),
            "brackets": Case("[", "type Query {a: ", "}\n"),
            "quotes": Case('"', "type Query {a: Int}\n"),
            "types": Case("type "),
        },
    ),
    "toml": Kind(
        "pyproject.toml",
        4,
        (_CHECK, _BUMP, _INIT),
        {
            "keys": Case("k#N = 1\n", _TOML + "[tool.a]\n"),
            "tables": Case("[t#N]\n", _TOML),
            "parts": Case("a.", _TOML, "b = 1\n"),
            "deep tables": Case("[" + "a." * 49 + "t#N]\n", _TOML),
            "brackets": Case("[", _TOML + "a = "),
            "versions": Case('"1.2.0",', "a = [", "]\n" + _TOML),
            "digits": Case("1_", _TOML + "a = ", "1\n"),
            "excluded": Case('"*#N*b",', _TOOL + "exclude = [", "]\n"),
        },
    ),
    "ini": Kind(
        "alembic.ini",
        1,
        (_CHECK,),
        {
            "doubled": Case(
                "a#M = %(a#N)s%(a#N)s\n", "[alembic]\nscript_location = %(a900)s\na0=ab\n"
            ),
            "blanks": Case(" ", "[alembic]\nscript_location = a\nversion_locations = a", "b\n"),
        },
    ),
    "migration": Kind(
        "alembic/versions/20260524_add_vendor_credits.py",
        1,
        (_CHECK,),
        {
            "columns": Case("    op.add_column('t', sa.Column('c#N', sa.Integer()))\n", _UP, _DOWN),
            "sql": Case("    op.execute('ALTER TABLE t#N ADD c')\n", _UP, _DOWN),
            "helpers": Case(
                "def h#N():\n    h#M();h#M()\n", _HEADER, "\ndef upgrade():\n    h0()\n" + _DOWN
            ),
            "names": Case("a#M = a#N + a#N\n", _HEADER + "a0 = 'x'\n", _NAMED),
            "names formatted": Case("a#M = f'{a#N}{a#N}'\n", _HEADER + "a0 = 'x'\n", _NAMED),
            "ignores": Case("#dod:ignore[a#N]\n", _HEADER),
            "statements": Case("a\n", _HEADER),
            "broken": Case("a\n", _HEADER, "a b\n"),
            "fields": Case("{a}", _HEADER + "a = f'", "'\n"),
            "calls": Case("f(", _HEADER),
            "signs": Case("-", _HEADER + "a = ", "1\n"),
            "dots": Case(".a", _HEADER + "a", "\n"),
            "sum": Case("1+", _HEADER + "a = ", "1\n"),
        },
    ),
    "types": Kind(
        f"{_CREDITS}/types.py",
        1,
        (_CHECK,),
        {
            "classes": Case("@strawberry.type\nclass T#N:\n    a: int\n", _TYPES),
            "bases": Case(
                "@strawberry.type\nclass T#M(T#N):\n    f#N:int\n",
                _TYPES + "@strawberry.type\nclass T0:\n    a: int\n",
            ),
            "underscores": Case("_a", _TYPES + "@strawberry.type\nclass T", ":\n    a: int\n"),
        },
    ),
    "page": Kind(
        "docs/feature/2026-05-24-vendor-credits.md",
        1,
        (_CHECK, _STATUS),
        {
            "paragraphs": Case("a\n\n", _PLAN),
            "items": Case("- a?\n", _OPEN),
            "nested items": Case("- - - - a\n", _OPEN),
            "quotes": Case("> ", _PLAN, "a\n"),
            "links": Case("[a](b#N.md)\n", _PLAN),
            "definitions": Case("[a#N]: b.md\n", _PLAN),
            "headings": Case("# a\n", _PLAN),
            "table": Case("|a|b|\n", _PLAN + "|a|b|\n|-|-|\n"),
            "wide table": Case("a\n", _PLAN + "|a" * 99_999 + "\n" + "|-" * 99_999 + "\n"),
            "brackets": Case("[", _PLAN),
            "images": Case("![", _PLAN),
            "emphasis": Case("*_*_", _PLAN),
            "backticks": Case("`a", _PLAN),
            "tags": Case("<a", _PLAN),
            "comments": Case("a <!-- dod: ignore[a#N] -->\n", _PLAN),
        },
    ),
    "changelog": Kind(
        "docs/changelog/1.2.0.md",
        1,
        (_CHECK, _BUMP),
        {
            "migrations": Case("- `rev_#N`\n", _LOG + "## Migrations\n\n"),
            "frontend": Case("line #N\n", _LOG + "## Frontend impact\n\n"),
        },
    ),
}


def cost(command: tuple[str, ...]) -> Cost:
    """Run a command in a process of its own, where the hooks are imported already."""
    from tests.fuzz.world import call

    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (_LIMIT, _LIMIT))
            resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
            code = 3
            try:
                code, out, err = call(command)
                told.write((out + err)[-200:].encode())
            except BaseException as error:
                told.write(f"{type(error).__name__}: {error}"[:200].encode())
            told.flush()
            os._exit(code)
        _, status, used = os.wait4(child, 0)
        told.seek(0)
        said = told.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    seconds = used.ru_utime + used.ru_stime
    return Cost(seconds, used.ru_maxrss * 1024, os.waitstatus_to_exitcode(status), said)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz.sizes", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="what cases start with")
    options = parser.parse_args()
    os.environ.update(environment())
    os.environ["DEFINITION_OF_DONE_CACHE"] = "off"
    from tests.fuzz.__main__ import _import_all
    from tests.fuzz.world import World, call

    _import_all()
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        # What git says is known to all of the processes then.
        call(_CHECK)
        gc.collect()
        for kind_name, kind in KINDS.items():
            for name, case in kind.cases.items():
                label = f"{kind_name} {name}"
                if options.names and not label.startswith(tuple(options.names)):
                    continue
                world.lay(kind.path, case.data(kind.size))
                for command in kind.commands:
                    took = cost(command)
                    broken += not took.is_bounded
                    print(_row(label, command, took), flush=True)
                world.restore(kind.path)
    print(f"{broken} too costly")
    return 1 if broken else 0


def _row(label: str, command: tuple[str, ...], took: Cost) -> str:
    spent = f"{took.seconds:6.1f} s {took.memory // MIB:5} MiB  {took.code:3}"
    return f"{spent}  {label}: {' '.join(command[1:])}: {took.said[-110:]}"


if __name__ == "__main__":
    sys.exit(main())
