"""Newer grammar, read on an older Python: the tree of a twin in older grammar."""

from __future__ import annotations

import ast
import random
import sys
from copy import deepcopy

import pytest

from definition_of_done.readers.newer_python import parse_newer

is_old = pytest.mark.skipif(sys.version_info >= (3, 12), reason="its own grammar has them")
# Twins of the same length: all places are the same, too.
SAME = [
    ('f"{a["b"]}"', 'f"{a[\'b\']}"'),
    ('f"{a["b"]!r:>{c["d"]}.{e}}{{ {x = }" "y"', 'f"{a[\'b\']!r:>{c[\'d\']}.{e}}{{ {x = }" "y"'),
    ('f"é{a["é"]}é", b', 'f"é{a[\'é\']}é", b'),
    ('f"{a["b"], c}{(d,)}{*e, f}"', 'f"{a[\'b\'], c}{(d,)}{*e, f}"'),
    ('f"{a["b"]}" f"{yield}{yield 1}"', 'f"{a[\'b\']}" f"{yield}{yield 1}"'),
    ("f'''{a}\n  {b['''c''']} é {d}''', e", "f'''{a}\n  {b[\"\"\"c\"\"\"]} é {d}''', e"),
    ("rf'\\{a['b']}\\N{c}\\d'", "rf'\\{a[\"b\"]}\\N{c}\\d'"),
    ("f'\\{a['b']}\\N{EM DASH}\\x41'.c(d)[e]", "f'\\{a[\"b\"]}\\N{EM DASH}\\x41'.c(d)[e]"),
    ("F'{x!s}{x!a}{a['b']:}{c=:}{d=!s}{a!=b}'", "F'{x!s}{x!a}{a[\"b\"]:}{c=:}{d=!s}{a!=b}'"),
    ("f'{(lambda x: {1: x['a']})}'", "f'{(lambda x: {1: x[\"a\"]})}'"),
    ("f'{a['b'] if c else [d for d in e]:%H:%M}'", "f'{a[\"b\"] if c else [d for d in e]:%H:%M}'"),
]  # fmt: skip


@is_old
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("newer", "older"), SAME)
@pytest.mark.parametrize("frame", ["x = {}\n", "\tif (a, é, {}): b", "é = f(é, g({}), c) # é"])
def test_same_tree_and_places(newer: str, older: str, frame: str) -> None:
    block = "def f():\n {}\n" if frame[0] != "\t" else "def f():\n{}\n"
    sources = [block.format(frame.format(text)) for text in (newer, older)]
    with pytest.raises(SyntaxError):
        ast.parse(sources[0])
    trees = [parse_newer(sources[0]), ast.parse(sources[1])]
    dumps = [ast.dump(tree, include_attributes=True) for tree in trees if tree]
    assert dumps[0] == dumps[1]


def _field(chance: random.Random, *, inner: bool = False) -> str:
    values = ["a", "b, é", "c('d')", "(e)", "x != y", " {1} ", "z == 1", "*a, b", "[1][0:1]"]
    text = "{" + chance.choice(values[:2] if inner else values)
    text += chance.choice(["", "", "", "=", " = "]) + chance.choice(["", "", "!r", "!s"])
    if chance.random() < 0.4:
        parts = (">1", "é", "\\n", "" if inner else _field(chance, inner=True))
        text += ":" + "".join(chance.choices(parts, k=chance.randint(0, 3)))
    return text + "}"


def _literal(chance: random.Random) -> str:
    prefix = chance.choice(["f", "f", "rf", "F", "", "r"])
    quotes = chance.choice(['"', '"""'])
    parts = ["a", "é", "\\n", "\\\\", "\\\n", "{{}}", "\n" if len(quotes) == 3 else " "]
    if "f" in prefix.lower():
        parts += [_field(chance), _field(chance), "\\{{"]
    return f"{prefix}{quotes}{''.join(chance.choices(parts, k=chance.randint(0, 4)))}{quotes}"


