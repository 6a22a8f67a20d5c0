"""resource-full-chain: each link of the sample taken away, waivers, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

from definition_of_done.project.api.plurals import Names, singular
from definition_of_done.project.api.root_fields import creates
from definition_of_done.project.migrations.tables.created_tables import Created

ID = "resource-full-chain"
SUITE = "definition-of-done"
EXPORTS = ("schema.graphql", "schema-admin.graphql")
# Each resource with its name in the singular, as a class, and with its page and migration.
RESOURCES = {
    "vendors": ("vendor", "Vendor", "2026-04-10-vendors", "20260410_add_vendors"),
    "vendor_credits": (
        *("vendor_credit", "VendorCredit"),
        *("2026-05-24-vendor-credits", "20260524_add_vendor_credits"),
    ),
}
MODULES = {
    "models": "models/{}.py",
    "repositories": "repositories/{}_repository.py",
    "services": "services/{}_service.py",
    **{name: f"{name}.py" for name in ("types", "inputs", "queries", "mutations")},
}
TESTS = {
    "repository-test": ("its repository", "repository"),
    "service-test": ("its service", "service"),
    "resolver-test": ("a resolver", "resolvers"),
}
Files = dict[str, str | None]


def gone(path: str) -> Files:
    return {path: None}


def without_module(resource: str, link: str) -> Files:
    """A module of a resource deleted, or all of its package."""
    home = f"app/graphql/{resource}/{link}"
    return {path: None for path in SAMPLE if path == f"{home}.py" or path.startswith(f"{home}/")}


def without_field(resource: str, field: str) -> Files:
    """A root field taken out of the code and of both exported schemas."""
    files: Files = {}
    snake = re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", field)
    for name in ("queries", "mutations"):
        path = f"app/graphql/{resource}/{name}.py"
        method = rf"    @strawberry\.\w+\n    def {snake}\(.*?(?=\n    @|\Z)"
        text = re.sub(method, "", SAMPLE[path], flags=re.S)
        if text != SAMPLE[path]:
            files[path] = text if "def " in text else text.rstrip() + "\n    pass\n"
    for path in EXPORTS:
        files[path] = re.sub(rf"  {field}[(:].*\n", "", SAMPLE[path])
    assert len(files) == 3
    return files


def _of_page(page: str) -> list[str]:
    """The finding of a page of the base that is gone; all that leads to it follows."""
    return [
        f"docs/feature/{page}.md:1:1: plan-never-deleted: the page stands on the base,"
        " and is deleted"
    ]


def _deleted(migration: str) -> str:
    return (
        f"alembic/versions/{migration}.py:1:1: revision-immutable:"
        f" revision '{migration[9:]}' stands on the base, and its migration is deleted"
    )


def _undone(resource: str) -> str:
    noun = RESOURCES[resource][0]
    return (
        f"app/graphql/{resource}/models/{noun}.py:1:1: model-needs-migration:"
        f" table {resource} is gone, and the branch has no migration"
    )


# What else the same deletion takes away: a table without its migration, a revision that databases
# stand at and that another one, or the changelog, names; a page that is linked to and in the nav.
ALSO = {
    ("vendors", "models"): [_undone("vendors")],
    ("vendor_credits", "models"): [_undone("vendor_credits")],
    ("vendors", "migration"): [
        _deleted("20260410_add_vendors"),
    ],
    ("vendor_credits", "migration"): [
        _deleted("20260524_add_vendor_credits"),
    ],
    ("vendors", "feature-page"): _of_page("2026-04-10-vendors"),
    ("vendor_credits", "feature-page"): _of_page("2026-05-24-vendor-credits"),
}


def taken_away() -> list[tuple[str, str, Files, str, str]]:
    """Resource, link, the change that takes it away, and the finding: what, and what to do."""
    found: list[tuple[str, str, Files, str, str]] = []
    for resource, (noun, name, page, migration) in RESOURCES.items():
        folder = f"app/graphql/{resource}"
        for link, file in MODULES.items():
            created = f"create {folder}/{file.format(noun)}"
            found.append((resource, link, without_module(resource, link), link, created))
        for link, (what, layer) in TESTS.items():
            path = f"tests/graphql/{resource}/test_{noun}_{layer}.py"
            found.append((resource, link, gone(path), f"test of {what}", f"create {path}"))
        found.append(
            (
                *(resource, "migration", gone(f"alembic/versions/{migration}.py")),
                f"migration that creates the table {resource}",
                f"create alembic/versions/YYYYMMDD_add_{resource}.py",
            )
        )
        found.append(
            (
                *(resource, "feature-page", gone(f"docs/feature/{page}.md")),
                "feature page that names it",
                f"create docs/feature/YYYY-MM-DD-{resource.replace('_', '-')}.md",
            )
        )
        fields = {"list": "vendors" if noun == "vendor" else "vendorCredits"}
        fields |= {verb: f"{verb}{name}" for verb in ("create", "update", "delete")}
        for link, field in fields.items():
            what = "query that lists it" if link == "list" else f"mutation to {link} it"
            module = "queries" if link == "list" else "mutations"
            found.append(
                (
                    *(resource, link, without_field(resource, field)),
                    f"{what} in schema.graphql or schema-admin.graphql",
                    f"add it to {folder}/{module}.py and export the schema again",
                )
            )
    return found


@pytest.mark.parametrize(
    ("resource", "link", "files", "what", "advice"),
    [pytest.param(*case, id=f"{case[0]}-{case[1]}") for case in taken_away()],
)
def test_each_link_of_the_sample(
    resource: str, link: str, files: Files, what: str, advice: str, project: Project, run: Run
) -> None:
    apart = f'{SAMPLE["pyproject.toml"]}\n[tool.definition-of-done]\nrelease = "separate"\n'
    project.lay({**SAMPLE, "pyproject.toml": apart})
    project.git("commit", "-qm", "sample")
    project.git("checkout", "-qb", "feature")
    project.lay(files)
    own = f"app/graphql/{resource}:1:1: {ID}: resource {resource} has no {what}"
    # A page of the base is to be restored.
    wanted = sorted([*([own] if link != "feature-page" else []), *ALSO.get((resource, link), [])])
    waive = f'set waive = {{ {link} = "the reason" }}'
    table = f"[tool.definition-of-done.resources.{resource}]"
    assert f"{own}\n    help: {advice}, or {waive} in {table}\n" in run(ID)[1]
    staged = run(SUITE, "check")
    said = [line for line in staged[1].splitlines() if re.match(r"\S+:\d+:\d+: ", line)]
    assert sorted(said) == wanted
    project.git("commit", "-qm", "without it")
    assert run(SUITE, "check", "--base", "main") == staged
    # A waiver silences it, and nothing else.
    waived = f'\n{table}\nwaive = {{ {link} = "it has none" }}\n'
    project.lay({"pyproject.toml": apart + waived})
    assert run(ID)[:1] == (0,)


def test_where_no_resource_has_a_folder_of_tests(project: Project, run: Run) -> None:
    moved = {path: path.rpartition("/")[2] for path in SAMPLE if path.startswith("tests/graphql/")}
    files = {path: text for path, text in SAMPLE.items() if path not in moved}
    project.lay(files | {f"tests/{name}": SAMPLE[path] for path, name in moved.items()})
    assert run(ID)[0] == 0
    project.lay({"tests/test_vendor_service.py": None, "tests/test_vendor_repository.py": None})
    assert "resource vendors has no test of its repository or test of its service\n" in run(ID)[1]


def settings(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "\n".join([SAMPLE["pyproject.toml"], *lines, ""])}


TABLE = "[tool.definition-of-done.resources.vendors]"


def test_waivers_in_vain(project: Project, run: Run) -> None:
    project.lay({**SAMPLE, **settings(TABLE, 'waive = { delete = "never", create = "no" }')})
    line = len(SAMPLE["pyproject.toml"].splitlines()) + 3
    assert run(ID) == (
        1,
        f"pyproject.toml:{line}:20: {ID}: waive names delete of vendors, but it has that\n"
        "    help: take it out of waive\n"
        f"pyproject.toml:{line}:38: {ID}: waive names create of vendors, but it has that\n"
        "    help: take it out of waive\n2 findings in 1 file\n",
        "",
    )
    # Without the exports nobody can say so.
    project.lay(dict.fromkeys(EXPORTS))
    assert run(ID)[0] == 0
    rbac = "[tool.definition-of-done.resources.rbac.waive]"
    project.lay(settings(rbac, 'delete = "no resource"'))
    out = run(ID)[1]
    assert f"pyproject.toml:{line}:10: {ID}: waive names delete of rbac, but rbac is no" in out


def test_with_a_module_waived_nothing_is_asked_of_it(project: Project, run: Run) -> None:
    folder = "app/graphql/vendors"
    gone = [f"{folder}/services/vendor_service.py", f"{folder}/mutations.py"]
    tests = [path for path in SAMPLE if path.startswith("tests/graphql/vendors/test_vendor_s")]
    exports = {path: re.sub(r"  \w+Vendor\(.*\n", "", SAMPLE[path]) for path in EXPORTS}
    project.lay({**SAMPLE, **exports, **dict.fromkeys([*gone, *tests])})
    assert run(ID)[1].startswith(
        f"{folder}:1:1: {ID}: resource vendors has no mutation to create it in schema.graphql or"
        " schema-admin.graphql, mutation to delete it in schema.graphql or schema-admin.graphql,"
        " mutation to update it in schema.graphql or schema-admin.graphql, mutations, services or"
        " test of its service\n    help: "
    )
    project.lay(settings(TABLE, 'waive = { services = "thin", mutations = "read only" }'))
    assert run(ID)[:1] == (0,)


def test_what_is_in_the_folder_of_the_tests_is_one(project: Project, run: Run) -> None:
    moved = {
        re.sub(r"^tests/(.*/)?test_", r"checks/\1", path): text for path, text in SAMPLE.items()
    }
    project.lay(moved)
    out = run(ID)[1]
    no_test = "has no test of a resolver, test of its repository or test of its service\n"
    assert out.count(no_test) == 2
    project.lay({"pyproject.toml": '[tool.definition-of-done]\ntests = "checks"\n'})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    "value",
    [
        "resources = 'api'",
        "resources = { folder = 'api' }",
        "[tool.definition-of-done.resources]\nfolder = 'api'",
        "resources = { folder = 'api', vendors = { waive = { delete = 'kept' } } }",
        "resources.folder = 'api'\nresources.vendors.waive.delete = 'kept'",
    ],
)
def test_the_folder_beside_waivers(value: str, project: Project, run: Run) -> None:
    project.lay({"api/vendors/types.py": "x = 1\n"})
    table = "" if value.startswith("[") else "[tool.definition-of-done]\n"
    project.lay({"pyproject.toml": f"{table}{value}\n"})
    assert run(ID)[1].startswith(f"api/vendors:1:1: {ID}: resource vendors has no ")


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("resources = 3", "resources must be a string, not 3"),
        (
            "resources = { foldr = 'app' }",
            "resources: unknown key 'foldr'; did you mean 'folder'?",
        ),
        (
            "resources.vendors.waives = {}",
            "resources.vendors: unknown key 'waives'; did you mean 'waive'?",
        ),
        (
            "resources.vendors.waive = ['delete']",
            "resources.vendors: waive must be a table of names, each with a reason, not ['delete']",
        ),
        (
            "resources.vendors.waive = { delet = 'kept' }",
            "resources.vendors: waive: unknown link 'delet'; did you mean 'delete'?",
        ),
        (
            "resources.vendors.waive = { delete = ' ' }",
            "resources.vendors: waive: delete needs a reason",
        ),
        (
            "resources.vendor.waive = { delete = 'kept' }",
            "resources.vendor names a folder that does not exist: 'app/graphql/vendor'",
        ),
        (
            "resources = { folder = 'api' }",
            "resources names a path that does not exist: 'api'",
        ),
    ],
)
def test_settings_that_are_wrong(value: str, error: str, project: Project, run: Run) -> None:
    project.lay({**SAMPLE, "pyproject.toml": f"[tool.definition-of-done]\n{value}\n"})
    where = "pyproject.toml: [tool.definition-of-done]: "
    assert run(ID) == (2, "", f"{ID}: error: {where}{error}\n")


def renamed(old: str, new: str, paths: str = "") -> Files:
    """The sample with one file elsewhere, or with a text replaced in the files below a path."""
    if old in SAMPLE:
        return {old: None, new: SAMPLE[old]}
    return {
        path: text.replace(old, new)
        for path, text in SAMPLE.items()
        if path.startswith(paths) and old in text
    }


VENDORS = "app/graphql/vendors"
TEST = "tests/graphql/vendors/test_vendor"
MIGRATION = "alembic/versions/20260410_add_vendors.py"
PAGE = "docs/feature/2026-04-10-vendors.md"
PAYABLE = "docs/feature/2026-04-10-accounts-payable.md"
CREATE = 'op.create_table(\n        "vendors",'
LEFT_ALONE: dict[str, Mapping[str, str | None]] = {
    "modules as packages": {
        **renamed(f"{VENDORS}/types.py", f"{VENDORS}/types/vendor.py"),
        **renamed(f"{VENDORS}/inputs.py", f"{VENDORS}/inputs/vendor.py"),
    },
    "packages as modules": renamed(f"{VENDORS}/models/vendor.py", f"{VENDORS}/models.py"),
    "a folder for GraphQL": {
        **renamed(f"{VENDORS}/types.py", f"{VENDORS}/graphql/types.py"),
        **renamed(f"{VENDORS}/queries.py", f"{VENDORS}/graphql/queries.py"),
    },
    "one model": renamed(f"{VENDORS}/models/vendor.py", f"{VENDORS}/model.py"),
    "no resource": {"app/graphql/bills/__init__.py": ""},
    "no resource either": {
        "app/graphql/common/types.py": "x = 1\n",
        "app/graphql/schema/extra.py": "x = 1\n",
        "app/graphql/context.py": "x = 1\n",
        "app/graphql/bills/README.md": "none yet\n",
        "app/graphql/tests/test_it.py": "def test_it(): ...\n",
    },
    "a layer that all share": {"app/graphql/types/scalars.py": "x = 1\n"},
    "tests in one file": {
        f"{TEST}_repository.py": None,
        f"{TEST}_service.py": None,
        f"{TEST}s.py": SAMPLE[f"{TEST}_repository.py"] + SAMPLE[f"{TEST}_service.py"],
    },
    "tests beside the code": renamed(
        f"{TEST}_service.py", f"{VENDORS}/tests/test_vendor_service.py"
    ),
    "tests of another layout": renamed(
        f"{TEST}_service.py", "tests/unit/vendors/services/test_crud.py"
    ),
    "a resolver that is asked over HTTP": {
        f"{TEST}_resolvers.py": None,
        f"{TEST}s_over_http.py": "def test_it(client):\n"
        "    assert client.post('/graphql', json={}).is_success\n",
    },
    "a service under another name": {
        f"{TEST}_service.py": None,
        "tests/graphql/vendors/test_rows.py": "from app.graphql.vendors.parts import"
        " vendor_service as made\n\ndef test_it():\n    assert made.add(1)\n",
    },
    "a repository that is tested through a fixture": {
        f"{TEST}_repository.py": "def test_add(vendors):\n    assert vendors.add(1)\n"
    },
    "a table that a variable names": renamed(
        CREATE, 'name = "vendors"\n    op.create_table(\n        name,', MIGRATION
    ),
    "a table in a loop": renamed(
        CREATE, 'for one in ("vendors", "x"):\n      op.create_table(\n        one,', MIGRATION
    ),
    "a table that the model names": renamed(
        CREATE, "op.create_table(\n        Vendor.__tablename__,", MIGRATION
    ),
    "a table in SQL": {
        MIGRATION: SAMPLE[MIGRATION].split("def upgrade")[0]
        + 'def upgrade():\n op.execute("""CREATE TABLE IF NOT EXISTS public."vendors" (x int)""")\n'
    },
    "a table under its first name": renamed(
        CREATE,
        'op.rename_table("suppliers", "vendors")\n    op.create_table(\n        "x",',
        MIGRATION,
    ),
    "a model that computes its table": {
        f"{VENDORS}/models/line.py": "class Line(Base):\n    __tablename__ = make()\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    },
    "tables of all models": renamed(
        CREATE,
        'Base.metadata.create_all(op.get_bind())\n    op.create_table(\n        "x",',
        MIGRATION,
    ),
    "a view": {
        **renamed(CREATE, 'op.create_table(\n        "suppliers",', MIGRATION),
        f"{VENDORS}/models/vendor.py": SAMPLE[f"{VENDORS}/models/vendor.py"].replace(
            '"vendors"', '"vendors"\n    __table_args__ = {"info": {"is_view": True}}'
        ),
    },
    "a page of two resources": {
        PAGE: None,
        PAYABLE: SAMPLE[PAGE].replace("# Vendors", "# Accounts payable"),
    },
    "a page with a heading": {
        PAGE: None,
        PAYABLE: "# Accounts payable\n\n## In scope\n\n### The vendor's record\n",
    },
    "a page with the mutation": {PAGE: None, PAYABLE: "# Payable\n\n- `createVendor`\n"},
    "other verbs": {
        path: SAMPLE[path]
        .replace("createVendor(", "vendorAdd(")
        .replace("updateVendor(", "upsertVendors(")
        .replace("deleteVendor(", "bulkRemoveVendors(")
        .replace("vendors:", "vendor(id: ID!):")
        for path in EXPORTS
    },
    "a generic mutation": {
        path: SAMPLE[path].replace("deleteVendor(", "deleteNode(") for path in EXPORTS
    },
    "a name of the resource's own": {
        **{path: SAMPLE[path].replace("createVendor(", "createSupplier(") for path in EXPORTS},
        f"{VENDORS}/mutations.py": SAMPLE[f"{VENDORS}/mutations.py"].replace(
            "create_vendor(self", "create_supplier(self"
        ),
    },
    "a name of nothing, with a type of the resource's own": {
        path: SAMPLE[path]
        .replace("vendors: [VendorType!]!", "suppliers: [Supplier!]!")
        .replace("type VendorType ", "type Supplier {\n  id: Int!\n}\n\ntype VendorType ")
        for path in EXPORTS
    }
    | {
        f"{VENDORS}/types.py": SAMPLE[f"{VENDORS}/types.py"]
        + "\n\n@strawberry.type\nclass Supplier:\n    id: int\n",
        f"{VENDORS}/queries.py": "class VendorQueries:\n    x = 1\n",
    },
    "a namespace": {
        path: SAMPLE[path].replace("  createVendor(", "  vendors: VendorMutations!\n  x(")
        + "\ntype VendorMutations {\n  create(input: VendorInput!): VendorType!\n}\n"
        for path in EXPORTS
    },
    "only the administrators' schema": {
        "schema.graphql": SAMPLE["schema.graphql"].replace("deleteVendor(", "x(")
    },
    "no schemas": dict.fromkeys(EXPORTS),
    "root types of other names": {
        path: "schema { query: Q mutation: M }\n"
        + SAMPLE[path].replace("type Query", "type Q").replace("type Mutation", "type M")
        for path in EXPORTS
    },
}


@pytest.mark.parametrize("files", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_left_alone(files: Files, project: Project, run: Run) -> None:
    assert files
    project.lay({**SAMPLE, **files})
    code, out, err = run(ID)
    assert (code, out.startswith("no findings ("), err) == (0, True, ""), out


@pytest.mark.parametrize(
    ("files", "what"),
    [
        # Another resource's, whose name starts with the same word.
        (without_field("vendors", "vendors"), "query that lists it"),
        # A heading of the contract's names no resource.
        (
            {
                PAGE: None,
                PAYABLE: "# Payable\n\n## Vendors\n",
            },
            "feature page that names it",
        ),
        ({f"{TEST}_repository.py": "def helper(): ...\n"}, "test of its repository"),
        # Tests stand in a folder of their resource where another one has a folder.
        (renamed(f"{TEST}_service.py", "tests/test_vendor_service.py"), "test of its service"),
        (renamed(f"{TEST}_repository.py", "tests/test_rows.py"), "test of its repository"),
        (renamed(f"{TEST}_resolvers.py", "tests/test_api.py"), "test of a resolver"),
        (
            {f"{VENDORS}/types.py": None, f"{VENDORS}/types/__init__.py": "\n"},
            "types",
        ),
        (
            renamed(CREATE, 'op.create_table(\n        "old_vendors",', MIGRATION),
            "migration that creates the table vendors",
        ),
        (
            renamed(CREATE, 'op.create_table(\n        "vendor",', MIGRATION),
            "migration that creates the table vendors",
        ),
        (
            {PAGE: None, PAYABLE: "# Payable\n\nVendors are paid, and every vendor's credits.\n"},
            "feature page that names it",
        ),
    ],
)
def test_near_misses(files: Files, what: str, project: Project, run: Run) -> None:
    project.lay({**SAMPLE, **files})
    out = run(ID)[1]
    assert out.count(f": {ID}: ") == 1
    assert f"{VENDORS}:1:1: {ID}: resource vendors has no {what}" in out


@pytest.mark.parametrize(
    ("text", "resources"),
    [
        ("vendors", {"vendors"}),
        ("2026-04-10-vendor", {"vendors"}),
        ("VendorCredit", {"vendor_credits"}),
        ("vendor-credits of a vendor's", {"vendor_credits", "vendors"}),
        ("createVendorcredits", {"vendor_credits"}),
        ("vendor credits vendors", {"vendor_credits", "vendors"}),
        ("vending and vendored", set()),
        ("categories", {"category"}),
        ("deleteStatuses", {"status"}),
        ("boxes, and a box", {"boxes"}),
        ("HTTPVendorAPI", {"vendors"}),
        ("", set()),
    ],
)
def test_names(text: str, resources: set[str]) -> None:
    names = Names(["vendors", "vendor_credits", "category", "status", "boxes"])
    assert names.of(text) == resources


@pytest.mark.parametrize(
    ("source", "may"),
    [
        ("op.create_table('orders')", True),
        ("op.create_table(\n    'orders', schema='x')", True),
        ("op.create_table(table_name='orders')", True),
        ("op.create_table('orders_old')", False),
        ("op.create_table('x', sa.Column('order', sa.ForeignKey('orders.id')))", False),
        ("op.add_column('orders', x)", False),
        ("op.drop_table('orders')", False),
        ("op.create_table(f'{prefix}orders')", True),
        ("op.create_table(NAME)", False),
        ("NAME = 'orders'\nop.create_table(NAME)", True),
        ("from app.models import Order\nop.create_table(Order.__tablename__)", True),
        ("from app.names import ORDERS\nop.create_table(ORDERS)", True),
        ("from sqlalchemy import text\nop.create_table(NAME)", False),
        ("op.rename_table('x', 'orders')", True),
        ("op.rename_table('orders', 'x')", True),
        ("op.execute('CREATE TABLE orders (id int)')", True),
        ("op.execute('create unlogged table if not exists public.orders (id int)')", True),
        ("op.execute('CREATE OR REPLACE MATERIALIZED VIEW orders AS SELECT 1')", True),
        ("op.execute('ALTER TABLE x RENAME TO orders')", True),
        ("op.execute('ALTER TABLE orders ADD y int')", False),
        ("sql = 'create table ' + 'orders'\nop.execute(sql)", True),
        ("op.execute(open('orders.sql').read())", True),
        ("op.execute(open('x.sql').read())", True),
        ("op.execute(sa.text('SELECT 1'))", False),
        ("Base.metadata.create_all(op.get_bind())", True),
        ("Order.__table__.create(op.get_bind())", True),
        ("sa.Enum('a', name='kind').create(op.get_bind())", False),
    ],
)
def test_what_creates_a_table(source: str, may: bool) -> None:
    assert Created([source.encode()], {"app"}).may_have("orders") is may


def test_the_folder_of_the_migrations(project: Project, run: Run) -> None:
    moved = {path.replace("alembic/", "db/"): text for path, text in SAMPLE.items()}
    del moved[MIGRATION.replace("alembic/", "db/")]
    table = settings("[tool.definition-of-done]", 'versions = ["db/versions"]')["pyproject.toml"]
    project.lay({**moved, "pyproject.toml": table})
    assert "    help: create db/versions/YYYYMMDD_add_vendors.py, or set waive" in run(ID)[1]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("vendors", "vendor"),
        ("categories", "category"),
        ("addresses", "addresse"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("access", "access"),
        ("staff", "staff"),
    ],
)
def test_the_name_of_one(folder: str, name: str) -> None:
    assert singular(folder) == name


def test_several_tables_are_one_link(project: Project, run: Run) -> None:
    model = (
        "from app.database import Base\nclass A(Base):\n    __tablename__ = 'lines'\n"
        "class B(Base):\n    __tablename__ = 'notes'\n"
    )
    project.lay({**SAMPLE, f"{VENDORS}/models/line.py": model})
    assert "has no migration that creates the tables lines and notes\n" in run(ID)[1]


def test_only_what_concerns_it_runs_it(project: Project, run: Run) -> None:
    project.lay({**SAMPLE, f"{TEST}_service.py": None, "app/x.py": "x = 1\n"})
    project.git("commit", "-qm", "base")
    project.lay({"app/x.py": "x = 2\n", "README.md": "x\n"})
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    for path in (MIGRATION, PAGE, f"{TEST}_repository.py", "schema.graphql", "pyproject.toml"):
        project.lay({path: SAMPLE[path] + "\n"})
        assert run(ID)[0] == 1, path
        project.lay({path: SAMPLE[path]})
    project.lay({f"{VENDORS}/types.py": None})
    assert run(ID)[1].count("resource vendors has no test of its service or types\n") == 1


def test_files_that_cannot_be_read(project: Project, run: Run) -> None:
    project.lay({**SAMPLE, f"{TEST}_service.py": "def test(:\n"})
    assert run(ID)[1].startswith(f"{TEST}_service.py:1:10: unreadable: not Python: ")
    project.lay({**SAMPLE, "schema.graphql": "type {\n"})
    assert run(ID)[1].startswith("schema.graphql:1:6: unreadable: not GraphQL: ")


def test_help_names_the_links(
    project: Project, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(ID, "--help")
    out = " ".join(capsys.readouterr().out.split())
    assert "feature-page, list, create, update, delete" in out


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("createVendor", True),
        ("create", True),
        ("vendorCreate", False),
        ("bulkCreateVendors", False),
        ("updateVendor", False),
    ],
)
def test_which_mutations_create(name: str, expected: bool) -> None:
    assert creates(name) is expected


def test_layers_are_known_by_what_a_module_holds(sample: Project, run: Run) -> None:
    layers = ("types", "inputs", "queries", "mutations")
    texts = [SAMPLE[f"app/graphql/vendors/{layer}.py"] for layer in layers]
    gone = {f"app/graphql/vendors/{layer}.py": None for layer in layers}
    sample.lay({**gone, "app/graphql/vendors/api.py": "\n\n".join(texts)})
    out = run(ID)[1]
    assert not [layer for layer in layers if f"has no {layer}\n" in out]
    sample.lay({"app/graphql/vendors/api.py": "\n\n".join(texts[:3])})
    out = run(ID)[1]
    assert [layer for layer in layers if f"has no {layer}\n" in out] == ["mutations"]
