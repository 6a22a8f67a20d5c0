"""Python as it is read: its places, its comments, and why a file is none."""

from __future__ import annotations

import ast
import sys
from typing import Any

import pytest
from tests.repository import Project, Run
from tests.revision import PATH, SUITE

from definition_of_done.base.errors import Unreadable
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.python import (
    depth,
    read_comments,
    read_module,
    requoted,
    without_aliases,
)

# Python 3.11 tells where a text with a wrong escape ends, and newer ones where it starts.
_ESCAPE = 16 if sys.version_info < (3, 12) else 10
NO_VERSION = "semver-level: not evaluated: no file names the version: set version-files\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"def x(:\n", "1:7: unreadable: not Python: invalid syntax"),
        (b"print 'x'\n", "1:1: unreadable: not Python: Missing parentheses in call to 'print'."),
        (b"x = 0777\n", "1:5: unreadable: not Python: leading zeros in decimal integer literals"),
        (b"x = '\xff'\n", "1:6: unreadable: not utf-8 text: byte 0xff"),
        (b"type X = int\ndef x(:\n", "2:7: unreadable: not Python: invalid syntax"),
        (b"type X = '\\xZZ'\n", f"1:{_ESCAPE}: unreadable: not Python: (unicode error) 'unicode"),
        (b"type X = int\nx = 0777\n", "2:5: unreadable: not Python: leading zeros in decimal"),
        (b"type X = int\n'\0'\n", "1:1: unreadable: not Python: source code string cannot contain"),
    ],
)
def test_unreadable(source: bytes, expected: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    code, out, err = run(SUITE, "check", PATH)
    assert out.startswith(f"{PATH}:{expected}")
    assert out.endswith("1 finding in 1 file\n")
    is_python_2 = source.startswith(b"print") or b"0777" in source
    assert ("  help: this is Python 2: convert the file" in out) == is_python_2
    # Nothing names a version here, and a rule says so.
    assert (code, err) == (1, NO_VERSION)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 'a'\n", ("x = 'a'", 1, 1, (1, 8))),
        ("x = '\u00e9\u00e9', y\n", ("'\u00e9\u00e9'", 1, 5, (1, 9))),
        ("x = f(1,\n  '\U0001f600')\n", ("f", 1, 5, (2, 7))),
        # The finding is about the head: no editor should mark all that stands below it.
        ("def f():\n    pass\n", ("def", 1, 1, None)),
        ("x = lambda: 1\n", ("lambda", 1, 5, (1, 14))),
    ],
)
def test_a_node_ends_where_people_see_it_end(source: str, expected: tuple[Any, ...]) -> None:
    module = read_module("a.py", source.encode())
    node: Any = module.tree.body[0]
    match expected[0]:
        case "f" | "lambda":
            node = node.value
        case str() as text if text.startswith("'"):
            node = node.value.elts[0]
    spot = module.spot(node)
    assert (spot.line, spot.column, spot.end) == expected[1:]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="its own grammar has the second")
@pytest.mark.parametrize("types", ["E, e", "a.b, error", "(A, B), _"])
def test_a_lower_case_name_is_that_of_python_2(types: str) -> None:
    source = f"type X = int\ntry:\n    pass\nexcept {types}:\n    pass\n".encode()
    with pytest.raises(Unreadable) as caught:
        read_module("a.py", source)
    error = caught.value
    assert error.message == "not Python: multiple exception types must be parenthesized"
    assert (error.line, error.help.partition(":")[0]) == (4, "Python 2 or Python 3.14")


def test_a_merge_conflict() -> None:
    source = b"x = [\n<<<<<<< HEAD\n    1,\n=======\n    2,\n>>>>>>> other\n]\n"
    with pytest.raises(Unreadable) as caught:
        read_module("a.py", source)
    error = caught.value
    assert (error.message, error.line) == ("not Python: invalid syntax", 2)
    assert error.help == "resolve the merge conflict that git left in the file"


