"""tests-with-code: exact findings, what it must leave alone, and both sides of a branch."""

from __future__ import annotations

import ast
import subprocess

import pytest
from tests.repository import Project, Run

from definition_of_done.readers.python import read_module

ID = "tests-with-code"
FOLDER = "app/graphql/vendors"
SERVICE = f"{FOLDER}/services/vendor_service.py"
REPOSITORY = f"{FOLDER}/repositories/vendor_repository.py"
QUERIES = f"{FOLDER}/queries.py"
TYPES = f"{FOLDER}/types.py"
TEST = "tests/graphql/vendors/test_vendor_service.py"
OTHER = "app/graphql/vendor_credits/services/vendor_credit_service.py"
CLOCK = "from app.clock import now\n"
CLEAN = "no findings ("

SERVICE_CODE = '''\
"""Vendors."""

from app.clock import now
from app.graphql.vendors.repositories.vendor_repository import VendorRepository


class VendorService:
    """What can be done with vendors."""

    def __init__(self, repository: VendorRepository) -> None:
        self.repository = repository

    def list_vendors(self) -> list[str]:
        """All of them."""
        return self.repository.all()  # sorted

    def touch(self, id: int) -> None:
        row: object = self.repository.get(id)
        row.seen = now()

    def _check(self, id: int) -> bool:
        return id > 0

    @property
    def count(self) -> int:
        return 1


def pay_all(rows: list[str]) -> int:
    return len(rows)
'''
TYPES_CODE = """\
import strawberry


@strawberry.type
class VendorType:
    id: int

    @strawberry.field(description="The name")
    def title(self, info) -> str:
        return str(self.id)

    @classmethod
    def of(cls, row: object) -> "VendorType":
        return cls(id=row.id)
"""
QUERIES_CODE = """\
import strawberry


def read_vendors(info) -> list[str]:
    return info.context["vendors"]


@strawberry.type
class VendorQueries:
    vendors: list[str] = strawberry.field(resolver=read_vendors)

    @strawberry.field
    def vendor_count(self, info) -> int:
        return len(read_vendors(info))
"""
TEST_CODE = '''\
"""VendorService."""

from app.graphql.vendors.services.vendor_service import VendorService

CASES = [1, 2]


class TestList:
    def test_lists(self) -> None:
        """None at first."""
        assert VendorService(None).list_vendors() == []


def test_touches() -> None:
    assert VendorService(None).touch(1) is None
'''
BASE = {
    SERVICE: SERVICE_CODE,
    REPOSITORY: "class VendorRepository:\n    def all(self) -> list[str]:\n        return []\n",
    QUERIES: QUERIES_CODE,
    TYPES: TYPES_CODE,
    TEST: TEST_CODE,
    OTHER: "class VendorCreditService:\n    def pay(self):\n        return 1\n",
    "tests/graphql/vendor_credits/test_it.py": "def test_it(): ...\n",
    "tests/conftest.py": "def helper(): ...\n",
    "app/clock.py": "def now(): ...\n",
}
CHANGED = SERVICE_CODE.replace("repository.all()", "repository.some()")


def start(project: Project, files: dict[str, str] | None = None) -> None:
    """Lay the base on main and check a branch out."""
    project.lay(BASE | (files or {}))
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")


def said(place: str, verb: str, what: str, test: str = TEST, resource: str = "vendors") -> str:
    return (
        f"{place}: {ID}: the branch {verb} {what} of resource {resource},"
        " and neither adds nor changes a test of it\n"
        f"    help: add a test to {test}\n"
    )


def with_method(name: str, body: str = "return 2") -> str:
    return SERVICE_CODE.replace(
        "    def _check", f"    def {name}(self):\n        {body}\n\n    def _check"
    )


