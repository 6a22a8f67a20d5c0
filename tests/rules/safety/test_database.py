"""Which database the rules of the family hold for, and what they say where nobody knows."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import TABLE, found, lay

ID = "index-concurrently"
SUITE = "definition-of-done"
BODY = {"x": 'op.create_index("ix", "orders", ["name"])'}
UNKNOWN = 'not judged: set database to "postgresql", "mysql" or "sqlite"\n'
NOTHING = "[tool.definition-of-done]\n"
URL = "engine = create_engine('{}://host/name')\n"


@pytest.mark.parametrize(
    ("settings", "code", "is_judged"),
    [
        (TABLE, "", True),
        ('[tool.definition-of-done]\ndatabase = "mysql"\n', "", False),
        ('[tool.definition-of-done]\ndatabase = "sqlite"\n', URL.format("postgresql"), False),
        (NOTHING, URL.format("postgresql+asyncpg"), True),
        (NOTHING, URL.format("postgres"), True),
        (NOTHING, 'url = URL.create("postgresql+asyncpg", host=host)\n', True),
        (NOTHING, URL.format("mysql") + 'URL.create("postgresql+asyncpg")\n', False),
        (NOTHING, URL.format("mysql"), False),
        (NOTHING, URL.format("sqlite"), False),
        # SQLite is that of a developer's machine.
        (NOTHING, URL.format("sqlite") + URL.format("postgresql"), True),
    ],
)
def test_known(settings: str, code: str, is_judged: bool, project: Project, run: Run) -> None:
    lay(project, {"x": BODY["x"]}, settings)
    project.lay({"alembic/versions/20260401_start.py": None, "app/database.py": code})
    path = "alembic/versions/20260601_x.py"
    text = (project.root / path).read_text().replace("from sqlalchemy.dialects", "from dialects")
    project.lay({path: text})
    assert bool(found(run, ID)) is is_judged


@pytest.mark.parametrize("code", ["", URL.format("postgresql") + URL.format("mysql")])
def test_unknown(code: str, project: Project, run: Run) -> None:
    lay(project, {"x": BODY["x"], "y": BODY["x"]}, NOTHING)
    for name in ("x", "y"):
        path = f"alembic/versions/20260601_{name}.py"
        text = (project.root / path).read_text().replace("from sqlalchemy.dialects", "from lib")
        project.lay({path: text})
    start = "alembic/versions/20260401_start.py"
    text = (project.root / start).read_text().replace("from sqlalchemy.dialects", "from lib")
    project.lay({"app/database.py": code, start: text})
    code_, out, err = run(ID)
    assert (code_, out.partition(" (")[0], err) == (0, "no findings", f"{ID}: {UNKNOWN}")
    # Rules of one reason share a line.
    add = 'op.add_column("orders", sa.Column("x", sa.Integer(), nullable=False))'
    path = "alembic/versions/20260601_y.py"
    project.lay({path: (project.root / path).read_text() + f"    {add}\n"})
    _, _, err = run(SUITE, "check", "--select", "index-concurrently,not-null-needs-default")
    assert err == f"index-concurrently and not-null-needs-default: {UNKNOWN}"


def test_nothing_to_judge_needs_no_database(project: Project, run: Run) -> None:
    lay(project, {"x": "pass"}, NOTHING)
    assert run(ID)[2] == ""


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (
            'database = "postgres"',
            "database: unknown database 'postgres'; did you mean 'postgresql'?",
        ),
        (
            'database = "x"',
            "database: unknown database 'x': postgresql, mysql or sqlite",
        ),
        ('database-version = "new"', "database-version must be a version as '15', not 'new'"),
        ("database-version = 15", "database-version must be a string, not 15"),
    ],
)
def test_usage(line: str, error: str, project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": f"{NOTHING}{line}\n"})
    code, _, err = run(ID)
    assert (code, err) == (2, f"{ID}: error: pyproject.toml: [tool.definition-of-done]: {error}\n")


def test_a_flag_goes_before_the_settings(project: Project, run: Run) -> None:
    lay(project, BODY, '[tool.definition-of-done]\ndatabase = "mysql"\n')
    assert found(run, ID) == {}
    assert "x" in found(run, ID, "--database", "postgresql")


def test_a_folder_of_another_database(project: Project, run: Run) -> None:
    lay(project, BODY, f'{TABLE}versions = ["alembic/versions", "alembic/mysql"]\n')
    text = (project.root / "alembic/versions/20260601_x.py").read_text()
    project.lay({"alembic/versions/20260601_x.py": None, "alembic/mysql/20260601_x.py": text})
    assert found(run, ID) == {}