@pytest.mark.parametrize(
    ("source", "comments"),
    [
        ("x = f'{a['#']}'  # b\n", [(1, 19, " b", 1)]),
        ("é = f'{a # é\n}'; '''\n'''  # b\n", [(1, 11, " é", 1), (3, 7, " b", 2)]),
        ("x = f'''\n{a['''\n''']}'''  # b\n", [(3, 12, " b", 1)]),
        ("\ufeffx = t'{a}#'  # b\r\n", [(1, 15, " b", 1)]),
    ],
)
def test_comments_beside_newer_strings(
    source: str, comments: list[tuple[int, int, str, int]]
) -> None:
    found = read_comments("a.py", source.encode())
    assert [(each.line, each.column, each.text, each.first) for each in found] == comments


def test_newer_grammar_in_another_encoding() -> None:
    source = "# coding: latin-1\r\ntype é = 'é'; c\r\n"
    module = read_module("a.py", source.encode("latin-1"))
    spots = [module.spot(node) for node in module.tree.body if isinstance(node, ast.stmt)]
    assert [(spot.line, spot.column, spot.end) for spot in spots] == [
        (2, 1, (2, 13)),
        (2, 15, (2, 16)),
    ]


ALIASES = "type X[T] = list[T]\nif a:\n    b; type Y = X[int] | None\nelse:\n    type Z = X\n"


def test_a_type_statement_binds_its_name() -> None:
    tree = read_module("a.py", ALIASES.encode()).tree
    bound = {name: ast.unparse(node) for name, node in Bindings(tree).bound.items()}
    assert bound == {"X": "list[T]", "Y": "X[int] | None", "Z": "X"}


class _Alias(ast.stmt):
    """A `type` statement as Python has it from 3.12 on."""

    _fields = ("name", "type_params", "value")


@pytest.mark.parametrize(
    "source",
    [
        "X = int",
        "def f():\n    X = int",
        "if a: pass\nelse:\n    b\n    X = int",
        "try:\n    X = int\nexcept E:\n    X = a\nelse:\n    X = b\nfinally:\n    X = c",
        "match a:\n    case b:\n        X = int",
        "class A:\n    a: int = 1\n    X = Y = int\n    X = int",
    ],
)
def test_a_type_statement_is_an_assignment(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tree, older = ast.parse(source), ast.dump(ast.parse(source), include_attributes=True)
    for node in ast.walk(tree):
        for inner in (getattr(node, block, []) for block in ("body", "orelse", "finalbody")):
            for at, statement in enumerate(inner):
                if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                    alias = _Alias()
                    vars(alias).update(name=statement.targets[0], value=statement.value)
                    inner[at] = ast.copy_location(alias, statement)
    assert "_Alias" in ast.dump(tree)
    monkeypatch.setattr(ast, "TypeAlias", _Alias, raising=False)
    assert ast.dump(without_aliases(tree), include_attributes=True) == older


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('"""a\n b"""\n', (True, [(3, "a"), (5, " b")])),
        ('r"""a\n"""', (True, [(4, "a"), (6, "")])),
        ('"a"', (False, [(1, "a")])),
        # There is no room for a line where two literals make one docstring.
        ('"""a""" """b"""', (False, [(3, 'a""" """b')])),
    ],
)
def test_a_docstring_has_lines(source: str, place: tuple[bool, list[tuple[int, str]]]) -> None:
    found = read_module("a.py", source.encode()).docstring
    assert found
    assert (found.is_triple, found.lines) == place


@pytest.mark.parametrize(
    ("source", "levels"), [(b"", 1), (b"x\n", 4), (b"x = --1\n", 5), (b"x = (", 0)]
)
def test_the_levels_of_a_tree(source: bytes, levels: int) -> None:
    assert depth(source) == levels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f('a', 'b')", 'f("a", "b")'),
        ("f('\u00e9', 'b')", 'f("\u00e9", "b")'),
        ("f('\"', \"it's\", r'a')", "f('\"', \"it's\", r'a')"),
    ],
)
def test_strings_get_the_other_quotes(text: str, expected: str) -> None:
    assert requoted(text, '"') == expected
    assert requoted(text, "'") == text