@pytest.mark.parametrize(
    ("path", "code", "place", "verb", "what"),
    [
        (SERVICE, with_method("merge"), "21:5", "adds", "VendorService.merge"),
        (SERVICE, CHANGED, "13:5", "changes", "VendorService.list_vendors"),
        (
            SERVICE,
            with_method("merge").replace("len(rows)", "0"),
            "21:5",
            "adds and changes",
            "VendorService.merge and pay_all",
        ),
        # A signature, a default, a decorator, an await, and what a name is imported from.
        (
            SERVICE,
            SERVICE_CODE.replace("touch(self, id", "touch(self, key, id"),
            "17:5",
            "changes",
            "VendorService.touch",
        ),
        (
            SERVICE,
            SERVICE_CODE.replace("rows: list[str]", "rows: list[str] = ()"),
            "29:1",
            "changes",
            "pay_all",
        ),
        (
            SERVICE,
            SERVICE_CODE.replace("def pay_all", "@cache\ndef pay_all"),
            "30:1",
            "changes",
            "pay_all",
        ),
        (
            SERVICE,
            SERVICE_CODE.replace("def pay_all", "async def pay_all"),
            "29:1",
            "changes",
            "pay_all",
        ),
        (
            SERVICE,
            SERVICE_CODE.replace("return len(rows)", "return sum(rows)"),
            "29:1",
            "changes",
            "pay_all",
        ),
        (
            SERVICE,
            SERVICE_CODE.replace("row.seen", "id.seen"),
            "17:5",
            "changes",
            "VendorService.touch",
        ),
        (
            SERVICE,
            SERVICE_CODE.replace("row: object", "global row; row"),
            "17:5",
            "changes",
            "VendorService.touch",
        ),
        (SERVICE, SERVICE_CODE.replace("rows", "vendors"), "29:1", "changes", "pay_all"),
        # What has another name is another method.
        (
            SERVICE,
            SERVICE_CODE.replace("def touch", "def see"),
            "17:5",
            "adds",
            "VendorService.see",
        ),
        (SERVICE, SERVICE_CODE.replace("_check", "check"), "21:5", "adds", "VendorService.check"),
        (
            SERVICE,
            "class A:\n" + "".join(f"    def {name}(self): return 1\n" for name in "abcde"),
            "2:5",
            "adds",
            "A.a, A.b, A.c and 2 more",
        ),
        (
            REPOSITORY,
            BASE[REPOSITORY].replace("[]", "[1]"),
            "2:5",
            "changes",
            "VendorRepository.all",
        ),
        (f"{FOLDER}/repositories.py", "def find(x): return x\n", "1:1", "adds", "find"),
        (
            QUERIES,
            QUERIES_CODE.replace("len(", "1 + len("),
            "13:5",
            "changes",
            "VendorQueries.vendor_count",
        ),
        (QUERIES, QUERIES_CODE.replace('["vendors"]', '["all"]'), "4:1", "changes", "read_vendors"),
        (
            TYPES,
            TYPES_CODE.replace("str(self.id)", "repr(self.id)"),
            "9:5",
            "changes",
            "VendorType.title",
        ),
        (
            TYPES,
            TYPES_CODE.replace("(desc", "(name='x', desc"),
            "9:5",
            "changes",
            "VendorType.title",
        ),
        (
            f"{FOLDER}/mutations/__init__.py",
            "class M:\n    def go(self): return 1\n",
            "2:5",
            "adds",
            "M.go",
        ),
        (
            f"{FOLDER}/subscriptions.py",
            "class S:\n    async def go(self): yield 1\n",
            "2:5",
            "adds",
            "S.go",
        ),
        (f"{FOLDER}/resolvers/x.py", "def go(): return 1\n", "1:1", "adds", "go"),
    ],
)
def test_findings(
    path: str, code: str, place: str, verb: str, what: str, project: Project, run: Run
) -> None:
    start(project)
    project.lay({path: code})
    parts = {"services": "service", "repositories": "repository"}
    part = next((parts[name] for name in parts if name in path), "resolvers")
    # The chain proposes the same.
    test = f"tests/graphql/vendors/test_vendor_{part}.py"
    found = said(f"{path}:{place}", verb, what, test)
    assert run(ID) == (1, f"{found}1 finding in 1 file\n", "")
    # A test of the resource, and it is quiet.
    project.lay({TEST: TEST_CODE + "\n\ndef test_more() -> None:\n    assert 1\n"})
    assert run(ID)[0] == 0


