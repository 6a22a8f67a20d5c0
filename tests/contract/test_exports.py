"""5.3: the exported schemas hold what the code defines; Strawberry itself is the oracle."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.contract.test_resources import EXPORTS, HOME, INPUTS, MUTATIONS, QUERIES, TYPES
from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of, edited
from tests.repository import Project, Run

ID = "schema-export-fresh"
BOTH = " and ".join(EXPORTS)
LISTED = "def vendor_credits(self, info: strawberry.Info) -> list[VendorCreditType]:"
# What a change of the code does to the schema of the second feature: an edit, by its name.
MUTATIONS_OF_CODE: dict[str, dict[str, Edit]] = {
    "an argument": {QUERIES: (LISTED, LISTED.replace("Info)", "Info, first: int)"))},
    "an argument with a default": {
        QUERIES: (LISTED, LISTED.replace("Info)", "Info, first: int = 10)"))
    },
    "an argument that may be null": {
        QUERIES: (LISTED, LISTED.replace("Info)", "Info, first: int | None = None)"))
    },
    "an argument that is gone": {MUTATIONS: (", note: str | None = None\n", "\n")},
    "an argument under another name": {MUTATIONS: (", note: str | None", ", remark: str | None")},
    "an argument of another type": {MUTATIONS: ("approver: str", "approver: int")},
    "an argument that may now be null": {MUTATIONS: ("approver: str", "approver: str | None")},
    "an argument that must now be given": {MUTATIONS: ("note: str | None = None", "note: str")},
    "an argument that is a list": {MUTATIONS: ("approver: str", "approver: list[str]")},
    "an argument of an ID": {MUTATIONS: ("id: int, approver", "id: strawberry.ID, approver")},
    "a default that is gone": {MUTATIONS: ("str | None = None", "str | None")},
    "a default of text": {MUTATIONS: ("str | None = None", 'str | None = "none \\"yet\\""')},
    "a default of a list": {MUTATIONS: ("str | None = None", "list[str] = ['a', 'b']")},
    "a default that is true": {MUTATIONS: ("str | None = None", "bool = True")},
    "a default that is negative": {MUTATIONS: ("str | None = None", "int = -1")},
    "a default of a fraction": {MUTATIONS: ("str | None = None", "float = 1.5")},
    "an argument named by Annotated": {
        MUTATIONS: [
            (
                "note: str | None",
                'note: Annotated[str | None, strawberry.argument(name="remark")]',
            ),
            ("import strawberry\n", "from typing import Annotated\n\nimport strawberry\n"),
        ]
    },
    "an answer that may be null": {
        QUERIES: (") -> list[VendorCreditType]:", ") -> list[VendorCreditType] | None:")
    },
    "an answer whose entries may be null": {
        QUERIES: (") -> list[VendorCreditType]:", ") -> list[VendorCreditType | None]:")
    },
    "an answer of one": {QUERIES: (") -> list[VendorCreditType]:", ") -> VendorCreditType:")},
    "an answer of another type": {MUTATIONS: ("-> CreditApprovalType:", "-> VendorCreditType:")},
    "an answer as text": {MUTATIONS: ("-> CreditApprovalType:", '-> "CreditApprovalType | None":')},
    "an answer of nothing": {MUTATIONS: ("-> bool:", "-> None:")},
    "a field of another type": {TYPES: ("amount: int", "amount: float")},
    "a field that may be null": {TYPES: ("amount: int", "amount: int | None")},
    "a field in Optional": {
        TYPES: [
            ("amount: int", "amount: Optional[int]"),
            ("import datetime\n", "import datetime\nfrom typing import Optional\n"),
        ]
    },
    "a field that must not be null": {TYPES: ("datetime.date | None", "datetime.date")},
    "a field of another date": {TYPES: ("datetime.date | None", "datetime.datetime | None")},
    "a field of a decimal": {
        TYPES: [
            ("amount: int", "amount: Decimal"),
            ("import datetime\n", "import datetime\nfrom decimal import Decimal\n"),
        ]
    },
    "a field of a UUID": {
        TYPES: [
            ("vendor_id: int", "vendor_id: uuid.UUID"),
            ("import datetime\n", "import datetime\nimport uuid\n"),
        ]
    },
    "a field that is a list": {TYPES: ("approver: str", "approver: list[str]")},
    "a field under another name": {
        TYPES: ("approver: str", 'approver: str = strawberry.field(name="approvedBy")')
    },
    "a field with a resolver of its own": {
        TYPES: (
            "    approver: str\n",
            "    @strawberry.field\n    def approver(self, short: bool = False) -> str:\n"
            '        return ""\n\n',
        )
    },
    "a field of a type that comes later": {
        TYPES: ("amount: int", 'amount: int\n    approvals: list["CreditApprovalType"]')
    },
    "a field of JSON": {
        TYPES: [
            ("amount: int", "amount: JSON"),
            ("import strawberry\n", "import strawberry\nfrom strawberry.scalars import JSON\n"),
        ]
    },
    "an input field": {INPUTS: ("amount: int", "amount: int\n    note: str")},
    "an input field of another type": {INPUTS: ("amount: int", "amount: str")},
    "an input field that may be null": {INPUTS: ("amount: int", "amount: int | None")},
    "an input field with a default": {INPUTS: ("amount: int", "amount: int = 0")},
    "an input field with a default of null": {INPUTS: ("amount: int", "amount: int | None = None")},
    "an input field that may be left out": {
        INPUTS: ("amount: int", "amount: int | None = strawberry.UNSET")
    },
    "an input field with a default in a call": {
        INPUTS: ("amount: int", "amount: int = strawberry.field(default=5)")
    },
    "an input field that is a list": {INPUTS: ("amount: int", "amount: list[int]")},
    "an input field with an empty list": {
        INPUTS: ("amount: int", "amount: list[int] = strawberry.field(default_factory=list)")
    },
    "an input under another name": {
        INPUTS: ("@strawberry.input", '@strawberry.input(name="CreditInput")')
    },
    "an input that inherits": {
        INPUTS: (
            "@strawberry.input\nclass VendorCreditInput:\n    vendor_id: int\n",
            "@strawberry.input\nclass Of:\n    vendor_id: str\n\n\n"
            "@strawberry.input\nclass VendorCreditInput(Of):\n",
        )
    },
    "a type under another name": {
        TYPES: (
            "@strawberry.type\nclass CreditA",
            '@strawberry.type(name="Approval")\nclass CreditA',
        )
    },
    "an enum in place of text": {
        TYPES: [
            ("approver: str", "approver: Who"),
            (
                "@strawberry.type\nclass CreditA",
                "@strawberry.enum\nclass Who(Enum):\n    ANN = 1\n    BEN = 2\n\n\n"
                "@strawberry.type\nclass CreditA",
            ),
            ("import datetime\n", "import datetime\nfrom enum import Enum\n"),
        ]
    },
}
# These change nothing in the schema.
SAME_SCHEMA: dict[str, dict[str, Edit]] = {
    "a keyword-only argument": {MUTATIONS: ("id: int, approver", "id: int, *, approver")},
    "Optional": {
        MUTATIONS: [
            ("str | None", "Optional[str]"),
            ("import strawberry\n", "from typing import Optional\n\nimport strawberry\n"),
        ]
    },
    "List": {
        QUERIES: [
            ("-> list[", "-> List["),
            ("import strawberry\n", "from typing import List\n\nimport strawberry\n"),
        ]
    },
    "Union with None": {
        MUTATIONS: [
            ("str | None", "typing.Union[None, str]"),
            ("import strawberry\n", "import typing\n\nimport strawberry\n"),
        ]
    },
    "an annotation as text": {MUTATIONS: ("-> CreditApprovalType:", '-> "CreditApprovalType":')},
    "annotations that are not evaluated": {
        MUTATIONS: (
            "import strawberry\n",
            "from __future__ import annotations\n\nimport strawberry\n",
        )
    },
    "Annotated": {
        MUTATIONS: [
            (
                "note: str | None",
                'note: Annotated[str | None, strawberry.argument(name="note")]',
            ),
            ("import strawberry\n", "from typing import Annotated\n\nimport strawberry\n"),
        ]
    },
    "an argument without info": {QUERIES: ("self, info: strawberry.Info", "self")},
    "the root": {QUERIES: ("self, info: strawberry.Info", "self, root, info: strawberry.Info")},
    "the info under another name": {QUERIES: ("info: strawberry.Info", "its: strawberry.Info")},
    "an async resolver": {QUERIES: ("    def vendor", "    async def vendor")},
    "the parent": {
        TYPES: (
            "    amount: int\n",
            "    @strawberry.field\n"
            "    def amount(self, parent: strawberry.Parent[object]) -> int:\n"
            "        return 1\n\n",
        )
    },
    "another name for a module": {
        TYPES: [("import datetime\n", "import datetime as d\n"), ("datetime.date |", "d.date |")]
    },
    "a field with the name that it has": {
        QUERIES: (
            "    @strawberry.field\n    def vendor_credits(self, info",
            '    @strawberry.field(name="vendorCredits")\n    def vendor_credits(self, info',
        )
    },
    "a private field": {TYPES: ("amount: int", "amount: int\n    secret: strawberry.Private[str]")},
    "a permission": {
        QUERIES: [
            (
                "    @strawberry.field\n    def vendor_credits",
                "    @strawberry.field(permission_classes=[Allowed])\n    def vendor_credits",
            ),
            (
                "@strawberry.type\n",
                "class Allowed(BasePermission):\n    message = 'no'\n\n"
                "    def has_permission(self, source, info, **kwargs):\n        return True\n\n\n"
                "@strawberry.type\n",
            ),
            (
                "import strawberry\n",
                "import strawberry\nfrom strawberry.permission import BasePermission\n",
            ),
        ]
    },
}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], str]]:
    """Prints the schema of the project in a folder."""

    def own() -> list[str]:
        return [name for name in sys.modules if name == "app" or name.startswith("app.")]

    def schema(folder: Path) -> str:
        monkeypatch.syspath_prepend(str(folder))
        for name in own():
            del sys.modules[name]
        importlib.invalidate_caches()
        return str(importlib.import_module("app.graphql.schema").schema)

    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield schema
    for name in own():
        del sys.modules[name]


def _code(edits: dict[str, Edit]) -> dict[str, str | None]:
    whole = {path: text for path, text in GROWN.whole.items() if path.startswith("app/")}
    return {**whole, **edited(whole, edits)}


@pytest.mark.parametrize("edits", MUTATIONS_OF_CODE.values(), ids=MUTATIONS_OF_CODE)
def test_the_export_from_before_is_stale(
    edits: dict[str, Edit], project: Project, run: Run, printed: Callable[[Path], str]
) -> None:
    project.lay(_code({}))
    before = printed(project.root)
    project.lay({**_code(edits), "schema.graphql": before})
    after = printed(project.root)
    assert before != after
    code, out, errors = run(ID)
    assert (code, errors) == (1, "")
    assert f": {ID}: " in out
    project.lay({"schema.graphql": after})
    assert run(ID)[:1] == (0,), run(ID)[1]


@pytest.mark.parametrize("edits", SAME_SCHEMA.values(), ids=SAME_SCHEMA)
def test_the_same_schema_in_other_words(
    edits: dict[str, Edit], project: Project, run: Run, printed: Callable[[Path], str]
) -> None:
    project.lay(_code({}))
    before = printed(project.root)
    project.lay({**_code(edits), "schema.graphql": before})
    # The fields of a type may stand in another order.
    assert sorted(printed(project.root).split()) == sorted(before.split())
    code, out, errors = run(ID)
    assert (code, errors) == (0, ""), out


BROKEN = [
    Case(
        "5.3",
        "an argument that neither export has",
        NEW,
        {QUERIES: (LISTED, LISTED.replace("Info)", "Info, first: int = 10)"))},
        (
            f"{QUERIES}:11:5: {ID}: argument Query.vendorCredits(first:) is not in"
            " schema.graphql or schema-admin.graphql",
        ),
    ),
    Case(
        "5.3",
        "a default that both exports have otherwise",
        GROWN,
        {MUTATIONS: ("note: str | None = None", 'note: str | None = "-"')},
        (
            f"{MUTATIONS}:27:5: {ID}: argument Mutation.approveVendorCredit(note:) has the default"
            f' "-", and null in {BOTH}',
        ),
    ),
    Case(
        "5.3",
        "a type that one export has otherwise",
        NEW,
        {
            "schema-admin.graphql": (
                "  vendorId: Int!\n  amount: Int!\n}\n\ninput VendorInput",
                "  vendorId: Int!\n  amount: Float!\n}\n\ninput VendorInput",
            )
        },
        (
            f"{TYPES}:10:5: {ID}: field VendorCreditType.amount is Int!, and Float! in"
            " schema-admin.graphql",
        ),
    ),
    Case(
        "5.3",
        "one export that was not made again",
        GROWN,
        {"schema-admin.graphql": ("  pendingVendorCredits: [VendorCreditType!]!\n", "")},
        (f"{QUERIES}:16:5: {ID}: field Query.pendingVendorCredits is not in schema-admin.graphql",),
    ),
    Case(
        "5.3",
        "the other export that was not made again",
        NEW,
        {"schema.graphql": ("  vendorCredits: [VendorCreditType!]!\n", "")},
        (f"{QUERIES}:11:5: {ID}: field Query.vendorCredits is not in schema.graphql",),
    ),
    Case(
        "5.3",
        "an export that the branch deletes",
        NEW,
        {"schema-admin.graphql": None},
        (f"schema-admin.graphql:1:1: {ID}: the export schema-admin.graphql is deleted",),
    ),
    Case(
        "5.3",
        "an argument that the code no longer has",
        GROWN,
        {
            MUTATIONS: (", note: str | None = None\n", "\n"),
            f"{HOME}/services/vendor_credit_service.py": [
                ("note: str | None", "note: str | None = None")
            ],
        },
        (
            f"{MUTATIONS}:27:5: {ID}: argument Mutation.approveVendorCredit(note:) is in"
            f" {BOTH}, and not in the code",
        ),
    ),
]
HONEST = [
    Case(
        "5.3",
        "descriptions and another order",
        NEW,
        {
            "schema.graphql": [
                ("  vendors: [VendorType!]!\n", ""),
                (
                    "  vendorCredits:",
                    '  """All of them."""\n  vendors: [VendorType!]!\n  vendorCredits:',
                ),
            ]
        },
    ),
    Case(
        "5.3",
        "an admin schema that always was another",
        NEW,
        {
            "schema-admin.graphql": [
                ("  deleteVendor(id: Int!): Boolean!\n", ""),
                ("  deleteVendorCredit(id: Int!): Boolean!\n", ""),
            ]
        },
        earlier={"schema-admin.graphql": ("  deleteVendor(id: Int!): Boolean!\n", "")},
    ),
]


@all_of(BROKEN + HONEST)
def test_exports(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds
