"""Files that would keep a hook busy for long are refused with one line; large honest ones are not.

`python -m tests.fuzz.sizes` measures what a MiB of each kind of file takes.
"""

from contextlib import suppress

import pytest

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.text import Text
from definition_of_done.readers import python
from definition_of_done.readers._yaml import compose
from definition_of_done.readers.graphql import read_schema
from definition_of_done.readers.toml import read_toml

MIGRATION = "alembic/versions/20260524_add_x.py"
HEAD = "revision = 'add_x'\n\n\ndef upgrade():\n"
SITE = "site_name: a\nnav: []\n"
PARTS = ".".join("a" * 51)
COLUMN = "    op.drop_column('a', 'b')\n"


@pytest.mark.parametrize(
    ("id", "path", "text", "said"),
    [
        (
            "mkdocs-nav-entry",
            "mkdocs.yml",
            SITE + "a: b\n" * 90_000,
            "1:1: unreadable: too much YAML to be parsed: 90002 times ':'",
        ),
        (
            "mkdocs-nav-entry",
            "mkdocs.yml",
            SITE + "not_in_nav: |\n" + "  /a.md\n" * 2_001,
            "1:1: unreadable: not_in_nav has 2001 lines: more than 2000 are not judged",
        ),
        (
            "downgrade-mirrors-upgrade",
            MIGRATION,
            HEAD + COLUMN * 3_001,
            "4:1: unreadable: upgrade has 3001 operations: more than 3000 are not judged",
        ),
        (
            "version-sync",
            "pyproject.toml",
            "[project]\nversion = '1.0.0'\n" + "#\n" * 3_000 + f"x.{PARTS} = 1\n",
            "3003:1: unreadable: a key of more than 50 parts, which is not parsed",
        ),
        (
            "downgrade-not-pass",
            MIGRATION,
            "a\n" * 140_001,
            "1:1: unreadable: 140001 names, values and brackets: more than 140000 are not parsed",
        ),
        (
            "no-inline-ddl",
            "app/create_table.py",
            f"# create table\na = 1\nb = rF'{'{a}' * 2_001}'\n",
            "3:1: unreadable: an f-string of 2001 fields: more than 2000 are not parsed",
        ),
    ],
    ids=["YAML", "patterns", "operations", "TOML", "Python", "f-string"],
)
def test_refused(id: str, path: str, text: str, said: str, project, run) -> None:  # type: ignore[no-untyped-def]
    project.lay({"docs/index.md": "# A\n", "docs/changelog/1.0.0.md": "# 1.0.0\n", path: text})
    code, out, err = run(id)
    assert (code, out.splitlines()[0], err) == (1, f"{path}:{said}", "")


def test_honest_ones_are_read() -> None:
    # Ten thousand pages in a nav, a schema of ten thousand fields, a key of fifty parts.
    assert compose(Text("mkdocs.yml", SITE + "a:\n" + "  - Page a: a/b-c.md\n" * 10_000))
    schema = read_schema(
        "a", b"type Query {\n" + b"".join(b" a%d: Int!\n" % n for n in range(10_000)) + b"}\n"
    )
    assert len(schema.parts) == 10_001
    # What is said of a schema is not counted.
    said = b'"""' + b"a " * 600_000 + b'"""\ntype Query { a: Int }\n'
    assert len(read_schema("a", said).parts) == 2
    long = "#\n" * 3_000 + f"{PARTS[2:]} = 1\ntext = '{PARTS}'\n"
    assert list(read_toml("a", long.encode())) == ["a", "text"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"a = [{'b, ' * 70_000}c.d(e), f[:]]\n", 70_008),
        ("a = b" + "\n# name of a comment\n" * 70_000 + "c", 3),
        ("a = '''" + "word [" * 70_000 + "''' + b\n", 3),
        ('a = r"""' + "word ' [\n" * 70_000 + '\\""" """ + b\n', 3),
        ("a = 'b \\' [ c' + \"d ' [ e\" + f" + "\n" * 400_000, 4),
        ("a = 'b [ c\nd = e" + "\n" * 400_000, 4),
        ("a = f'b {c} {{d}}'" + "\n" * 400_000, 9),
        ("a = ... + x.y, -1.5" + " " * 400_000, 6),
    ],
    ids=["list", "comments", "text", "raw text", "quotes", "open quote", "f-string", "marks"],
)
def test_names_of_python(text: str, count: int, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(python, "_MOST", count - 1)
    with pytest.raises(Unreadable, match=rf"\A{count} names, values and brackets: more than "):
        python.read_module("a.py", text.encode())
    monkeypatch.setattr(python, "_MOST", count)
    with suppress(Unreadable):
        python.read_module("b.py", text.encode())


def test_a_table_of_what_cannot_be_seen(project, run) -> None:  # type: ignore[no-untyped-def]
    # Nothing is known of the name: neither how often the loop runs, nor over what.
    body = "    for one in given():\n        pass\n    op.create_table('a', one)\n"
    down = "\n\ndef downgrade():\n    op.drop_table('a')\n"
    project.lay({MIGRATION: f"from alembic import op\n{HEAD}{body}{down}"})
    assert run("downgrade-mirrors-upgrade") == (0, "no findings (1 file judged)\n", "")


def test_a_walk_that_ends_early(project, run, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    # Wherever the budget runs out, nothing is said of what was not seen.
    columns = "".join(f"sa.Column('c{n}', sa.Integer(), comment='c')," for n in range(9))
    body = f"    op.create_table('a', {columns})\n    op.create_index('i', 'a', ['c1'])\n"
    down = "\n\ndef downgrade():\n    op.drop_index('i', 'a')\n    op.drop_table('a')\n"
    for steps in range(120):
        monkeypatch.setattr("definition_of_done.migrations._evaluator._LEAST_STEPS", steps)
        monkeypatch.setattr("definition_of_done.migrations._evaluator._STEPS_PER_BYTE", 0)
        head = f"import sqlalchemy as sa\nfrom alembic import op\n# {steps}\n{HEAD}"
        project.lay({MIGRATION: f"{head}{body}{down}"}, add=not steps)
        assert run("downgrade-mirrors-upgrade", MIGRATION)[::2] == (0, ""), steps


def test_a_schema_of_too_many_tokens() -> None:
    with pytest.raises(Unreadable, match="400007 names and marks: more than 400000 are not parsed"):
        read_schema("a", b"type Query { a: Int }\n" + b"a " * 400_000)


def test_a_key_of_quoted_parts_is_counted() -> None:
    quoted = " . ".join(['"a.b\\""', "'c.d'", "e"] * 17)
    with pytest.raises(Unreadable) as caught:
        read_toml("a", ("#\n" * 3_000 + f"{quoted} = 1\n").encode())
    assert (caught.value.line, caught.value.message) == (
        3_001,
        "a key of more than 50 parts, which is not parsed",
    )


def test_no_hint_for_what_is_no_name_or_for_too_many(project, run) -> None:  # type: ignore[no-untyped-def]
    near = "# dod: ignore[file-lenght] a\n"
    project.lay({MIGRATION: f"revision = 'add_x'\n{near * 101}# dod: ignore[{'a' * 101}] b\n"})
    lines = run("alembic-revision-slug")[1].splitlines()
    unknown = [line for line in lines if "unknown hook id" in line]
    assert len(unknown) == 102
    hint = "; did you mean 'file-length'?"
    assert [line.endswith(hint) for line in unknown] == [True] * 100 + [False] * 2
