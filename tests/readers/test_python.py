"""Python as it is read: its places, its comments, and why a file is none."""

from __future__ import annotations

from typing import Any

import pytest
from tests.repository import Project, Run
from tests.revision import PATH, SUITE

from definition_of_done.readers.python import read_module


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"def x(:\n", "1:7: unreadable: not Python: invalid syntax"),
        (b"print 'x'\n", "1:1: unreadable: not Python: Missing parentheses in call to 'print'."),
        (b"x = 0777\n", "1:5: unreadable: not Python: leading zeros in decimal integer literals"),
        (b"x = '\xff'\n", "1:6: unreadable: not utf-8 text: byte 0xff"),
    ],
)
def test_unreadable(source: bytes, expected: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    code, out, err = run(SUITE, "check", PATH)
    assert out.startswith(f"{PATH}:{expected}")
    assert out.endswith("1 finding in 1 file\n")
    is_python_2 = source.startswith((b"print", b"x = 0"))
    assert ("  help: this is Python 2: convert the file" in out) == is_python_2
    assert (code, err) == (1, "")


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