@pytest.mark.parametrize(
    ("path", "code"),
    [
        # Comments, docstrings, layout, annotations, imports.
        (SERVICE, SERVICE_CODE.replace("# sorted", "# in order")),
        (SERVICE, SERVICE_CODE.replace("All of them.", "Each of them.")),
        (SERVICE, SERVICE_CODE.replace('        """All of them."""\n', "")),
        (
            SERVICE,
            SERVICE_CODE.replace("self.repository.all()", "(\n  self.repository\n  .all()\n)"),
        ),
        (SERVICE, SERVICE_CODE.replace("rows: list[str]) -> int", "rows)")),
        (SERVICE, SERVICE_CODE.replace("row: object =", "row =")),
        (
            SERVICE,
            SERVICE_CODE.replace("row: object", "vendor").replace("row.seen", "vendor.seen"),
        ),
        (SERVICE, SERVICE_CODE.replace("def pay_all(", "def pay_all[T](")),
        (SERVICE, SERVICE_CODE.replace(CLOCK, "import os\n" + CLOCK)),
        (
            SERVICE,
            SERVICE_CODE.replace(CLOCK, "from app import clock\n").replace("now()", "clock.now()"),
        ),
        (
            SERVICE,
            SERVICE_CODE.replace(CLOCK, "from app.clock import now as at\n").replace(
                "now()", "at()"
            ),
        ),
        (SERVICE, SERVICE_CODE.replace(CLOCK, "").replace("  row: ", f"  {CLOCK}        row: ")),
        # What is not public, no function, or has no code.
        (SERVICE, SERVICE_CODE.replace("id > 0", "id > 1")),
        (SERVICE, SERVICE_CODE.replace("return 1", "return 2")),
        (SERVICE, SERVICE_CODE.replace("self.repository = repository", "self.repository = None")),
        (SERVICE, SERVICE_CODE + "\n\nLIMIT = 3\n\n\ndef _help():\n    return 1\n"),
        (SERVICE, SERVICE_CODE + "\n\nclass _Help:\n    def go(self):\n        return 1\n"),
        (
            SERVICE,
            SERVICE_CODE
            + "\n\nclass VendorError(Exception):\n    def text(self):\n        return 1\n",
        ),
        (
            SERVICE,
            SERVICE_CODE + "\n\n@dataclass\nclass Row:\n    def text(self):\n        return 1\n",
        ),
        (SERVICE, with_method("later", "raise NotImplementedError")),
        (SERVICE, with_method("later", '"""Later."""')),
        (SERVICE, with_method("later", "...")),
        # What goes, moves or is another class now.
        (SERVICE, SERVICE_CODE.replace("    def touch", "    def _touch")),
        (SERVICE, SERVICE_CODE.partition("\n\ndef pay_all")[0] + "\n"),
        (SERVICE, None),
        (SERVICE, SERVICE_CODE.replace("class VendorService", "class Vendors")),
        (
            SERVICE,
            "def pay_all(rows):\n    return len(rows)\n\n\n"
            + SERVICE_CODE.partition("\n\ndef pay_all")[0],
        ),
        # Of the schema, not of the code.
        (TYPES, TYPES_CODE.replace("The name", "Its name")),
        (TYPES, TYPES_CODE.replace('(description="The name")', "")),
        (TYPES, TYPES_CODE.replace("(self, info)", "(self)")),
        (TYPES, TYPES_CODE.replace("cls(id=row.id)", "cls(id=row.pk)")),
        (TYPES, TYPES_CODE.replace("    id: int\n", "    id: int\n    name: str\n")),
        # Other files.
        (f"{FOLDER}/models.py", "def new(): return 1\n"),
        (f"{FOLDER}/tasks/x.py", "def new(): return 1\n"),
        (f"{FOLDER}/helpers.py", "def new(): return 1\n"),
        (f"{FOLDER}/services/README.md", "def new(): return 1\n"),
        (f"{FOLDER}/tests/services/x.py", "def new(): return 1\n"),
        ("app/graphql/services.py", "def new(): return 1\n"),
        ("app/graphql/common/services/x.py", "def new(): return 1\n"),
        ("lib/services/x.py", "def new(): return 1\n"),
        (f"{FOLDER}/services/__init__.py", "from .vendor_service import VendorService\n"),
    ],
)
def test_leaves_alone(path: str, code: str | None, project: Project, run: Run) -> None:
    import sys

    if code and "[T]" in code and sys.version_info < (3, 12):
        pytest.skip("the grammar is newer")
    start(project)
    assert code != BASE.get(path)
    project.lay({path: code})
    assert run(ID)[::2] == (0, "")


