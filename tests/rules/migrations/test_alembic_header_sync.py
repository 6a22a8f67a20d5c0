"""alembic-header-sync: exact findings, the fix, and what it must leave alone."""

from __future__ import annotations

import ast
import re

import pytest
from tests.repository import Files, Project, Run

from definition_of_done.rules.sample import MIGRATION as PATH
from definition_of_done.rules.sample import example

ID = "alembic-header-sync"
GOOD = str(example()[PATH])
DOC = GOOD[: GOOD.index("from collections")]


def _judge(source: str, project: Project, run: Run) -> list[str]:
    project.lay({PATH: source})
    out = run(ID, PATH)[1]
    return [
        line.removeprefix(f"{PATH}:").replace(f" {ID}:", "")
        for line in out.splitlines()
        if line.startswith(PATH)
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Revision ID: add_credit_limit",
            "Revision ID: other",
            ["3:14: Revision ID says 'other', revision is 'add_credit_limit'"],
        ),
        (
            "Revises: add_vendor_credits",
            "Revises: ",
            ["4:10: Revises says nothing, down_revision is 'add_vendor_credits'"],
        ),
        (
            "Revises: add_vendor_credits",
            "Revises: a, b",
            ["4:10: Revises says 'a, b', down_revision is 'add_vendor_credits'"],
        ),
        (
            '= "add_vendor_credits"',
            "= None",
            ["4:10: Revises says 'add_vendor_credits', down_revision is None"],
        ),
        (
            "2026-06-01 00:00:00.000000",
            "2026-06-02 10:00:00",
            ["5:14: Create Date is 2026-06-02, the filename's date is 2026-06-01"],
        ),
        ("2026-06-01 00:00:00.000000", "soon", ["5:14: Create Date 'soon' is not a date"]),
        ("Revision ID: add_credit_limit\n", "", ["1:1: the docstring has no Revision ID"]),
        ("Revises: add_vendor_credits\n", "", ["1:1: the docstring has no Revises"]),
        (
            "Create Date: 2026-06-01 00:00:00.000000\n",
            "",
            ["1:1: the docstring has no Create Date"],
        ),
        ("add credit_limit to vendor_credits\n\n", "", ["1:1: the docstring has no title"]),
        (DOC, "", ["1:1: the migration has no docstring"]),
        ("revision: str =", "revision =", ["12:1: revision is not annotated"]),
        (
            "down_revision: str | None",
            "down_revision: str",
            ["13:1: down_revision is not annotated as str | None"],
        ),
        (
            "depends_on: str | Sequence[str] | None",
            "depends_on: None",
            ["15:1: depends_on is not annotated as str | Sequence[str] | None"],
        ),
        (
            "branch_labels: str | Sequence[str] | None = None\n",
            "",
            ["12:17: branch_labels is missing"],
        ),
        (
            "branch_labels: str | Sequence[str] | None = None\n"
            "depends_on: str | Sequence[str] | None",
            "depends_on: None",
            [
                "12:17: branch_labels is missing",
                "14:1: depends_on is not annotated as str | Sequence[str] | None",
            ],
        ),
    ],
)
def test_finding(old: str, new: str, expected: list[str], project: Project, run: Run) -> None:
    assert old in GOOD
    source = GOOD.replace(old, new, 1)
    assert _judge(source, project, run) == expected
    titled = "title" not in expected[0] and "no docstring" not in expected[0]
    code, _, err = run(ID, "--fix", PATH)
    assert (code, err) == (1, "")
    fixed = (project.root / PATH).read_text()
    if titled:
        assert run(ID, PATH) == (0, "no findings (1 file judged)\n", "")
        assert [ast.dump(statement) for statement in ast.parse(fixed).body[-2:]] == [
            ast.dump(statement) for statement in ast.parse(GOOD).body[-2:]
        ]
    else:
        assert fixed == source


def test_help_for_a_date_that_is_none(project: Project, run: Run) -> None:
    project.lay({PATH: GOOD.replace("2026-06-01 00:00:00.000000", "soon")})
    assert "\n    help: write Create Date: 2026-06-01 00:00:00.000000\n" in run(ID, PATH)[1]
    path = "alembic/versions/add_credit_limit.py"
    project.lay({PATH: None, path: GOOD.replace("2026-06-01 00:00:00.000000", "soon")})
    assert "\n    help: write Create Date: YYYY-MM-DD HH:MM:SS\n" in run(ID, path)[1]
    project.lay({path: GOOD.replace("Create Date: 2026-06-01 00:00:00.000000\n", "")})
    assert "\n    help: add the line Create Date: YYYY-MM-DD HH:MM:SS\n" in run(ID, path)[1]


