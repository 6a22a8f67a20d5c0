"""The schema of the configuration takes what the program takes, and refuses wrong shapes."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt
from tests.engine.test_setting import KEYS, WRONG
from tests.repository import Project
from tests.snapshot import ROOT

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.config import load_config
from definition_of_done.project.configuration_schema import configuration_schema
from definition_of_done.project.settings import SETTINGS


@cache
def validator() -> Draft7Validator:
    schema = configuration_schema()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def refused(text: str) -> str:
    """The complaint of the schema, empty where there is none."""
    return "; ".join(error.message for error in validator().iter_errors(tomllib.loads(text)))


def refused_by_program(project: Project, text: str) -> str:
    (project.root / "definition-of-done.toml").write_text(text)
    try:
        load_config(str(project.root), SETTINGS)
    except UsageError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("key", KEYS)
def test_every_wrong_shape(key: str, project: Project) -> None:
    (project.root / "nowhere/at/all").mkdir(parents=True)
    for name, value in WRONG.items():
        line = f"{key} = {value}\n"
        by_program, by_schema = refused_by_program(project, line), refused(line)
        assert by_program or not by_schema, (name, by_schema)
        shape = f"{key} must be {SETTINGS[key].shape}, not "
        assert by_schema or shape not in by_program, (name, by_program)


RIGHT = (
    'since = "add_vendors"\n',
    'since = ["add_vendors", "b"]\nignore = ["docs-links-resolve", "gates"]\n',
    'revision-pattern = "hash"\nrevision-max-length = 64\n',
    "[severity]\nmigrations = 'warning'\nversion-sync = 'error'\n",
    "[per-file-ignores]\n'legacy/**' = ['migrations', 'file-length']\n",
    "[resources]\nfolder = 'api'\n[resources.vendors]\nwaive = {delete = 'they stay'}\n",
    "[resources.vendors]\nwaive = {}\n",
    "resources = ''\nrbac-models = ''\nbackfill-scripts = []\n",
    "[rbac-exempt]\nHEALTH = 'no menu entry'\n",
    "[feature-sections]\nRollout = ['Deploy']\n",
    "without = ['graphql', 'rbac', 'tasks', 'frontend']\n",
    "database = 'mysql'\ndatabase-version = '8.0'\n",
    "header-fields = []\nversion-scheme = 'calver'\nrelease = 'separate'\n",
    "version-files = ['a.py', {path = 'chart.yaml', pattern = '^version: (.*)$'}, {path = 'b'}]\n",
    "changelog = 'CHANGELOG.md'\nchangelog-style = 'keep-a-changelog'\n",
)
REFUSED = (
    "feature = 'docs'\n",
    "select = ['migration']\n",
    "ignore = 'plans'\n",
    "per-file-ignores = {'a/**' = ['nothing']}\n",
    "severity = {plans = 'off'}\n",
    "severity = {nothing = 'error'}\n",
    "release = 'never'\n",
    "database = 'oracle'\n",
    "version-scheme = 'sem'\n",
    "changelog-style = 'page'\n",
    "without = ['frontends']\n",
    "header-fields = ['Title']\n",
    "versions = ['../db']\n",
    "versions = ['..']\n",
    "features = '/docs'\n",
    "rbac-exempt = {HEALTH = ' '}\n",
    "max-file-lines = 0\n",
    "resources = {vendors = {waived = {}}}\n",
    "resources = {folder = 'api', vendors = {waive = {deletes = 'x'}}}\n",
    "resources = {folder = 'api', vendors = {waive = {delete = ''}}}\n",
    "version-files = [{pattern = '(.*)'}]\n",
    "version-files = [{path = 'a', regex = '(.*)'}]\n",
    "body = 'a.md'\n",
    "database-version = 'new'\n",
    "filename-pattern = 'migrations'\n",
    "revision-pattern = 'slugs'\n",
)


@pytest.mark.parametrize("text", RIGHT)
def test_taken(text: str, project: Project) -> None:
    files = {
        "api/vendors/a.py": "",
        "app/graphql/vendors/a.py": "",
        "CHANGELOG.md": "# Changelog\n",
        "a.py": "",
        "chart.yaml": "",
        "b": "",
    }
    project.lay(files)
    assert refused_by_program(project, text) == ""
    assert refused(text) == ""


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str, project: Project) -> None:
    project.lay({"api/vendors/a.py": "", "docs/a.md": ""})
    assert refused_by_program(project, text) != ""
    assert refused(text) != ""


def examples() -> list[dict[str, Any]]:
    """Each configuration that the documentation shows."""
    pages: list[Path] = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = []
    for page in pages:
        for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
            if token.type == "fence" and token.info == "toml":
                document = tomllib.loads(token.content)
                if "definition-of-done" in document.get("tool", {}):
                    found.append(document["tool"]["definition-of-done"])
    return found


def test_what_the_documentation_shows() -> None:
    found = examples()
    assert found
    for example in found:
        assert [error.message for error in validator().iter_errors(example)] == []


def test_each_key_is_told_with_its_default() -> None:
    properties = configuration_schema()["properties"]
    assert isinstance(properties, dict)
    assert [*properties] == KEYS
    for key, value in properties.items():
        assert value["description"].startswith(SETTINGS[key].help)
        if "default" in value:
            assert validator().evolve(schema=value).is_valid(value["default"]), key