def test_moved_files(project: Project, run: Run) -> None:
    start(project)
    project.git("mv", SERVICE, f"{FOLDER}/services/renamed.py")
    project.git("mv", FOLDER, "app/graphql/suppliers")
    assert run(ID)[::2] == (0, "")
    # The class goes into a package, beside a helper that is new.
    project.git("mv", "app/graphql/suppliers", FOLDER)
    split = f"{FOLDER}/services/parts/service.py"
    project.lay({f"{FOLDER}/services/renamed.py": None, split: SERVICE_CODE + "\n\nX = 1\n"})
    assert run(ID)[::2] == (0, "")
    project.lay({split: CHANGED})
    found = said(
        f"{split}:13:5",
        "changes",
        "VendorService.list_vendors",
        "tests/graphql/vendors/test_vendor_service.py",
    )
    assert run(ID)[1].startswith(found)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (TEST, TEST_CODE.replace("touch(1)", "touch(2)")),
        (TEST, TEST_CODE.replace("== []", "== [1]")),
        (TEST, TEST_CODE.replace("[1, 2]", "[1, 2, 3]")),
        (
            TEST,
            TEST_CODE.replace("def test_touches() -> None:", "@slow\ndef test_touches() -> None:"),
        ),
        (TEST, TEST_CODE + "\n\nclass TestMore(Base):\n    service = VendorService\n"),
        ("tests/graphql/vendors/test_new.py", "def test_it(): assert 1\n"),
        ("tests/graphql/vendors/deep/it_test.py", "def test_it(): assert 1\n"),
        ("tests/vendors/test_it.py", "def test_it(): assert 1\n"),
        ("tests/unit/test_vendor_service.py", "def test_it(): assert 1\n"),
        ("tests/test_vendor.py", "def test_it(): assert 1\n"),
        ("tests/vendor/tests.py", "def test_it(): assert 1\n"),
        (f"{FOLDER}/tests/test_it.py", "def test_it(): assert 1\n"),
        (f"{FOLDER}/test_it.py", "def test_it(): assert 1\n"),
        (f"{FOLDER}/tests.py", "def test_it(): assert 1\n"),
        # By what it imports, names or speaks of.
        (
            "tests/test_it.py",
            "from app.graphql.vendors.models import X\n\ndef test_it(): assert X\n",
        ),
        (
            "tests/test_it.py",
            "from app.graphql import (\n  vendors as v)\n\ndef test_it(): assert v\n",
        ),
        ("tests/test_it.py", "def test_it(): patch('app.graphql.vendors.services.x')\n"),
        (
            "tests/test_it.py",
            "from services import VendorService as S\n\ndef test_it(): assert S\n",
        ),
        ("tests/test_it.py", "def test_it(): run('''\n{ vendors { id } }''')\n"),
        ("tests/test_it.py", "def test_it(): run('mutation { createVendor { id } }')\n"),
        ("tests/test_it.py", "def test_it(client): client.listVendors()\n"),
        ("tests/test_it.py", "def test_the_vendor_page(): assert 1\n"),
        ("e2e/checks.py", "def test_it(): run('{ vendors }')\n"),
        ("tests/graphql/vendor_credits/test_it.py", "def test_pays(vendor): assert vendor\n"),
        ("tests/graphql/vendor_credits/test_it.py", "def test_it(): VendorService()\n"),
        # The data of tests.
        ("tests/graphql/vendors/cases.json", "[]"),
        ("tests/graphql/__snapshots__/test_vendors.ambr", "x"),
        ("tests/features/vendors.feature", "x"),
        # What cannot be read cannot be called no test.
        ("tests/graphql/vendors/test_it.py", "def test_it(:\n"),
    ],
)
def test_tests_of_the_resource(path: str, code: str, project: Project, run: Run) -> None:
    start(project)
    project.lay({SERVICE: CHANGED})
    assert run(ID)[0] == 1
    project.lay({path: code})
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (TEST, None),
        (TEST, TEST_CODE + "# list_vendors is tested later\n"),
        (TEST, TEST_CODE.replace("None at first.", "No vendor at first.")),
        (TEST, TEST_CODE.replace("def test_touches() -> None:", "def test_touches():")),
        (
            TEST,
            TEST_CODE.replace(
                "def test_touches() -> None:\n", "def test_touches() -> None:\n    # why\n\n"
            ),
        ),
        (TEST, TEST_CODE.partition("\n\ndef test_touches")[0] + "\n"),
        (TEST, "import pytest\n" + TEST_CODE),
        # A type and no value runs nothing.
        (TEST, TEST_CODE + "\n\nwaiting: int\n"),
        (TEST, TEST_CODE.replace("CASES = [1, 2]\n", "")),
        ("tests/graphql/vendors/test_new.py", '"""Later."""\n\nimport pytest\n'),
        ("tests/graphql/vendors/__init__.py", "X = 1\n"),
        ("tests/graphql/vendors/conftest.py", "def vendor(): return VendorService()\n"),
        ("tests/graphql/vendors/README.md", "# Later\n"),
        # Tests of other things.
        ("tests/test_it.py", "def test_it(): assert 1\n"),
        ("tests/test_it.py", "# vendors\n\ndef test_it(): assert 1\n"),
        ("tests/test_vendored.py", "def test_it(): assert vendoring\n"),
        ("tests/graphql/vendor_credits/test_vendor_credit_service.py", "def test_it(): assert 1\n"),
        (
            "tests/graphql/vendor_credits/test_it.py",
            "def test_pays(): VendorCreditService().pay(vendor_id=1)\n",
        ),
        (
            "tests/graphql/vendor_credits/test_it.py",
            "def test_it(): run('{ vendorCredits(vendorId: 1) }')\n",
        ),
        (
            "tests/test_it.py",
            "from app.graphql.vendor_credits import x\n\ndef test_it(): assert x\n",
        ),
    ],
)
def test_no_tests_of_the_resource(path: str, code: str | None, project: Project, run: Run) -> None:
    start(project)
    project.lay({SERVICE: CHANGED, path: code})
    found = said(f"{SERVICE}:13:5", "changes", "VendorService.list_vendors")
    assert run(ID) == (1, f"{found}1 finding in 1 file\n", "")


