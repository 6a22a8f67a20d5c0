"""The folder in which the tests of the resources are looked for."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.project.api import resources
from definition_of_done.project.settings import open_project


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("app/graphql/users/queries.py", "tests/graphql"),
        ("src/app/graphql/users/queries.py", "tests/graphql"),
        ("backend/app/graphql/users/queries.py", "backend/tests/graphql"),
        ("backend/src/app/graphql/users/queries.py", "backend/tests/graphql"),
    ],
)
def test_the_folder(path: str, folder: str, project: Project) -> None:
    tests = f"{folder.removesuffix('/graphql')}/conftest.py"
    project.lay({path: "", tests: ""})
    assert resources.tests_folder(open_project(str(project.root))) == folder
