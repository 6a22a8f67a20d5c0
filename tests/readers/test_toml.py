"""Keys of too many parts are refused; more keys are added to a table, and nothing else changed."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.toml import read_toml, with_keys

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
