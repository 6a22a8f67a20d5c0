"""downgrade-not-pass: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

PATH = "alembic/versions/20260524_add_x.py"
HEAD = "import logging\nfrom alembic import op\nlog = logging.getLogger()\nrevision = 'add_x'\n"
WORKS = "def upgrade():\n    op.drop_table('x')\n"
UNKNOWN = "; not written, because no ancestor creates table x"
PASS = f"write the operations that this direction needs{UNKNOWN}"
TALK = "write the operations; a message alone changes nothing"
RAISE = "state the data loss in the docstring and still write the drop"


@pytest.mark.parametrize(
    ("body", "message", "help"),
    [
        ("pass", "downgrade does nothing", PASS),
        ("...", "downgrade does nothing", PASS),
        ("'''Nothing to undo.'''", "downgrade does nothing", PASS),
        ("return", "downgrade does nothing", PASS),
        ("return None", "downgrade does nothing", PASS),
        ("raise NotImplementedError", "downgrade only raises", RAISE),
        ("raise RuntimeError('no way back')", "downgrade only raises", RAISE),
        ("print('x')\n    raise ValueError", "downgrade only raises", RAISE),
        ("print('no')", "downgrade does nothing", TALK),
        ("log.info('no')", "downgrade does nothing", TALK),
        ("logging.getLogger('x').warning('no')", "downgrade does nothing", TALK),
        ("import warnings\n    warnings.warn('no')", "downgrade does nothing", TALK),
        ("if True:\n        pass\n    else:\n        return", "downgrade does nothing", PASS),
        ("for x in ():\n        pass", "downgrade does nothing", PASS),
        ("with op.batch_alter_table('x') as b:\n        pass", "downgrade does nothing", PASS),
        (
            "try:\n        pass\n    except ValueError:\n        raise",
            "downgrade only raises",
            RAISE,
        ),
        (
            "globals()['downgrade_%s' % x]()\ndef downgrade_a():\n    pass",
            "downgrade does nothing",
            PASS,
        ),
    ],
)
def test_finding(body: str, message: str, help: str, project: Project, run: Run) -> None:
    project.lay({PATH: f"{HEAD}{WORKS}def downgrade():\n    {body}\n"})
    assert run("downgrade-not-pass", PATH) == (
        1,
        f"{PATH}:7:1: downgrade-not-pass: {message}\n    help: {help}\n1 finding in 1 file\n",
        "",
    )


def test_missing(project: Project, run: Run) -> None:
    project.lay({PATH: f"{HEAD}{WORKS}"})
    assert run("downgrade-not-pass", PATH)[1] == (
        f"{PATH}:1:1: downgrade-not-pass: downgrade is missing\n"
        f"    help: define downgrade(){UNKNOWN}\n1 finding in 1 file\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        f"{HEAD}{WORKS}def downgrade():\n    op.create_table('x')\n",
        f"{HEAD}{WORKS}def downgrade():\n    if x:\n        raise E\n    op.create_table('x')\n",
        f"{HEAD}{WORKS}def downgrade():\n    helper()\n",
        f"{HEAD}{WORKS}def downgrade():\n    op.execute('DELETE FROM x')\n",
        f"{HEAD}{WORKS}downgrade = lambda: op.create_table('x')\n",
        f"{HEAD}{WORKS}def back():\n    op.create_table('x')\ndowngrade = back\n",
        f"{HEAD}{WORKS}@undo\ndef downgrade():\n    op.create_table('x')\n",
        f"{HEAD}{WORKS}if True:\n    def downgrade():\n        op.create_table('x')\n",
        f"{HEAD}{WORKS}def downgrade():\n    eval('downgrade_%s' % x)()\n"
        "def downgrade_a():\n    pass\ndef downgrade_b():\n    op.create_table('x')\n",
        "down_revision = ('a', 'b')\nrevision = 'm'\n"
        "def upgrade():\n    pass\ndef downgrade():\n    pass\n",
        "def upgrade():\n    pass\n",
    ],
)
def test_left_alone(source: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    assert run("downgrade-not-pass", PATH) == (0, "no findings (1 file judged)\n", "")


@pytest.mark.parametrize(
    "source",
    [
        "from shared import downgrade",
        "from shared import *",
        "downgrade = make()",
        "downgrade = partial(lambda: None)",
        "from shared import back\ndowngrade = back",
        "downgrade = downgrade",
        "@undo\ndef downgrade():\n    pass",
    ],
)
def test_unseen(source: str, project: Project, run: Run) -> None:
    project.lay({PATH: f"{HEAD}{WORKS}{source}\n"})
    note = f"downgrade-not-pass: not evaluated: nobody sees what downgrade does in {PATH}\n"
    assert run("downgrade-not-pass", PATH) == (0, "no findings (0 files judged)\n", note)


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("downgrade = lambda: None", 13),
        ("downgrade = lambda *_: print('no way back')", 13),
        ("_nothing = lambda: ...\nback = _nothing\ndowngrade = back", 12),
        ("def downgrade(): ...", 1),
        ("def _nothing():\n    pass\ndowngrade = _nothing", 1),
    ],
)
def test_another_name_for_nothing(source: str, column: int, project: Project, run: Run) -> None:
    project.lay({PATH: f"{HEAD}{WORKS}{source}\n"})
    code, out, _ = run("downgrade-not-pass", PATH)
    assert code == 1
    assert out.startswith(f"{PATH}:7:{column}: downgrade-not-pass: downgrade does nothing\n")


def test_merge_that_does_something_is_judged(project: Project, run: Run) -> None:
    source = f"{HEAD}down_revision = ('a', 'b')\n{WORKS}def downgrade():\n    pass\n"
    project.lay({PATH: source})
    assert run("downgrade-not-pass", PATH)[0] == 1


SENT = 'op.get_bind().execute(sa.text("""\nALTER TABLE ONLY a.b\nVALIDATE CONSTRAINT c;"""))'
LOOP = "for name in NAMES:\n        op.execute(f'ALTER TABLE a VALIDATE CONSTRAINT {name}')"
VALIDATES = 'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "is_found"),
    [
        (VALIDATES, "pass", False),
        (VALIDATES, "'''A constraint stays valid.'''", False),
        (VALIDATES.replace("ALTER", "alter").replace(")", ")\n    ") + VALIDATES, "pass", False),
        (f"with op.get_context().autocommit_block():\n        {VALIDATES}", "pass", False),
        (SENT, "pass", False),
        (LOOP, "pass", True),
        (f"{VALIDATES}\n    op.execute('UPDATE a SET b = 1')", "pass", True),
        (f"{VALIDATES}\n    op.drop_column('a', 'b')", "pass", True),
        (VALIDATES.replace("orders", "orders ADD COLUMN a int,"), "pass", True),
        (VALIDATES, "raise NotImplementedError", True),
        (VALIDATES, "print('no')", True),
    ],
)
def test_a_validation_leaves_nothing_to_undo(
    upgrade: str, downgrade: str, is_found: bool, project: Project, run: Run
) -> None:
    head = HEAD.replace("from alembic", "import sqlalchemy as sa\nfrom alembic")
    body = f"def upgrade():\n    {upgrade}\ndef downgrade():\n    {downgrade}\n"
    project.lay({PATH: f"{head}{body}"})
    assert run("downgrade-not-pass", PATH)[0] == is_found
