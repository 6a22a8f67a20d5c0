"""plan-before-code: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN

from definition_of_done.rules.sample import example

ID = "plan-before-code"
HELP = '    help: write the plan first: definition-of-done new plan "the feature"\n'
MIGRATION = {"alembic/versions/20260601_a.py": "revision = 'add_refunds'\ndown_revision = None\n"}
RESOURCE = {"app/graphql/refunds/__init__.py": "", "app/graphql/refunds/types.py": "x = 1\n"}
MODEL = {
    "app/models.py": "from sqlalchemy import orm\n\n\nclass Refund(Base):\n"
    "    __tablename__ = 'refunds'\n    id = orm.mapped_column(primary_key=True)\n"
}


def _report(place: str, added: str) -> str:
    message = f"the branch adds {added}, and no feature page plans it"
    return f"{place}: {ID}: {message}\n{HELP}1 finding in 1 file\n"


@pytest.mark.parametrize(
    ("files", "place", "added"),
    [
        (MIGRATION, "alembic/versions/20260601_a.py:1:12", "revision 'add_refunds'"),
        (RESOURCE, "app/graphql/refunds/__init__.py:1:1", "resource 'refunds'"),
        (MODEL, "app/models.py:4:1", "table 'refunds'"),
        (
            {**RESOURCE, **MODEL, **MIGRATION, "app/graphql/taxes/x.py": ""},
            "alembic/versions/20260601_a.py:1:12",
            "revision 'add_refunds', resource 'refunds' and 2 more",
        ),
        (
            {**RESOURCE, **MODEL, **MIGRATION},
            "alembic/versions/20260601_a.py:1:12",
            "revision 'add_refunds', resource 'refunds' and table 'refunds'",
        ),
        (
            {**MIGRATION, "docs/feature/index.md": "x", "docs/x.md": "refunds"},
            "alembic/versions/20260601_a.py:1:12",
            "revision 'add_refunds'",
        ),
        ({**RESOURCE, PATH: None}, "app/graphql/refunds/__init__.py:1:1", "resource 'refunds'"),
    ],
)
def test_finding(files: dict[str, str], place: str, added: str, branch: Project, run: Run) -> None:
    branch.lay(files)
    report = (1, _report(place, added), "")
    assert run(ID) == report
    branch.git("commit", "-qm", "feature")
    assert run(ID) == report
    assert run(ID, "--base", "main") == report


@pytest.mark.parametrize(
    "files",
    [
        {**MIGRATION, "docs/feature/2026-06-01-x.md": "x"},
        {**MIGRATION, **RESOURCE, **MODEL, PATH: f"{PLAN}\n"},
        {"app/x.py": "x = 1\n"},
        {"app/graphql/refunds/schema.graphql": "x"},
        {"app/graphql/refunds.py": ""},
        {"tests/app/graphql/refunds/test_x.py": ""},
        {"app/graphql/refunds/tests/test_x.py": ""},
        {"app/graphql/common/__init__.py": ""},
        {"app/graphql/schema/__init__.py": ""},
        {"alembic/versions/__init__.py": "revision = 'add_refunds'\n"},
        {
            "alembic/versions/20260601_a.py": "revision = 'm'\ndown_revision = ('a', 'b')\n",
        },
    ],
)
def test_left_alone(files: dict[str, str], branch: Project, run: Run) -> None:
    branch.lay(files)
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    ("text", "files", "is_named"),
    [
        ("`add_refunds`", MIGRATION, True),
        ("[x](../../alembic/versions/20260601_add_refunds.py)", MIGRATION, False),
        ("add refunds", MIGRATION, False),
        ("`add_refunds_later`", MIGRATION, False),
        ("The Refunds of", RESOURCE, True),
        ("refundsx", RESOURCE, False),
        ("`refunds`", MODEL, True),
        ("Refund", MODEL, False),
    ],
)
def test_page_that_stands(
    text: str, files: dict[str, str], is_named: bool, branch: Project, run: Run
) -> None:
    branch.git("checkout", "-q", "main")
    branch.lay({PATH: f"{PLAN}\n{text}\n"})
    branch.git("commit", "-qm", "the plan")
    branch.git("checkout", "-qB", "feature")
    branch.lay(files)
    assert run(ID)[0] == (0 if is_named else 1)


def test_what_is_staged_elsewhere_does_not_concern_it(branch: Project, run: Run) -> None:
    branch.lay(MIGRATION)
    branch.git("commit", "-qm", "without a plan")
    staged = {"README.md": False, "app/y.py": True, "tests/test_x.py": False, "docs/x.md": False}
    for path, concerned in staged.items():
        branch.lay({path: "x = 1\n"})
        assert (run(ID)[0] == 1) == concerned, path
        branch.git("commit", "-qm", "another")


def test_two_words_of_a_resource(branch: Project, run: Run) -> None:
    branch.lay({"app/graphql/vendor_credits/types.py": "x = 1\n"})
    assert run(ID)[::2] == (0, "")


def test_what_moves_is_not_new(branch: Project, run: Run) -> None:
    branch.git("checkout", "-q", "main")
    unreadable = {"alembic/versions/20260101_unreadable.py": "revision = \n"}
    branch.lay({**MIGRATION, **RESOURCE, **MODEL, **unreadable})
    branch.git("commit", "-qm", "without a plan")
    branch.git("checkout", "-qB", "feature")
    branch.lay(dict.fromkeys([*MIGRATION, *RESOURCE, *MODEL, *unreadable]))
    branch.lay(
        {
            "alembic/versions/20260601_better.py": next(iter(MIGRATION.values())),
            "app/graphql/repayments/types.py": "x = 1\n",
            "app/refund.py": next(iter(MODEL.values())),
        }
    )
    assert run(ID)[::2] == (0, "")
    branch.git("commit", "-qm", "moved")
    assert run(ID)[::2] == (0, "")


def test_team_without_pages(branch: Project, run: Run) -> None:
    branch.lay(MIGRATION)
    assert run(ID, "--features", "")[::2] == (0, "")


def test_files_that_are_renamed_in_their_resource(branch: Project, run: Run) -> None:
    branch.git("checkout", "-q", "main")
    branch.lay({"app/graphql/refunds/types.py": "x = 1\n"})
    branch.git("commit", "-qm", "without a plan")
    branch.git("checkout", "-qB", "feature")
    branch.git("mv", "app/graphql/refunds/types.py", "app/graphql/refunds/inputs.py")
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    ("filename", "planned", "code"),
    [
        ("20260601_add_refunds.py", "add_refunds", 0),
        ("3f2a91bc04de_add_refunds.py", "add_refunds", 0),
        ("20260601_add_refunds.py", "refunds", 1),
        ("20260601_refunds.py", "refunds", 1),
    ],
)
def test_a_hash_is_planned_by_the_words_of_its_file(
    filename: str, planned: str, code: int, branch: Project, run: Run
) -> None:
    text = "revision = '3f2a91bc04de'\ndown_revision = None\n"
    page = f"# Money back\n\nThe table comes with `{planned}`.\n"
    branch.lay({"docs/feature/2026-01-01-money-back.md": page})
    branch.git("commit", "-qm", "plan")
    branch.git("branch", "-f", "main")
    branch.lay({f"alembic/versions/{filename}": text})
    assert run(ID)[0] == code


def test_a_branch_without_a_plan_is_told_once(sample: Project, run: Run) -> None:
    path = "alembic/versions/20260601_add_refunds.py"
    sample.lay(example(path=path, revision="add_refunds"))
    out = run("definition-of-done", "check", "--base", "main")[1]
    assert ": plan-before-code: the branch adds revision 'add_refunds'" in out
    assert "plan-names-revisions" not in out
    assert "is named on no feature page" in run("plan-names-revisions")[1]
