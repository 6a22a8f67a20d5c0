"""rbac-backfill-present: the scripts, who names them, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules._pages import start_branch

ID = "rbac-backfill-present"
PATH = "app/graphql/rbac/models/models.py"
SCRIPT = "scripts/backfill_new_path_permissions.py"
PAGE = "docs/feature/2026-06-01-refunds.md"
OUT = "docs/changelog/1.2.0.md"
NEXT = "docs/changelog/1.3.0.md"
IMPORT = "from app.graphql.rbac.models.models import Path, Resource\n"
ADVICE = "or name the script that does in `backfill-scripts`"


def models(*names: str) -> dict[str, str]:
    """Two enums with the same members, those of the first from line 5 on."""
    body = "".join(f"    {name} = '{name.lower().replace('_', '-')}'\n" for name in names)
    both = f"class Path(Enum):\n{body}\n\nclass Resource(Enum):\n{body}"
    return {PATH: f"from enum import Enum\n\n\n{both}"}


def script(body: str, path: str = SCRIPT) -> dict[str, str]:
    return {path: f"{IMPORT}{body}\n"}


def page(rbac: str) -> dict[str, str]:
    return {PAGE: f"# Refunds\n\n## In scope\n\nAll\n\n## RBAC\n\n{rbac}\n\nB, C: in the menu\n"}


def changelog(migrations: str, path: str = NEXT) -> dict[str, str]:
    return {path: f"# 1\n\n## Added\n\nAll\n\n## Migrations\n\n{migrations}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {**models("A", "B"), **script("ROWS = [Path.A]")},
            f"{PATH}:6:5: {ID}: no backfill script handles B\n"
            f"    help: give existing tenants its row in one, {ADVICE}\n1 finding in 1 file\n",
        ),
        (
            models("A", "B"),
            f"{PATH}:4:1: {ID}: Path has members, and {SCRIPT} does not exist\n"
            f"    help: create it, {ADVICE}\n1 finding in 1 file\n",
        ),
        (
            {
                PATH: "from enum import Enum\nclass Path(Enum):\n A = 1\n"
                "class Resource(Enum):\n A = 1\n B = 2\n",
                **script("ROWS = [Path.A]"),
            },
            f"{PATH}:6:2: {ID}: no backfill script handles B\n"
            f"    help: give existing tenants its row in one, {ADVICE}\n1 finding in 1 file\n",
        ),
        (
            {**models("A"), SCRIPT: "for x in Path\n"},
            f"{SCRIPT}:1:14: unreadable: not Python: expected ':'\n1 finding in 1 file\n",
        ),
    ],
)
def test_findings(files: dict[str, str], expected: str, project: Project, run: Run) -> None:
    project.lay(files)
    assert run(ID) == (1, expected, "")


@pytest.mark.parametrize(
    "body",
    [
        "ROWS = [(Path.A_B, 1)]",
        "grant(Resource.A_B)",
        "ROWS = ['a-b']",
        "grant(Path('a-b'))",
        "grant(Path['A_B'])",
        "execute(\"INSERT INTO permissions (path) VALUES ('a-b')\")",
        "execute(f\"INSERT INTO permissions VALUES ({id}, 'a-b')\")",
        "import app.rbac as rbac\nROWS = [rbac.models.Path.A_B]",
        "from app.rbac import Path as P\nROWS = [P.A_B]",
        "for path in Path:\n    grant(path)",
        "ROWS = [path.value for path in Path]",
        "ROWS = list(Path)",
        "ROWS = sorted(Resource, key=str)",
        "ROWS = zip(Path, Resource)",
        "ROWS = [*Path]",
        "ROWS = Path.__members__.values()",
        "for enum in (Path, Resource):\n    grant(enum)",
        "def go(enum=Path): ...",
        "grant_all(Path)",
        "P = Path\nROWS = [P.A_B]",
        "P, R = Path, Resource\nROWS = zip(P, R)",
        "P: type[Path] = Path\nfor path in P:\n    grant(path)",
    ],
)
def test_a_member_is_handled(body: str, project: Project, run: Run) -> None:
    project.lay({**models("A_B"), **script(body)})
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "ROWS = [Path.A, Path.A_B_C, Other.A_B]",
        "ROWS = ['a', 'xa-b', 'a-bc', 'a-b c']",
        "'a-b'",
        "# Path.A_B",
        "P = Path\nROWS = [P.A]",
        "P, R = Path, Resource\ngrant(P.A, R.A)",
        "P: type[Path] = Path\ngrant(P.A)",
        "def go(path: Path, all: list[Path]) -> Resource: ...",
        "one: Path | None = None",
        "isinstance(x, Path)",
        "x in Path",
        "Column(sa.Enum(Path))",
        "Path(x)",
        "getattr(Path, name)",
        "import pathlib\nfor x in pathlib.Path: ...",
        "from pathlib import Path\nprint(list(Path))",
    ],
)
def test_a_member_is_not_handled(body: str, project: Project, run: Run) -> None:
    project.lay({**models("A_B"), **script(body)})
    code, out, _ = run(ID)
    assert code == 1
    assert out.startswith(f"{PATH}:5:5: {ID}: no backfill script handles A_B\n")


@pytest.mark.parametrize(
    "files",
    [
        script("ROWS = []"),
        {PATH: "class Path: ...\n"},
        {PATH: "from enum import Enum\nclass Path(Enum):\n    pass\n"},
        {**models("A"), "pyproject.toml": "[tool.definition-of-done]\nbackfill-scripts = []\n"},
        {**models("A"), "pyproject.toml": "[tool.definition-of-done]\nrbac-models = ''\n"},
        # A sibling will do, and one that is configured.
        {**models("A"), **script("ROWS = [Path.A]", "scripts/backfill_refunds.py")},
        {
            **models("A", "B"),
            **script("ROWS = [Path.A]", "scripts/backfill_refunds.py"),
            **script("ROWS = [Path.B]"),
        },
        {
            **models("A"),
            **script("ROWS = [Path.A]", "ops/grant.py"),
            "pyproject.toml": "[tool.definition-of-done]\nbackfill-scripts = ['ops/grant.py']\n",
        },
    ],
)
def test_left_alone(files: dict[str, str], project: Project, run: Run) -> None:
    project.lay(files)
    assert run(ID)[::2] == (0, "")


def test_a_script_elsewhere_is_none(project: Project, run: Run) -> None:
    project.lay({**models("A"), **script("ROWS = [Path.A]", "ops/backfill_refunds.py")})
    assert run(ID)[0] == 1
    project.lay(script("ROWS = [Path.A]", "scripts/refunds.py"))
    assert run(ID)[0] == 1


def _start(project: Project) -> None:
    old = {**models("A"), **script("ROWS = [Path.A]"), **changelog("None", OUT)}
    start_branch(project, old)


def _says(spot: str, where: str, what: str = "B") -> str:
    return (
        f"{spot}:7:1: {ID}: the branch adds {what}, and {where} does not name {SCRIPT}\n"
        "    help: name the script there: it is to be run after the deploy\n"
    )


NEW = {**models("A", "B"), **script("ROWS = [Path.A, Path.B]")}


def test_who_names_the_script(project: Project, run: Run) -> None:
    _start(project)
    project.lay({**NEW, **page("B"), **changelog("None")})
    both = _says(NEXT, "the section Migrations") + _says(PAGE, "the feature page")
    assert run(ID) == (1, f"{both}2 findings in 2 files\n", "")
    project.git("commit", "-qm", "feature")
    assert run(ID) == (1, f"{both}2 findings in 2 files\n", "")
    assert run(ID, "--base", "main")[1] == f"{both}2 findings in 2 files\n"
    project.lay(page(f"`{SCRIPT}`"))
    said = _says(NEXT, "the section Migrations")
    assert run(ID, "--base", "main") == (1, f"{said}1 finding in 1 file\n", "")
    project.lay(changelog(f"- `{SCRIPT}` after the deploy"))
    assert run(ID, "--base", "main")[::2] == (0, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SCRIPT, 0),
        ("backfill_new_path_permissions.py", 0),
        (f"run `python ./{SCRIPT} --all`", 0),
        ("run `python -m scripts.backfill_new_path_permissions`", 0),
        (f"[the backfill](../../{SCRIPT})", 0),
        (f"[the backfill](https://example.com/blob/main/{SCRIPT}#L1)", 0),
        ("the backfill", 1),
        ("old_backfill_new_path_permissions.py", 1),
        (f"{SCRIPT}c", 1),
        (f"<!-- {SCRIPT} -->", 1),
    ],
)
def test_how_it_is_named(text: str, code: int, project: Project, run: Run) -> None:
    _start(project)
    project.lay({**NEW, **page(text), **changelog(text)})
    found, out, err = run(ID)
    assert (found, out.count(" does not name "), err) == (code, 2 * code, "")


def test_several_members_are_one_finding(project: Project, run: Run) -> None:
    _start(project)
    project.lay({**models("A", "B", "C"), **script("ROWS = list(Path)"), **page("B and C")})
    said = _says(PATH, "the page of the next version", "B and C").replace(":7:1:", ":1:1:")
    said += _says(PAGE, "the feature page", "B and C")
    assert run(ID) == (1, f"{said}2 findings in 2 files\n", "")


def test_a_commit_on_the_way(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _start(project)
    project.lay(NEW)
    # The branch has no feature page yet, for which plan-before-code asks; the base's page is out.
    said = _says(PATH, "the page of the next version").replace(":7:1:", ":1:1:")
    assert run(ID) == (1, f"{said}1 finding in 1 file\n", "")
    project.lay(page(SCRIPT))
    assert run(ID) == (1, f"{said}1 finding in 1 file\n", "")
    with monkeypatch.context() as patch:
        # A commit that a runner judges is not held to what is written last.
        patch.setenv("PRE_COMMIT", "1")
        assert run(ID)[::2] == (0, "")
    project.git("commit", "-qm", "feature")
    assert run(ID, "--base", "main") == (1, f"{said}1 finding in 1 file\n", "")


@pytest.mark.parametrize(
    "files",
    [
        # Nothing is added: the file is edited, a member goes, another enum file is taken.
        {**models("A"), PATH: models("A")[PATH] + "# edited\n"},
        script("ROWS = [Path.A]  # edited"),
        {
            PATH: None,
            "app/rbac.py": models("A")[PATH],
            "pyproject.toml": "[tool.definition-of-done]\nrbac-models = 'app/rbac.py'\n",
        },
    ],
)
def test_what_adds_no_member(files: dict[str, str | None], project: Project, run: Run) -> None:
    _start(project)
    project.lay({**files, **page("None"), **changelog("None")})
    assert run(ID)[::2] == (0, "")


def test_main_itself(project: Project, run: Run) -> None:
    project.lay({**NEW, **page("None"), **changelog("None")})
    project.git("commit", "-qm", "base")
    assert run(ID)[::2] == (0, "")


def test_without_a_base(project: Project, run: Run) -> None:
    project.lay({**models("A", "B"), **script("ROWS = [Path.A]"), **page("None")})
    project.git("commit", "-qm", "base")
    project.git("branch", "-m", "feature")
    code, out, err = run(ID)
    assert (code, out.startswith(f"{PATH}:6:5: {ID}: no backfill script handles B\n")) == (1, True)
    why = "who names the script: no base; fetch the main branch, or name it with --base"
    assert err == f"{ID}: not evaluated: {why}\n"


def test_a_base_that_is_broken(project: Project, run: Run) -> None:
    start_branch(project, {PATH: "class Path(Enum)\n"})
    project.lay({**NEW, **page("None")})
    why = f"who names the script: on the base {PATH} is not Python: expected ':'"
    assert run(ID)[::2] == (0, f"{ID}: not evaluated: {why}\n")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("class Path(Enum):\n A = 1\n vars()['B'] = 2\n", "line 4 computes members of Path"),
        ("Path = Enum('Path', NAMES)\n", "Path is made by a call"),
    ],
)
def test_members_that_cannot_be_seen(body: str, why: str, project: Project, run: Run) -> None:
    project.lay({PATH: f"from enum import Enum\n{body}", **script("ROWS = [Path.A]")})
    assert run(ID)[::2] == (0, f"{ID}: not evaluated: {PATH}: {why}\n")
    project.lay({SCRIPT: None})
    assert run(ID)[0] == ("A = 1" in body)
    assert run(ID)[2] == f"{ID}: not evaluated: {PATH}: {why}\n"


def test_only_what_concerns_it_runs_it(project: Project, run: Run) -> None:
    project.lay({**models("A", "B"), **script("ROWS = [Path.A]")})
    project.git("commit", "-qm", "base")
    project.lay({"app/x.py": "x = 1\n", "README.md": "x\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    project.lay({SCRIPT: None})
    assert "does not exist" in run(ID)[1]
