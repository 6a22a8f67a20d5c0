"""Keys of too many parts are refused; more keys are added to a table, and nothing else changed."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.toml import (
    locate_array,
    locate_string,
    read_toml,
    with_item,
    with_keys,
    with_top_keys,
)

LINES = "# why\nb = [\n    1,\n]\n"


def added(text: str) -> str | None:
    return with_keys(Text("x.toml", text), ("tool", "x"), LINES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"[tool.x]\n{LINES}"),
        ("[project]\nname = 'y'  # z\n", f"[project]\nname = 'y'  # z\n\n[tool.x]\n{LINES}"),
        ("[tool.y]\na = 1", f"[tool.y]\na = 1\n\n[tool.x]\n{LINES}"),
        ("[tool.x]\n# ours\na = 1\n", f"[tool.x]\n{LINES}# ours\na = 1\n"),
        ("[tool.x]  # ours\n\n[tool.y]\n", f"[tool.x]  # ours\n{LINES}\n[tool.y]\n"),
        ("[tool.x]", f"[tool.x]\n{LINES}"),
        ("# [tool.x]\n", f"# [tool.x]\n\n[tool.x]\n{LINES}"),
        ("a = 1\r\n", "a = 1\r\n\r\n[tool.x]\r\n" + LINES.replace("\n", "\r\n")),
    ],
)
def test_added(text: str, expected: str) -> None:
    assert added(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "tool = {}\n",
        "tool = []\n",
        "[tool]\nx.a = 1\n",
        "[tool]\nx = {a = 1}\n",
        "[tool.x.y]\na = 1\n",
        "s = '''\n[tool.x]\n'''\n[tool]\nx = {}\n",
        "[tool.x]\nb = 2\n",
    ],
)
def test_no_certain_place(text: str) -> None:
    assert added(text) is None


PARTS = ".".join("a" * 51)


@pytest.mark.parametrize("key", [PARTS, " . ".join(['"a.b\\""', "'c.d'", "e"] * 17)])
def test_a_key_of_too_many_parts(key: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_toml("a", ("#\n" * 3_000 + f"{key} = 1\n").encode())
    assert (caught.value.line, caught.value.message) == (
        3_001,
        "a key of more than 50 parts, which is not parsed",
    )


def test_a_key_of_many_parts() -> None:
    long = "#\n" * 3_000 + f"{PARTS[2:]} = 1\ntext = '{PARTS}'\n"
    assert list(read_toml("a", long.encode())) == ["a", "text"]


@pytest.mark.parametrize(
    ("text", "keys", "place"),
    [
        ("[a]\nb = '1'\n", ("a", "b"), (9, 10)),
        ("b = '1'\n[a]\nb = '1'\n", ("a", "b"), (17, 18)),
        ("# '1'\na.b = \"1\" # '1'\n", ("a", "b"), (13, 14)),
        ("a = {c = '1', b = '''1'''}\n", ("a", "b"), (21, 22)),
        # What is written otherwise than it reads is not found.
        ('[a]\nb = "\\u0031"\n', ("a", "b"), None),
    ],
)
def test_a_string_is_located(
    text: str, keys: tuple[str, ...], place: tuple[int, int] | None
) -> None:
    assert locate_string(Text("x.toml", text), *keys) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[a]\nb = []\n", (4, 8)),
        ("b = []\n[a]\nb = [\n  1,\n]\n", (11, 15)),
        ("# b = [\na.b = [1]\n", (10, 14)),
        ("a.'b' = []\n", (2, 8)),
        ("[[a.b]]\n", None),
    ],
)
def test_an_array_is_located(text: str, place: tuple[int, int] | None) -> None:
    assert locate_array(Text("x.toml", text), "a", "b") == place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "b = 1\n"),
        ("# why\na = 1\n[c]\n", "b = 1\n# why\na = 1\n[c]\n"),
        ("b = 2\n", None),
        ("[b]\n", None),
    ],
)
def test_keys_at_the_top(text: str, expected: str | None) -> None:
    assert with_top_keys(Text("x.toml", text), "b = 1\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\n", 'a = 1\n\n[[x.y]]\nz = "1"\n'),
        ('[[x.y]]\nz = "0"', '[[x.y]]\nz = "0"\n\n[[x.y]]\nz = "1"\n'),
        ("x.y = []\n", None),
        ("x = {y = [{}]}\n", None),
    ],
)
def test_a_table_at_the_end(text: str, expected: str | None) -> None:
    assert with_item(Text("x.toml", text), ("x", "y"), {"z": "1"}) == expected
