"""The ways through a syntax tree meet the same nodes as the standard library's, in its order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from definition_of_done.readers.nodes import (
    children,
    defers_annotations,
    is_constant,
    keyword_of,
    statements,
    walk_live,
)

SOURCES = [
    "",
    "import a\nfrom b import c\n",
    "class A:\n    def f(self, x=1, *, y=2):\n        import b\n\n    z = 3\n",
    "try:\n    import a\nexcept E:\n    import b\nelse:\n    import c\nfinally:\n    import d\n",
    "match x:\n    case 1:\n        import a\n    case _ if y:\n        import b\n",
    "if a:\n    import b\nelif c:\n    import d\nelse:\n    import e\n",
    "for x in y:\n    import a\nelse:\n    import b\n",
    "while x:\n    import c\nwith d:\n    import e\n",
    "async def f():\n    async for x in y:\n        a\n    async with b:\n        c\n",
    "try:\n    import a\nexcept* E:\n    import b\n",
    "f = lambda x: {y: [z for z in x if z]}\ng(*a, **{'b': f'{c!r}'})\n",
    *(path.read_text() for path in sorted(Path(__file__).parents[1].glob("migrations/*.py"))[:3]),
]


@pytest.mark.parametrize("source", SOURCES)
def test_statements(source: str) -> None:
    tree = ast.parse(source)
    kinds = (ast.stmt, ast.ExceptHandler, ast.match_case)
    assert list(statements(tree)) == [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("source", SOURCES)
def test_children(source: str) -> None:
    for node in ast.walk(ast.parse(source)):
        assert list(children(node)) == list(ast.iter_child_nodes(node))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a; b", "ab"),
        ("def f():\n    a\n    return\n    b", "a"),
        ("a\nraise b\nc", "ab"),
        ("if True:\n    a\nelse:\n    b\nc", "ac"),
        ("if 0:\n    a\nelif d:\n    b\nc", "dbc"),
        ("if 1:\n    a\n    raise\nb", "a"),
        ("if a:\n    raise\nb", "ab"),
        ("while 0:\n    a\nelse:\n    b\nc", "bc"),
        ("while 1:\n    a\n    break\n    b\nc", "ac"),
        ("for a in b:\n    c\n    continue\n    d\n", "abc"),
    ],
)
def test_what_may_run(source: str, names: str) -> None:
    found = walk_live(ast.parse(source))
    assert {node.id for node in found if isinstance(node, ast.Name)} == {*names}


@pytest.mark.parametrize(
    ("source", "deferred"),
    [
        ("from __future__ import division, annotations", True),
        ("'doc'\nfrom __future__ import annotations as a", True),
        ("from __future__ import division", False),
        ("from future import annotations", False),
        ("import annotations", False),
    ],
)
def test_deferred_annotations(source: str, deferred: bool) -> None:
    assert defers_annotations(ast.parse(source)) is deferred


def test_a_constant_is_the_very_value() -> None:
    assert is_constant(ast.Constant(value=None), None)
    assert not is_constant(ast.Constant(value=0), False)
    assert not is_constant(None, None)


def test_keyword_of() -> None:
    call = ast.parse("f(1, b=2, a=3, **c)", mode="eval").body
    assert isinstance(call, ast.Call)
    assert is_constant(keyword_of(call, "a", "b"), 2)
    assert keyword_of(call, "c") is None
