"""Python that is followed without knowing what the calls of it do."""

from __future__ import annotations

import ast

import pytest

from definition_of_done.project.migrations.source.evaluator import Evaluator, Made, Scope


class _Texts(Evaluator):
    """Notes the text of the first argument of each call of `note`."""

    def __init__(self, source: str, *, unrolls: bool = True) -> None:
        self.noted: list[str | None] = []
        self.overlooked = 0
        super().__init__(ast.parse(source).body, len(source), unrolls=unrolls)

    def call(self, call: ast.Call, scope: Scope) -> None:
        super().call(call, scope)
        if isinstance(call.func, ast.Name) and call.func.id == "note" and not self.quiet:
            self.noted.append(self.text((call.args[0], scope)))

    def made(self, _context: ast.expr, _scope: Scope) -> Made | None:
        return None

    def is_doubtful(self, _test: ast.expr, _scope: Scope) -> bool:
        return True

    def overlook(self) -> None:
        self.overlooked += 1

    def spelt(self, call: ast.Call) -> ast.expr | None:
        return call.args[0] if isinstance(call.func, ast.Name) and call.func.id == "same" else None


def _evaluated(source: str, *, unrolls: bool = True) -> _Texts:
    evaluator = _Texts(source, unrolls=unrolls)
    evaluator.run(evaluator.scope.functions["f"][0])
    return evaluator


@pytest.mark.parametrize(
    ("source", "noted"),
    [
        ("def f():\n    note('a')", ["a"]),
        ("a = 'x'\ndef f():\n    note(a)", ["x"]),
        ("def f():\n    note(same('a'))", ["a"]),
        ("def f():\n    note(other('a'))", [None]),
        ("def f():\n    note('a' if x else 'b')", [None]),
        ("def g(x, *y, z='c'):\n    note(x)\n    note(z)\ndef f():\n    g('a', 'b')", ["a", "c"]),
        ("def g():\n    return 'a'\ndef f():\n    note(g())", ["a"]),
        ("def f():\n    for x in ('a', 'b'):\n        note(x)", ["a", "b"]),
        ("def f():\n    with g('a') as x:\n        note(x)", [None]),
        ("def f():\n    [note(x) for x in ['a']]", ["a"]),
        ("note('a')\ndef f():\n    pass", []),
    ],
)
def test_what_reaches_a_call(source: str, noted: list[str | None]) -> None:
    assert _evaluated(source).noted == noted


def test_a_loop_that_is_not_unrolled() -> None:
    loop = "def f():\n    for x in ('a', 'b'):\n        note(x)"
    assert _evaluated(loop, unrolls=False).noted == [None]
    assert _evaluated(loop).differs
    assert not _evaluated("def f():\n    note('a')").differs


def test_functions_are_run_from_where_the_module_level_ended() -> None:
    source = "if x:\n    raise E\nfor x in ('a',):\n    pass\ndef f():\n    if y:\n        return\n"
    evaluator = _evaluated(source)
    before = evaluator.branched, evaluator.doubted, evaluator.differs
    evaluator.run(evaluator.scope.functions["f"][0])
    assert (evaluator.branched, evaluator.doubted, evaluator.differs) == before == (1, 1, True)


def test_what_is_not_followed() -> None:
    assert _evaluated("def f():\n    f()").overlooked == 1
    names = ", ".join(f"'{at}'" for at in range(2001))
    assert _evaluated(f"def f():\n    for x in ({names}):\n        pass").overlooked == 1
