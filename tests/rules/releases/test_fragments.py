"""semver-level on fragments: each of a known kind, and one from each branch with code."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run

ID = "semver-level"
CONFIG = '[tool.definition-of-done]\nchangelog = "changelog.d"\nchangelog-style = "fragments"\n'
TOWNCRIER = """
[tool.towncrier]
directory = "changelog.d"
template = "changelog.d/notes.md"
ignore = ["STYLE.md"]

[[tool.towncrier.type]]
directory = "feature"
name = "Features"
showcontent = true

[[tool.towncrier.type]]
directory = "deps"
name = "Dependencies"
showcontent = false
"""
MAIN = {
    "pyproject.toml": f'[project]\nversion = "1.2.0"\n\n{CONFIG}',
    "app/version.py": '__version__ = "1.2.0"\n',
    "app/main.py": "LIMIT = 1\n",
    "changelog.d/.gitignore": "!.gitignore\n",
    "changelog.d/README.md": "Name a file as its issue.\n",
}
CODE = {"app/main.py": "LIMIT = 2\n"}
OWED = (
    f"app/main.py:1:1: {ID}: the branch changes code, and adds no fragment to changelog.d\n"
    "    help: add one <issue>.<kind>.md, of the kind {kinds}\n"
)
DEFAULT = (
    "added, bugfix, changed, deprecated, doc, feature, fixed, misc, removal, removed or security"
)


@pytest.fixture
def fragments(project: Project) -> Project:
    """A project on main, and a branch of it checked out."""
    project.lay(MAIN)
    project.git("commit", "-qm", "main")
    project.git("checkout", "-qb", "feature")
    return project


def test_a_branch_with_code_owes_one(fragments: Project, run: Run) -> None:
    fragments.lay(CODE)
    report = f"{OWED.format(kinds=DEFAULT)}1 finding in 1 file\n"
    assert run(ID, "--base", "main") == (1, report, "")
    fragments.lay({"changelog.d/12.feature.md": "More.\n"})
    assert run(ID, "--base", "main")[0] == 0


@pytest.mark.parametrize(
    ("project_table", "settings", "note"),
    [
        ('dynamic = ["version"]\n\n[tool.hatch.version]\nsource = "vcs"', "", "the version comes"),
        ('version = "2026.11.0"', 'version-scheme = "calver"\n', "the step: calver has no levels"),
    ],
)
def test_a_version_without_levels(
    project_table: str, settings: str, note: str, fragments: Project, run: Run
) -> None:
    text = f"[project]\n{project_table}\n\n{CONFIG}{settings}"
    fragments.lay({**CODE, "app/version.py": None, "pyproject.toml": text})
    code, out, err = run(ID, "--base", "main")
    assert (code, out) == (1, f"{OWED.format(kinds=DEFAULT)}1 finding in 1 file\n")
    assert err.startswith(f"{ID}: not evaluated: {note}")


def test_a_commit_owes_nothing_yet(
    fragments: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")
    fragments.lay({**CODE, "changelog.d/12.other.md": "More.\n"})
    code, out, _ = run(ID)
    assert (code, out.count("\n")) == (1, 3)
    assert out.startswith(f"changelog.d/12.other.md:1:1: {ID}: a fragment of the unknown kind")


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("12.featur.md", "x\n", "a fragment of the unknown kind 'featur'; did you mean 'feature'?"),
        ("12.md", "x\n", "a fragment without a kind"),
        ("+abc.bug.rst", "x\n", "a fragment of the unknown kind 'bug'"),
        ("12.feature.md", " \n", "an empty fragment"),
        ("12.bugfix", "", "an empty fragment"),
        ("api/12.other.md", "x\n", "a fragment of the unknown kind 'other'"),
    ],
)
def test_found(path: str, text: str, message: str, fragments: Project, run: Run) -> None:
    fragments.lay({f"changelog.d/{path}": text})
    code, out, _ = run(ID, "--base", "main")
    assert (code, out.count("\n")) == (1, 3)
    assert out.startswith(f"changelog.d/{path}:1:1: {ID}: {message}")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "# Read me\n"},
        {"tests/test_main.py": "def test_main() -> None: ...\n"},
        {"docs/conf.py": "x = 1\n", "scripts/run.py": "x = 1\n", "noxfile.py": "x = 1\n"},
        {"app/version.py": '__version__ = "1.3.0"\n', "pyproject.toml": MAIN["pyproject.toml"]},
        {**CODE, "changelog.d/12.feature.md": "More.\n"},
        {**CODE, "changelog.d/+abc.bugfix.rst": "More.\n"},
        {**CODE, "changelog.d/feature.123": "More.\n"},
        {**CODE, "changelog.d/12.feature.2.md": "More.\n"},
        {**CODE, "changelog.d/12.misc": ""},
        {**CODE, "changelog.d/api/12.fixed.md": "More.\n"},
    ],
)
def test_left_alone(files: Files, fragments: Project, run: Run) -> None:
    fragments.lay(files)
    code, out, _ = run(ID, "--base", "main")
    assert (code, out.partition(" (")[0]) == (0, "no findings")


def test_kinds_of_towncrier(fragments: Project, run: Run) -> None:
    fragments.lay({"pyproject.toml": MAIN["pyproject.toml"] + TOWNCRIER, **CODE})
    assert run(ID, "--base", "main")[1].startswith(OWED.format(kinds="feature or deps"))
    others = {"changelog.d/notes.md": "", "changelog.d/STYLE.md": "Short.\n"}
    fragments.lay({**others, "changelog.d/1.deps.md": "", "changelog.d/2.feature.md": "x\n"})
    assert run(ID, "--base", "main")[0] == 0
    fragments.lay({"changelog.d/3.bugfix.md": "x\n"})
    assert "1:1: semver-level: a fragment of the unknown kind 'bugfix'" in run(ID)[1]


def test_a_release_takes_fragments_away(fragments: Project, run: Run) -> None:
    fragments.lay({"changelog.d/12.feature.md": "More.\n"})
    fragments.git("commit", "-qm", "one")
    fragments.git("branch", "-f", "main")
    fragments.lay({**CODE, "changelog.d/12.feature.md": None})
    assert run(ID, "--base", "main")[0] == 0


def test_names_of_a_team(fragments: Project, run: Run) -> None:
    fragments.lay({f"changelog.d/{number}.rst": "x\n" for number in range(3)})
    fragments.git("commit", "-qm", "some")
    fragments.git("branch", "-f", "main")
    fragments.lay({**CODE, "changelog.d/7.rst": "x\n"})
    assert run(ID, "--base", "main")[0] == 0
    fragments.lay({"changelog.d/7.rst": None})
    assert "help: add one\n" in run(ID, "--base", "main")[1]


def test_scriv_has_the_kinds_in_the_text(fragments: Project, run: Run) -> None:
    fragments.lay({"changelog.d/20260524_101500_ann.md": "### Added\n\n- x\n", **CODE})
    assert run(ID, "--base", "main")[0] == 1
    fragments.lay({"changelog.d/scriv.ini": "[scriv]\n"})
    assert run(ID, "--base", "main")[0] == 0


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".changes/unreleased/Added-20260524-101500.yaml", "kind: Added\n"),
        ("releasenotes/notes/more-0a1b2c.yaml", "features:\n  - More.\n"),
    ],
)
def test_fragments_of_other_tools(path: str, text: str, project: Project, run: Run) -> None:
    folder = path.rpartition("/")[0]
    config = MAIN["pyproject.toml"].replace("changelog.d", folder)
    project.lay({**MAIN, "pyproject.toml": config, f"{folder}/.gitkeep": ""})
    project.git("commit", "-qm", "main")
    project.git("checkout", "-qb", "feature")
    project.lay(CODE)
    owed = OWED.format(kinds="x").replace("changelog.d", folder).replace(", of the kind x", "")
    owed = owed.replace(" <issue>.<kind>.md", "")
    assert run(ID, "--base", "main") == (1, f"{owed}1 finding in 1 file\n", "")
    project.lay({path: text})
    assert run(ID, "--base", "main")[0] == 0
    project.lay({path: ""})
    assert run(ID, "--base", "main")[1].startswith(f"{path}:1:1: {ID}: an empty fragment\n")


def test_old_fragments_are_left_alone(fragments: Project, run: Run) -> None:
    fragments.lay({"changelog.d/1.odd.md": "x\n", "changelog.d/2.feature.md": "x\n"})
    fragments.git("commit", "-qm", "some")
    assert run(ID)[0] == 1
    fragments.git("branch", "-f", "main")
    fragments.lay({**CODE, "changelog.d/3.feature.md": "x\n"})
    assert run(ID, "--base", "main")[0] == 0


def test_without_a_base(fragments: Project, run: Run) -> None:
    fragments.lay(CODE)
    fragments.git("commit", "-qm", "code")
    fragments.git("branch", "-D", "main")
    code, _, err = run(ID)
    assert code == 0
    assert "the fragment of the branch: no base" in err


def test_version_sync_asks_for_no_page(fragments: Project, run: Run) -> None:
    code, out, _ = run("version-sync", "--mkdocs", "")
    assert (code, out.partition(" (")[0]) == (0, "no findings")
