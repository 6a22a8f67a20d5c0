"""4.x: a new resource is wired through every layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of
from tests.sample import SAMPLE

HOME = "app/graphql/vendor_credits"
MODEL = f"{HOME}/models/vendor_credit.py"
REPOSITORY = f"{HOME}/repositories/vendor_credit_repository.py"
SERVICE = f"{HOME}/services/vendor_credit_service.py"
QUERIES, MUTATIONS = f"{HOME}/queries.py", f"{HOME}/mutations.py"
TYPES, INPUTS = f"{HOME}/types.py", f"{HOME}/inputs.py"
TASK = f"{HOME}/tasks/expire_credits.py"
TESTS = "tests/graphql/vendor_credits"
REPOSITORY_TEST = f"{TESTS}/test_vendor_credit_repository.py"
SERVICE_TEST = f"{TESTS}/test_vendor_credit_service.py"
RESOLVER_TEST = f"{TESTS}/test_vendor_credit_resolvers.py"
TASK_TEST = f"{TESTS}/test_expire_credits.py"
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
GROWN_PAGE = "docs/feature/2026-07-01-approve-vendor-credits.md"
MEMBERS = "app/graphql/rbac/models/models.py"
RESOURCE = 'class Resource(Enum):\n    VENDORS = "vendors"\n'
BACKFILL = "scripts/backfill_new_path_permissions.py"
EXPORTS = ("schema.graphql", "schema-admin.graphql")
OUT = " or ".join(EXPORTS)
LACKS = f"{HOME}:1:1: resource-full-chain: resource vendor_credits has no "
HEAD = '"""Vendor credits."""\n\n'

IN_SCOPE = "- Record, change and delete the credits of a vendor"
REPOSITORY_IMPORT = (
    "from app.graphql.vendor_credits.repositories.vendor_credit_repository"
    " import VendorCreditRepository\n"
)
SERVICE_IMPORT = (
    "from app.graphql.vendor_credits.services.vendor_credit_service import VendorCreditService\n"
)
DOCUMENT = '"mutation { createVendorCredit(input: {vendorId: 1, amount: 500}) { id } }"'


def of_repository(body: str, imports: str = REPOSITORY_IMPORT) -> dict[str, Edit]:
    """The test of the repository in other words."""
    return {REPOSITORY_TEST: f"{HEAD}{imports}\n\n{body}"}


def of_service(body: str, imports: str = SERVICE_IMPORT) -> dict[str, Edit]:
    """The test of the service in other words."""
    return {SERVICE_TEST: f"{HEAD}{imports}\n\n{body}"}


def of_resolvers(
    body: str, imports: str = "from app.graphql.schema import schema\n"
) -> Mapping[str, Edit]:
    """The test of the resolvers in other words."""
    return {RESOLVER_TEST: f"{HEAD}{imports}\n\n{body}"}


def moved(path: str, new: str) -> dict[str, Edit]:
    """A file of the branch at another path, on the page, too."""
    page = SAMPLE[PAGE].replace(path, new)
    files: dict[str, Edit] = {path: None, new: SAMPLE[path]}
    return files | ({} if page == SAMPLE[PAGE] else {PAGE: page})


def exported(old: str, new: str) -> dict[str, Edit]:
    """Both exports with a line replaced."""
    return dict.fromkeys(EXPORTS, (old, new))


ONE = (
    "    def vendor_credits(self, info: strawberry.Info) -> list[VendorCreditType]:",
    "    def vendor_credits(self, info: strawberry.Info, id: int) -> VendorCreditType:",
)
LISTED = "  vendorCredits: [VendorCreditType!]!\n"
# The same list on pages.
PAGED: list[tuple[str, str]] = [
    (LISTED, "  vendorCredits: VendorCreditPage!\n"),
    (
        "type VendorCreditType {",
        "type VendorCreditPage {\n  total: Int!\n  items: [VendorCreditType!]!\n}\n"
        "\ntype VendorCreditType {",
    ),
]
RBAC_LINES = (
    "- `Path.VENDOR_CREDITS` and `Resource.VENDOR_CREDITS`, in the menu under Accounting\n"
    "- Backfill: `scripts/backfill_new_path_permissions.py`\n"
)


def rbac(section: str) -> dict[str, Edit]:
    """No new members, and this under RBAC of the page."""
    return {
        MEMBERS: ('    VENDOR_CREDITS = "vendor-credits"\n', ""),
        BACKFILL: ("    (Path.VENDOR_CREDITS, Resource.VENDOR_CREDITS),\n", ""),
        PAGE: (RBAC_LINES, section),
    }


BROKEN = [
    Case(
        "4.1",
        "a module of models without a model",
        NEW,
        {MODEL: HEAD},
        (f"{LACKS}model class in models/vendor_credit.py",),
    ),
    Case(
        "4.1",
        "a model that is an empty class",
        NEW,
        {MODEL: f"{HEAD}class VendorCredit:\n    pass\n"},
        (f"{LACKS}model class in models/vendor_credit.py",),
    ),
    Case(
        "4.1",
        "models that are an enum",
        NEW,
        {MODEL: f'{HEAD}from enum import Enum\n\n\nclass Kind(Enum):\n    OPEN = "open"\n'},
        (f"{LACKS}model class in models/vendor_credit.py",),
    ),
    Case(
        "4.1",
        "a module of repositories with a comment alone",
        NEW,
        {REPOSITORY: "# later\n"},
        (f"{LACKS}repository with a public method in repositories/vendor_credit_repository.py",),
    ),
    Case(
        "4.1",
        "a repository without a public method",
        NEW,
        {
            REPOSITORY: f"{HEAD}class VendorCreditRepository:\n"
            "    def __init__(self, session: object) -> None:\n        self.session = session\n"
            "\n    def _all(self) -> list[object]:\n        return []\n"
        },
        (f"{LACKS}repository with a public method in repositories/vendor_credit_repository.py",),
    ),
    Case(
        "4.1",
        "a service that is an empty class",
        NEW,
        {SERVICE: f"{HEAD}class VendorCreditService(object):\n    pass\n"},
        (f"{LACKS}service with a public method in services/vendor_credit_service.py",),
    ),
    *(
        Case(
            "4.1",
            f"a service that is still to be written: {body.strip()}",
            NEW,
            {SERVICE: f"{HEAD}{body}"},
            (f"{LACKS}service with a public method in services/vendor_credit_service.py",),
        )
        for body in (
            "class Credits:\n    def create_vendor_credit(self) -> None:\n        pass\n",
            "class Credits:\n    def delete_vendor_credit(self): raise NotImplementedError\n",
            'def create_vendor_credit() -> None:\n    """Later."""\n',
        )
    ),
    Case(
        "4.1",
        "a service that is an error",
        NEW,
        {SERVICE: f"{HEAD}class VendorCreditError(Exception):\n    pass\n"},
        (f"{LACKS}service with a public method in services/vendor_credit_service.py",),
    ),
    Case(
        "4.1",
        "a service that grows empty",
        GROWN,
        {SERVICE: f"{HEAD}class VendorCreditService:\n    ...\n"},
        (f"{LACKS}service with a public method in services/vendor_credit_service.py",),
    ),
    Case(
        "4.5",
        "a test that names nothing",
        NEW,
        {REPOSITORY_TEST: "def test_repository() -> None:\n    assert True\n"},
        (f"{LACKS}test of its repository",),
    ),
    Case(
        "4.5",
        "a test of the repository that names the model alone",
        NEW,
        of_repository(
            "def test_amount(session) -> None:\n    session.add(VendorCredit(amount=1))\n"
            "    assert session.query(VendorCredit).count() == 1\n",
            "from app.graphql.vendor_credits.models.vendor_credit import VendorCredit\n",
        ),
        (f"{LACKS}test of its repository",),
    ),
    Case(
        "4.5",
        "a test that checks nothing",
        NEW,
        of_service(
            "def test_create(session) -> None:\n"
            "    VendorCreditService(session).create_vendor_credit(1, 500)\n"
        ),
        (f"{LACKS}test of its service",),
    ),
    *(
        Case(
            "4.5",
            name,
            NEW,
            of_service(
                f"{before}def test_create(session) -> None:\n"
                "    row = VendorCreditService(session).create_vendor_credit(1, 500)\n"
                f"    {check}\n"
            ),
            (f"{LACKS}test of its service",),
        )
        for name, before, check in (
            ("a test that asserts a constant", "", "assert True"),
            ("a test that asserts two constants", "", "assert 1 == 1, 'created'"),
            ("a test that returns before it asserts", "", "return\n    assert row.amount == 500"),
            ("a test that asserts nowhere", "", "if False:\n        assert row.amount == 500"),
            ("a test that is expected not to run", "@pytest.mark.xfail(run=False)\n", "assert row"),
        )
    ),
    Case(
        "4.5",
        "a test that prints",
        NEW,
        of_repository(
            "def test_all(session) -> None:\n    print(VendorCreditRepository(session).all())\n"
        ),
        (f"{LACKS}test of its repository",),
    ),
    Case(
        "4.5",
        "a test that no runner looks for",
        NEW,
        {SERVICE_TEST: None, f"{TESTS}/check_service.py": SAMPLE[SERVICE_TEST]},
        (f"{LACKS}test of its service",),
    ),
    Case(
        "4.5",
        "a test without a body",
        NEW,
        of_service("def test_vendor_credit_service() -> None: ...\n"),
        (f"{LACKS}test of its service",),
    ),
    Case(
        "4.5",
        "a test that is skipped",
        NEW,
        of_service(
            '@pytest.mark.skip(reason="later")\ndef test_create(session) -> None:\n'
            "    assert VendorCreditService(session).create_vendor_credit(1, 500)\n",
            f"import pytest\n\n{SERVICE_IMPORT}",
        ),
        (f"{LACKS}test of its service",),
    ),
    Case(
        "4.5",
        "a test that skips itself",
        NEW,
        of_repository(
            'def test_all(session) -> None:\n    pytest.skip("later")\n'
            "    assert VendorCreditRepository(session).all() == []\n",
            f"import pytest\n\n{REPOSITORY_IMPORT}",
        ),
        (f"{LACKS}test of its repository",),
    ),
    *(
        Case(
            "4.5",
            f"a test whose assert holds always: {sure}",
            NEW,
            of_service(
                "def test_create(session) -> None:\n"
                "    VendorCreditService(session).create_vendor_credit(1, 500)\n"
                f"    assert {sure}\n"
            ),
            (f"{LACKS}test of its service",),
        )
        for sure in (
            *("True", "1 == 1", "True and 'x'", '(session, "a session")'),
            *("VendorCreditService", "VendorCreditService is not None"),
        )
    ),
    Case(
        "4.5",
        "a test of unittest that asserts nothing",
        NEW,
        of_service(
            "class TestService(unittest.TestCase):\n    def test_create(self) -> None:\n"
            "        VendorCreditService(None).create_vendor_credit(1, 500)\n"
            "        self.assertTrue(True)\n        self.assertIsNotNone(VendorCreditService)\n",
            f"import unittest\n\n{SERVICE_IMPORT}",
        ),
        (f"{LACKS}test of its service",),
    ),
    *(
        Case(
            "4.5",
            f"a test that is to fail: {mark or body}",
            NEW,
            of_service(
                f"{mark}def test_create(session) -> None:\n    {body}\n"
                "    assert VendorCreditService(session).create_vendor_credit(1, 500)\n",
                f"import pytest\n\n{SERVICE_IMPORT}",
            ),
            (f"{LACKS}test of its service",),
        )
        for mark, body in (
            ("@pytest.mark.skipif(True, reason='later')\n", "session.flush()"),
            ("@pytest.mark.xfail\n", "session.flush()"),
            ('@pytest.mark.xfail(reason="later", strict=True)\n', "session.flush()"),
            ("", 'pytest.xfail("later")'),
        )
    ),
    Case(
        "4.5",
        "a module of tests that is skipped",
        NEW,
        of_resolvers(
            "pytestmark = pytest.mark.skip\n\n\ndef test_create(session) -> None:\n"
            f"    assert schema.execute_sync({DOCUMENT}).errors is None\n",
            "import pytest\n\nfrom app.graphql.schema import schema\n",
        ),
        (f"{LACKS}test of a resolver",),
    ),
    Case(
        "4.5",
        "a class of tests that is skipped",
        NEW,
        of_service(
            '@unittest.skip("later")\nclass TestService(unittest.TestCase):\n'
            "    def test_create(self) -> None:\n"
            "        self.assertTrue(VendorCreditService(None).create_vendor_credit(1, 500))\n",
            f"import unittest\n\n{SERVICE_IMPORT}",
        ),
        (f"{LACKS}test of its service",),
    ),
    Case(
        "4.5",
        "a test of the resolvers that asks the schema nothing",
        NEW,
        of_resolvers(
            'def test_query_is_mounted() -> None:\n    assert "vendorCredits" in str(schema)\n'
        ),
        (f"{LACKS}test of a resolver",),
    ),
    Case(
        "4.5",
        "a test of the resolvers that only looks at the class",
        NEW,
        of_resolvers(
            "def test_query() -> None:\n"
            '    assert hasattr(VendorCreditQueries, "vendor_credits")\n',
            "from app.graphql.vendor_credits.queries import VendorCreditQueries\n",
        ),
        (f"{LACKS}test of a resolver",),
    ),
    Case(
        "4.5",
        "a test that stands elsewhere",
        NEW,
        moved(SERVICE_TEST, "tests/unit/test_vendor_credit_service.py"),
        (f"{LACKS}test of its service",),
    ),
    Case(
        "4.5",
        "a test that the branch skips",
        GROWN,
        {
            REPOSITORY_TEST: (
                "def test_added",
                '@pytest.mark.skip("later")\ndef test_added',
            )
        },
        (f"{LACKS}test of its repository",),
    ),
    Case(
        "4.8",
        "a query of one and none of all",
        NEW,
        {QUERIES: ONE, **exported(LISTED, "  vendorCredits(id: Int!): VendorCreditType!\n")},
        (f"{LACKS}query that lists it in {OUT}",),
    ),
    Case(
        "4.8",
        "an export that is in scope",
        NEW,
        {PAGE: (IN_SCOPE, f"{IN_SCOPE}\n- Export the credits as CSV")},
        (f"{LACKS}query or mutation to export it, which {PAGE} has in scope, in {OUT}",),
    ),
    Case(
        "4.8",
        "an export that is in scope of a page in other words",
        GROWN,
        {
            GROWN_PAGE: (
                "- A weekly reminder",
                "- A weekly reminder\n- Vendor credits can be exported",
            )
        },
        (f"{LACKS}query or mutation to export it, which {GROWN_PAGE} has in scope, in {OUT}",),
    ),
    Case(
        "4.3",
        "a new resource without a member",
        NEW,
        rbac("- A menu entry under Accounting\n- No backfill is required\n"),
        (f"{LACKS}member of Path and Resource",),
    ),
    Case(
        "4.3",
        "a member of Path alone",
        NEW,
        {
            MEMBERS: (
                f'{RESOURCE}    VENDOR_CREDITS = "vendor-credits"\n',
                RESOURCE,
            )
        },
        (
            f"{MEMBERS}:11:1: rbac-enums-in-sync: Resource lacks VENDOR_CREDITS, which Path has at"
            f" {MEMBERS}:8",
        ),
    ),
    Case(
        "4.3",
        "a member without backfill",
        NEW,
        {BACKFILL: ("    (Path.VENDOR_CREDITS, Resource.VENDOR_CREDITS),\n", "")},
        (f"{MEMBERS}:8:5: rbac-backfill-present: no backfill script handles VENDOR_CREDITS",),
    ),
]
HONEST = [
    Case(
        "4.5",
        "a test of a name that the team chose",
        NEW,
        {
            SERVICE_TEST: None,
            f"{TESTS}/check_service.py": SAMPLE[SERVICE_TEST],
            "pytest.ini": "[pytest]\npython_files = check_*.py test_*.py\n",
        },
    ),
    Case(
        "4.1",
        "a model that is a table",
        NEW,
        {
            MODEL: f"{HEAD}import sqlalchemy as sa\n\nfrom app.database import Base\n\n"
            'vendor_credits = sa.Table("vendor_credits", Base.metadata, sa.Column('
            '"id", sa.Integer, primary_key=True, comment="Surrogate key"))\n'
        },
    ),
    Case(
        "4.1",
        "models that another module holds",
        NEW,
        {
            f"{HOME}/models/__init__.py": "from .vendor_credit import VendorCredit\n\n"
            '__all__ = ["VendorCredit"]\n'
        },
    ),
    Case(
        "4.1",
        "a model with a decorator",
        NEW,
        {
            MODEL: (
                "class VendorCredit(Base):",
                "@Base.registry.mapped\nclass VendorCredit:",
            )
        },
    ),
    Case(
        "4.1",
        "a repository that inherits all",
        NEW,
        {
            REPOSITORY: f"{HEAD}from app.graphql.vendors.repositories.vendor_repository import"
            " VendorRepository\n\n\nclass VendorCreditRepository(VendorRepository):\n    pass\n"
        },
    ),
    Case(
        "4.1",
        "a repository that a call makes",
        NEW,
        {
            REPOSITORY: f"{HEAD}from app.database import repository_of\n\n"
            'VendorCreditRepository = repository_of("vendor_credits")\n'
        },
    ),
    Case(
        "4.1",
        "a service with one async method",
        NEW,
        {
            SERVICE: (
                "class VendorCreditService:",
                "class VendorCreditError(Exception):\n    pass\n\n\nclass VendorCreditService:",
            )
        },
    ),
    Case(
        "4.1",
        "a service that another class fills in",
        NEW,
        {
            SERVICE: f"{HEAD}from typing import Protocol\n\n\n"
            "class Credits(Protocol):\n    def create_vendor_credit(self) -> None: ...\n"
        },
    ),
    Case(
        "4.1",
        "a service that is a dataclass",
        NEW,
        {
            SERVICE: [
                ("class VendorCreditService:", "@dataclass\nclass VendorCreditService:"),
                (
                    "    def __init__(self, repository: VendorCreditRepository) -> None:\n"
                    "        self.repository = repository\n",
                    "    repository: VendorCreditRepository\n",
                ),
                (
                    "from app.graphql.vendor_credits.models",
                    "from dataclasses import dataclass\n\nfrom app.graphql.vendor_credits.models",
                ),
            ]
        },
    ),
    Case(
        "4.5",
        "a test in a class with a base of tests",
        NEW,
        of_repository(
            "class TestVendorCredits(RepositoryTests):\n    repository = VendorCreditRepository\n",
            f"from tests.contracts import RepositoryTests\n\n{REPOSITORY_IMPORT}",
        ),
    ),
    Case(
        "4.5",
        "a test whose fixture a plugin has",
        NEW,
        {
            REPOSITORY_TEST: "def test_all(vendor_credits) -> None:\n"
            "    assert vendor_credits.all() == []\n"
        },
    ),
    Case(
        "4.5",
        "a test whose fixture makes the repository",
        NEW,
        {
            f"{TESTS}/conftest.py": f"import pytest\n\n{REPOSITORY_IMPORT}\n\n@pytest.fixture\n"
            "def credits(session):\n    return VendorCreditRepository(session)\n",
            REPOSITORY_TEST: "def test_all(credits) -> None:\n    assert credits.all() == []\n",
        },
    ),
    Case(
        "4.5",
        "a test that fails where nothing is raised",
        NEW,
        of_service(
            "def test_create(session) -> None:\n    try:\n"
            "        VendorCreditService(session).create_vendor_credit(1, None)\n"
            "        assert False\n    except ValueError:\n        pass\n"
        ),
    ),
    Case(
        "4.5",
        "a test that raises",
        NEW,
        of_service(
            "def test_unknown(session) -> None:\n    with pytest.raises(LookupError):\n"
            "        VendorCreditService(session).delete_vendor_credit(9)\n",
            f"import pytest\n\n{SERVICE_IMPORT}",
        ),
    ),
    Case(
        "4.5",
        "a test with a helper that asserts",
        NEW,
        of_service(
            "def is_listed(service, row) -> None:\n"
            "    assert row in service.list_vendor_credits()\n"
            "\n\ndef test_create(session) -> None:\n    service = VendorCreditService(session)\n"
            "    is_listed(service, service.create_vendor_credit(1, 500))\n"
        ),
    ),
    Case(
        "4.5",
        "a test with a helper of another file",
        NEW,
        of_service(
            "def test_create(session) -> None:\n    service = VendorCreditService(session)\n"
            "    listed(service, service.create_vendor_credit(1, 500))\n",
            f"from tests.helpers import listed\n\n{SERVICE_IMPORT}",
        ),
    ),
    Case(
        "4.5",
        "a mock that is asserted",
        NEW,
        of_service(
            "def test_create() -> None:\n    repository = Mock()\n"
            "    VendorCreditService(repository).create_vendor_credit(1, 500)\n"
            "    repository.add.assert_called_once()\n",
            f"from unittest.mock import Mock\n\n{SERVICE_IMPORT}",
        ),
    ),
    Case(
        "4.5",
        "a test that is skipped on a condition",
        NEW,
        of_service(
            '@pytest.mark.skipif(sys.platform == "win32", reason="no database")\n'
            "def test_create(session) -> None:\n"
            "    assert VendorCreditService(session).create_vendor_credit(1, 500)\n",
            f"import sys\n\nimport pytest\n\n{SERVICE_IMPORT}",
        ),
    ),
    *(
        Case(
            "4.5",
            f"a test that is to fail on a condition: {condition}",
            NEW,
            of_service(
                f"@pytest.mark.xfail({condition}, reason='no database')\n"
                "def test_create(session) -> None:\n"
                "    assert VendorCreditService(session).create_vendor_credit(1, 500)\n",
                f"import sys\n\nimport pytest\n\n{SERVICE_IMPORT}",
            ),
        )
        for condition in ("sys.platform == 'win32'", "\"sys.platform == 'win32'\"", "False")
    ),
    *(
        Case(
            "4.5",
            f"an assert that can fail: {ends.strip()}",
            NEW,
            of_service(
                "def test_create(session) -> None:\n"
                "    row = VendorCreditService(session).create_vendor_credit(1, 500)\n"
                f"{ends}"
            ),
        )
        for ends in (
            "    assert row\n",
            "    assert row is not None\n",
            "    assert 500 == row.amount\n",
            "    try:\n        row.pay()\n        assert False\n"
            "    except ValueError:\n        pass\n",
        )
    ),
    Case(
        "4.5",
        "a skipped test beside another",
        NEW,
        {
            SERVICE_TEST: (
                "def test_created",
                "@pytest.mark.skip\ndef test_later() -> None:\n    assert False\n\n\n"
                "def test_created",
            )
        },
    ),
    Case(
        "4.5",
        "a test that skips itself on a condition",
        NEW,
        {
            SERVICE_TEST: (
                "    service = VendorCreditService",
                "    if session is None:\n        pytest.skip()\n    service = VendorCreditService",
            )
        },
    ),
    Case(
        "4.5",
        "a resolver that is asked over HTTP",
        NEW,
        of_resolvers(
            "def test_list(client) -> None:\n"
            '    answer = client.post("/graphql", json={"query": "{ vendorCredits { id } }"})\n'
            "    assert answer.status_code == 200\n",
            "",
        ),
    ),
    Case(
        "4.5",
        "a resolver that is called",
        NEW,
        of_resolvers(
            "def test_list(info) -> None:\n"
            "    assert VendorCreditQueries().vendor_credits(info) == []\n",
            "from app.graphql.vendor_credits.queries import VendorCreditQueries\n",
        ),
    ),
    Case(
        "4.5",
        "an operation that stands in a file of its own",
        NEW,
        of_resolvers(
            "def test_list(session) -> None:\n"
            '    asked = Path(__file__).with_name("list.graphql").read_text()\n'
            "    assert schema.execute_sync(asked).errors is None\n",
            "from pathlib import Path\n\nfrom app.graphql.schema import schema\n",
        ),
    ),
    Case(
        "4.5",
        "an operation that a helper executes",
        NEW,
        of_resolvers(
            "def ask(text: str) -> object:\n    return schema.execute_sync(text)\n\n\n"
            f"def test_create(session) -> None:\n    assert ask({DOCUMENT})\n"
        ),
    ),
    Case(
        "4.5",
        "a test deeper in the folder of the resource",
        NEW,
        moved(SERVICE_TEST, f"{TESTS}/services/test_crud.py"),
    ),
    Case(
        "4.5",
        "a test in the folder of the resource of another suite",
        NEW,
        moved(SERVICE_TEST, "tests/integration/vendor_credits/test_vendor_credit_service.py"),
    ),
    Case(
        "4.5",
        "all tests in one file",
        NEW,
        {
            REPOSITORY_TEST: None,
            SERVICE_TEST: None,
            f"{TESTS}/test_all.py": SAMPLE[REPOSITORY_TEST]
            + "\n\n".join(SAMPLE[SERVICE_TEST].split("\n\n\n", 1)[:1])
            + "\n\n\n"
            + SAMPLE[SERVICE_TEST].partition("\n\n\n")[2],
        },
    ),
    Case(
        "4.8",
        "a list that is a connection",
        NEW,
        {
            QUERIES: ("list[VendorCreditType]:", "VendorCreditPage:"),
            TYPES: (
                "    amount: int\n",
                "    amount: int\n\n\n@strawberry.type\nclass VendorCreditPage:\n"
                "    total: int\n    items: list[VendorCreditType]\n",
            ),
            PAGE: ("- Type: `VendorCreditType`", "- Types: `VendorCreditType`, `VendorCreditPage`"),
            **dict.fromkeys(EXPORTS, PAGED),
        },
    ),
    Case(
        "4.8",
        "an export that is out of scope",
        NEW,
        {
            PAGE: (
                "- Applying a credit to a bill\n\n## Data",
                "- Applying a credit to a bill\n- Exporting the credits as CSV\n\n## Data",
            )
        },
    ),
    Case(
        "4.8",
        "an export of the schema in scope",
        NEW,
        {PAGE: (IN_SCOPE, f"{IN_SCOPE}\n- The exported schema has all of it")},
    ),
    Case(
        "4.8",
        "an export that is there",
        NEW,
        {
            QUERIES: (
                "    @strawberry.field\n",
                "    @strawberry.field\n    def export_vendor_credits(self) -> str:\n"
                '        return "id,amount"\n\n    @strawberry.field\n',
            ),
            **exported(LISTED, f"  exportVendorCredits: String!\n{LISTED}"),
            PAGE: [
                (IN_SCOPE, f"{IN_SCOPE}\n- Export the credits as CSV"),
                ("- Query: `vendorCredits`", "- Queries: `vendorCredits`, `exportVendorCredits`"),
            ],
        },
    ),
    Case(
        "4.8",
        "an export that waits",
        NEW,
        {
            PAGE: [
                (IN_SCOPE, f"{IN_SCOPE}\n- Export the credits as CSV"),
                (
                    "- Applying a credit to a bill: waits",
                    "- Export the credits as CSV: waits for the report server\n"
                    "- Applying a credit to a bill: waits",
                ),
            ]
        },
    ),
    Case("4.3", "a resource that RBAC leaves alone", NEW, rbac("None\n")),
    Case(
        "4.3",
        "a resource under a path that exists",
        NEW,
        rbac("- Guarded by the existing `Path.VENDORS` and `Resource.VENDORS`, no menu entry\n"),
    ),
    Case(
        "4.3",
        "a member under another name",
        NEW,
        {
            MEMBERS: ("VENDOR_CREDITS", "CREDIT_NOTES"),
            BACKFILL: ("VENDOR_CREDITS", "CREDIT_NOTES"),
            PAGE: ("VENDOR_CREDITS", "CREDIT_NOTES"),
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_resources(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds
