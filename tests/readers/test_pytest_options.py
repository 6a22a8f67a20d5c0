"""The words of addopts, in each file that pytest may read."""

from __future__ import annotations

import pytest

from definition_of_done.readers.pytest_options import read_added_options


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, []),
        ({"pytest.ini": "[pytest]\naddopts = -q --ignore=a\n"}, ["-q", "--ignore=a"]),
        (
            {"pytest.ini": "[pytest]\naddopts =\n    -q\n    # --no\n    -x\nlog = 1\n"},
            ["-q", "-x"],
        ),
        ({"pytest.ini": "[pytest]\naddopts = '-q\n"}, []),
        ({"pytest.ini": "", "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-x'\n"}, []),
        ({"pytest.toml": "[pytest]\naddopts = ['-x']\n"}, ["-x"]),
        ({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-x -q'\n"}, ["-x", "-q"]),
        ({"pyproject.toml": "[tool.pytest]\naddopts = ['-x', '-q']\n"}, ["-x", "-q"]),
        ({"pyproject.toml": "tool = 'pytest'\n"}, []),
        ({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = 1\n"}, ["1"]),
        ({"setup.cfg": "[flake8]\naddopts = -n\n[tool:pytest]\naddopts: -x\n"}, ["-x"]),
        ({"tox.ini": "[testenv]\ncommands = pytest\naddopts = -x\n"}, []),
    ],
)
def test_words(files: dict[str, str], words: list[str]) -> None:
    assert read_added_options({name: text.encode() for name, text in files.items()}) == words
