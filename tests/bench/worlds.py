"""The repositories that are measured in: small ones of the sample backend, and long histories."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml
from tests.branch import BEFORE
from tests.sample import SAMPLE, SAMPLE_FOLDER
from tests.snapshot import ROOT, consumer, git

from definition_of_done.engine.registry import is_beyond

NOTES = "NOTES.md"
MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
_COLUMNS = ("amount", "currency", "opened_on", "closed_on", "note", "reference")


def quiet(folder: Path) -> None:
    """The sample backend with settings of its own, and a staged file that concerns no rule."""
    consumer(folder, [], folder, "")
    with open(folder / "pyproject.toml", "a") as stream:
        stream.write('\n[tool.definition-of-done]\nextend-select = ["safety"]\nbase = "main"\n')
    git(folder, "commit", "--quiet", "--all", "--message=settings")
    (folder / NOTES).write_text("Nothing of this is judged.\n")
    git(folder, "add", NOTES)


def feature(folder: Path) -> list[str]:
    """The sample backend with its second feature staged; the files of the commit.

    A migration, a plan, a changelog page, the version, the nav and the modules of a resource.
    """
    consumer(folder, [], folder, "")
    for path in SAMPLE:
        before = BEFORE.get(path)
        if before is None:
            (folder / path).unlink()
        else:
            (folder / path).write_text(before)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--amend", "--message=before the feature")
    git(folder, "checkout", "--quiet", "-b", "feature")
    shutil.copytree(SAMPLE_FOLDER, folder, dirs_exist_ok=True)
    git(folder, "add", "--all")
    return git(folder, "diff", "--cached", "--name-only").splitlines()


def push(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The sample backend with its second feature committed; its files, and a push to a runner."""
    paths = feature(folder)
    git(folder, "commit", "--quiet", "--message=the feature")
    return paths, {"PRE_COMMIT_FROM_REF": "main", "PRE_COMMIT_TO_REF": "HEAD"}


def history(
    folder: Path, size: int, settings: str = "", ways: Callable[[str], Sequence[str]] | None = None
) -> list[str]:
    """A chain of `size` migrations, the newest of them staged; their paths.

    With `ways`, three of four change the table that the fourth made, each in one of three ways.
    """
    shutil.copytree(SAMPLE_FOLDER / "alembic", folder / "alembic")
    shutil.copy(SAMPLE_FOLDER / "alembic.ini", folder)
    (folder / "pyproject.toml").write_text(settings)
    parent, paths = "add_vendor_credits", []
    git(folder, "init", "--quiet", "--initial-branch=main")
    for number in range(size):
        if number == size - 1:
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--message=a long history")
        revision = f"add_ledger_{number}"
        paths.append(f"alembic/versions/20260601_{revision}.py")
        upgrade = ""
        if ways and number % 4:
            upgrade = ways(f"ledger_{number - number % 4}")[number % 4 - 1]
        (folder / paths[-1]).write_text(_migration(revision, parent, upgrade))
        parent = revision
    git(folder, "add", "--all")
    return paths


def safe(table: str) -> Sequence[str]:
    """Three ways to change a table that stop no deploy."""
    timeout = "    op.execute(\"SET LOCAL lock_timeout = '4s'\")\n"
    return (
        f'{timeout}    op.add_column("{table}", sa.Column("state", sa.String(20), comment="S"))\n'
        f'    op.alter_column("{table}", "state", type_=sa.String(40))\n',
        "    with op.get_context().autocommit_block():\n"
        f'        op.create_index("ix", "{table}", ["state"], postgresql_concurrently=True)\n',
        f'{timeout}    op.execute("ALTER TABLE {table} ADD CHECK (amount > 0) NOT VALID")\n',
    )


def hazardous(table: str) -> Sequence[str]:
    """Three ways to change a table that stop a deploy, with two or three findings each."""
    return (
        f'    op.add_column("{table}", sa.Column("state", sa.String(20), nullable=False))\n'
        f'    op.create_index("ix_state", "{table}", ["state"])\n',
        f'    op.create_foreign_key("fk", "{table}", "vendors", ["amount"], ["id"])\n'
        f'    op.create_check_constraint("ck", "{table}", "amount > 0")\n',
        f'    op.alter_column("{table}", "amount", type_=sa.BigInteger())\n'
        f'    op.alter_column("{table}", "note", nullable=False)\n'
        f'    op.execute("UPDATE {table} SET note = 0")\n',
    )


def _migration(revision: str, parent: str, upgrade: str = "") -> str:
    table = revision.removeprefix("add_")
    head, _, _ = SAMPLE[MIGRATION].partition("def upgrade")
    # Both slugs may be the same text: the revision first, under a name that neither has.
    head = head.replace("add_vendor_credits", "\0").replace("add_vendors", parent)
    head = head.replace("\0", revision).replace("2026-05-24", "2026-06-01")
    columns = "".join(
        f'        sa.Column("{name}", sa.Integer(), nullable=False, comment="The {name} of it"),\n'
        for name in _COLUMNS
    )
    upgrade = upgrade or (
        f'    op.create_table(\n        "{table}",\n{columns}    )\n'
        f'    op.create_index("ix_{table}_note", "{table}", ["note", "reference"])\n'
    )
    return (
        f"{head}def upgrade() -> None:\n{upgrade}\n\n"
        f'def downgrade() -> None:\n    op.drop_index("ix_{table}_note", table_name="{table}")\n'
        f'    op.drop_table("{table}")\n'
    )


def site(folder: Path, size: int) -> None:
    """A site of `size` pages that link to each other, one of its files staged.

    The theme is a bare one: what MkDocs takes for the nav on each page is not held against it.
    """
    source = SAMPLE["docs/feature/2026-05-24-vendor-credits.md"]
    names = [f"feature/2026-05-24-credits-{number}.md" for number in range(size)]
    pages = folder / "docs" / "feature"
    pages.mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# Home\n")
    nav = "  - Home: index.md\n  - Accounting Features:\n"
    for number, name in enumerate(names):
        title = f"Credits {number}"
        links = "".join(
            f"- [page](../{names[number - step]}#future-additions), [plan](#in-scope)\n"
            for step in (1, 2, 3)
        )
        page = source.replace("# Vendor credits", f"# {title}", 1)
        (folder / "docs" / name).write_text(f"{page}\n## See also\n\n{links}")
        nav += f"      - {title}: {name}\n"
    theme = folder / "theme"
    theme.mkdir()
    (theme / "main.html").write_text("{{ page.content }}\n")
    (theme / "mkdocs_theme.yml").write_text("locale: en\n")
    (folder / "mkdocs.yml").write_text(
        "site_name: Bench\ntheme: {name: null, custom_dir: theme}\nplugins: []\n"
        f"validation: {{links: {{anchors: warn}}}}\nnav:\n{nav}"
    )
    (folder / "pyproject.toml").write_text(
        "[tool.definition-of-done]\nselect = ['docs-links-resolve', 'mkdocs-nav-entry']\n"
    )
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", ":!docs/index.md")
    git(folder, "commit", "--quiet", "--message=a large site")
    git(folder, "add", "--all")


def hooked(config: Path, entry: Callable[[str], str]) -> None:
    """Write a hook configuration with all hooks of a commit but the suite as local ones.

    Those beyond the contract are left out, as the suite leaves them out.
    `entry` makes the command that stands for a hook of that id.
    """
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    hooks = [
        {**hook, "entry": entry(hook["id"]), "language": "system"}
        for hook in manifest
        if "pre-commit" in hook["stages"]
        and hook["id"] != "definition-of-done"
        and not is_beyond(hook["id"])
    ]
    config.write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]}))
