"""YAML as nodes, and the place where a file is none."""

from __future__ import annotations

import pytest
import yaml

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import MIB, Text
from definition_of_done.readers._yaml import compose


def test_nodes_have_places() -> None:
    root = compose(Text("a.yml", "a:\n  - b\n"))
    assert isinstance(root, yaml.MappingNode)
    ((key, value),) = root.value
    assert (key.value, value.value[0].value, value.value[0].start_mark.index) == ("a", "b", 7)


def test_an_empty_document() -> None:
    assert compose(Text("a.yml", "# nothing\n")) is None


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("a: [", "not YAML: expected the node content, but found '<stream end>'", 1, 5),
        ("a: 1\nb: \tc", "not YAML: found character '\\t' that cannot start any token", 2, 4),
        (
            "a: 1\nb\x00",
            "not YAML: unacceptable character #x0000: special characters are not allowed",
            2,
            2,
        ),
        ("[" * 3000, "not YAML: nested too deeply", 1, 1),
        ("a" * (MIB + 1), "larger than 1 MiB, which is not parsed", 1, 1),
    ],
)
def test_unreadable(source: str, message: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable) as caught:
        compose(Text("a.yml", source))
    error = caught.value
    assert (error.message, error.line, error.column, error.path) == (message, line, column, "a.yml")


def test_aliases() -> None:
    # One that leads back to itself is nothing to wonder at.
    assert compose(Text("a.yml", "a: &a [*a]\n"))
    lines = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 5)]
    with pytest.raises(Unreadable, match="aliases repeat too much"):
        compose(Text("a.yml", "\n".join(["a0: &a0 [x]", *lines])))