def test_a_moved_test_is_not_new(project: Project, run: Run) -> None:
    start(project)
    project.lay({SERVICE: CHANGED})
    project.git("mv", TEST, "tests/graphql/vendors/test_moved.py")
    assert run(ID)[0] == 1


@pytest.mark.parametrize(
    ("path", "code", "word", "silent"),
    [
        (QUERIES, QUERIES_CODE.replace("def vendor_count", "def total"), "total", True),
        (QUERIES, QUERIES_CODE.replace("def vendor_count", "def total"), "totals_up", True),
        (SERVICE, with_method("find_all"), "findAll", True),
        # One word is the name of much else.
        (SERVICE, with_method("find"), "find", False),
        (TYPES, TYPES_CODE.replace("str(self.id)", "1"), "title", False),
    ],
)
def test_tests_that_name_what_changed(
    path: str, code: str, word: str, silent: bool, project: Project, run: Run
) -> None:
    start(project)
    project.lay({path: code, "tests/test_it.py": f"def test_it(): assert {word}\n"})
    assert run(ID)[0] == (0 if silent else 1)


@pytest.mark.parametrize(
    ("resource", "word", "silent"),
    [
        ("people", "pays_a_person", True),
        ("people", "PeopleService", True),
        ("categories", "theCategory", True),
        ("addresses", "billing_address", True),
        ("statuses", "status", True),
        ("api_keys", "APIKey", True),
        ("api_keys", "apikeys", True),
        ("api_keys", "api_key_id", False),
        ("categories", "categorical", False),
        ("bills", "billing", False),
        ("addresses", "dresses", False),
        # No word that can be compared.
        ("\u5546\u54c1", "price", False),
    ],
)
def test_names_in_their_forms(
    resource: str, word: str, silent: bool, project: Project, run: Run
) -> None:
    start(project)
    code = "class S:\n    def go(self): return 1\n"
    project.lay({
        f"app/graphql/{resource}/services/s.py": code,
        "tests/test_it.py": f"def test_it(): assert {word}\n",
    })  # fmt: skip
    assert run(ID)[0] == (0 if silent else 1)


def test_the_folder_of_the_tests(project: Project, run: Run) -> None:
    project.lay({
        "src/app/graphql/x/types.py": "",
        "checks/test_it.py": "def test_it(): ...\n",
        "pyproject.toml": '[tool.definition-of-done]\nresources = "src/app/graphql"\n'
        'tests = "checks"\n',
    })  # fmt: skip
    start(project)
    project.lay({"src/app/graphql/bills/services.py": "def go(): return 1\n"})
    assert "add a test to checks/graphql/bills/test_bill_service.py\n" in run(ID)[1]


