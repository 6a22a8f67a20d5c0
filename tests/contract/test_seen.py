"""What looks done and is not: a name for nothing, a stub, a list that nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.contract.pages import HOME, PAGE, Find
from tests.contract.pages import new as shown
from tests.contract.worlds import NEW, Case, Edit, all_of
from tests.sample import SAMPLE

SCHEMA = "app/graphql/schema.py"
QUERIES, MUTATIONS = f"{HOME}/queries.py", f"{HOME}/mutations.py"
TASK = f"{HOME}/tasks/expire_credits.py"
TEST = "tests/graphql/vendor_credits/test_vendor_credit_resolvers.py"
MONEY = "lib/money.py"
WORKER = "taskiq worker app.worker:broker -fsd"
DECORATOR = '@broker.task(schedule=[{"cron": "0 3 * * *"}])\n'
CODE = SAMPLE[QUERIES].partition("list[VendorCreditType]:\n")[2]
CREATE = "mutation { createVendorCredit(input: {vendorId: 1, amount: 500}) { id } }"
LACKS = f"{HOME}:1:1: resource-full-chain: resource vendor_credits has no "
ROUND = '"""Money."""\n\n\ndef round_cents(amount: float) -> int:\n    return round(amount * 100)\n'


def lacking(sentence: str, name: str, edits: Mapping[str, Edit], noun: str) -> Case:
    """A case of a resource that lacks a link."""
    return Case(sentence, name, NEW, edits, (f"{LACKS}{noun}",))


def resolver(body: str, decorator: str = "@strawberry.field") -> dict[str, Edit]:
    """The query with another body."""
    return {QUERIES: [(CODE, body), ("@strawberry.field", decorator)]}


def asked(create: str, listed: str, more: tuple[str, str] = ("", "")) -> dict[str, Edit]:
    """The test of the resolvers with other documents."""
    return {TEST: [(f'"{CREATE}"', create), ('"{ vendorCredits { id } }"', listed), more]}


def schema(*pieces: tuple[str, str]) -> dict[str, Edit]:
    """The module of the schema with pieces replaced."""
    return {SCHEMA: list(pieces)}


def not_mounted(path: str, name: str, resource: str) -> Find:
    told = f"schema-mounted: class {name} of resource {resource} is not mounted in {SCHEMA}"
    return (path, f"class {name}", told)


UNLISTED = ("Query(VendorQueries, VendorCreditQueries)", "Query(VendorQueries)")
MODEL = f"{HOME}/models/vendor_credit.py"
SERVICE = f"{HOME}/services/vendor_credit_service.py"
UPDATES = (
    "row = self.repository.get(id)\n        row.vendor_id = vendor_id\n"
    "        row.amount = amount\n        return row"
)
DELETES = "self.repository.remove(self.repository.get(id))"
DELETE = f"\n    def delete_vendor_credit(self, id: int) -> None:\n        {DELETES}\n"
PRINTS = 'print("nothing expires yet")'
NAMES = "deltas-enumerated: What's being implemented names "
AT = "every night at `0 3 * * *`"
SAYS = f"task expire_credits at {TASK}:7 runs at `0 3 * * *`, and the page says "
BROKEN = [
    shown(
        "4.2",
        "only a list names the class",
        schema(UNLISTED, ("\n\nschema =", "\n\nALL = [VendorCreditQueries]\nschema =")),
        not_mounted(QUERIES, "VendorCreditQueries", "vendor_credits"),
    ),
    shown(
        "4.2",
        "the schema leaves the mutations out",
        schema((", mutation=Mutation", "")),
        not_mounted(MUTATIONS, "VendorCreditMutations", "vendor_credits"),
        not_mounted("app/graphql/vendors/mutations.py", "VendorMutations", "vendors"),
    ),
    *(
        lacking(
            "4.1",
            f"a query that is {body!r}",
            resolver(f"        {body}\n"),
            "code in its query vendor_credits",
        )
        for body in ("...", "pass", "raise NotImplementedError", '"""Later."""')
    ),
    lacking(
        "4.5",
        "a test that executes what is another's",
        asked('"mutation { createVendor(input: {title: 1}) { id } }"', '"{ vendors { id } }"'),
        "test of a resolver",
    ),
    lacking(
        "4.5",
        "what is another's in a constant and under an alias",
        asked(
            "DOCUMENT",
            '"{ credits: vendors { id } }"',
            ("def test", 'DOCUMENT = "{ vendors { id } }"\n\n\ndef test'),
        ),
        "test of a resolver",
    ),
    shown(
        "1.8",
        "a task without its decorator",
        {TASK: (DECORATOR, "")},
        (
            PAGE,
            "`expire_credits` in",
            "worker-tasks-documented: Background tasks / cron names expire_credits, which is no"
            " task but a function",
        ),
    ),
    *(
        shown(
            "1.8",
            f"another schedule in words: {words}",
            {PAGE: (AT, f"{words}, `0 3 * * *`")},
            (PAGE, "## Background", f"worker-tasks-documented: {SAYS}{words}"),
        )
        for words in ("every hour", "weekly", "on Sundays")
    ),
    shown(
        "4.6",
        "an empty Taskfile",
        {"Taskfile.yml": "# later\n"},
        (
            "Taskfile.yml",
            "",
            "worker-tasks-registered: Taskfile.yml starts no worker, and started one on the base",
        ),
    ),
    shown(
        "4.6",
        "an empty module of the broker",
        {"app/worker.py": '"""Later."""\n'},
        (
            "Taskfile.yml",
            "uv run taskiq",
            "worker-tasks-registered: the worker starts app.worker:broker, which app/worker.py"
            " does not have",
        ),
    ),
    shown(
        "4.6",
        "no module of the broker",
        {"app/worker.py": None},
        (
            "Taskfile.yml",
            "uv run taskiq",
            "worker-tasks-registered: the worker starts app.worker, and the branch deletes"
            " app/worker.py",
        ),
    ),
    Case(
        "7.1",
        "no pyproject.toml",
        NEW,
        {"pyproject.toml": None},
        ("pyproject.toml:1:1: version-sync: the version file is missing",),
    ),
    shown(
        "7.1",
        "a pyproject.toml that lost its version",
        {"pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n'},
        ("pyproject.toml", "", "version-sync: the version file names no version"),
    ),
    shown(
        "5.3",
        "an exported type that nothing leads to",
        {"schema.graphql": SAMPLE["schema.graphql"] + "\ntype Invented {\n  id: Int!\n}\n"},
        (
            "schema.graphql",
            "Invented",
            "schema-export-fresh: type Invented is not in the code, and nothing leads to it",
        ),
    ),
    shown(
        "5.4",
        "a module of a package beside the application",
        {"lib/__init__.py": "", MONEY: ROUND},
        (
            MONEY,
            "def round",
            f"tests-with-code: the branch adds round_cents, and no test imports {MONEY}",
        ),
    ),
    lacking(
        "4.1",
        "a model of no table",
        {MODEL: ("__tablename__ =", "__abstract__ = True\n    __tablename__ =")},
        "model class in models/vendor_credit.py",
    ),
    *(
        shown(
            "2.1",
            f"a method that is {body!r}",
            {SERVICE: (UPDATES, body)},
            (
                PAGE,
                "`update_vendor_credit` and",
                f"{NAMES}update_vendor_credit, which holds no code",
            ),
        )
        for body in ("raise NotImplementedError", '"""Later."""\n        ...')
    ),
    shown(
        "2.1",
        "a method that only a mutation is called as",
        {SERVICE: (DELETE, "")},
        (
            PAGE,
            "`delete_vendor_credit`\n",
            f"{NAMES}delete_vendor_credit, which neither code nor schema has",
        ),
    ),
    shown(
        "2.1",
        "such a method behind a link whose text is code",
        {SERVICE: (DELETE, ""), PAGE: (f"Service: [{SERVICE}]", f"Service: [`{SERVICE}`]")},
        (
            PAGE,
            "`delete_vendor_credit`\n",
            f"{NAMES}delete_vendor_credit, which neither code nor schema has",
        ),
    ),
    *(
        shown(
            "1.8",
            f"a task that is {body!r}",
            {TASK: (PRINTS, body)},
            (
                PAGE,
                "## Background",
                f"worker-tasks-documented: task expire_credits at {TASK}:7 is still to be written,"
                " and Background tasks / cron names it",
            ),
        )
        for body in ("...", "raise NotImplementedError('later')")
    ),
    shown(
        "1.8",
        "a schedule that the page alone has",
        {TASK: (DECORATOR, "@broker.task\n")},
        (
            PAGE,
            "## Background",
            f"worker-tasks-documented: task expire_credits at {TASK}:7 has no schedule, and the"
            " page says `0 3 * * *`",
        ),
    ),
]
HONEST = [
    shown(
        "4.1",
        "a model with an abstract base beside it",
        {
            MODEL: (
                "\n\nclass VendorCredit(",
                "\n\nclass Kept(Base):\n    __abstract__ = True\n\n\nclass VendorCredit(",
            )
        },
    ),
    shown("2.1", "a method that has nothing to do", {SERVICE: (DELETES, "pass")}),
    shown(
        "2.1",
        "a method that is inherited",
        {
            SERVICE: [
                (DELETE, ""),
                ("class VendorCreditService:", "class VendorCreditService(Deleting):"),
                (
                    "from app.graphql.vendor_credits.models",
                    "from lib import Deleting\nfrom app.graphql.vendor_credits.models",
                ),
            ]
        },
    ),
    shown(
        "2.1",
        "a method that another class fills in",
        {
            SERVICE: [
                (DELETES, "raise NotImplementedError"),
                (
                    UPDATES,
                    f"{UPDATES}\n\n\nclass Whole(VendorCreditService):\n"
                    f"    def delete_vendor_credit(self, id: int) -> None:\n        {DELETES}\n\n\n"
                    "class _Rest:",
                ),
            ],
            PAGE: ("`update_vendor_credit` and", "`update_vendor_credit`, `Whole` and"),
        },
    ),
    shown("1.8", "a task that has nothing to do", {TASK: (PRINTS, "pass")}),
    shown(
        "1.8",
        "a task that the platform starts",
        {
            TASK: (DECORATOR, "@broker.task\n"),
            PAGE: (AT, "a CronJob of the cluster starts it at `0 3 * * *`"),
        },
    ),
    shown(
        "1.8",
        "a schedule that stands elsewhere",
        {TASK: (DECORATOR, "@broker.task\n"), "deploy/values.yaml": "cron: 0 3 * * *\n"},
    ),
    shown(
        "1.8",
        "a task that other code starts",
        {
            TASK: (DECORATOR, "@broker.task\n"),
            SERVICE: (
                DELETES,
                "from app.graphql.vendor_credits.tasks.expire_credits import expire_credits\n\n"
                f"        print(expire_credits)\n        {DELETES}",
            ),
        },
    ),
    shown(
        "4.2",
        "a list that a merge takes",
        schema(
            (
                "@strawberry.type\nclass Query(VendorQueries, VendorCreditQueries):\n    pass",
                "PARTS = (VendorQueries, VendorCreditQueries)\n"
                'Query = strawberry.tools.merge_types("Query", PARTS)',
            ),
            ("import strawberry\n", "import strawberry\nimport strawberry.tools\n"),
        ),
    ),
    shown(
        "4.1",
        "a query that an extension resolves",
        resolver("        ...\n", "@strawberry.field(extensions=[FromService()])"),
    ),
    shown(
        "4.1",
        "a query that another decorator resolves",
        resolver("        ...\n", "@strawberry.field\n    @from_service"),
    ),
    shown("4.1", "a query that returns nothing yet", resolver("        return []\n")),
    shown(
        "4.5", "a document that is read", asked('read("create.graphql")', '"{ vendors { id } }"')
    ),
    shown(
        "4.5", "the resource's query beside another's", asked(f'"{CREATE}"', '"{ vendors { id } }"')
    ),
    shown("4.5", "a fragment", asked('"{ ...All }"', '"{ vendors { id } }"')),
    shown(
        "1.8",
        "a task that a call makes",
        {
            TASK: [
                (DECORATOR, ""),
                (
                    'print("nothing expires yet")\n',
                    'print("nothing expires yet")\n\n\n'
                    "expire_credits = broker.task(schedule=SCHEDULE)(expire_credits)\n",
                ),
                ("\n\nasync", '\n\nSCHEDULE = [{"cron": "0 3 * * *"}]\n\n\nasync'),
            ]
        },
    ),
    shown(
        "1.8",
        "words that go with the schedule",
        {PAGE: (AT, "once a day, for credits of more than a week, `0 3 * * *`")},
    ),
    shown(
        "4.6",
        "a worker that moved to a Procfile",
        {
            "Taskfile.yml": (
                f"  worker: uv run {WORKER} --tasks-pattern 'app/graphql/**/tasks/*.py'\n",
                "",
            ),
            "Procfile": f"worker: {WORKER} -tp 'app/graphql/**/tasks/*.py'\n",
        },
    ),
    shown(
        "4.6",
        "a broker of another module",
        {
            "app/worker.py": '"""The broker."""\n\nfrom app.broker import broker\n',
            "app/broker.py": SAMPLE["app/worker.py"],
            PAGE: (
                "- Task: [",
                "- [broker.py](https://example.com/sample/blob/main/app/broker.py)\n- Task: [",
            ),
        },
    ),
    shown(
        "4.6",
        "a broker that moved",
        {
            "app/worker.py": None,
            "lib/app/worker.py": SAMPLE["app/worker.py"],
            PAGE: (
                "- Task: [",
                "- [worker.py](https://example.com/sample/blob/main/lib/app/worker.py)\n- Task: [",
            ),
        },
    ),
    shown(
        "7.1",
        "a setup.cfg instead of pyproject.toml",
        {"pyproject.toml": None, "setup.cfg": "[metadata]\nversion = 1.2.0\n"},
    ),
    shown(
        "7.1",
        "a version that the build makes",
        {
            "pyproject.toml": '[project]\nname = "sample-backend"\ndynamic = ["version"]\n\n'
            '[tool.hatch.version]\npath = "app/version.py"\n'
        },
    ),
    shown("5.4", "a tool that is no part of the product", {"tools/count.py": ROUND}),
]


@all_of(BROKEN + HONEST)
def test_seen(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds
