"""The options of a command line, made from the settings."""

from __future__ import annotations

import argparse

import pytest

from definition_of_done.commands.options import add_options, printable_title
from definition_of_done.project.settings import SETTINGS


def parser(*keys: str, fixes: bool = True, aliases: bool = False) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="x", allow_abbrev=False)
    add_options(made, keys, fixes, aliases=aliases)
    return made


def test_defaults() -> None:
    assert vars(parser("versions", "immutable-body").parse_args([])) == {
        "files": [],
        "fix": False,
        "diff": False,
        "format": "text",
        "statistics": False,
        "verbose": False,
        "base": None,
        "require_base": False,
        "no_cache": False,
        "versions": None,
        "immutable_body": None,
    }


@pytest.mark.parametrize(
    ("argv", "name", "value"),
    [
        (["--versions", "a", "--versions", "b"], "versions", ["a", "b"]),
        (["--since", "add_x"], "since", ["add_x"]),
        (["--revision-max-length", "40"], "revision_max_length", 40),
        (["--immutable-body"], "immutable_body", True),
        (["--no-revision-annotations"], "revision_annotations", False),
        (["--features", ""], "features", ""),
        (["--body", "-"], "body", "-"),
        (["--roundtrip-url", "x"], "roundtrip_url", "x"),
        (["--url", "x"], "roundtrip_url", "x"),
    ],
)
def test_settings(argv: list[str], name: str, value: object) -> None:
    options = parser(*SETTINGS.keys() - {"base"}, aliases=True).parse_args(argv)
    assert getattr(options, name) == value


@pytest.mark.parametrize(
    "argv", [["--format", "xml"], ["--revision-max-length", "x"], ["--url", "x"], ["--names", "x"]]
)
def test_refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        parser("revision-max-length", "roundtrip-url").parse_args(argv)
    assert stop.value.code == 2


def test_tables_have_no_flag() -> None:
    help = parser("feature-sections", "rbac-exempt", "features").format_help()
    assert "--features PATH" in help
    assert "--feature-sections" not in help
    assert "--rbac-exempt" not in help


def test_what_the_help_says() -> None:
    help = " ".join(parser("versions", "max-lines-for", "changelog").format_help().split())
    assert "mend what is certain" in help
    assert "default: docs/changelog" in help
    assert "default: .py (may be repeated)" in help
    # A line may end behind a hyphen.
    assert SETTINGS["versions"].found in help.replace("- ", "-")
    assert "this hook has nothing to mend" in parser(fixes=False).format_help()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Add a limit", "Add a limit"),
        ("  Add\ta\n limit ", "Add a limit"),
        ("a\x1b[2Jb\u202ec", "a[2Jbc"),
        ("\u00e9 \U0001f600", "\u00e9 \U0001f600"),
        (" \n\x00", ""),
    ],
)
def test_printable_title(words: str, title: str) -> None:
    assert printable_title(words) == title