def test_one_finding_for_each_resource(project: Project, run: Run) -> None:
    start(project)
    project.lay({
        SERVICE: CHANGED,
        QUERIES: QUERIES_CODE.replace("len(", "1 + len("),
        OTHER: BASE[OTHER].replace("1", "2"),
    })  # fmt: skip
    test = "tests/graphql/{0}/test_{1}.py"
    assert run(ID)[1] == (
        said(
            f"{OTHER}:2:5",
            "changes",
            "VendorCreditService.pay",
            test.format("vendor_credits", "vendor_credit_service"),
            "vendor_credits",
        )
        + said(
            f"{QUERIES}:13:5",
            "changes",
            "VendorQueries.vendor_count and VendorService.list_vendors",
            test.format("vendors", "vendor_resolvers"),
        )
        + "2 findings in 2 files\n"
    )
    project.lay({"tests/graphql/vendor_credits/test_it.py": "def test_it(): assert 1\n"})
    assert run(ID)[1].endswith("1 finding in 1 file\n")


def test_tests_beside_the_code(project: Project, run: Run) -> None:
    inside = f"{FOLDER}/tests/test_it.py"
    project.lay({"pyproject.toml": '[tool.definition-of-done]\nresources = "app/graphql"\n'})
    start(project, {inside: "def test_it(): ...\n"})
    project.lay({TEST: None})
    project.git("commit", "-qm", "move")
    project.lay({SERVICE: CHANGED})
    assert f"add a test to {FOLDER}/tests/test_vendor_service.py\n" in run(ID)[1]


def test_other_folders(project: Project, run: Run) -> None:
    project.lay({
        "pyproject.toml": '[tool.definition-of-done]\nresources = "api"\nresources-ignore = ["x"]\n'
    })  # fmt: skip
    start(project, {"api/x/a.py": ""})
    code = "def go(): return 1\n"
    project.lay({SERVICE: CHANGED, "api/x/services.py": code, "api/bills/services.py": code})
    place, test = "api/bills/services.py:1:1", "tests/bills/test_bill_service.py"
    assert run(ID)[1] == said(place, "adds", "go", test, "bills") + "1 finding in 1 file\n"


def test_a_feature_in_several_commits_and_an_amended_one(project: Project, run: Run) -> None:
    start(project)
    project.lay({SERVICE: CHANGED})
    found = run(ID)
    assert found[0] == 1
    project.git("commit", "-qm", "code")
    assert run(ID) == found
    assert run(ID, "--base", "main") == found
    tested = TEST_CODE.replace("== []", "== [1]")
    project.lay({TEST: tested})
    assert run(ID)[0] == 0
    project.git("commit", "-qm", "test")
    # The test of an earlier commit is one of the branch.
    project.lay({SERVICE: CHANGED.replace("len(rows)", "0")})
    assert run(ID)[0] == 0
    project.git("commit", "-q", "--amend", "--no-edit")
    assert run(ID)[0] == 0
    # A test that goes again leaves the code without one.
    project.lay({TEST: TEST_CODE})
    assert run(ID)[0] == 1
    project.git("checkout", "-qf", "main")
    assert run(ID)[:2] == (0, f"{CLEAN}0 files judged)\n")


def test_what_does_not_concern_it(project: Project, run: Run) -> None:
    start(project)
    project.lay({SERVICE: CHANGED})
    project.git("commit", "-qm", "code")
    project.lay({"docs/x.md": "x", "app/clock.sql": "select 1\n"})
    assert run(ID)[:2] == (0, f"{CLEAN}0 files judged)\n")


def test_the_first_commit(project: Project, run: Run) -> None:
    project.lay({SERVICE: SERVICE_CODE})
    assert run(ID)[0] == 1
    project.lay({TEST: TEST_CODE})
    assert run(ID)[0] == 0


def test_merges_and_pulls(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start(project)
    project.lay({OTHER: BASE[OTHER] + "\n\nX = 1\n"})
    project.git("commit", "-qm", "feature")
    project.git("checkout", "-q", "main")
    project.lay({SERVICE: CHANGED})
    project.git("commit", "-qm", "of somebody else")
    project.git("checkout", "-q", "feature")
    project.git("merge", "-q", "--no-commit", "--no-ff", "main")
    assert run(ID)[::2] == (0, "")
    project.git("commit", "-qm", "merge")
    assert run(ID)[::2] == (0, "")
    project.lay({SERVICE: SERVICE_CODE.replace("len(rows)", "0")})
    assert run(ID)[0] == 1
    monkeypatch.setenv("GIT_REFLOG_ACTION", "pull --rebase")
    assert run(ID)[::2] == (0, "")


def test_without_a_base(project: Project, run: Run) -> None:
    start(project)
    project.lay({SERVICE: CHANGED})
    project.git("commit", "-qm", "code")
    project.git("branch", "-qD", "main")
    note = f"{ID}: not evaluated: no base; fetch the main branch, or name it with --base\n"
    assert run(ID) == (0, f"{CLEAN}0 files judged)\n", note)
    assert run(ID, "--require-base")[0] == 2
    assert run(ID, "--base", "HEAD~1")[0] == 1
    # The commit's own change can be judged.
    project.lay({SERVICE: SERVICE_CODE})
    assert "changes VendorService.list_vendors of" in run(ID)[1]


def test_shallow_clone(
    project: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start(project)
    project.lay({SERVICE: CHANGED})
    project.git("commit", "-qm", "code")
    project.git("checkout", "-q", "main")
    clone = tmp_path_factory.mktemp("clone") / "shallow"
    source = f"file://{project.root.as_posix()}"
    command = ["git", "clone", "-q", "--depth", "1", "--branch", "feature", source, str(clone)]
    subprocess.run(command, check=True)
    monkeypatch.chdir(clone)
    assert run(ID)[0] == 0
    assert "not evaluated: no base" in run(ID)[2]


def test_code_that_is_no_python(project: Project, run: Run) -> None:
    start(project, {OTHER: "print 'old'\n"})
    project.lay({SERVICE: "class:\n"})
    message = f"{SERVICE}:1:6: unreadable: not Python: invalid syntax\n1 finding in 1 file\n"
    assert run(ID)[:2] == (1, message)
    # What was none on the base declared nothing.
    project.lay({SERVICE: SERVICE_CODE, OTHER: "def pay(): return 1\n"})
    assert "adds pay of resource vendor_credits" in run(ID)[1]


OLD_TYPES = """\
import typing as t
from typing import List, Optional


@answers(t.Dict[str, Optional[int]], t.Union[int, str, None])
def pay(rows: Optional[List[int]] = None):
    return cast(List[t.Type[int]], rows)
"""
NEW_TYPES = """\
@answers(dict[str, int | None], int | str | None)
def pay(rows: list[int] | None = None):
    return cast(list[type[int]], rows)
"""


def test_types_in_their_new_spelling(project: Project, run: Run) -> None:
    start(project, {OTHER: OLD_TYPES})
    project.lay({OTHER: NEW_TYPES})
    assert run(ID)[::2] == (0, "")
    for old, new in (
        ("list[type", "tuple[type"),
        ("int | str", "int"),
        (", int | None]", ", int]"),
    ):
        assert old in NEW_TYPES
        project.lay({OTHER: NEW_TYPES.replace(old, new)})
        assert "changes pay of resource vendor_credits" in run(ID)[1]


def test_a_class_in_a_function(project: Project, run: Run) -> None:
    code = "def pay():\n    class Row:\n        paid = 1\n    return Row\n"
    start(project, {OTHER: code})
    project.lay({OTHER: code.replace("paid", "due")})
    assert "changes pay of resource vendor_credits" in run(ID)[1]


def test_the_tree_is_left_to_the_next_reader(project: Project, run: Run) -> None:
    start(project)
    path = f"{FOLDER}/services/another_service.py"
    project.lay({path: CHANGED})
    assert run(ID)[0] == 1
    tree = read_module(path, CHANGED.encode()).tree
    assert ast.dump(tree) == ast.dump(ast.parse(CHANGED))


def test_a_tree_that_is_too_deep_to_compare(project: Project, run: Run) -> None:
    deep = "def total():\n    return " + "+".join(["1"] * 900) + "\n"
    start(project, {OTHER: deep})
    project.lay({OTHER: "# why\n" + deep})
    assert run(ID)[::2] == (0, "")
    project.lay({OTHER: deep.replace("1\n", "2\n")})
    assert "changes total of resource vendor_credits" in run(ID)[1]
