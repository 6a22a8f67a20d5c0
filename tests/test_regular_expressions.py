"""Every regular expression of the hooks takes time that is linear in its text.

All are found in the sources. Each is run over long runs of what it is made of: its own characters,
pairs of them, and all beginnings of texts that it matches, behind any such beginning. What takes
more than a moment is run over a text four times as long, and again: a quadratic one takes sixteen
times as long each time.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import pkgutil
import re
import time
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as grammar  # type: ignore[attr-defined]
from typing import Any

import pytest

import definition_of_done

LENGTH = 400
LONGEST = 25_600
# At LENGTH the fastest quadratic ones need as many seconds.
MOMENT = 0.00006
SLOW = 0.02
# How often as long it takes for a text four times as long.
RATIO = 8
# What makes one; a module without it is not parsed.
_CALL = re.compile(r"\bre\.\w+\(|\bregex\(")
_OF_CLASS = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_SPACE": "a", "NOT_WORD": "-"}


def _expressions() -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """Place, pattern, and whether it is tried at each character, from all calls that make one."""
    found = pkgutil.walk_packages(definition_of_done.__path__, "definition_of_done.")
    for name in (module.name for module in found if not module.name.endswith("alembic_child")):
        module = importlib.import_module(name)
        source = inspect.getsource(module)
        if not _CALL.search(source):
            continue
        for node in ast.walk(ast.parse(source)):
            how = _how(node)
            if isinstance(node, ast.Call) and how not in ("", "escape"):
                pattern = _evaluated(node, vars(module))
                if pattern is not None:
                    yield f"{name}:{node.lineno}", pattern, _searches(how, node, source)


def _how(node: ast.AST) -> str:
    """The function of `re` that is called, empty for another node."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)):
            return name
        case ast.Call(func=ast.Name(id="regex")):
            return "compile"
    return ""


def _evaluated(node: ast.Call, names: dict[str, Any]) -> re.Pattern[Any] | None:
    """The pattern of a call, None where it is made of what only a run knows."""
    flags: int = 0
    try:
        made = eval(ast.unparse(node.args[0]), dict(names))
        for argument in (*node.args[1:], *(keyword.value for keyword in node.keywords)):
            if ast.unparse(argument).startswith("re."):
                flags = eval(ast.unparse(argument), dict(names))
    except NameError:
        return None
    return re.compile(made, flags)


def _searches(how: str, node: ast.Call, source: str) -> bool:
    if how in ("match", "fullmatch"):
        return False
    # The statement may be a table of several patterns.
    above = (line.partition(" ")[0] for line in source.splitlines()[node.lineno - 1 :: -1])
    name = next((word for word in above if word and word != "}"), "")
    called = rf"\b{name}(?:\[\w+\])?\.(\w+)\("
    used = set(re.findall(called, source)) if name.isidentifier() else set()
    return how != "compile" or not used or bool(used - {"match", "fullmatch"})


def _characters(tree: Any) -> Iterator[str]:
    for code, value in tree:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.IN:
            yield from _of_set(value)
        else:
            for inner in _inner(code, value):
                yield from _characters(inner)


def _of_set(value: Any) -> Iterator[str]:
    for code, argument in value:
        if code is codes.LITERAL:
            yield chr(argument)
        elif code is codes.RANGE:
            yield chr(argument[0])
        elif code is codes.CATEGORY:
            yield _OF_CLASS.get(str(argument).removeprefix("CATEGORY_"), "a")


def _inner(code: Any, value: Any) -> list[Any]:
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    if code is codes.ATOMIC_GROUP:
        return [value]
    if code is codes.BRANCH:
        return list(value[1])
    return []


def _sample(tree: Any, turn: int) -> str:
    """A text that matches, or nearly so; `turn` chooses among alternatives, and what is left out.

    What must not stand ahead stands there now and then.
    """
    text = ""
    for code, value in tree:
        if code is codes.LITERAL:
            text += chr(value)
        elif code is codes.IN and value[0][0] is not codes.NEGATE:
            text += next(_of_set(value), "")
        elif code in (codes.IN, codes.NOT_LITERAL, codes.ANY):
            text += "~"
        elif (
            code is codes.ASSERT
            or (code is codes.ASSERT_NOT and turn % 4 != 3)
            or (code is codes.MAX_REPEAT and value[0] == 0 and turn % 3 == 2)
        ):
            continue
        else:
            inner = _inner(code, value)
            if inner:
                text += _sample(inner[turn % len(inner)], turn)
    return text


def _hostile(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Start, what is repeated, and end of texts."""
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = grammar.parse(pattern.pattern, flags)
    chars = list(dict.fromkeys([*_characters(tree), " ", "\n", "a"]))[:9]
    samples = list(dict.fromkeys(_sample(tree, turn) for turn in range(12)))[:6]
    starts = list(
        dict.fromkeys(sample[:end] for sample in samples for end in range(len(sample) + 1))
    )
    pairs = ["".join(pair) for pair in itertools.permutations(chars[:4], 2)]
    few = starts[:: len(starts) // 16 + 1]
    yield from ((start, unit, "\0") for start in few for unit in chars)
    for unit in dict.fromkeys([*filter(None, starts), *pairs]):
        yield from (("", unit, end) for end in ("\0", ""))
        yield "", f"{unit} ", "\0"
        yield samples[0][:-1], unit, "\0"


EXPRESSIONS = list(_expressions())


def test_all_are_found() -> None:
    assert len(EXPRESSIONS) > 140


@pytest.mark.parametrize(
    "expression", EXPRESSIONS, ids=[expression[0] for expression in EXPRESSIONS]
)
def test_linear(expression: tuple[str, re.Pattern[Any], bool]) -> None:
    place, pattern, searches = expression
    for parts in _hostile(pattern):
        took, length = _took(pattern, parts, LENGTH, searches), LENGTH
        while took > MOMENT:
            length *= 4
            longer = _took(pattern, parts, length, searches)
            if longer > RATIO * took:
                # Another process may have had the processor.
                longer = min(longer, _took(pattern, parts, length, searches))
            if longer < RATIO * took:
                break
            took = longer
            is_linear = took < SLOW and length < LONGEST
            assert is_linear, f"{place}: {took:.2f} s for {parts!r}"


def _took(
    pattern: re.Pattern[Any], parts: tuple[str, str, str], length: int, searches: bool
) -> float:
    start, unit, end = parts
    text: Any = start + (unit * (length // len(unit) + 1))[:length] + end
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    begin = time.thread_time()
    if searches:
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.match(text)
        pattern.fullmatch(text)
    return time.thread_time() - begin


@pytest.mark.parametrize(
    "quadratic",
    [
        r"(?:a|b)*(?:a|b)*c",
        r"<[^>]*>",
        r"[ \t]*x",
        r"a\s*b?\s*c",
        r"do\s[\w\s]*\$",
        r"<!--.*?-->",
        r"^\s*x",
    ],
)
def test_a_quadratic_one_is_seen(quadratic: str) -> None:
    with pytest.raises(AssertionError, match="place"):
        test_linear(("place", re.compile(quadratic, re.M | re.S), True))
