"""A table that the branch brings is new, one of the base is in use; kept verdicts know it."""

from __future__ import annotations

from tests.repository import Project, Run
from tests.rules.safety.deploys import TABLE, found, lay, migration, path_of

INDEX, CHANGE = "index-concurrently", "type-change-rewrites"
BILLS = 'op.create_table("bills", sa.Column("id", sa.Integer()))'
INDEXED = 'op.create_index("ix", "bills", ["id"])'


def test_a_table_is_new_until_the_base_has_it(project: Project, run: Run) -> None:
    lay(project, {"bills": BILLS, "indexed < bills": INDEXED})
    assert found(run, INDEX) == {}
    project.git("commit", "--quiet", "--message=bills")
    project.git("checkout", "--quiet", "-b", "feature")
    project.lay({path_of("more"): migration("more", INDEXED.replace('"ix"', '"more"'), "indexed")})
    assert found(run, INDEX).keys() == {"more", "indexed"}
    assert found(run, INDEX, "--base", "main").keys() == {"more"}


def test_a_branch_of_several_commits(project: Project, run: Run) -> None:
    lay(project, {})
    project.git("checkout", "--quiet", "-b", "feature")
    project.lay({path_of("bills"): migration("bills", BILLS)})
    project.git("commit", "--quiet", "--message=bills")
    project.lay({path_of("indexed"): migration("indexed", INDEXED, "bills")})
    assert found(run, INDEX) == {}


def test_a_kept_verdict_depends_on_what_was_asked(project: Project, run: Run) -> None:
    """The ancestors, the branch, env.py and the database are inputs."""
    change = 'op.alter_column("orders", "name", type_=sa.String(80))'
    lay(project, {"between": "pass", "last < between": change})
    assert found(run, CHANGE) == found(run, CHANGE) == {}
    wider = 'op.alter_column("orders", "name", type_=sa.String(90))'
    project.lay({path_of("between"): migration("between", wider)})
    assert found(run, CHANGE).keys() == {"last"}
    project.lay({"pyproject.toml": TABLE.replace("postgresql", "mysql")})
    assert found(run, CHANGE) == {}
    project.lay({"pyproject.toml": TABLE.partition("database")[0]})
    assert found(run, CHANGE).keys() == {"last"}
    project.lay({"app/database.py": 'URLS = "mysql://a", "mysql://b"\n'})
    assert run(CHANGE)[2].startswith(f"{CHANGE}: not judged: set database")
    project.lay({"app/database.py": None})
    assert found(run, CHANGE).keys() == {"last"}


def test_a_first_migration_finds_nothing_in_use(project: Project, run: Run) -> None:
    first = migration("first", INDEXED).replace("down_revision = 'start'", "down_revision = None")
    project.lay({"pyproject.toml": TABLE, path_of("first"): first})
    assert found(run, INDEX) == {}