@is_old
@pytest.mark.filterwarnings("ignore")
def test_f_strings_that_are_not_newer_have_the_same_tree() -> None:
    chance = random.Random(21)
    compared = 0
    for _ in range(600):
        joined = " ".join(_literal(chance) for _ in range(chance.randint(1, 3)))
        source = f"é = g('é', {joined}, h)\n"
        tree = parse_newer(source)
        if tree is not None:
            compared += 1
            native = ast.parse(source)
            assert ast.dump(tree, include_attributes=True) == ast.dump(
                native, include_attributes=True
            ), source
    assert compared > 400


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("type X = int", "X = int"),
        ("if a: type X[T: (int, str) = A] = dict[T, 1]; b", "if a: X = dict[T, 1]; b"),
        ("def f[T](a, /, *b): pass", "def f(a, /, *b): pass"),
        ("@a\nasync def f[T: int, *U, **P](self): return 1", "@a\nasync def f(self): return 1"),
        ("class A[T = int](B, c=d): pass", "class A(B, c=d): pass"),
        ("class A[*U = *int]: pass", "class A: pass"),
        ("try: pass\nexcept A, b.C: pass", "try: pass\nexcept (A, b.C): pass"),
        ("try: pass\nexcept* A, b: pass", "try: pass\nexcept* (A, b): pass"),
        ("try: pass\nexcept A if x else y, B, c: 1", "try: pass\nexcept (A if x else y, B, c): 1"),
        ("lazy import a.b, c\nlazy from . import d", "import a.b, c\nfrom . import d"),
        ("x = (t'{a}'), {**y}", "x = (t), {**y}"),
        ("x = f(*a for a in b)", "x = f(a for a in b)"),
    ],
)
def test_same_tree(newer: str, older: str) -> None:
    tree = parse_newer(newer)
    assert tree is not None
    twin = ast.parse(older)
    for node in (*ast.walk(tree), *ast.walk(twin)):
        vars(node).pop("type_params", None)
        vars(node).pop("_fields", None)
        for field, value in ast.iter_fields(node):
            if type(value).__name__ == "TemplateStr":
                setattr(node, field, ast.Name("t", ast.Load()))
            elif isinstance(value, list):
                names = [type(element).__name__ for element in value]
                if "TemplateStr" in names:
                    value[names.index("TemplateStr")] = ast.Name("t", ast.Load())
        if isinstance(node, ast.GeneratorExp) and isinstance(node.elt, ast.Starred):
            node.elt = node.elt.value
    assert ast.dump(tree) == ast.dump(twin)


def _places(tree: ast.Module) -> list[str]:
    return [
        f"{type(node).__name__} {node.lineno}:{node.col_offset}"
        f"-{node.end_lineno}:{node.end_col_offset}"
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt)
    ]


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("é; type X = a", ["Assign 1:4-1:14", "Name 1:9-1:10", "Name 1:13-1:14"]),
        ("class é[T: a]: b", ["ClassDef 1:0-1:17", "TypeParameter 1:9-1:13", "Name 1:12-1:13"]),
        ("def f[\nT\n](a): b", ["FunctionDef 1:0-3:7", "TypeParameter 2:0-2:1"]),
        ("try: a\nexcept A, B: c", ["Tuple 2:7-2:11", "Name 2:7-2:8", "Name 2:10-2:11"]),
        ("a, t'é{b}', c", ["TemplateStr 1:3-1:11", "Name 1:8-1:9", "Name 1:13-1:14"]),
        ("lazy import a; b", ["Import 1:0-1:13", "Name 1:15-1:16"]),
        ("[*a for a in b], c", ["Starred 1:1-1:3", "Name 1:2-1:3", "Name 1:17-1:18"]),
    ],
)
def test_places(source: str, places: list[str]) -> None:
    tree = parse_newer(source)
    assert tree is not None
    assert set(places) <= set(_places(tree))


def test_names_in_what_is_newer_are_seen() -> None:
    tree = parse_newer("def f[T: a = b](): t'{c:{d}}'\nclass A[T: e]: pass\n")
    assert tree is not None
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert names == {"a", "b", "c", "d", "e"}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    # A template string is no text; the format in it is one.
    assert len(texts) == 1
    assert ast.dump(deepcopy(tree)) == ast.dump(tree)
    assert ast.unparse(tree)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("type X = int\ndef x(:\n", (2, 7)),
        ("é, t'{a}é', b c\n", (1, 15)),
        ("é, t'''é\né{a}é''', b c\n", (2, 13)),
        # Python 3.11 has the end of the text, and newer ones have its start.
        ("type X = int; x = '\\xZZ'\n", (1, 25 if sys.version_info < (3, 12) else 19)),
        ("x = 'é', t'{a}' t'\\xZZ'\n", (1, 17)),
        ("t'{a}' = 1\n", (1, 1)),
        ("del t'{a}'\n", (1, 5)),
        ("print t'{a}'\n", (1, 7)),
        ("x = t'{}'\n", (1, 7)),
        ("x = t'{a for a in b}'\n", (1, 7)),
        ("x = 'a' t'{a}'\n", (1, 5)),
        ("x = b'a' t'{a}'\n", (1, 5)),
        ("match a:\n case t'{b}': pass\n", (2, 7)),
        ("type X = Y = int\n", None),
        ("type X = a, b\n", None),
        ("x = {*a: b for a in c}\n", (1, 5)),
        ("t'{a b}'\n", None),
    ],
)
def test_not_python(source: str, place: tuple[int, int] | None) -> None:
    with pytest.raises(SyntaxError) as caught:
        parse_newer(source)
    if place:
        assert (caught.value.lineno, caught.value.offset) == place


@pytest.mark.parametrize(
    "source", ["x = 1\n", "x = (\n", "except E, e:\n", "x = t'{'\n", "def f[]: pass\n", "\ud800"]
)
def test_nothing_newer(source: str) -> None:
    assert parse_newer(source) is None