def test_bare_file_is_mended_into_the_template(project: Project, run: Run) -> None:
    bare = (
        '"""add credit_limit to vendor_credits"""\r\nimport sqlalchemy as sa\r\n\r\n'
        "revision = 'add_credit_limit'\r\ndown_revision = 'add_vendor_credits'\r\nX = 'é'\r\n"
    )
    project.lay({PATH: bare.encode()})
    assert _judge(bare, project, run) == [
        "1:1: the docstring has no Create Date",
        "1:1: the docstring has no Revises",
        "1:1: the docstring has no Revision ID",
        "4:1: revision and down_revision are not annotated",
        "4:12: branch_labels and depends_on are missing",
    ]
    assert run(ID, "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_bytes().decode() == (
        '"""add credit_limit to vendor_credits\n\nRevision ID: add_credit_limit\n'
        "Revises: add_vendor_credits\nCreate Date: 2026-06-01 00:00:00.000000\n"
        '"""\nfrom collections.abc import Sequence\nimport sqlalchemy as sa\n\n'
        "revision: str = 'add_credit_limit'\ndown_revision: str | None = 'add_vendor_credits'\n"
        "branch_labels: str | Sequence[str] | None = None\n"
        "depends_on: str | Sequence[str] | None = None\nX = 'é'\n"
    ).replace("\n", "\r\n")
    assert run(ID, PATH)[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("Revises: add_vendor_credits", "revises nothing\nRevises: add_vendor_credits"),
        (
            'down_revision: str | None = "add_vendor_credits"',
            'down_revision: str | Sequence[str] | None = "add_vendor_credits"',
        ),
        ("down_revision: str | None", "down_revision: Optional[str]"),
        ("down_revision: str | None", "down_revision: typing.Union[str, None]"),
        ("down_revision: str | None", "down_revision: 'str | None'"),
        ("down_revision: str | None", "down_revision: Final[str | None]"),
        ("\nrevision: str =", "\nrevision: Final ="),
        ("\nrevision: str =", "\nrevision: typing.Final ="),
        (
            "branch_labels: str | Sequence[str] | None",
            "branch_labels: None | str | tuple[str, ...]",
        ),
        (
            'Revises: add_vendor_credits\nCreate Date: 2026-06-01 00:00:00.000000\n"""\n',
            'Revises:\nCreate Date: 2026-06-01\n"""\nx = 1\n',
        ),
        ('= "add_credit_limit"', "= make()"),
        ("depends_on: str | Sequence[str] | None = None", "depends_on = None\ndepends_on += x"),
    ],
)
def test_left_alone(old: str, new: str, project: Project, run: Run) -> None:
    assert old in GOOD
    source = GOOD.replace(old, new, 1)
    if "Revises:\n" in source:
        source = source.replace('= "add_vendor_credits"', "= None")
    assert _judge(source, project, run) == []


def test_merge(project: Project, run: Run) -> None:
    source = (
        GOOD.replace("Revises: add_vendor_credits", "Revises: b, a")
        .replace('= "add_vendor_credits"', '= ("a", "b")')
        .replace("down_revision: str | None", "down_revision: str | Sequence[str] | None")
    )
    assert _judge(source, project, run) == []
    source = source.replace(
        "down_revision: str | Sequence[str] | None", "down_revision: Sequence[str]"
    )
    assert _judge(source, project, run) == []
    source = source.replace('("a", "b")', '"a"').replace("Revises: b, a", "Revises: a")
    assert _judge(source, project, run) == ["13:1: down_revision is not annotated as str | None"]


