"""schema-mounted: exact findings, Strawberry itself as oracle, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.repository import Project, Run

ID = "schema-mounted"
SCHEMA = "app/graphql/schema.py"
HEAD = "import strawberry\n"
QUERIES = (
    f"{HEAD}\n@strawberry.type\nclass RefundQueries:\n"
    "    @strawberry.field\n    def refunds(self) -> int:\n        return 1\n"
)
MUTATIONS = (
    f"{HEAD}\n@strawberry.type\nclass RefundMutations:\n"
    "    @strawberry.mutation\n    def pay(self) -> int:\n        return 1\n"
)
OTHER = "    @strawberry.field\n    def x(self) -> int:\n        return 1\n"
IMPORT = "from app.graphql.refunds.queries import RefundQueries\n"
Q = "app/graphql/refunds/queries.py"
M = "app/graphql/refunds/mutations.py"
PACKAGE = "app/graphql/refunds/__init__.py"
END = "schema = strawberry.Schema(query=Query)\n"
NOT = f"{HEAD}{IMPORT}@strawberry.type\nclass Query:\n{OTHER}{END}"


def test_a_class_that_is_not_mounted(project: Project, run: Run) -> None:
    project.lay({SCHEMA: NOT, Q: QUERIES, M: MUTATIONS})
    assert run(ID) == (
        1,
        f"{M}:4:1: {ID}: class RefundMutations of resource refunds is not mounted in {SCHEMA}\n"
        "    help: import it there, and name it among the bases of class Mutation,"
        " in its merge_types, or as a field\n"
        f"{Q}:4:1: {ID}: class RefundQueries of resource refunds is not mounted in {SCHEMA}\n"
        "    help: import it there, and name it among the bases of class Query,"
        " in its merge_types, or as a field\n"
        "2 findings in 2 files\n",
        "",
    )


TYPE = "@strawberry.type\n"
TREES: list[dict[str, str]] = [
    {SCHEMA: NOT},
    {SCHEMA: f"{HEAD}{TYPE}class Query:\n{OTHER}{END}"},
    {SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query(RefundQueries):\n    pass\n{END}"},
    {SCHEMA: f"{HEAD}{IMPORT}schema = strawberry.Schema(RefundQueries)\n"},
    {
        SCHEMA: f"{HEAD}from app.graphql.refunds import queries as q\n"
        f"{TYPE}class Query(q.RefundQueries):\n{OTHER}{END}"
    },
    {
        SCHEMA: f"{HEAD}import app.graphql.refunds.queries\n"
        f"{TYPE}class Query(app.graphql.refunds.queries.RefundQueries):\n{OTHER}{END}"
    },
    {
        SCHEMA: f"{HEAD}from .refunds import RefundQueries\n"
        f"{TYPE}class Query(RefundQueries):\n{OTHER}{END}",
        PACKAGE: "from .queries import RefundQueries\n",
    },
    {
        SCHEMA: f"{HEAD}from .refunds import RefundQueries\n"
        f"{TYPE}class Query(RefundQueries):\n{OTHER}{END}",
        PACKAGE: "from .queries import *\n",
    },
    {
        SCHEMA: f"{HEAD}from .refunds.queries import *\n"
        f"{TYPE}class Query(RefundQueries):\n{OTHER}{END}"
    },
    {
        SCHEMA: f"{HEAD}from strawberry.tools import merge_types\n{IMPORT}"
        f"PARTS = (RefundQueries,)\nQuery = merge_types('Query', PARTS)\n{END}"
    },
    {
        SCHEMA: f"{HEAD}from strawberry.tools import merge_types\n{IMPORT}"
        f"parts = []\nparts.append(RefundQueries)\n"
        f"Query = merge_types('Query', tuple(parts))\n{END}"
    },
    {SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query:\n{OTHER}\nALL = [RefundQueries]\n{END}"},
    {
        SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query:\n{OTHER}\n"
        f"{TYPE}class Unused(RefundQueries):\n    pass\n{END}"
    },
    {
        SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query(RefundQueries):\n    pass\n"
        f"{TYPE}class Other:\n{OTHER}\nschema = strawberry.Schema(query=Other)\n"
    },
    {
        SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query(RefundQueries):\n    pass\n"
        "parts = {'query': Query}\nschema = strawberry.Schema(**parts)\n"
    },
    {
        SCHEMA: f"{HEAD}from strawberry.tools import merge_types\n{IMPORT}"
        "schema = strawberry.Schema(query=merge_types('Query', (RefundQueries,)))\n"
    },
    {
        SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query:\n    @strawberry.field\n"
        f"    def refunds(self) -> RefundQueries:\n        return RefundQueries()\n{END}"
    },
    {
        SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query:\n"
        f"    refunds: 'RefundQueries' = strawberry.field(resolver=lambda: 1)\n{END}"
    },
    {
        SCHEMA: f"{HEAD}from app.graphql.refunds import queries as q\n"
        f"{TYPE}class Query:\n    a: 'q.RefundQueries'\n{END}"
    },
    {
        SCHEMA: f"{HEAD}from typing import Annotated\n{TYPE}class Query:\n"
        "    a: \"Annotated['RefundQueries', strawberry.lazy('.refunds.queries')]\"\n"
        f"{END}"
    },
    {
        SCHEMA: f"{HEAD}from app.graphql.root import Query\n{END}",
        "app/graphql/root.py": f"{HEAD}{IMPORT}{TYPE}class Query(RefundQueries):\n{OTHER}",
    },
    {
        SCHEMA: f"{HEAD}from app.graphql.root import Query\n{END}",
        "app/graphql/root.py": f"{HEAD}{IMPORT}{TYPE}class Query:\n{OTHER}\n"
        f"{TYPE}class Unused(RefundQueries):\n{OTHER}",
    },
    {
        SCHEMA: f"{HEAD}from typing import Annotated\n{TYPE}class Query:\n"
        "    a: Annotated['RefundQueries', strawberry.lazy('app.graphql.refunds.queries')]\n"
        f"{END}"
    },
    *(
        {
            SCHEMA: f"{HEAD}from typing import Annotated\n{TYPE}class Query:\n"
            f"    a: Annotated['RefundQueries', strawberry.lazy('{module}')]\n{END}",
            PACKAGE: "from .queries import RefundQueries\n",
        }
        for module in (".refunds.queries", "..graphql.refunds.queries", ".refunds")
    ),
]


@pytest.mark.parametrize("tree", TREES)
def test_strawberry_shows_what_the_rule_leaves_alone(
    tree: dict[str, str], project: Project, run: Run
) -> None:
    project.lay({**tree, Q: QUERIES})
    script = "from app.graphql.schema import schema; print(schema.as_str())"
    sdl = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    fields = [line.strip() for line in sdl.splitlines()]
    assert run(ID)[0] == (0 if "refunds: Int!" in fields else 1), sdl


@pytest.mark.parametrize(
    "files",
    [
        {SCHEMA: None},
        {SCHEMA: "from app.graphql.root import schema\n"},
        {SCHEMA: f"{HEAD}Query = build()\nschema = make(Query)\n"},
        {SCHEMA: f"{NOT}import importlib\nimportlib.import_module('x')\n"},
        {SCHEMA: f"{NOT}Query = type('Query', tuple(Base.__subclasses__()), {{}})\n"},
        {SCHEMA: f"{HEAD}from app.graphql.refunds import queries\nQuery = make(queries)\n{END}"},
        {SCHEMA: f"{HEAD}from somewhere import build\nQuery = build()\n{END}"},
        {
            SCHEMA: f"{HEAD}from app.graphql.root import Query\n{END}",
            "app/graphql/root.py": "from somewhere import build\nQuery = build()\n",
        },
        {
            SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query:\n{OTHER}\n"
            f"setattr(Query, 'refunds', RefundQueries.refunds)\n{END}"
        },
        {
            SCHEMA: f"{HEAD}{IMPORT}{TYPE}class Query:\n{OTHER}\n"
            f"Query.refunds = RefundQueries.refunds\n{END}"
        },
        # Something may keep the class for a schema.
        {Q: QUERIES.replace("@strawberry.type", "@register\n@strawberry.type")},
        {Q: f"{QUERIES}\nregister(RefundQueries)\n"},
        {Q: f"{QUERIES}\nregistry.append(RefundQueries)\n"},
        # A second schema.
        {"app/admin.py": f"{HEAD}{IMPORT}schema = strawberry.Schema(query=RefundQueries)\n"},
        {Q: None, "app/graphql/common/queries.py": QUERIES},
        {Q: None, "app/graphql/queries.py": QUERIES},
        {Q: None, "app/graphql/refunds/tests/queries.py": QUERIES},
        {Q: QUERIES.replace("RefundQueries", "_Base")},
        {Q: QUERIES.replace("RefundQueries", "RefundType")},
        {Q: f"{HEAD}@strawberry.type\nclass RefundQueries:\n    pass\n"},
    ],
)
def test_what_it_leaves_alone(files: dict[str, str | None], project: Project, run: Run) -> None:
    project.lay({SCHEMA: NOT, Q: QUERIES})
    assert run(ID)[0] == 1
    project.lay(files)
    code, out, errors = run(ID)
    assert (code, errors) == (0, "")
    assert out.startswith("no findings")


def test_folders_that_are_no_resources(project: Project, run: Run) -> None:
    project.lay({SCHEMA: NOT, Q: QUERIES})
    table = '[tool.definition-of-done]\nresources-ignore = ["refunds"]\n'
    project.lay({"pyproject.toml": table})
    assert run(ID)[0] == 0


def test_a_schema_that_is_not_python(project: Project, run: Run) -> None:
    project.lay({SCHEMA: f"{HEAD}class (\n", Q: QUERIES})
    code, out, _ = run(ID)
    assert code == 1
    assert out.startswith(f"{SCHEMA}:2:7: ")
