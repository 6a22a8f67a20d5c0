"""Deploys that stopped a product, as miniatures: what the whole suite says before and after."""

from __future__ import annotations

import json

from tests.repository import Project, Run
from tests.rules.safety.deploys import found, lay

from definition_of_done.rules.safety.examples import block, deployed
from definition_of_done.rules.sample import example, plan, release

SUITE = "definition-of-done"
MODEL = "app/graphql/vendor_credits/models/vendor_credit.py"
MIGRATION = "alembic/versions/20260601_drop_amount.py"
AMOUNT = '    amount: Mapped[int] = mapped_column(comment="Open credit in cents")\n'
DROP = 'op.drop_column("vendor_credits", "amount")'
BACK = """op.add_column(
        "vendor_credits",
        sa.Column("amount", sa.Integer(), nullable=True, comment="Open credit in cents"),
    )"""
FIRST = "; deploy the API before the frontend."
LAST = "; deploy the code, and migrate after it."


def _release_of_the_drop(version: str, *earlier: str) -> dict[str, str | None]:
    """A release with the migration that drops the column."""
    made = example(
        path=MIGRATION,
        title="drop amount",
        revision="drop_amount",
        upgrade=DROP,
        downgrade=BACK,
    )
    page = f"docs/changelog/{version}.md"
    files = {**release(version, FIRST, LAST), **plan("credit_limit", "amount")}
    files |= plan("`add_credit_limit` adds", "`drop_amount` drops")
    files[page] = str(files[page]).replace(
        "## Migrations\n\nNone", "## Migrations\n\n- `drop_amount`"
    )
    for old in earlier:
        entry = f"      - {version}: changelog/{version}.md\n"
        files["mkdocs.yml"] = str(files["mkdocs.yml"]).replace(
            entry, f"{entry}      - {old}: changelog/{old}.md\n"
        )
    return {**files, MIGRATION: made[MIGRATION]}


def _findings(run: Run) -> list[tuple[str, str]]:
    document = json.loads(run(SUITE, "check", "--format", "json")[1])
    return [(finding["rule"], finding["message"]) for finding in document["findings"]]


def test_column_that_was_dropped_while_old_workers_ran(sample: Project, run: Run) -> None:
    """Unmapped and dropped in one release: the workers of the last one name it in each query."""
    text = (sample.root / MODEL).read_text()
    table = str(deployed()["pyproject.toml"])
    sample.git("checkout", "-q", "main")
    sample.lay({
        "alembic/env.py": deployed()["alembic/env.py"],
        "pyproject.toml": table.replace("1.3.0", "1.2.0"),
    })  # fmt: skip
    sample.git("commit", "-qm", "settings")
    sample.git("tag", "v1.2.0")
    sample.git("checkout", "-qB", "feature")
    unmapped = {MODEL: text.replace(AMOUNT, "")}
    sample.lay({**unmapped, **_release_of_the_drop("1.3.0"), "pyproject.toml": table})
    assert _findings(run) == [
        (
            "drop-still-mapped",
            "column vendor_credits.amount is dropped while release v1.2.0 still maps it:"
            f" VendorCredit at {MODEL}:14",
        )
    ]
    # In two releases: the first unmaps it, and is no forgotten migration.
    sample.lay({MIGRATION: None})
    sample.lay({**release("1.3.0"), **plan(), **unmapped, "pyproject.toml": table})
    assert _findings(run) == []
    sample.git("commit", "-qm", "unmapped")
    sample.git("checkout", "-q", "main")
    sample.git("merge", "-q", "feature")
    sample.git("tag", "v1.3.0")
    sample.git("checkout", "-qb", "second")
    version = table.replace("1.3.0", "1.4.0")
    sample.lay({**_release_of_the_drop("1.4.0", "1.3.0"), "pyproject.toml": version})
    assert _findings(run) == []


def test_lock_that_queued_all_readers(project: Project, run: Run) -> None:
    """An ALTER TABLE waits for one long query, and the whole API waits behind it."""
    upgrade = 'op.alter_column("orders", "note", server_default="x")'
    lay(project, {"default": upgrade})
    assert found(run, "lock-timeout-set") == {
        "default": [
            "an ACCESS EXCLUSIVE lock on orders is taken without a lock_timeout: while it waits for"
            " the queries that run, all reads and writes of orders wait behind it"
        ]
    }
    lay(project, {"default": f"op.execute(\"SET LOCAL lock_timeout = '4s'\")\n{upgrade}"})
    assert found(run, "lock-timeout-set") == {}


def test_enum_value_that_stopped_a_deploy(project: Project, run: Run) -> None:
    """Tests make the schema from the models; only PostgreSQL, in production, refuses the value."""
    add = "op.execute(\"ALTER TYPE kind ADD VALUE 'c'\")"
    use = "op.execute(\"UPDATE orders SET kind = 'c' WHERE id = 1\")"
    lay(project, {"value": f"{add}\n{use}"})
    assert list(found(run, "enum-value-alone")) == ["value"]
    lay(project, {"value": f"{block(add).replace('        ', '    ')}\n{use}"})
    assert found(run, "enum-value-alone") == {}
