"""The ways through a syntax tree meet the same nodes as the standard library's, in its order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from definition_of_done.readers.nodes import children, statements

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
