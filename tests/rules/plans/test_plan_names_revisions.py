"""plan-names-revisions: exact findings, what it must leave alone, and since when it asks."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN

from definition_of_done.rules.sample import PLAN as PLAN_PAGE
from definition_of_done.rules.sample import example, plan

ID = "plan-names-revisions"
HELP = "    help: name it under Data model changes of its feature's page\n"


def _migration(revision: str, parent: str | None, body: str = "x()") -> dict[str, str]:
    parents = repr(parent) if parent is None or "," not in parent else parent
    text = f"revision = {revision!r}\ndown_revision = {parents}\n\n\n"
    text += f"def upgrade():\n    {body}\n\n\ndef downgrade():\n    {body}\n"
    return {f"alembic/versions/20260101_{revision}.py": text}


LEGACY = _migration("a", None) | _migration("b", "a") | _migration("c", "a")


def _report(*revisions: str) -> str:
    lines = [
        f"alembic/versions/20260101_{revision}.py:1:12: {ID}: revision {revision!r} is named on no"
        f" feature page\n{HELP}"
        for revision in revisions
    ]
    count = len(revisions)
    files = f"{count} finding{'' if count == 1 else 's'} in {count} file{'' if count == 1 else 's'}"
    return "".join(lines) + f"{files}\n"


def test_without_feature_pages_nothing_is_asked(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nfeatures = ''\n", **LEGACY})
    assert run(ID)[::2] == (0, "")


def test_finding(project: Project, run: Run) -> None:
    project.lay({PATH: "`add_credits`", **LEGACY, **_migration("add_credits", "b")})
    assert run(ID)[1] == _report("a", "b", "c")
    project.git("commit", "-qm", "legacy")
    assert run(ID)[1] == _report("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("`a`, b and **c**", ()),
        ("[migration](x/20260101_ab.py), B and c-d", ("a",)),
        ("[migration](x/20260101_a.py), B and c-d", ()),
        ("ab, b_c", ("a", "b", "c")),
    ],
)
def test_whole_words(text: str, left: tuple[str, ...], project: Project, run: Run) -> None:
    project.lay({"docs/feature/2026-01-01-x.md": text, **LEGACY})
    if left:
        assert run(ID)[1] == _report(*left)
    else:
        assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    ("since", "left"),
    [
        ("a", ("b", "c", "d")),
        ("b", ("c", "d")),
        ("d", ("b",)),
    ],
)
def test_since(since: str, left: tuple[str, ...], project: Project, run: Run) -> None:
    project.lay({**LEGACY, **_migration("d", "c")})
    assert run(ID, "--since", since)[1] == _report(*left)


def test_since_follows_dependencies_and_cycles(project: Project, run: Run) -> None:
    (path,) = _migration("d", None)
    text = _migration("d", None)[path].replace("\n\n\n", "\ndepends_on = ('b', 'e')\n\n\n", 1)
    project.lay({**LEGACY, path: text, **_migration("e", "e")})
    assert run(ID, "--since", "d")[1] == _report("c")


def test_unknown_since(project: Project, run: Run) -> None:
    table = "[tool.definition-of-done]\nsince = 'add_credit'\n"
    project.lay({**_migration("add_credits", None), "pyproject.toml": table})
    message = (
        "since names a revision that no migration has: 'add_credit'; did you mean 'add_credits'?"
    )
    assert run(ID) == (2, "", f"{ID}: error: {message}\n")


def test_merge(project: Project, run: Run) -> None:
    project.lay({"docs/feature/2026-01-01-x.md": "a, b, c", **LEGACY})
    project.lay(_migration("m", "('b', 'c')", "pass"))
    assert run(ID)[::2] == (0, "")
    project.lay(_migration("m", "('b', 'c')"))
    assert run(ID)[1] == _report("m")


def test_computed_revision_is_not_guessed(project: Project, run: Run) -> None:
    project.lay({"alembic/versions/20260101_x.py": "revision = name()\ndown_revision = None\n"})
    assert run(ID)[::2] == (0, "")


def test_page_that_goes_takes_its_names_along(project: Project, run: Run) -> None:
    project.lay({PATH: PLAN, **_migration("add_credits", None)})
    project.git("commit", "-qm", "base")
    assert run(ID)[::2] == (0, "")
    project.lay({PATH: None})
    assert run(ID)[1] == _report("add_credits")


NOTE = 'op.add_column("vendor_credits", sa.Column("note", sa.String(), comment="Why it is open"))'
BASE = "from sqlalchemy.orm import DeclarativeBase, Mapped\n\n\nclass Base(DeclarativeBase):\n"


@pytest.mark.parametrize(
    ("base", "is_told"),
    [
        (f"{BASE}    pass\n", True),
        (f'{BASE}    """Of all models."""\n\n    metadata = None\n', True),
        (f"{BASE}    note: Mapped[str]\n", False),
        (f"{BASE}    vars()['note'] = column()\n", False),
        (BASE.replace("(DeclarativeBase)", "(Mixin, DeclarativeBase)") + "    pass\n", False),
        ("from elsewhere import Base\n", False),
    ],
)
def test_a_column_that_no_model_has(base: str, is_told: bool, sample: Project, run: Run) -> None:
    sample.lay({**example(more=NOTE), **plan("any amount", "much"), "app/database.py": base})
    message = "Data model changes does not name column vendor_credits.note of revision"
    found = f"{PLAN_PAGE}:17:1: {ID}: {message} 'add_credit_limit'\n"
    assert (run(ID)[1].startswith(found)) is is_told
