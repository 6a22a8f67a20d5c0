"""Files read whole, and their paths from a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from definition_of_done.base import files
from definition_of_done.base.files import is_below, read_regular, relative
from definition_of_done.readers.alembic_config import read_alembic_config


def test_relative(tmp_path: Path) -> None:
    assert relative(str(tmp_path / "a" / "b"), str(tmp_path)) == "a/b"
    assert relative(str(tmp_path), str(tmp_path / "a")) == ".."


def test_another_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, start: str) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = /elsewhere\n")
    monkeypatch.setattr(os.path, "relpath", refuse)
    assert relative("/elsewhere", str(tmp_path)) == "/elsewhere"

    def read(path: str) -> bytes:
        return (tmp_path / path).read_bytes()

    assert read_alembic_config(str(tmp_path), "alembic.ini", read).folders == []


@pytest.mark.parametrize(
    ("path", "folder", "below"),
    [
        ("/a/b", "/a", True),
        ("/a", "/a", True),
        ("/ab", "/a", False),
        ("/", "/a", False),
        ("/a", "/", True),
        ("/a/b", "/a/", True),
    ],
)
def test_is_below(path: str, folder: str, below: bool) -> None:
    assert is_below(path.replace("/", os.sep), folder.replace("/", os.sep)) is below


def test_what_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large").write_bytes(b"xxxx")
    monkeypatch.setattr(files, "LARGEST", 4)
    assert read_regular(str(tmp_path / "large")) == b"xxxx"
    monkeypatch.setattr(files, "LARGEST", 3)
    with pytest.raises(OSError, match="it is larger than 0 MiB"):
        read_regular(str(tmp_path / "large"))
    with pytest.raises(OSError, match="it is no regular file"):
        read_regular(os.devnull)
