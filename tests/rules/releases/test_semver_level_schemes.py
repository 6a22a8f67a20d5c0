"""semver-level in other schemes, and where the version stands in another file or in tags."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run

ID = "semver-level"
SCHEMA = "type Query {\n  vendors: [String!]!\n}\n"
WIDER = {"schema.graphql": SCHEMA.replace("}", "  credits: Int\n}")}
TABLE = "[tool.definition-of-done]\n"


def start(project: Project, number: str, scheme: str, source: str = "VERSION") -> None:
    table = f'{TABLE}version-files = ["{source}"]\nversion-scheme = "{scheme}"\n'
    files = {"VERSION": f"{number}\n", f"docs/changelog/{number}.md": f"# {number}\n"}
    project.lay({**files, "pyproject.toml": table, "schema.graphql": SCHEMA})
    project.git("commit", "-qm", "released")
    project.git("checkout", "-qb", "feature")


def bump(project: Project, number: str) -> None:
    page = f"# {number}\n\n## Added\n\nCredits.\n"
    project.lay({"VERSION": f"{number}\n", f"docs/changelog/{number}.md": page})


@pytest.mark.parametrize(
    ("scheme", "last", "number", "message"),
    [
        ("pep440", "1.2", "1.3rc1", ""),
        ("pep440", "1.2.0", "1.3.0.dev1", ""),
        ("pep440", "1.2.0", "1.2.1rc1", "version 1.2.1rc1 is a patch step from 1.2.0, but"
         " Query.credits was added (schema.graphql)\n"
         "    help: release it as 1.3.0rc1: this asks for a minor step"),
        ("pep440", "1.2.0", "1.4.0rc1", "version 1.4.0rc1 is not one step from 1.2.0\n"
         "    help: release it as 1.2.1, 1.3.0 or 2.0.0"),
        ("semver", "1.2.0", "1.3.0rc1", "version '1.3.0rc1' is not a semantic version\n"
         "    help: write it as MAJOR.MINOR.PATCH, a pre-release as MAJOR.MINOR.PATCH-rc.1;"
         ' or set version-scheme = "pep440"'),
        ("pep440", "1.2.0", "next", "version 'next' is not a PEP 440 version\n"
         "    help: write it as MAJOR.MINOR.PATCH, a pre-release as MAJOR.MINOR.PATCHrc1"),
        ("calver", "2026.10.0", "1.3.0", "version '1.3.0' is not a calendar version\n"
         '    help: write it with the year first, as YYYY.MM.N; or set version-scheme = "semver"'),
    ],
)  # fmt: skip
def test_steps(
    scheme: str, last: str, number: str, message: str, project: Project, run: Run
) -> None:
    start(project, last, scheme)
    project.lay(WIDER)
    bump(project, number)
    code, out, _ = run(ID)
    assert (code, out.partition("\n1 finding")[0]) == (
        (1, f"VERSION:1:1: {ID}: {message}") if message else (0, out)
    )


SEMANTIC = f"{TABLE}version-scheme = 'semver'\n"


@pytest.mark.parametrize(
    ("version", "files", "noun"),
    [
        ("1.0.0b", {}, ""),
        ("5.0.0.dev", {}, ""),
        ("1.2.0rc1", {"CHANGELOG.md": "# Changelog\n\n## [1.1.0] - 2026-01-01\n\n- A\n"}, ""),
        ("2.0", {}, ""),
        ("2026.11", {}, ""),
        # It is no version of any scheme.
        ("next", {}, "a semantic version"),
        # The team has said it, or keeps pages of semantic versions.
        ("1.0.0b", {"pyproject.toml": f'[project]\nversion = "1.0.0b"\n{SEMANTIC}'},
         "a semantic version"),
        ("1.2.0rc1", {"docs/changelog/1.1.0.md": "# 1.1.0\n"}, "a semantic version"),
    ],
)  # fmt: skip
def test_without_a_setting_the_version_shows_its_scheme(
    version: str, files: Files, noun: str, project: Project, run: Run
) -> None:
    project.lay({"pyproject.toml": f'[project]\nversion = "{version}"\n', **files})
    code, out, _ = run(ID)
    told = f"pyproject.toml:2:11: {ID}: version {version!r} is not {noun}"
    assert (code, out.partition("\n")[0]) == ((1, told) if noun else (0, out.strip()))


def test_node_knows_semantic_versions_alone(project: Project, run: Run) -> None:
    project.lay({"package.json": '{"version": "1.0.0b1"}\n'})
    code, out, _ = run(ID)
    told = "version '1.0.0b1' is not a semantic version"
    assert (code, out.partition("\n")[0]) == (1, f"package.json:1:13: {ID}: {told}")


def test_calendar_versions_have_no_level(project: Project, run: Run) -> None:
    start(project, "2026.10.0", "calver")
    project.lay(WIDER)
    bump(project, "2027.1.0")
    code, out, err = run(ID)
    assert (code, err) == (0, f"{ID}: not evaluated: the step: calver has no levels\n")
    assert out.startswith("no findings")
    # Beside other rules it is not said again.
    assert run("definition-of-done", "check", "--select", f"{ID},file-length")[2] == ""


@pytest.mark.parametrize("scheme", ["semver", "calver"])
def test_the_release_that_a_branch_owes(scheme: str, project: Project, run: Run) -> None:
    start(project, "2026.10.0", scheme)
    project.lay({**WIDER, "VERSION": "2026.10.0\n\n"})
    assert run(ID)[1].startswith(
        f"VERSION:1:1: {ID}: version is still 2026.10.0, but Query.credits was added"
    )


def test_a_version_from_tags(project: Project, run: Run) -> None:
    dynamic = '[project]\nname = "x"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'
    project.lay({"pyproject.toml": dynamic, "schema.graphql": SCHEMA})
    project.git("commit", "-qm", "one")
    project.git("tag", "v1.2.0")
    project.git("checkout", "-qb", "feature")
    project.lay(WIDER)
    told = f"{ID}: not evaluated: the version comes from tags (setuptools-scm)\n"
    assert run(ID)[0::2] == (0, told)
