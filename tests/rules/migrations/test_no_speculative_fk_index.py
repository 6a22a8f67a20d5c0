"""no-speculative-fk-index: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

PATH = "alembic/versions/20260524_add_x.py"
HEAD = """\
import sqlalchemy as sa
from alembic import op
revision = "add_x"
def upgrade():
"""
ID = "no-speculative-fk-index"
CLEAN = (0, "no findings (1 file judged)\n", "")
HELP = "leave it out, or name the index and its query on the feature page"
NEW = "op.create_table('{}', sa.Column('id', sa.Integer()){})"
FK = ", sa.Column('a_id', sa.Integer(), sa.ForeignKey('a.id'){})"


def _judge(lines: tuple[str, ...], project: Project, run: Run) -> tuple[int, str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    project.lay({PATH: f"{HEAD}{body}"})
    return run(ID, PATH)


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        (
            (NEW.format("b", FK.format(", index=True")),),
            "5:57",
            "column b.a_id is a foreign key with an index, and no page plans its query",
        ),
        (
            (NEW.format("b", FK.format("")), "op.create_index('ix', 'b', ['a_id'], unique=False)"),
            "6:5",
            "index ix on b.a_id serves the foreign key alone: no page plans its query",
        ),
        (
            (
                NEW.format("b", ", sa.ForeignKeyConstraint(['a_id'], ['a.id'])"),
                "op.create_index(op.f('ix'), 'b', ['a_id'])",
            ),
            "6:5",
            "index ix on b.a_id serves the foreign key alone: no page plans its query",
        ),
        (
            (
                "with op.batch_alter_table('b') as batch:",
                "    batch.create_foreign_key('fk', 'a', ['a_id'], ['id'])",
                "    batch.create_index('ix', ['a_id'])",
            ),
            "7:9",
            "index ix on b.a_id serves the foreign key alone: no page plans its query",
        ),
    ],
)
def test_finding(
    lines: tuple[str, ...], place: str, message: str, project: Project, run: Run
) -> None:
    assert _judge(lines, project, run) == (
        1,
        f"{PATH}:{place}: {ID}: {message}\n    help: {HELP}\n1 finding in 1 file\n",
        "",
    )


def test_a_team_without_pages_is_asked_for_none(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": '[tool.definition-of-done]\nfeatures = ""\n'})
    lines = (
        NEW.format("b", FK.format(", index=True")),
        NEW.format("c", FK.format("")),
        "op.create_index('ix', 'c', ['a_id'])",
    )
    advice = f"leave it out, or accept it for a query: # dod: ignore[{ID}] <the query>"
    assert _judge(lines, project, run) == (
        1,
        f"{PATH}:5:57: {ID}: column b.a_id is a foreign key with an index\n"
        f"    help: {advice}\n"
        f"{PATH}:7:5: {ID}: index ix on c.a_id serves the foreign key alone\n"
        f"    help: {advice}\n"
        "2 findings in 1 file\n",
        "",
    )
    told = tuple(f"{line}  # dod: ignore[{ID}] the list of an a" for line in lines)
    assert _judge((told[0],), project, run)[0] == 0


@pytest.mark.parametrize(
    "lines",
    [
        (NEW.format("b", FK.format(", index=True, unique=True")),),
        (NEW.format("b", FK.format(", index=False")),),
        ("op.create_index('ix', 'b', ['a_id'])",),
        *(
            (NEW.format("b", FK.format("")), f"op.create_index('ix', 'b', {index})")
            for index in (
                "['a_id'], unique=True",
                "['a_id'], postgresql_where=sa.text('a_id > 0')",
                "['a_id', 'id']",
                "['id']",
                "[sa.text('lower(a_id)')]",
            )
        ),
        (NEW.format("b", FK.format("")), "op.create_index('ix', 'other', ['a_id'])"),
    ],
)
def test_left_alone(lines: tuple[str, ...], project: Project, run: Run) -> None:
    assert _judge(lines, project, run) == CLEAN


def test_downgrade_and_helpers_of_the_folder_are_not_judged(project: Project, run: Run) -> None:
    lines = "op.drop_index('ix', 'a')\n    op.add_column('b', x)\n    op.add_column('c', x)\n"
    project.lay({PATH: f"{HEAD}    pass\ndef downgrade():\n    {lines}"})
    assert run(ID, PATH) == CLEAN
    project.lay({PATH: f"def upgrade():\n    {lines}"})
    assert run(ID, PATH) == CLEAN


PAGE = "docs/feature/2026-05-24-x.md"
INLINE = (NEW.format("b", FK.format(", index=True")),)
NAMED = (NEW.format("b", FK.format("")), "op.create_index('ix_b_a', 'b', ['a_id'])")


def plan(text: str, surface: str = "- Query: `listOfB(aId)`", section: str = "Data model") -> str:
    return (
        f"# X\n\n## {section} changes\n\n{text}\n\n## GraphQL surface\n\n{surface}\n\n"
        "## Problem\n\nRows of `b`.\n"
    )


@pytest.mark.parametrize("lines", [INLINE, NAMED])
@pytest.mark.parametrize(
    "text",
    [
        "- An index on `a_id`: the query of the list filters by it",
        "The column `a_id` is indexed, as `listOfB` reads it.",
        "- Index on `b.a_id`\n  - for `listOfB`",
        "- For `listOfB`:\n  - an index on `a_id`",
        "- `a_id`: foreign key to `a`, with an index to look up the rows of one `a`",
        "| Index | Query |\n|---|---|\n| index on `a_id` | the list |",
        "| Column | Why |\n|---|---|\n| `a_id`, index | `listOfB` |",
    ],
)
def test_an_index_that_a_page_plans_with_its_query(
    lines: tuple[str, ...], text: str, project: Project, run: Run
) -> None:
    project.lay({PAGE: plan(text)})
    code, out, _ = _judge(lines, project, run)
    assert (code, out.partition(" (")[0]) == (0, "no findings")


def test_an_index_that_a_page_plans_by_its_name(project: Project, run: Run) -> None:
    project.lay({PAGE: plan("- `ix_b_a` serves the query `listOfB`").replace("`b`", "it")})
    assert _judge(NAMED, project, run)[0] == 0
    assert _judge(INLINE, project, run)[0] == 1


def test_a_query_in_camel_case_is_not_its_table(project: Project, run: Run) -> None:
    lines = tuple(line.replace("'b'", "'b_rows'") for line in NAMED)
    for field, code in (("bRows", 0), ("b_rows", 1)):
        page = plan(f"- Index on `a_id` of `b_rows`, needed by `{field}`", f"- `{field}`")
        project.lay({PAGE: page})
        assert _judge(lines, project, run)[0] == code


@pytest.mark.parametrize("lines", [INLINE, NAMED])
@pytest.mark.parametrize(
    "page",
    [
        plan("- `b` with the foreign key `a_id` and an index on it"),
        plan("- An index on `a_id`"),
        plan("- An index on `a_id`\n- The query `listOfB` reads it"),
        plan("- Index on `a_id`: no query needs it yet"),
        plan("- Index on `other_id` for `listOfB`"),
        plan("- Index on `a_id` for `listOfB`", "None"),
        plan("- Index on `a_id` for `aId`", "- Query: `listOfB(aId)`"),
        plan("- `a_id` for the query `listOfB`"),
        plan("| Index | Query |\n|---|---|\n| index on `a_id` | |"),
        plan("- An index on `a_id` for the query").replace("`b`", "another table"),
        plan("x").replace("## Problem", "## Out of scope\n\n- Index on `a_id` for a query\n\n## P"),
    ],
)
def test_an_index_that_no_page_plans(
    lines: tuple[str, ...], page: str, project: Project, run: Run
) -> None:
    project.lay({PAGE: page})
    assert _judge(lines, project, run)[0] == 1


def test_verdicts_follow_the_page(project: Project, run: Run, cache: object) -> None:
    for text, code in (("x", 1), ("- An index on `a_id` for the query", 0), ("x", 1)):
        project.lay({PAGE: plan(text)})
        assert [_judge(INLINE, project, run)[0], run(ID, PATH)[0]] == [code, code]


EMAIL = """from sqlalchemy import Column, ForeignKey, Index
class Email(Base):
    __tablename__ = "{table}"
    __table_args__ = ({more}Index("{table}_{column}", "{column}"),)
    {column} = Column(ForeignKey("users.id"))
    team_id = Column(ForeignKey("teams.id"))
"""


@pytest.mark.parametrize(
    ("table", "column", "more", "code"),
    [
        ("user_emails", "user_id", "", 0),
        ("accounts_email", "owner_id", "", 0),
        ("accounts_email", "user_id", "", 0),
        ("accounts_email", "user_id", 'Index("by_team", "team_id"), ', 1),
        ("user_emails", "user_id", 'Index("by_team", "team_id"), ', 1),
    ],
)
def test_a_table_or_column_that_is_renamed_by_sql(
    table: str, column: str, more: str, code: int, project: Project, run: Run
) -> None:
    path = "app/models.py"
    project.lay({path: EMAIL.format(table="accounts_email", column="user_id", more="")})
    project.git("commit", "-qm", "before")
    project.git("checkout", "-qb", "feature")
    project.lay({path: EMAIL.format(table=table, column=column, more=more)})
    assert run("no-speculative-fk-index", "--base", "main", path)[0] == code
