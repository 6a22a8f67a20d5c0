"""The oldest Python of a project: where it is said, and what does not say it."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project

from definition_of_done.project.python_version import lowest_python
from definition_of_done.project.settings import open_project


@pytest.mark.parametrize(
    ("specifiers", "lowest"),
    [
        (">=3.9", 9),
        (">= 3.9.1", 9),
        (">=3.9,<4", 9),
        (">=3.9,>=3.12", 12),
        ("<4,>3.8", 8),
        ("~=3.9.2", 9),
        ("==3.11.*", 11),
        ("==3.*", 0),
        ("3.10", 10),
        ("v3.10", 10),
        ("^3.8", 8),
        ("~3.8", 8),
        (">=3.8,!=3.9.0", 8),
        ("^2.7 || ^3.6", 0),
        ("^3.8 | ^3.10", 8),
        (">=2.7,!=3.0.*", 0),
        # No lower bound, or none that is understood.
        ("<4", None),
        ("*", None),
        ("!=3.9", None),
        ("^3.8 || <3.6", None),
        (">=4", None),
        ("", None),
    ],
)
def test_specifiers(specifiers: str, lowest: int | None, project: Project) -> None:
    project.lay({"pyproject.toml": f"[project]\nrequires-python = '{specifiers}'\n"})
    assert lowest_python(open_project(str(project.root))) == lowest


POETRY = "[tool.poetry.dependencies]\nfastapi = '*'\npython = '^3.9'\n"


@pytest.mark.parametrize(
    ("files", "lowest"),
    [
        ({"pyproject.toml": '[project]\nrequires-python=">=3.9"\n'}, 9),
        ({"pyproject.toml": "[project]\r\nrequires-python = '>=3.9'\r\n"}, 9),
        ({"pyproject.toml": POETRY}, 9),
        ({"setup.cfg": "[options]\npython_requires = >=3.9  # for now\n"}, 9),
        ({"setup.py": "setup(\n    name='x',\n    python_requires='>=3.9',\n)\n"}, 9),
        ({"setup.py": 'setup(name="x", python_requires=">=3.9")\n'}, 9),
        # The first file that says it decides.
        ({"pyproject.toml": POETRY, "setup.cfg": "[options]\npython_requires = >=3.7\n"}, 9),
        ({"pyproject.toml": "[project]\n", "setup.cfg": "[options]\npython_requires = >=3.7\n"}, 7),
        ({"pyproject.toml": b"# \xff\n[project]\nrequires-python = '>=3.9'\n"}, 9),
    ],
)
def test_said(files: Files, lowest: int, project: Project) -> None:
    project.lay(files)
    assert lowest_python(open_project(str(project.root))) == lowest


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pyproject.toml": "[project]\nname = 'x'\n"},
        {"pyproject.toml": "# requires-python = '>=3.9'\n"},
        {"pyproject.toml": "[project]\nname = 'x'  # requires-python = '>=3.9'\n"},
        {"pyproject.toml": "[tool.poetry.group.dev.dependencies]\npython = '^3.9'\n"},
        {"pyproject.toml": "[tool.poetry.dependencies]\nx = '*'\n[tool.y]\npython = '^3.9'\n"},
        {"pyproject.toml": "[tool.other]\nno-python_requires_that = '3.9'\n"},
        {"setup.cfg": "[options]\npython_requires = file: python.txt\n"},
        {"setup.py": "setup(python_requires=LOWEST)\n"},
        {"requirements.txt": "python_requires = >=3.9\n"},
        {"pyproject.toml/x": ""},
    ],
)
def test_not_said(files: Files, project: Project) -> None:
    project.lay(files)
    assert lowest_python(open_project(str(project.root))) is None
