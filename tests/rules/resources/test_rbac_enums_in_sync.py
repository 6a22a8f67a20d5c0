"""rbac-enums-in-sync: exact findings, what is exempt, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "rbac-enums-in-sync"
PATH = "app/graphql/rbac/models/models.py"
HEAD = "from enum import Enum\n\n\n"


def models(paths: str, resources: str) -> dict[str, str]:
    """Two enums, each with the members that a string names."""

    def body(names: str) -> str:
        return "".join(f"    {name} = '{name.lower()}'\n" for name in names.split()) or "    pass\n"

    return {
        PATH: f"{HEAD}class Path(Enum):\n{body(paths)}\n\nclass Resource(Enum):\n{body(resources)}"
    }


def exempt(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "\n".join(["[tool.definition-of-done.rbac-exempt]", *lines, ""])}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            models("A B", "A"),
            f"{PATH}:9:1: {ID}: Resource lacks B, which Path has at {PATH}:6\n"
            "    help: add it to Resource, or name it in `rbac-exempt` with the reason\n"
            "1 finding in 1 file\n",
        ),
        (
            models("A", "B C A"),
            f"{PATH}:4:1: {ID}: Path lacks B, which Resource has at {PATH}:9\n"
            "    help: add it to Path, or name it in `rbac-exempt` with the reason\n"
            f"{PATH}:4:1: {ID}: Path lacks C, which Resource has at {PATH}:10\n"
            "    help: add it to Path, or name it in `rbac-exempt` with the reason\n"
            "2 findings in 1 file\n",
        ),
        (
            {**models("A", "A"), **exempt("A = 'no menu'")},
            f"pyproject.toml:2:5: {ID}: rbac-exempt names A, but both Path and Resource have it\n"
            "    help: take it out of rbac-exempt\n1 finding in 1 file\n",
        ),
        (
            {**models("A", "A"), **exempt("B = 'no menu'", "'C' = 'no menu'")},
            f"pyproject.toml:2:5: {ID}: rbac-exempt names B, but no enum has it\n"
            "    help: take it out of rbac-exempt\n"
            f"pyproject.toml:3:7: {ID}: rbac-exempt names C, but no enum has it\n"
            "    help: take it out of rbac-exempt\n2 findings in 1 file\n",
        ),
        (
            {**models("A B C", "A"), **exempt("B = 'no menu'")},
            f"{PATH}:10:1: {ID}: Resource lacks C, which Path has at {PATH}:7\n"
            "    help: add it to Resource, or name it in `rbac-exempt` with the reason\n"
            "1 finding in 1 file\n",
        ),
        (
            {PATH: "class Path(Enum)\n"},
            f"{PATH}:1:17: unreadable: not Python: expected ':'\n1 finding in 1 file\n",
        ),
    ],
)
def test_findings(files: dict[str, str], expected: str, project: Project, run: Run) -> None:
    project.lay(files)
    assert run(ID) == (1, expected, "")


@pytest.mark.parametrize(
    "files",
    [
        models("A B", "B A"),
        models("", ""),
        {"app/x.py": "x = 1\n"},
        {**models("A B", "A"), **exempt("B = 'no menu'")},
        {**models("A", "A B"), **exempt("B = 'no menu'")},
        {**models("A", "B"), "pyproject.toml": "[tool.definition-of-done]\nrbac-models = ''\n"},
        # A further name of a member is no member, and may be one in the other enum.
        {PATH: f"{HEAD}class Path(Enum):\n A = 1\n B = 1\nclass Resource(Enum):\n A = 1\n"},
        {PATH: f"{HEAD}class Path(Enum):\n A = 1\n B = 1\nclass Resource(Enum):\n A = 1\n B = 2\n"},
        # Another spelling of an enum, and what is no member of one.
        {
            PATH: "import enum\nimport strawberry\n@strawberry.enum\nclass Path(enum.StrEnum):\n"
            " A = enum.auto()\n def label(self): ...\n"
            "class Resource(str, enum.Enum):\n A = strawberry.enum_value('a')\n"
            " _ignore_ = ['x']\n x = 1\n @property\n def y(self): ...\n"
        },
    ],
)
def test_left_alone(files: dict[str, str], project: Project, run: Run) -> None:
    project.lay(files)
    code, out, err = run(ID)
    assert (code, out.startswith("no findings ("), err) == (0, True, "")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (
            f"{HEAD}class Path(Enum):\n A = 1\n",
            f"{PATH} defines no enum Resource",
        ),
        ("class Path: ...\n", f"{PATH} defines no enum Path and no enum Resource"),
        (
            f"{HEAD}class Path(Enum):\n A = 1\nclass Resource(Enum):\n vars().update(A=1)\n",
            f"{PATH}: line 7 computes members of Resource",
        ),
        (
            f"{HEAD}class Path(Enum):\n A = 1\nResource = Enum('Resource', NAMES)\n",
            f"{PATH}: Resource is made by a call",
        ),
    ],
)
def test_what_cannot_be_seen_is_said(source: str, why: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    code, out, err = run(ID)
    assert (code, out.startswith("no findings ("), err) == (
        0,
        True,
        f"{ID}: not evaluated: {why}\n",
    )


def test_what_is_seen_is_judged_beside_what_is_not(project: Project, run: Run) -> None:
    source = f"{HEAD}class Path(Enum):\n A = 1\nclass Resource(Enum):\n B = 1\n vars()['A'] = 1\n"
    project.lay({PATH: source, **exempt("C = 'no menu'")})
    code, out, err = run(ID)
    assert code == 1
    assert out.startswith(f"{PATH}:4:1: {ID}: Path lacks B, which Resource has at {PATH}:7\n")
    assert "Resource lacks" not in out
    assert "rbac-exempt names" not in out
    assert err == f"{ID}: not evaluated: {PATH}: line 8 computes members of Resource\n"


def test_another_file(project: Project, run: Run) -> None:
    source = models("A", "A B")[PATH]
    settings = {"pyproject.toml": "[tool.definition-of-done]\nrbac-models = 'app/rbac.py'\n"}
    project.lay({"app/rbac.py": source, **settings})
    assert run(ID)[1].startswith(f"app/rbac.py:4:1: {ID}: Path lacks B,")
    project.lay({"app/rbac.py": None})
    where = (
        "pyproject.toml: [tool.definition-of-done]: rbac-models names a path that does not exist"
    )
    assert run(ID) == (2, "", f"{ID}: error: {where}: 'app/rbac.py'\n")


def test_only_what_concerns_it_runs_it(project: Project, run: Run) -> None:
    project.lay({**models("A B", "A"), "app/x.py": "x = 1\n"})
    project.git("commit", "-qm", "base")
    project.lay({"app/x.py": "x = 2\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    project.lay(exempt("B = 'no menu'", "C = 'gone'"))
    assert "rbac-exempt names C, but no enum has it" in run(ID)[1]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("{A = ''}", "rbac-exempt: A needs a reason"),
        ("{A = 'x', B = ' '}", "rbac-exempt: B needs a reason"),
        ("{A = 1}", "rbac-exempt must be a table of names, each with a reason, not {'A': 1}"),
        ("['A']", "rbac-exempt must be a table of names, each with a reason, not ['A']"),
    ],
)
def test_settings_that_are_wrong(value: str, error: str, project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nrbac-exempt = {value}\n"})
    where = "pyproject.toml: [tool.definition-of-done]"
    assert run(ID) == (2, "", f"{ID}: error: {where}: {error}\n")
