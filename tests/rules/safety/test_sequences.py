"""Each safe sequence as a miniature: green under all rules, the contract's and the family's."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from tests.repository import Project, Run

from definition_of_done.rules.safety.examples import block, deployed
from definition_of_done.rules.sample import example, plan, release

SUITE = "definition-of-done"
PLANNED = "- `add_credit_limit` adds the column `credit_limit` to `vendor_credits`."


NAMES = (
    "`vendor_credits` with `amount`, `credit_limit` and `token`; foreign key `fk_parent` of"
    " `amount` to `vendors`, check `ck_limit_set`, unique constraint `uq_amount`, index `ix`"
)


class Step(NamedTuple):
    """A migration of a sequence."""

    title: str
    upgrade: str
    downgrade: str

    @property
    def revision(self) -> str:
        return self.title.replace(" ", "_")


def _drop(name: str, kind: str = "") -> str:
    return f'op.drop_constraint("{name}", "vendor_credits"{kind and f", type_={kind!r}"})'


COLUMN = """op.add_column(
        "vendor_credits",
        sa.Column("credit_limit", sa.Integer(), nullable=True, comment="Highest credit in cents"),
    )"""
CHECK = (
    'op.create_check_constraint(\n        "ck_limit_set",\n        "vendor_credits",\n'
    '        "credit_limit IS NOT NULL",\n        postgresql_not_valid=True,\n    )'
)
KEY = (
    'op.create_foreign_key(\n        "fk_parent", "vendor_credits", "vendors", ["amount"], ["id"],'
    "\n        postgresql_not_valid=True,\n    )"
)
VALIDATE = 'op.execute("ALTER TABLE vendor_credits VALIDATE CONSTRAINT {}")'
NULLABLE = 'op.alter_column("vendor_credits", "credit_limit", nullable={})'
INDEX = (
    'op.create_index("{}", "vendor_credits", ["amount"], unique={}, postgresql_concurrently=True)'
)
UNINDEX = 'op.drop_index("{}", table_name="vendor_credits", postgresql_concurrently=True)'
USING = (
    'op.execute("ALTER TABLE vendor_credits ADD CONSTRAINT uq_amount UNIQUE USING INDEX uq_amount")'
)
LINE = "\n    "
SEQUENCES = {
    "NOT NULL in three steps": [
        Step("add credit limit", COLUMN, 'op.drop_column("vendor_credits", "credit_limit")'),
        Step("check credit limit", CHECK, _drop("ck_limit_set", "check")),
        Step(
            "require credit limit",
            LINE.join(
                [VALIDATE.format("ck_limit_set"), NULLABLE.format(False), _drop("ck_limit_set")]
            ),
            LINE.join([CHECK, NULLABLE.format(True)]),
        ),
    ],
    "a foreign key that is validated later": [
        Step("add parent key", KEY, _drop("fk_parent", "foreignkey")),
        Step("validate parent key", VALIDATE.format("fk_parent"), "pass"),
    ],
    "a validation that is taken back": [
        Step("add parent key", KEY, _drop("fk_parent", "foreignkey")),
        Step(
            "validate parent key",
            VALIDATE.format("fk_parent"),
            LINE.join([_drop("fk_parent", "foreignkey"), KEY]),
        ),
    ],
    "a validation in the same migration": [
        Step(
            "add parent key",
            f"{KEY}{LINE}{block(VALIDATE.format('fk_parent'))}",
            _drop("fk_parent", "foreignkey"),
        ),
    ],
    "an index": [
        Step("index amount", block(INDEX.format("ix", False)), block(UNINDEX.format("ix"))),
    ],
    "an index that goes": [
        Step("index amount", block(INDEX.format("ix", False)), block(UNINDEX.format("ix"))),
        Step("unindex amount", block(UNINDEX.format("ix")), block(INDEX.format("ix", False))),
    ],
    "a unique constraint by an index": [
        Step(
            "make amount unique",
            f"{block(INDEX.format('uq_amount', True))}{LINE}{USING}",
            _drop("uq_amount", "unique"),
        ),
    ],
    "a unique constraint in two migrations": [
        Step(
            "index amount once",
            block(INDEX.format("uq_amount", True)),
            block(UNINDEX.format("uq_amount")),
        ),
        Step(
            "make amount unique",
            USING,
            LINE.join([_drop("uq_amount"), block(INDEX.format("uq_amount", True))]),
        ),
    ],
    "a default that is set later": [
        Step(
            "add token",
            COLUMN.replace("credit_limit", "token").replace("Integer", "UUID")
            + f'{LINE}op.alter_column(\n        "vendor_credits",\n        "token",\n'
            '        server_default=sa.text("gen_random_uuid()"),\n    )',
            'op.drop_column("vendor_credits", "token")',
        ),
    ],
}


@pytest.mark.parametrize("name", list(SEQUENCES))
def test_sequence(name: str, sample: Project, run: Run) -> None:
    steps = SEQUENCES[name]
    revisions = [step.revision for step in steps]
    files = dict(deployed())
    del files["alembic/versions/20260601_add_credit_limit.py"]
    for at, step in enumerate(steps):
        day = f"2026-06-0{at + 1}"
        parent = revisions[at - 1] if at else "add_vendor_credits"
        path = f"alembic/versions/{day.replace('-', '')}_{step.revision}.py"
        made = example(
            path=path,
            title=step.title,
            created=day,
            revision=step.revision,
            revises=parent,
            down_revision=parent,
            upgrade=step.upgrade,
            downgrade=step.downgrade,
        )
        files[path] = made[path]
    listed = "".join(f"- `{revision}`\n" for revision in revisions)
    page = "docs/changelog/1.3.0.md"
    files[page] = release(old="None\n\n## Front", new=f"{listed}\n## Front")[page]
    planned = "".join(f"- `{revision}`: {NAMES}\n" for revision in revisions)
    files |= plan(PLANNED, planned.rstrip("\n"))
    sample.lay(files)
    code, out, err = run(SUITE, "check")
    assert (code, out.partition(" (")[0], err) == (0, "no findings", ""), out
