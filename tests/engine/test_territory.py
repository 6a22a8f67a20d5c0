"""Which project a path belongs to."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.territory import Territory

TABLE = "[tool.definition-of-done]\n"


def test_the_nearest_table_decides(project: Project) -> None:
    project.lay(
        {
            "pyproject.toml": TABLE,
            "api/pyproject.toml": TABLE,
            "api/lib/pay/pyproject.toml": TABLE,
            "api/lib/pyproject.toml": "[project]\nname = 'definition-of-done-lib'\n",
            "apis/x.py": "",
        }
    )
    territory = Territory(str(project.root))
    homes = {
        "x.py": "",
        "apis/x.py": "",
        "api/x.py": "api/",
        "api/pyproject.toml": "api/",
        "api/lib/x.py": "api/",
        "api/lib/pay/app/db/x.py": "api/lib/pay/",
        "gone/folder/x.py": "",
    }
    assert {path: territory.home(path) for path in homes} == homes
    paths = [*homes, "api/lib/pay/pyproject.toml"]
    assert territory.nested(paths) == ["api/", "api/lib/pay/"]
    assert territory.own(paths) == ["x.py", "apis/x.py", "gone/folder/x.py"]
    assert territory.own(["x.py"]) == ["x.py"]
    letters = {"x.py": "A", "api/x.py": "M", "api/lib/pay/x.py": "D"}
    assert territory.split(letters) == ({"x.py": "A"}, {"api/", "api/lib/pay/"})


def test_what_is_excluded_starts_no_project(project: Project) -> None:
    project.lay({"tests/a/pyproject.toml": TABLE, "tests/b/pyproject.toml": f"{TABLE}x\n"})
    territory = Territory(str(project.root), lambda folder: folder.startswith("tests"))
    assert territory.home("tests/a/x.py") == territory.home("tests/b/x.py") == ""
    error = r"^tests/b/pyproject.toml:2:2: not TOML: "
    with pytest.raises(UsageError, match=error):
        Territory(str(project.root)).home("tests/b/x.py")