def test_what_the_fix_imports(project: Project, run: Run) -> None:
    bare = GOOD.replace("from collections.abc import Sequence\n", "").replace(
        "str | Sequence[str] | None = None", "str | tuple[str, ...] | None = None"
    )
    for old, new, is_needed in (
        ("revision: str =", "revision =", False),
        ("branch_labels: str | tuple[str, ...] | None =", "branch_labels =", True),
    ):
        project.lay({PATH: bare.replace(old, new, 1)})
        assert run(ID, "--fix", PATH)[0] == 1
        fixed = (project.root / PATH).read_text()
        assert ("import Sequence" in fixed) == is_needed
        assert new not in fixed


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_empty_field_gets_its_blank(end: str, project: Project, run: Run) -> None:
    source = GOOD.replace("\n", end)
    bare = source.replace(": add_vendor_credits", ":", 1).replace(": 2026-06-01 ", ":", 1)
    project.lay({PATH: bare.replace(":00:00:00.000000", ":", 1)})
    assert run(ID, "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_bytes() == source.encode()


def test_missing_at_the_end_of_a_file_without_a_last_newline(project: Project, run: Run) -> None:
    source = GOOD[: GOOD.index("branch_labels")].rstrip()
    project.lay({PATH: source})
    assert run(ID, "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_text() == (
        f"{source}\nbranch_labels: str | Sequence[str] | None = None\n"
        "depends_on: str | Sequence[str] | None = None"
    )


def test_file_without_revision_is_no_migration(project: Project, run: Run) -> None:
    assert _judge("x = 1\n", project, run) == []


TABLE = "[tool.definition-of-done]\nrevision-annotations = false\n"
BARE = (
    f'"""{DOC.strip(chr(34) + chr(10))}\n"""\n\nrevision = "add_credit_limit"\n'
    'down_revision = "add_vendor_credits"\nbranch_labels = depends_on = None\n\n'
    "import sqlalchemy as sa\n"
)


def test_annotations_are_evaluated_where_they_stand(project: Project, run: Run) -> None:
    project.lay({PATH: BARE})
    assert run(ID, "--fix", PATH)[0] == 1
    fixed = (project.root / PATH).read_text()
    assert fixed == BARE.replace(
        '\nrevision = "', '\nfrom collections.abc import Sequence\n\nrevision: str = "'
    ).replace("down_revision = ", "down_revision: str | None = ").replace(
        "branch_labels = depends_on = None\n",
        "branch_labels: str | Sequence[str] | None = None\n"
        "depends_on: str | Sequence[str] | None = None\n",
    )
    assert run(ID, PATH)[0] == 0


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'}, "Optional[str]"),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.8,<4"\n'}, "Optional[str]"),
        ({"pyproject.toml": '[project]\nrequires-python = "~=3.9.2"\n'}, "Optional[str]"),
        ({"pyproject.toml": "[project]\nrequires-python = '==3.*'\n"}, "Optional[str]"),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\nx = "1"\npython = "^3.9"\n'},
            "Optional[str]",
        ),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11 || ^3.8"\n'},
            "Optional[str]",
        ),
        ({"setup.cfg": "[options]\npython_requires = >=3.7\n"}, "Optional[str]"),
        ({"setup.py": 'setup(\n    python_requires=">=3.7",\n)\n'}, "Optional[str]"),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'}, "str | None"),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9,>=3.12"\n'}, "str | None"),
        ({"pyproject.toml": '[project]\nrequires-python = "<4"\n'}, "str | None"),
        ({"pyproject.toml": '[project]\n# requires-python = ">=3.9"\n'}, "str | None"),
        ({}, "str | None"),
    ],
)
def test_the_oldest_python_of_the_project(
    files: Files, expected: str, project: Project, run: Run
) -> None:
    project.lay({**files, PATH: GOOD.replace("down_revision: str | None", "down_revision")})
    assert f"\n    help: write down_revision: {expected}\n" in run(ID, PATH)[1]
    assert run(ID, "--fix", PATH)[0] == 1
    assert f"\ndown_revision: {expected} = " in (project.root / PATH).read_text()
    assert run(ID, PATH)[0] == 0


def test_what_the_file_imports_is_taken(project: Project, run: Run) -> None:
    source = GOOD.replace("from collections.abc import Sequence", "from typing import Union")
    source = re.sub(r"(?m)^(\w+): .* =", r"\1 =", source)
    project.lay({PATH: source})
    assert run(ID, "--fix", PATH)[0] == 1
    fixed = (project.root / PATH).read_text()
    assert "\nfrom typing import Sequence\nfrom typing import Union\n" in fixed
    assert "\ndown_revision: Union[str, None] = " in fixed
    assert "\nbranch_labels: Union[str, Sequence[str], None] = None\n" in fixed


def test_a_refused_fix_says_why(project: Project, run: Run) -> None:
    source = GOOD.replace("down_revision: str | None =", "from x import *\ndown_revision =")
    project.lay({PATH: source})
    assert run(ID, PATH)[1].endswith("1 finding in 1 file (1 fixable with --fix)\n")
    code, out, _ = run(ID, "--fix", PATH)
    assert (code, (project.root / PATH).read_text()) == (1, source)
    assert out == (
        f"{PATH}:14:1: {ID}: down_revision is not annotated\n"
        "    help: write down_revision: str | None;"
        " --fix leaves it: a star import may bind the names of the annotation\n"
        "1 finding in 1 file\n"
    )


def test_without_the_annotations(project: Project, run: Run) -> None:
    project.lay({PATH: BARE.replace("Revises: add_vendor_credits", "Revises: x")})
    found = f"{PATH}:4:10: {ID}: Revises says 'x', down_revision is 'add_vendor_credits'\n"
    assert run(ID, "--no-revision-annotations", PATH)[1].startswith(found)
    project.lay({"pyproject.toml": TABLE})
    code, out, _ = run(ID, PATH)
    assert (code, out.endswith("1 finding in 1 file (1 fixable with --fix)\n")) == (1, True)
    assert run(ID, "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_text() == BARE
    project.lay({"pyproject.toml": TABLE.replace("false", "true")})
    assert "not annotated" in run(ID, PATH)[1]
