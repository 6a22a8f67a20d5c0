"""drop-still-mapped: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Files, Project, Run
from tests.rules.safety.deploys import TABLE, found, helps, lay, migration, path_of

ID = "drop-still-mapped"
MODELS = "app/models/order.py"
HEAD = """\
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column
from app.db import Base, Noted
from sqlmodel import Field, SQLModel

"""
ORDER = """\
class Order(Noted, Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column("name", String(40))
    state: Mapped[str]
    total = Column(Integer)
"""
USERS = """\


users = Table("users", Base.metadata, Column("id", Integer), Column("mail", String))


class Bill(Base):
    total: Mapped[int] = mapped_column(primary_key=True)


class TaxRate(SQLModel, table=True):
    id: int = Field(primary_key=True)
"""
DB = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls):
        return plural(cls.__name__)


class Noted:
    note: Mapped[str] = mapped_column()
"""
CODE: Files = {MODELS: f"{HEAD}{ORDER}{USERS}", "app/db.py": DB}
DROP = "{} is dropped while {} still maps it: {}"
RENAME = "{} is renamed to {} while {} still maps it: {}"


def dropped(noun: str, place: str, code: str = "the base") -> list[str]:
    return [DROP.format(noun, code, place)]


AT = f"Order at {MODELS}:"
FOUND = {
    "column": (
        'op.drop_column("orders", "state")',
        dropped("column orders.state", f"{AT}10"),
    ),
    "by_its_own_name": (
        'op.drop_column("orders", "name")',
        dropped("column orders.name", f"{AT}9"),
    ),
    "of_column": ('op.drop_column("orders", "total")', dropped("column orders.total", f"{AT}11")),
    "of_a_mixin": (
        'op.drop_column("orders", "note")',
        dropped("column orders.note", "Order at app/db.py:11"),
    ),
    "batch": (
        'with op.batch_alter_table("orders") as batch:\n    batch.drop_column("state")',
        dropped("column orders.state", f"{AT}10"),
    ),
    "loop": (
        'for name in ("state", "gone"):\n    op.drop_column("orders", name)',
        dropped("column orders.state", f"{AT}10"),
    ),
    "sql": (
        'op.execute("ALTER TABLE orders DROP state, DROP COLUMN gone")',
        dropped("column orders.state", f"{AT}10"),
    ),
    "where_it_is_there": (
        'if has():\n    op.drop_column("orders", "state")',
        dropped("column orders.state", f"{AT}10"),
    ),
    "core": (
        'op.drop_column("users", "mail")',
        dropped("column users.mail", f"users at {MODELS}:14"),
    ),
    "table": ('op.drop_table("orders")', dropped("table orders", f"{AT}6")),
    "table_in_sql": ('op.execute("DROP TABLE orders")', dropped("table orders", f"{AT}6")),
    # Its base makes the name of the table from that of the class.
    "named_by_its_base": ('op.drop_table("bills")', dropped("table bills", f"Bill at {MODELS}:17")),
    "named_by_sqlmodel": (
        'op.drop_table("taxrate")',
        dropped("table taxrate", f"TaxRate at {MODELS}:21"),
    ),
    "renamed": (
        'op.alter_column("orders", "state", new_column_name="status")',
        [RENAME.format("column orders.state", "status", "the base", f"{AT}10")],
    ),
    "renamed_in_sql": (
        'op.execute("ALTER TABLE orders RENAME COLUMN state TO status")',
        [RENAME.format("column orders.state", "status", "the base", f"{AT}10")],
    ),
    "table_renamed": (
        'op.rename_table("orders", "sales")',
        [RENAME.format("table orders", "sales", "the base", f"{AT}6")],
    ),
}
LEFT_ALONE = {
    "unmapped": 'op.drop_column("orders", "gone")',
    "unmapped_table": 'op.drop_table("gone")',
    "unmapped_renamed": 'op.alter_column("orders", "gone", new_column_name="went")',
    "added_again": 'op.drop_column("orders", "state")\n'
    'op.add_column("orders", sa.Column("state", sa.Integer()))',
    "made_again": 'op.drop_table("orders")\nop.create_table("orders", sa.Column("id", sa.Integer))',
    "copied": 'op.create_table("n", sa.Column("id", sa.Integer))\nop.drop_table("orders")\n'
    'op.rename_table("n", "orders")',
    "new_table": 'op.create_table("bills", sa.Column("x", sa.Integer()))\nop.drop_table("bills")',
    "index": 'op.drop_index("state", "orders")\nop.drop_constraint("state", "orders")',
    "computed": 'op.drop_column("orders", os.environ["x"])\nop.drop_table(os.environ["t"])',
    "changed": 'op.alter_column("orders", "state", type_=sa.Text(), nullable=True)',
    "only_mentioned": 'op.drop_table("Noted")\nop.drop_table("label")',
    "downgrade": 'pass\n\ndef downgrade():\n    op.drop_table("orders")',
}


def _lay(project: Project, bodies: dict[str, str], files: Files = CODE) -> None:
    """Lay migrations of a branch, and the models of its base."""
    project.lay(files)
    lay(project, {"older": "pass"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay({path_of(name): migration(name, body) for name, body in bodies.items()})


def test_found(project: Project, run: Run) -> None:
    _lay(project, {name: body for name, (body, _) in FOUND.items()})
    # The branch unmaps them in the same release.
    project.lay({MODELS: HEAD})
    assert found(run, ID) == {name: messages for name, (_, messages) in FOUND.items()}


def test_left_alone(project: Project, run: Run) -> None:
    _lay(project, LEFT_ALONE)
    assert found(run, ID) == {}


@pytest.mark.parametrize(
    "models",
    [
        ORDER.replace("    state: Mapped[str]\n", ""),
        # What cannot be seen is not told.
        ORDER.replace("state: Mapped[str]", "extra = columns()"),
        ORDER.replace('"orders"', "name()").replace("Order(", "Thing("),
        ORDER.replace("Mapped[str]\n", "ClassVar[str]\n", 1),
        ORDER.replace("state: Mapped[str]", "state = relationship('State')"),
        "broken(",
        "",
    ],
)
def test_base_that_does_not_map_it(models: str, project: Project, run: Run) -> None:
    _lay(project, {"column": FOUND["column"][0]}, {**CODE, MODELS: f"{HEAD}{models}"})
    assert found(run, ID) == {}


@pytest.mark.parametrize(
    "path", ["tests/order.py", "app/tests/test_order.py", "alembic/versions/20260101_old.py"]
)
def test_files_that_are_no_models(path: str, project: Project, run: Run) -> None:
    old = f"revision = 'old'\ndown_revision = None\n\n\ndef upgrade():\n    pass\n\n\n{ORDER}"
    text = old if "alembic" in path else f"{HEAD}{ORDER}"
    _lay(project, {"column": FOUND["column"][0]}, {path: text})
    assert found(run, ID) == {}


def test_application_with_migrations_of_its_own(project: Project, run: Run) -> None:
    """Another application's database may have a table of the same name."""
    files: Files = {"shop/models.py": f"{HEAD}{ORDER}", "shop/alembic/versions/20260101_a.py": ""}
    _lay(project, {"column": FOUND["column"][0]}, files)
    told = dropped("column orders.state", "Order at shop/models.py:10")
    assert found(run, ID) == {"column": told}
    folders = ["alembic/versions", "shop/alembic/versions"]
    project.lay({"pyproject.toml": f"{TABLE}versions = {folders}\n", "shop/alembic/env.py": ""})
    assert found(run, ID) == {}


def test_release_that_still_maps_it(project: Project, run: Run) -> None:
    """The code that runs is the last release, whatever main has since."""
    project.lay({"app/version.py": '__version__ = "1.1.0"\n'})
    _lay(project, {"column": FOUND["column"][0]})
    project.git("tag", "v1.1.0", "main")
    project.git("commit", "-qm", "column")
    project.git("checkout", "-q", "main")
    project.lay({MODELS: HEAD})
    project.git("commit", "-qm", "unmapped")
    project.git("checkout", "-qb", "later")
    project.git("merge", "-q", "--no-edit", "feature")
    released = dropped("column orders.state", f"{AT}10", "release v1.1.0")
    assert found(run, ID, "--base", "main") == {"column": released}
    # The next release has it no more.
    project.git("tag", "v1.2.0", "main")
    project.git("reset", "-q", "--soft", "main")
    project.lay({"app/version.py": '__version__ = "1.2.0"\n'})
    assert found(run, ID, "--base", "main") == {}


def test_tag_that_is_overtaken(project: Project, run: Run) -> None:
    """Where releases have no tags any more, the base is the code that runs."""
    project.lay({"app/version.py": '__version__ = "1.1.0"\n', **CODE})
    project.git("commit", "-qm", "tagged")
    project.git("tag", "v1.1.0")
    project.lay({"app/version.py": '__version__ = "2.4.0"\n'})
    _lay(project, {"column": FOUND["column"][0]}, {MODELS: HEAD})
    assert found(run, ID) == {}


@pytest.mark.parametrize(
    ("tag", "day"), [("client-v2.0.0", "2026-06-01"), ("v1.0.0", "2025-06-01")]
)
def test_tag_that_is_of_no_last_release(tag: str, day: str, project: Project, run: Run) -> None:
    project.lay(CODE)
    project.git("commit", "-qm", "tagged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", f"{day}T00:00:00")
        project.git("commit", "-q", "--amend", "--no-edit")
    project.git("tag", tag)
    _lay(project, {"column": FOUND["column"][0]}, {MODELS: HEAD})
    assert found(run, ID) == {}


def test_migration_that_is_deployed(project: Project, run: Run) -> None:
    project.lay(CODE)
    lay(project, {"column": FOUND["column"][0]})
    project.git("commit", "-qm", "all")
    # Main is judged as a whole, and there is no release.
    assert found(run, ID) == {}
    project.git("tag", "v1.0.0")
    assert found(run, ID) == {}


def test_help(project: Project, run: Run) -> None:
    _lay(project, {name: FOUND[name][0] for name in ("column", "table", "renamed")})
    project.lay({path_of("moved"): migration("moved", FOUND["table_renamed"][0])})
    assert helps(run, ID) == {
        "column": "release the code without the column first, and drop it a release later",
        "table": "release the code without the model first, and drop the table a release later",
        "renamed": "leave the column its name and name the attribute status; or add status, write"
        " both, fill it, and drop state when no release maps it",
        "moved": "leave the table its name, or make sales first, write both, and drop orders when"
        " no release maps it",
    }


def test_whatever_the_database(project: Project, run: Run) -> None:
    _lay(project, {"column": FOUND["column"][0]})
    project.lay({"pyproject.toml": TABLE.replace("postgresql", "mysql")})
    assert found(run, ID) == {"column": FOUND["column"][1]}


def test_verdict_that_is_kept(project: Project, run: Run, cache: object) -> None:
    _lay(project, {"column": FOUND["column"][0]})
    for _ in range(2):
        assert found(run, ID) == {"column": FOUND["column"][1]}
    project.git("checkout", "-q", "main")
    project.lay({MODELS: HEAD})
    project.git("commit", "-qm", "unmapped")
    assert found(run, ID, "--base", "main") == {}
