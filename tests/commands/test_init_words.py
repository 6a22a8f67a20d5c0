"""What init says that it found."""

from __future__ import annotations

from tests.legacy import migration
from tests.repository import Project
from tests.sample import SAMPLE

from definition_of_done.commands._init_words import found
from definition_of_done.project.releases.version_choice import no_version
from definition_of_done.project.settings import open_project


def said(project: Project) -> list[str]:
    return list(found(open_project(str(project.root))))


def test_the_sample(project: Project) -> None:
    project.lay({**SAMPLE, "schema-admin.graphql": None})
    assert said(project) == [
        "migrations in alembic/versions, 2, one head",
        "version 1.2.0 in app/version.py",
        "site of mkdocs.yml, 7 pages",
        "changelog pages in docs/changelog, 2",
        "feature pages in docs/feature, 3",
        "GraphQL resources in app/graphql, 2",
        "RBAC members in app/graphql/rbac/models/models.py, 4",
        "exported schemas in schema.graphql, 1",
        "worker tasks in app/graphql, 1",
        "test files in tests, 8",
    ]


def test_several_heads_and_what_is_broken(project: Project) -> None:
    folder = "alembic/versions"
    project.lay({f"{folder}/{name}.py": migration(name, "") for name in ("one", "two")})
    assert said(project)[:3] == [
        "migrations in alembic/versions, 2, 2 heads",
        "no version is named",
        "no MkDocs site",
    ]
    project.lay({f"{folder}/one.py": "revision = (\n"})
    assert said(project)[0].startswith(f"migrations not read: {folder}/one.py:1: ")


def test_versions_of_parts(project: Project) -> None:
    text = '[project]\nname = "x"\nversion = "%s"\n'
    project.lay({"a/pyproject.toml": text % "1.0.0", "b/pyproject.toml": text % "2.0.0"})
    # Where a key is to be chosen, none is read before.
    assert no_version(open_project(str(project.root))) == "several versions are named"


def test_a_changelog_of_fragments(project: Project) -> None:
    project.lay({"towncrier.toml": "[tool.towncrier]\n", "newsfragments/1.bugfix.md": "Mend x."})
    assert "changelog of fragments in newsfragments" in said(project)


def test_a_changelog_of_one_file(project: Project) -> None:
    table = "[tool.definition-of-done]\nchangelog = 'CHANGELOG.md'\n"
    project.lay({"pyproject.toml": table, "CHANGELOG.md": "# Changelog\n"})
    assert "changelog in CHANGELOG.md" in said(project)
