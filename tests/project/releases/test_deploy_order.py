"""Versioning notes of a release that takes something away name the order of the deploy."""

from __future__ import annotations

from tests.repository import Files, Project, Run

from definition_of_done.rules.sample import MIGRATION, example, release

ID = "changelog-shape"
PAGE = "docs/changelog/1.3.0.md"
TOLD = "; deploy the API before the frontend."
DROP = 'op.drop_column("vendors", "name")'
CLEAN = (0, "no findings (1 file judged)\n", "")
STEP = "add_credit_limit drops column vendors.name"


def _files(upgrade: str, notes: str) -> Files:
    """A release with a migration and these words behind the bump command."""
    return {**example(more=upgrade, downgrade="pass"), **release(old=TOLD, new=notes)}


FOUND = {
    DROP: STEP,
    'with op.batch_alter_table("vendors") as b:\n        b.drop_column("name")': STEP,
    "for c in ('name', 'mail'):\n        op.drop_column('vendors', c)": STEP,
    "op.execute('ALTER TABLE vendors ADD x int, DROP COLUMN IF EXISTS name')": STEP,
    "op.drop_table('vendors')": "add_credit_limit drops table vendors",
    "op.drop_table('v', schema='s')": "add_credit_limit drops table s.v",
    "op.execute('DROP TABLE IF EXISTS \"vendors\"')": "add_credit_limit drops table vendors",
    "sa.Enum(name='mood').drop(op.get_bind())": "add_credit_limit drops type mood",
    "op.execute('DROP TYPE mood')": "add_credit_limit drops type mood",
    "op.create_foreign_key('fk', 'vendors', 'x', ['x_id'], ['id'],"
    " postgresql_not_valid=True)": "add_credit_limit adds NOT VALID vendors.fk",
    "op.execute('ALTER TABLE vendors ADD CONSTRAINT ck CHECK (a > 0) NOT VALID')": (
        "add_credit_limit adds NOT VALID vendors.ck"
    ),
    "op.execute('ALTER TABLE vendors VALIDATE CONSTRAINT ck')": (
        "add_credit_limit validates vendors.ck"
    ),
    "op.execute('ALTER TABLE vendors ADD CONSTRAINT uq UNIQUE USING INDEX ix')": (
        "add_credit_limit takes an index for vendors.uq"
    ),
}
TAKES_NOTHING_AWAY = (
    "",
    "op.create_index('ix', 'vendors', ['name'])",
    "op.drop_index('ix', 'vendors')",
    "op.drop_constraint('ck', 'vendors')",
    # What the release itself brings is read by no code that runs.
    "op.create_table('t', sa.Column('x', sa.Integer()))\n    op.drop_table('t')",
    "op.drop_column('vendor_credits', 'credit_limit')",
    "op.drop_column('vendors', 'name')\n    op.add_column('vendors', sa.Column('name', T))",
    "op.create_table('n', sa.Column('x', T))\n    op.drop_table('vendors')\n"
    "    op.rename_table('n', 'vendors')",
    "op.execute('CREATE TEMP TABLE t AS SELECT 1; DROP TABLE t')",
    "op.execute('ALTER TYPE mood RENAME TO old; DROP TYPE old')",
    "op.execute('SELECT 1 -- DROP TABLE vendors')",
    # What cannot be seen is not told.
    "op.drop_table(name())",
    "op.execute(sql())",
    "if has_table('vendors'):\n        op.drop_table('vendors')",
)
ORDERS = (
    TOLD,
    ". Deploy the code first, then run the migration.",
    ". Deploy the code, then migrate.",
    ", no order needed: nothing reads the column.",
    ". No deploy-order constraints.",
    ". No coordination needed.",
    ". Deploy order: any.",
    ". Run the migration after the rollout.",
    ". Migrate once every worker runs 1.3.0.",
    ". The migration must wait until the old pods are gone.",
    ". The column may only be dropped when 1.2.0 is out of production.",
    ".\n\n- Workers are drained during the upgrade.\n- Restart them.",
    ".\n\n### Deploy order\n\n1. app\n2. database",
    ". Needs a maintenance window.",
    ". Drop follows the deploy.",
    ". Backend and frontend ship together.",
    ". Deploy as usual: 1.2.0 unmapped the column.",
    ". The migration goes last.",
    ".\n\n1. Deploy the new image.\n2. `alembic upgrade head`",
    ".\n\n1. Deploy the new image.\n2. Run the migration.",
    ". Scale the workers to zero and migrate.",
    ". Requires a short outage.",
    ". Deploy both halves in parallel.",
    ". The chart migrates in a hook.",
    ". The code of 1.2.0 is live: this is the contract step.",
    ". The pods of 1.1.0 must be gone.",
    ".\n\n| step | what |\n|---|---|\n| 1 | deploy |",
)
NO_ORDER = (
    " after the review.",
    ": a minor step after the last release.",
    ". The column name is gone.",
    ". Minor: additive.",
    ".\n\n```\ndeploy first\n```",
    ". Clients need to update their queries.",
    ". The frontend must show the new type.",
    ". The field left the API when the feature was retired.",
    ". Usual minor release of the API.",
    ".\n\n1. The API has a field less.\n2. A thank you to all.",
    ".\n\n- Deploy the new image.\n- Run the migration.",
)


def _says(step: str) -> tuple[int, str, str]:
    return (
        1,
        f"{PAGE}:27:1: {ID}: section Versioning notes names no deploy order, and {step}\n"
        "    help: say what goes first, the code or the migration, or that no order is needed\n"
        "1 finding in 1 file\n",
        "",
    )


def test_releases(sample: Project, run: Run) -> None:
    sample.lay(_files("", "."))
    for upgrade in (*FOUND, *TAKES_NOTHING_AWAY):
        sample.lay({MIGRATION: _files(upgrade, ".")[MIGRATION]})
        step = FOUND.get(upgrade)
        told = run(ID, PAGE)
        assert (upgrade, told) == (upgrade, _says(step) if step else CLEAN)


def test_words(sample: Project, run: Run) -> None:
    for notes in (*ORDERS, *NO_ORDER):
        sample.lay(_files(DROP, notes))
        assert (notes, run(ID, PAGE)) == (notes, CLEAN if notes in ORDERS else _says(STEP))


def test_page_that_the_branch_leaves(sample: Project, run: Run) -> None:
    sample.git("checkout", "-q", "main")
    sample.lay(_files(DROP, "."))
    sample.git("commit", "-qm", "released with no order")
    sample.git("checkout", "-qb", "next")
    sample.lay({"notes.txt": "x"})
    assert run(ID)[0] == 0


def test_verdict_that_is_kept(sample: Project, run: Run, cache: object) -> None:
    for upgrade, code in (("", 0), (DROP, 1), ("", 0)):
        sample.lay(_files(upgrade, "."))
        assert run(ID, PAGE)[0] == code
