"""Where Alembic looks for migrations, read from either file without running anything."""

from __future__ import annotations

import configparser
import io

import pytest

from definition_of_done.base.errors import UsageError
from definition_of_done.base.text import Text
from definition_of_done.readers.alembic_config import (
    AlembicConfig,
    read_alembic_config,
    with_options,
)


def read(files: dict[str, str], path: str = "alembic.ini") -> AlembicConfig:
    def content(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name].encode()

    return read_alembic_config("/root", path, content)


@pytest.mark.parametrize(
    ("ini", "folders"),
    [
        ("script_location = db", ["db/versions"]),
        ("script_location = ./db/", ["db/versions"]),
        ("script_location = db\nversion_locations = a, b c", ["a", "b", "c"]),
        ("version_locations = a b:c\npath_separator = :", ["a b", "c"]),
        ("version_locations = a;b\nversion_path_separator = ;", ["a", "b"]),
        ("version_locations =\n  a\n  b\npath_separator = newline", ["a", "b"]),
        ("version_locations = a,b c\npath_separator = space", ["a,b", "c"]),
        ("version_locations = %(here)s/v", ["v"]),
        ("version_locations = app.db:versions", ["app/db/versions"]),
        # Outside of the project.
        ("version_locations = /elsewhere ../up v", ["v"]),
        # Known to the caller of Alembic alone.
        ("script_location = %(x)s/db\nversion_locations = v", ["v"]),
        ("script_location = %(x)s/db", []),
        ("x = 1", []),
    ],
)
def test_folders_of_the_ini(ini: str, folders: list[str]) -> None:
    assert read({"alembic.ini": f"[alembic]\n{ini}\n"}).folders == folders


@pytest.mark.parametrize(
    "ini",
    [
        "[loggers]\nkeys = root, b\n\n[alembic]\n# a\n; b = c\nScript_Location=x = y  \n",
        "[alembic]\r\nscript_location = db\r\nsqlalchemy.url = a:b@c/d%%20e\r\n",
        "[alembic]\nscript_location = %(here)s/db\nfile_template = %%(rev)s\n",
        "[alembic]\nhere = x\nscript_location = %(here)s/db\n",
        "[alembic]\nscript_location: a=b\n",
        "[alembic] ; x = y\nscript_location = db\n",
        "[alembic]\nscript_location = db\n x = y\n",
        "[alembic]\nscript_location =\n  db\n",
        "[alembic]\nscript_location = db\n # no more of it\n  /b\n",
        "[DEFAULT]\nscript_location = db\n[alembic]\n",
        "[alembic]\rscript_location = db\rx = y\r",
        "[alembic ]\nscript_location = db\n",
    ],
)
def test_as_the_parser_reads_it(ini: str) -> None:
    parser = configparser.ConfigParser({"here": "/root"})
    parser.read_file(io.StringIO(ini, newline=None))
    script = parser.get("alembic", "script_location", fallback="").strip()
    expected = [f"{script.removeprefix('/root/')}/versions".replace("//", "/")] if script else []
    assert read({"alembic.ini": ini}).folders == expected


@pytest.mark.parametrize(
    "ini",
    [
        "[alembic]\na = 1\nA = 2\n",
        "[a]\n[alembic]\n[a]\n",
        "[alembic]\na\n",
        "a = 1\n",
        "[]\n",
        "[a]\n= b\n",
    ],
)
def test_what_the_parser_refuses(ini: str) -> None:
    with pytest.raises(UsageError, match=r"^alembic\.ini: .*; set `versions` or mend the file$"):
        read({"alembic.ini": ini})


def test_the_form_of_filenames() -> None:
    ini = "[alembic]\nscript_location = db\nfile_template = %%(rev)s\ntruncate_slug_length = 20\n"
    config = read({"alembic.ini": ini})
    assert (config.template, config.slug_length) == ("%(rev)s", 20)
    config = read({"alembic.ini": "[alembic]\nscript_location = db\ntruncate_slug_length = x\n"})
    assert (config.template, config.slug_length) == ("", 0)


def test_in_a_folder() -> None:
    path = "back/alembic.ini"
    assert read({path: "[alembic]\nscript_location = db\n"}, path).folders == ["back/db/versions"]
    beside = {"back/pyproject.toml": "[tool.alembic]\nscript_location = 'db'\n"}
    assert read(beside, path).folders == ["back/db/versions"]
    assert read({"pyproject.toml": "[tool.alembic]\nscript_location = 'db'\n"}, path).folders == []


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        ({"pyproject.toml": "[tool.alembic]\nversion_locations = ['a b', 1]\n"}, ["a b"]),
        (
            {
                "alembic.ini": "[alembic]\nscript_location = ini\n",
                "pyproject.toml": "[tool.alembic]\nscript_location = 'toml'\n",
            },
            ["ini/versions"],
        ),
        ({"pyproject.toml": "[tool]\nalembic = 3\n"}, []),
        ({"alembic.ini": "[other]\nscript_location = x\n"}, []),
        ({}, []),
    ],
)
def test_folders_of_both(files: dict[str, str], folders: list[str]) -> None:
    assert read(files).folders == folders


@pytest.mark.parametrize(
    ("word", "recursive"), [("true", True), ("Yes", True), ("1", True), ("off", False), ("", False)]
)
def test_recursive(word: str, recursive: bool) -> None:
    ini = f"[alembic]\nrecursive_version_locations = {word}\n"
    assert read({"alembic.ini": ini}).recursive is recursive
    toml = f"[tool.alembic]\nrecursive_version_locations = {str(recursive).lower()}\n"
    assert read({"pyproject.toml": toml}).recursive is recursive


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"alembic.ini": "no section\n"},
            "alembic.ini: File contains no section headers. file: '<???>', line: 1 'no section\\n';"
            " set `versions` or mend the file",
        ),
        (
            {"pyproject.toml": "[tool.alembic\n"},
            "pyproject.toml:1:14: not TOML: Expected ']' at the end of a table declaration",
        ),
    ],
)
def test_refused(files: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(files)
    assert str(caught.value) == said


def test_a_file_that_cannot_be_read() -> None:
    def content(name: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(UsageError, match=r"^alembic.ini cannot be read: Permission denied$"):
        read_alembic_config("/root", "alembic.ini", content)


@pytest.mark.parametrize(
    ("ini", "written"),
    [
        ("[alembic]\na = 1 ; one\n", "[alembic]\nkey = new\na = 1 ; one\n"),
        ("[alembic] ; here\nkey = old\n", "[alembic] ; here\nkey = new\n"),
        ("[b]\nkey : old\n[alembic]\nkey : old\n", None),
        ("[b]\nc = 1", "[b]\nc = 1\n\n[alembic]\nkey = new\n"),
    ],
)
def test_with_options(ini: str, written: str | None) -> None:
    found = with_options(Text("alembic.ini", ini), "alembic", {"key": "new"})
    assert found == written
