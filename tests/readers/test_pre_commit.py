"""One more entry in `.pre-commit-config.yaml`, and nothing else changed."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.readers.pre_commit import hook_ids, with_entry

TYPES = "default_install_hook_types: [pre-commit, pre-push]\n"
ENTRY = "- repo: https://x.example/y\n  rev: v1\n  hooks:\n    - id: z\n"


def added(text: str) -> str | None:
    return with_entry(Text("x.yaml", text), "https://x.example/y", "v1", "z")


def entry(depth: int) -> str:
    return "".join(" " * depth + line for line in ENTRY.splitlines(True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", TYPES + "repos:\n" + entry(2)),
        ("# ours\n", "# ours\n" + TYPES + "repos:\n" + entry(2)),
        ("fail_fast: true", TYPES + "fail_fast: true\nrepos:\n" + entry(2)),
        ("# a\n\nfail_fast: true", "# a\n\n" + TYPES + "fail_fast: true\nrepos:\n" + entry(2)),
        ("repos: []\n", TYPES + "repos:\n" + entry(2)),
        ("repos: []\nfail_fast: true\n", TYPES + "repos:\n" + entry(2) + "fail_fast: true\n"),
        (
            "repos: []\ndefault_install_hook_types: [pre-push]\n",
            "repos:\n" + entry(2) + "default_install_hook_types: [pre-push]\n",
        ),
        (
            "repos:\n- repo: local\n  hooks:\n  - id: a  # why\n",
            TYPES + "repos:\n- repo: local\n  hooks:\n  - id: a  # why\n" + entry(0),
        ),
        (
            "repos:\n    - repo: local\n      hooks: [{id: a}]\n\n# the end\nfail_fast: true\n",
            TYPES + "repos:\n    - repo: local\n      hooks: [{id: a}]\n"
            + entry(4) + "\n# the end\nfail_fast: true\n",
        ),
        (
            "repos:\n  - repo: local\n    hooks:\n      - id: a\n        entry: |\n"
            "          one\n          two\n\nci: {}\n",
            TYPES + "repos:\n  - repo: local\n    hooks:\n      - id: a\n        entry: |\n"
            "          one\n          two\n" + entry(2) + "\nci: {}\n",
        ),
        (
            "repos:\r\n  - repo: local\r\n    hooks: []",
            TYPES.replace("\n", "\r\n")
            + "repos:\r\n  - repo: local\r\n    hooks: []\r\n" + entry(2).replace("\n", "\r\n"),
        ),
    ],
)  # fmt: skip
def test_added(text: str, expected: str) -> None:
    assert added(text) == expected


@pytest.mark.parametrize(
    "text",
    ["repos: [{repo: local, hooks: []}]\n", "repos:\n", "- repo: local\n", "a\n", "repos: x\n"],
)
def test_no_certain_place(text: str) -> None:
    assert added(text) is None


def test_ids() -> None:
    text = "repos:\n- hooks:\n  - {id: a}\n  - x\n- hooks:\n- hooks: {}\n- y\n- hooks: [{id: b}]\n"
    assert hook_ids(Text("x.yaml", text)) == {"a", "b"}
    assert hook_ids(Text("x.yaml", "")) == set()
    with pytest.raises(Unreadable):
        hook_ids(Text("x.yaml", "repos: [\n"))
