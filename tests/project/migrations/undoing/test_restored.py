"""Columns that come back as something else, and those that come back as they were."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "downgrade-mirrors-upgrade"
PATH = "alembic/versions/20260201_b.py"
HEAD = "import sqlalchemy as sa\nfrom alembic import op\n"
FIRST = f"""{HEAD}revision = "a"
down_revision = None
def upgrade():
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=80)),
        sa.Column("rank", sa.Integer(), server_default="0", nullable=False),
    )
def downgrade():
    op.drop_table("tags")
"""


def _lay(project: Project, upgrade: str, downgrade: str) -> None:
    indented = ["\n    ".join(text.split("\n")) for text in (upgrade, downgrade)]
    second = (
        '{}revision = "b"\ndown_revision = "a"\ndef upgrade():\n    {}\ndef downgrade():\n    {}\n'
    )
    project.lay({"alembic/versions/20260101_a.py": FIRST, PATH: second.format(HEAD, *indented)})


def _add(name: str, rest: str) -> str:
    return f'op.add_column("tags", sa.Column("{name}", {rest}))'


@pytest.mark.parametrize(
    ("name", "added", "now", "before"),
    [
        ("label", "sa.Integer()", "Integer", "String(40)"),
        ("label", "sa.Text(), nullable=False", "Text", "String(40)"),
        ("note", "sa.String(20)", "String(20)", "String(80)"),
        ("note", "sa.String(80), nullable=False", "NOT NULL", "NULL"),
        ("rank", "sa.Integer(), server_default='0'", "NULL", "NOT NULL"),
        ("rank", "type_=sa.BigInteger(), nullable=False", "BigInteger", "Integer"),
    ],
)
def test_another_one(
    name: str, added: str, now: str, before: str, project: Project, run: Run
) -> None:
    _lay(project, f'op.drop_column("tags", "{name}")', _add(name, added))
    assert run(ID, PATH) == (
        1,
        f"{PATH}:8:5: {ID}: downgrade adds column tags.{name} as {now}, and it was {before}\n"
        "    help: bring it back as it was\n1 finding in 1 file\n",
        "",
    )


NOTE = 'op.drop_column("tags", "note")'
LABEL = 'op.drop_column("tags", "label")'


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (NOTE, _add("note", "sa.VARCHAR(80), nullable=True")),
        # Its rows have no value, so that it cannot be NOT NULL at once.
        (LABEL, _add("label", "sa.String(40)")),
        (LABEL, _add("label", "sa.String(40), nullable=False, server_default=''")),
        (
            LABEL,
            _add("label", "sa.Text()") + '\nop.alter_column("tags", "label", type_=sa.String(40))',
        ),
        ('op.alter_column("tags", "note", type_=sa.Text())\n' + NOTE, _add("note", "sa.Text()")),
        (NOTE, _add("note", "KIND")),
        (NOTE, _add("note", "sa.String(80), nullable=TAKES_NULL")),
        (NOTE, _add("note", "**more")),
        ('op.execute("ALTER TABLE tags ALTER note TYPE text")\n' + NOTE, _add("note", "sa.Text()")),
        (f"{NOTE}\n{_add('note', 'sa.Text()')}", f"{NOTE}\n{_add('note', 'sa.String(80)')}"),
        (NOTE.replace("tags", "others"), _add("note", "sa.Text()").replace("tags", "others")),
        (f"if old:\n    {NOTE}", _add("note", "sa.String(80)")),
    ],
)
def test_left_alone(upgrade: str, downgrade: str, project: Project, run: Run) -> None:
    _lay(project, upgrade, downgrade)
    assert run(ID, PATH)[0] == 0
