"""The comments of models that findings about columns copy, and what they leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project
from tests.rules.migrations.model_files import HEAD, table

from definition_of_done.base.rewrites import Rewrite, SetKeyword
from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.mapped.model_comments import copy_comments
from definition_of_done.project.settings import open_project

PATH = "alembic/versions/20260601_add_x.py"
CALL = "sa.Column('a', sa.Integer())"
COLUMN = "a: Mapped[int] = mapped_column(comment='{}')"
SOURCE = f"revision = 'add_x'\nop.add_column('t', {CALL})\n"
MODEL = HEAD + table("t", COLUMN.format("why"))
TOLD = "add comment='why' as in its model"
NONE = "; its model has none to copy"


def copied(project: Project, files: Files, source: str = SOURCE, symbol: str = "t.a") -> Finding:
    """The finding about the column, with what is copied."""
    project.lay({PATH: source, **files})
    finding = Finding(Spot(PATH, 2, source.splitlines()[1].index("sa.") + 1), "", symbol=symbol)
    session = open_project(str(project.root))
    copy_comments(session, [finding])
    return finding


@pytest.mark.parametrize(
    ("files", "source"),
    [
        ({"app/t.py": MODEL}, SOURCE),
        ({"app/t.py": MODEL, "app/u.py": MODEL}, SOURCE),
        ({"app/t.py": MODEL, "app/u.py": HEAD + table("u", COLUMN.format("who"))}, SOURCE),
        ({"app/t.py": MODEL, "app/broken.py": "def t(:\n"}, SOURCE),
        ({"app/t.py": MODEL}, SOURCE.replace("sa.Column('a'", 'sa.schema.Column(\n    "a"')),
        # Of another file: neither a migration nor a test is a model.
        ({"app/t.py": MODEL, PATH.replace("add_x", "y"): MODEL.replace("why", "who")}, SOURCE),
        ({"app/t.py": MODEL, "tests/test_t.py": MODEL.replace("why", "who")}, SOURCE),
    ],
)
def test_copied(files: Files, source: str, project: Project) -> None:
    finding = copied(project, files, source)
    assert finding.help == "add comment='why' as in its model, or run with --fix"
    step = SetKeyword(source.index("sa."), "comment", "why")
    assert finding.rewrite == Rewrite(PATH, (step,))


@pytest.mark.parametrize(
    ("files", "source", "symbol", "help"),
    [
        ({}, SOURCE, "t.a", ""),
        ({"app/t.py": MODEL}, SOURCE, "t.b", ""),
        ({"app/t.py": MODEL}, SOURCE, "u.a", ""),
        ({"app/t.py": "t = a = 1\n"}, SOURCE, "t.a", ""),
        ({"app/t.py": "def t(:\n"}, SOURCE, "t.a", ""),
        ({"app/t.py": HEAD + table("t", "a: Mapped[int]")}, SOURCE, "t.a", NONE),
        ({"app/t.py": HEAD + table("t", COLUMN.format("a"))}, SOURCE, "t.a", NONE),
        ({"app/t.py": MODEL, "app/u.py": MODEL.replace("why", "who")}, SOURCE, "t.a", NONE),
        # What makes it is no call with this name: it is told, not written.
        ({"app/t.py": MODEL}, SOURCE.replace(CALL, "sa.Column(name)"), "t.a", TOLD),
        ({"app/t.py": MODEL}, SOURCE.replace(CALL, "sa.Column('ab')"), "t.a", TOLD),
        ({"app/t.py": MODEL}, SOURCE.replace(CALL, "sa.made('a')"), "t.a", TOLD),
    ],
)
def test_left_alone(files: Files, source: str, symbol: str, help: str, project: Project) -> None:
    finding = copied(project, files, source, symbol)
    assert (finding.help, finding.rewrite) == (help, None)


def test_one_call_for_two_columns(project: Project) -> None:
    project.lay({PATH: SOURCE, "app/t.py": MODEL, "app/u.py": MODEL.replace("'t'", "'u'")})
    spot = Spot(PATH, 2, SOURCE.splitlines()[1].index("sa.") + 1)
    findings = [Finding(spot, "", symbol=f"{name}.a") for name in "tu"]
    copy_comments(open_project(str(project.root)), findings)
    assert [(finding.help, finding.rewrite) for finding in findings] == [(TOLD, None)] * 2
