"""What is read without tomllib is what tomllib reads; what it refuses is not read."""

from __future__ import annotations

import random
import tomllib

import pytest

from definition_of_done.readers._plain_toml import read_plain

PLAIN = """\
# ours
[build-system]  # theirs
requires = ["hatchling>=1", 'b', ]
[project]
name = "x"
authors = [{ name = "A \\"B\\"", email = 'a@b' }, {}]
dependencies = [
    "one",  # why
    # and
    "two",
]
\tdynamic = []
[project.entry-points."a.b"]
"c d" = "e\\\\f\\n"
[tool.uv]
dev = true
package=false # no
[[tool.uv.index]]
url = 'https://x/#y'
[[tool.uv.index]]
url = ""
[tool]
numbers = [[0, 120], [
1]]
"""


def expected(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)


@pytest.mark.parametrize(
    "text",
    [PLAIN, "", "\n", "a = 1", "[a.b]\n[a]\nc = 1\n", "[ a . 'b' ]\n", "'\u00e9' = 1 # \u00e9"],
)
def test_the_same_as_tomllib(text: str) -> None:
    assert repr(read_plain(text)) == repr(expected(text))


@pytest.mark.parametrize(
    "text",
    [
        "a.b = 1",
        "\u00e9 = 1",
        "a = 1.0",
        "a = -1",
        "a = 1_000",
        "a = 2026-01-01",
        "a = '''\n[b]\n'''",
        'a = """b"""',
        'a = "\\u00e9"',
        'a = "\\"',
        "a = 'b' c",
        "a = 01",
        "a = [1 2]",
        "a = [,]",
        "a = [1",
        "a = {b = 1,}",
        "a = {b = 1",
        "a = {b = 1, b = 2}",
        "a = {b = [\n1]}",
        "a = 1\na = 2",
        "a =",
        "= 1",
        "a",
        "[a",
        "[a]]",
        "[[a]",
        "[]",
        "[a..b]",
        "[a] b",
        "[a]\n[a]",
        "[a]\nb = 1\n[a.b]",
        "[a]\nb = {}\n[a.b]",
        "[a]\n[[a]]",
        "[[a]]\n[a]",
        "[[a]]\n[a.b]",
        "a = 1\r",
        "a = 1 # \x00",
        "[" + ".".join("a" * 10) + "]",
        "a = '" + "b" * 2000 + "'",
        "a = " + "[\n" * 5000,
    ],
)
def test_left_to_tomllib(text: str) -> None:
    assert read_plain(text) is None


def test_nothing_else_is_read_of_a_spoilt_document() -> None:
    chance, read = random.Random(6), 0
    for _ in range(2000):
        lines = PLAIN.splitlines(keepends=True)
        for _ in range(chance.randrange(3)):
            lines.insert(chance.randrange(len(lines)), chance.choice(lines))
        text = "".join(lines[chance.randrange(9) :])
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(text))
            new = chance.choice("[]{}\"'=,#.\n\t\\-a1 ")
            text = text[:at] + new + text[at + chance.randrange(2) :]
        found = read_plain(text)
        if found is not None:
            read += 1
            assert repr(found) == repr(expected(text)), text
    assert read > 200
