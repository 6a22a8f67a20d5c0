"""schema-export-fresh: exact findings, Strawberry itself as oracle, and what it leaves alone."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from graphql import TypeDefinitionNode, TypeExtensionNode, parse
from tests.project.api.test_graphql import HEAD, SHAPES, UNSEEN, Shown, exported, printed
from tests.repository import Files, Project, Run

ID = "schema-export-fresh"
CODE = "app/graphql/shape.py"
EXPORT = "schema.graphql"
NOT_OURS = f"{ID}: not evaluated: no export has a query or a mutation of the code\n"
HELP = "    help: export the schema again (`task gql`, `task gql-admin`) and commit it\n"
MORE = {
    "extensions and permissions": """
        from strawberry.field_extensions import InputMutationExtension
        from strawberry.permission import BasePermission, PermissionExtension
        class Allowed(BasePermission):
            def has_permission(self, source, info, **kwargs): return True
        @strawberry.type
        class Hidden: a: int
        @strawberry.input
        class Only: a: int
        @strawberry.type
        class Query:
            @strawberry.field(permission_classes=[Allowed])
            def allowed(self, info: strawberry.Info[Hidden, None], only: Only) -> int: ...
            @strawberry.field(extensions=[PermissionExtension(permissions=[Allowed()])])
            def also(self, parent: strawberry.Parent[Hidden]) -> int: ...
        @strawberry.type
        class Mutation:
            @strawberry.mutation(extensions=[InputMutationExtension()])
            def change(self, amount: int, only: Only) -> int: ...
        schema = strawberry.Schema(Query, Mutation)
    """,
    "overrides": """
        @strawberry.type
        class Base:
            a: int
            b: int = strawberry.field(name="bee")
            c: int
            d: int
        @strawberry.type
        class Sub(Base):
            a: strawberry.Private[int]
            b: int
            c: int = strawberry.field(name="sea", default=1)
            def d(self) -> int: return 1
        @strawberry.type
        class Leaf(Sub):
            @strawberry.field
            def a(self) -> int: return 1
            @strawberry.field
            @staticmethod
            def at_last() -> int: return 1
        @strawberry.type
        class Query:
            sub: Sub
            leaf: Leaf
        schema = strawberry.Schema(Query)
    """,
    "unions and generics": """
        T = TypeVar("T")
        @strawberry.type
        class A: a: int
        @strawberry.type
        class B: b: int
        @strawberry.type
        class Not_Shown: c: int
        Either = Annotated[typing.Union[A, B], strawberry.union("Either")]
        @strawberry.type
        class Paged(Generic[T]):
            total: int
            items: list[T]
        @strawberry.type
        class As(Paged[A]):
            more: str
        @strawberry.type
        class Edge(Generic[T]): node: T
        @strawberry.type
        class Query:
            e: Either
            u: A | B
            p: As
            g: Edge[A]
            h: Edge[B]
            o: typing.Optional[A]
            s: typing.Sequence[B]
            n: typing.Annotated[int, Not_Shown]
            @strawberry.field
            async def x(self, y: typing.Optional[typing.List[int]] = None) -> "A | None": ...
        schema = strawberry.Schema(Query)
    """,
    "namespaces and further types": """
        import abc
        @strawberry.interface
        class Animal: name: str
        @strawberry.type
        class Dog(Animal): is_good: bool
        @strawberry.type
        class Cat(Animal, abc.ABC): lives: int
        @strawberry.type
        class VendorQueries:
            @strawberry.field
            def all_of_them(self) -> list[Animal]: ...
        @strawberry.type
        class Query:
            @strawberry.field
            def vendors(self) -> VendorQueries: ...
            version: str = "1"
            animal = strawberry.field(resolver=lambda: None, graphql_type=Animal)
        @strawberry.type
        class UnusedQueries:
            @strawberry.field
            def never_shown(self) -> int: ...
        schema = strawberry.Schema(Query, types=[Dog])
        print_it = lambda: schema.as_str()
    """,
    "roots of other names": """
        @strawberry.type
        class Reading:
            one: int
            two: int
        @strawberry.type(name="Writing")
        class Mutation:
            @strawberry.mutation
            def write(self) -> Reading: ...
        schema = strawberry.Schema(query=Reading, mutation=Mutation)
    """,
}
ALL = {name: HEAD + textwrap.dedent(source) for name, source in (SHAPES | UNSEEN | MORE).items()}

Said: TypeAlias = Callable[[dict[str, str]], set[str]]


def _each(line: str) -> list[str]:
    """The parts of a finding that lists what one side lacks, each as it is said alone."""
    side, has_several, parts = line.partition(" has no ")
    if not has_several or " or " not in parts:
        return [line]
    return [f"{part} is not in {side}" for part in re.split(", | or ", parts)]


@pytest.fixture
def said(project: Project, run: Run) -> Said:
    """Lays files and gives what the rule says of each place."""

    def say(files: dict[str, str]) -> set[str]:
        project.lay(files)
        code, out, errors = run(ID)
        assert errors in ("", NOT_OURS)
        lines = [line.partition(f" {ID}: ")[2] for line in out.splitlines() if ID in line]
        assert code == (1 if lines else 0), out
        return {part for line in lines for part in _each(line)}

    return say


@pytest.mark.parametrize("shape", ALL)
def test_what_strawberry_exports_is_fresh(shape: str, said: Said) -> None:
    assert said({CODE: ALL[shape], EXPORT: exported(ALL[shape])}) == set()


# What no annotation of a field surely names, and what cannot be read.
SILENT: dict[str, str] = {
    "extensions and permissions": (
        "field ChangeInput.amount, field ChangeInput.only, input ChangeInput"
    ),
    "namespaces and further types": "type Dog",
    "unions and generics": "field AEdge.node, field BEdge.node, type AEdge, type BEdge",
    "inheritance": "interface HasName",
    "enums": "enum MadeToo, enum Python_One",
    "lazy types": "field Query.vendor, type Credit",
    "federation": "interface Node",
    "snake_case kept": "field Query.vendors",
    "generic types": "field VendorPage.items, field VendorPage.nextPage, type VendorPage",
    "relay": (
        "field FruitConnection.edges, field FruitConnection.pageInfo, field FruitEdge.cursor, "
        "field FruitEdge.node, field Node.id, field PageInfo.endCursor, field "
        "PageInfo.hasNextPage, field PageInfo.hasPreviousPage, field PageInfo.startCursor, "
        "interface Node, interface Plant, type Basket, type FruitConnection, type FruitEdge, type"
        " PageInfo"
    ),
    "pydantic": (
        "field Query.f, field UserIn.fullNameAlias, field UserIn.id, field "
        "UserType.fullNameAlias, field UserType.id"
    ),
    "functions and computed names": (
        "enum ComputedStatus, field A.a, field Cee.a, field Computed.a, field Query.computed, "
        "type A, type Cee, type Computed, value ComputedStatus.X"
    ),
    "values that are computed": (
        "value ByName.TWO, value ByName.first, value ByValue.first, value ByValue.third"
    ),
    "fields of the project's own making": (
        "field Query.byCall, field Query.byDecorator, field Query.onCondition, field Query.plain"
    ),
    "merged types": "field Mutation.cC",
}
SILENT_IN_CODE: dict[str, str] = {
    "generic types": "field VendorPage.nextPage",
    "pydantic": "field UserType.fullNameAlias, field UserType.id, field UserType.ownOne",
    "functions and computed names": ("field Query.a, field Query.b, field Query.c, field Query.d"),
    "values that are computed": (
        "value ByName.FOUR, value ByName.ONE, value ByName.TWO, value ByName.first, "
        "value ByValue.first, value ByValue.second, value ByValue.third"
    ),
    "fields of the project's own making": (
        "field Query.byCall, field Query.byDecorator, field Query.onCondition, field Query.plain"
    ),
}


def without_each(sdl: str) -> Iterator[tuple[str, str]]:
    """Each type, field and value as a message names it, with the schema that lacks it."""
    for node in parse(sdl).definitions:
        kind = node.kind.partition("_")[0].replace("object", "type")
        if kind not in ("type", "input", "interface", "enum") or node.loc is None:
            continue
        assert isinstance(node, TypeDefinitionNode | TypeExtensionNode)
        name = node.name.value
        # Of a schema that has none of its root fields any more it is not known to be exported.
        if name != "Query":
            yield f"{kind} {name}", sdl[: node.loc.start] + sdl[node.loc.end :]
        part = "value" if kind == "enum" else "field"
        members = getattr(node, "values" if kind == "enum" else "fields")
        for member in members:
            start, end = member.loc.start, member.loc.end
            if len(members) == 1:
                start, end = sdl.rindex("{", 0, start), sdl.index("}", end) + 1
            yield f"{part} {name}.{member.name.value}", sdl[:start] + sdl[end:]


@pytest.mark.parametrize("shape", ALL)
def test_each_thing_that_the_export_lacks(shape: str, said: Said) -> None:
    silent = set()
    for thing, sdl in without_each(exported(ALL[shape])):
        found = said({CODE: ALL[shape], EXPORT: sdl})
        if not found:
            silent.add(thing)
        else:
            assert found == {f"{thing} is not in {EXPORT}"}
    assert ", ".join(sorted(silent)) == SILENT.get(shape, "")


def parts_without(schema: Shown, other: Shown) -> set[str]:
    """The fields and values of a schema that another one lacks, though it has their types."""
    return {
        f"{'value' if kind == 'enum' else 'field'} {name}.{part}"
        for (kind, name), parts in schema.items()
        for part in parts - other.get((kind, name), parts)
    }


def without_each_statement(source: str) -> Iterator[str]:
    """The source without one statement of one of its classes, each in turn."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            body = node.body
            for statement in body:
                node.body = [each for each in body if each is not statement] or [ast.Pass()]
                yield ast.unparse(tree)
            node.body = body


@pytest.mark.parametrize("shape", ALL)
def test_each_thing_that_the_code_lacks(shape: str, said: Said) -> None:
    before = printed(ALL[shape])
    silent = set()
    for source in without_each_statement(ALL[shape]):
        try:
            after = printed(source)
        except Exception:
            # Strawberry takes no type without fields.
            continue
        types = {f"{kind} {name} is not in the code" for kind, name in before.keys() - after.keys()}
        found = said({CODE: source, EXPORT: exported(ALL[shape])}) - types
        assert {line for line in found if line.endswith(EXPORT)} == {
            f"{part} is not in {EXPORT}" for part in parts_without(after, before)
        }
        gone = parts_without(before, after)
        lacking = {line.partition(" is not in class ")[0] for line in found} - {
            line for line in found if line.endswith(EXPORT)
        }
        assert lacking <= gone
        silent |= gone - lacking
    assert ", ".join(sorted(silent)) == SILENT_IN_CODE.get(shape, "")


SCHEMA = "app/graphql/schema.py"
TYPES = "app/graphql/refunds/types.py"
QUERIES = "app/graphql/refunds/queries.py"
S = "import strawberry\nfrom enum import Enum\n"
TYPE = "\n@strawberry.type\nclass "
REFUND = f"{S}{TYPE}RefundType:\n    id: int\n    paid_back_on: str\n"
REFUNDS = (
    f"{S}from .types import RefundType\n{TYPE}RefundQueries:\n"
    "    @strawberry.field\n    def all_refunds(self) -> list[RefundType]: ...\n"
)
MOUNTS = (
    f"{S}from app.graphql.refunds.queries import RefundQueries\n"
    f"{TYPE}Query(RefundQueries):\n    version: str\n\n\nschema = strawberry.Schema(Query)\n"
)
SDL = (
    "type Query {\n  version: String!\n  allRefunds: [RefundType!]!\n}\n\n"
    "type RefundType {\n  id: Int!\n  paidBackOn: String!\n}\n"
)
TREE = {SCHEMA: MOUNTS, TYPES: REFUND, QUERIES: REFUNDS, EXPORT: SDL}


def lines_of(out: str) -> list[str]:
    return [line.replace(f" {ID}:", "") for line in out.splitlines() if f" {ID}: " in line]


def test_where_findings_stand(project: Project, run: Run) -> None:
    sdl = SDL.replace("paidBackOn: String!", "paidOn: String!")
    project.lay({**TREE, EXPORT: sdl, "schema-admin.graphql": sdl})
    lacking = f"is not in class RefundType of {TYPES}"
    assert run(ID) == (
        1,
        f"{TYPES}:7:5: {ID}: field RefundType.paidBackOn is not in schema.graphql"
        f" or schema-admin.graphql\n{HELP}"
        f"schema-admin.graphql:8:3: {ID}: field RefundType.paidOn {lacking}\n{HELP}"
        f"schema.graphql:8:3: {ID}: field RefundType.paidOn {lacking}\n{HELP}"
        "3 findings in 3 files\n",
        "",
    )


LAZY = (
    f"{S}from typing import Annotated\n{TYPE}RefundQueries:\n    @strawberry.field\n"
    "    def all_refunds(self) -> "
    'list[Annotated["RefundType", strawberry.lazy("{}")]]: ...\n'
)
NO_TYPE = SDL.partition("\n\n")[0] + "\n"
NO_FIELD = SDL.replace("  paidBackOn: String!\n", "")
NOT_TYPE = f"{TYPES}:5:1: type RefundType is not in schema.graphql"
NOT_FIELD = f"{TYPES}:7:5: field RefundType.paidBackOn is not in schema.graphql"
GHOST = SDL.replace("  version", "  ghost: Ghost\n  version") + "\ntype Ghost {\n  x: Int\n}\n"
IN_QUERY = f"schema.graphql:2:3: field Query.ghost is not in class Query of {SCHEMA}"
IN_CODE = "schema.graphql:12:6: type Ghost is not in the code"
MERGED = (
    f"{S}from strawberry.tools import merge_types\n"
    "from app.graphql.refunds.queries import RefundQueries\n"
    f"{TYPE}Own:\n    version: str\n\n\nParts = (Own, RefundQueries)\n"
    'Query = merge_types("Query", (Own, RefundQueries))\nschema = strawberry.Schema(Query)\n'
)
STATES = (
    f"{S}from app.states import State as _State\nState = strawberry.enum(_State)\n"
    f"{TYPE}RefundType:\n    id: int\n    paid_back_on: str\n    state: State\n"
)
STATE = "from enum import Enum\n\n\nclass State(Enum):\n    OPEN = 1\n    PAID = 2\n"
STATE_SDL = SDL.replace("  id", "  state: State!\n  id") + "\nenum State {\n  OPEN\n  LOST\n}\n"


@pytest.mark.parametrize(
    ("files", "findings"),
    [
        ({EXPORT: NO_TYPE}, [NOT_TYPE]),
        ({EXPORT: NO_FIELD}, [NOT_FIELD]),
        (
            {EXPORT: SDL.replace("  allRefunds: [RefundType!]!\n", "")},
            [f"{QUERIES}:8:5: field Query.allRefunds is not in schema.graphql"],
        ),
        ({QUERIES: LAZY.format("app.graphql.refunds.types"), EXPORT: NO_TYPE}, [NOT_TYPE]),
        ({QUERIES: LAZY.format(".types"), EXPORT: NO_TYPE}, [NOT_TYPE]),
        ({QUERIES: LAZY.format("..refunds.types"), EXPORT: NO_TYPE}, [NOT_TYPE]),
        (
            {
                QUERIES: REFUNDS.replace("from .types", "from ."),
                "app/graphql/refunds/__init__.py": "from .types import *\n",
                EXPORT: NO_TYPE,
            },
            [NOT_TYPE],
        ),
        # What no schema is seen to lead to may still be known by its name.
        ({SCHEMA: "schema = build()\n", EXPORT: NO_FIELD}, [NOT_FIELD]),
        # Inherited from another file.
        (
            {
                TYPES: f"{S}from app.base import Dated\n{TYPE}RefundType(Dated):\n    id: int\n",
                "app/base.py": f"{S}{TYPE}Dated:\n    paid_back_on: str\n    made_on: str\n",
            },
            ["app/base.py:7:5: field RefundType.madeOn is not in schema.graphql"],
        ),
        # Of two classes of one name the schema has the one that it leads to.
        (
            {"app/old.py": f"{S}{TYPE}RefundType:\n    gone: int\n", EXPORT: NO_FIELD},
            [NOT_FIELD],
        ),
        # What the code no longer has.
        ({EXPORT: GHOST}, [IN_CODE, IN_QUERY]),
        (
            {SCHEMA: MERGED, EXPORT: GHOST},
            [IN_CODE, f"schema.graphql:2:3: field Query.ghost is not in class Query of {SCHEMA}"],
        ),
        (
            {TYPES: STATES, "app/states.py": STATE, EXPORT: STATE_SDL},
            [
                "app/states.py:6:5: value State.PAID is not in schema.graphql",
                f"schema.graphql:14:3: value State.LOST is not in class State of {TYPES}",
            ],
        ),
        # A second schema has its own export.
        (
            {
                "app/graphql/admin.py": f"{S}{TYPE}Query:\n    audit: int\n    log: int\n\n\n"
                "schema = strawberry.Schema(query=Query)\n",
                "schema-admin.graphql": "type Query {\n  audit: Int!\n}\n",
            },
            [
                "app/graphql/admin.py:7:5: field Query.log is not in schema.graphql"
                " or schema-admin.graphql"
            ],
        ),
    ],
)
def test_findings(files: dict[str, str], findings: list[str], project: Project, run: Run) -> None:
    project.lay({**TREE, **files})
    code, out, errors = run(ID)
    assert (code, errors) == (1, "")
    assert sorted(lines_of(out)) == sorted(findings)


FRESH: list[dict[str, str | None]] = [
    {},
    # Nothing to compare with.
    {EXPORT: None},
    # A field that either export holds.
    {EXPORT: NO_FIELD, "schema-admin.graphql": SDL},
    # No schema shows these.
    {"app/graphql/refunds/other.py": f"{S}{TYPE}OtherType:\n    a: int\n"},
    {TYPES: REFUND + "    secret: strawberry.Private[int]\n"},
    {
        TYPES: REFUND + f"{TYPE}Parent:\n    a: int\n",
        QUERIES: REFUNDS.replace("import RefundType", "import Parent, RefundType").replace(
            "(self)", "(self, parent: strawberry.Parent[Parent])"
        ),
    },
    {
        TYPES: REFUND + f"{TYPE}Inner:\n    a: int\n",
        QUERIES: REFUNDS.replace("import RefundType", "import Inner, RefundType").replace(
            "(self)", "(self, info: strawberry.Info[Inner, None])"
        ),
    },
    {QUERIES: REFUNDS.replace(".field", ".field(graphql_type=int)"), EXPORT: NO_TYPE},
    {QUERIES: REFUNDS.replace(".field", ".field(extensions=[Own()])"), EXPORT: NO_TYPE},
    # The export of something else.
    {EXPORT: "type Query {\n  weather: Int\n}\n"},
    # A schema without an export, beside the one of the resources.
    {
        "examples/hello.py": f"{S}{TYPE}Query:\n    version: str\n    hello: int\n\n\n"
        "schema = strawberry.Schema(query=Query)\n"
    },
    {"tests/test_it.py": f"{S}{TYPE}RefundType:\n    other: int\n"},
    # A resource that is gone is still imported.
    {QUERIES: None, TYPES: None},
    {SCHEMA: MOUNTS.replace("(RefundQueries)", "(RefundQueries, Elsewhere)"), EXPORT: GHOST},
    {SCHEMA: MERGED.replace("(Own, RefundQueries)", "Parts"), EXPORT: GHOST},
    {SCHEMA: f"{MOUNTS}\nother = strawberry.Schema(query=build())\n"},
    # Whose fields the source does not show.
    {
        TYPES: REFUND.replace("@straw", "@register\n@straw"),
        EXPORT: SDL.replace("id:", "x: Int id:"),
    },
    {TYPES: REFUND.replace("Type:", "Type(Base):"), EXPORT: SDL.replace("id:", "x: Int id:")},
    {
        TYPES: f"{S}import strawberry_django\nfrom app.models import Refund\n\n"
        "@strawberry_django.type(Refund, fields='__all__')\nclass RefundType:\n    id: int\n"
    },
    {
        TYPES: STATES,
        "app/states.py": STATE.replace("    PAID = 2\n", "    locals()['LOST'] = 2\n"),
        EXPORT: STATE_SDL,
    },
    # Not of a resource.
    {
        TYPES: None,
        "app/base.py": REFUND,
        QUERIES: REFUNDS.replace("from .types", "from app.base"),
        EXPORT: SDL.replace("id:", "x: Int id:"),
    },
]


@pytest.mark.parametrize("files", FRESH)
def test_what_it_leaves_alone(files: Files, project: Project, run: Run) -> None:
    project.lay({**TREE, **files})
    code, out, errors = run(ID)
    assert lines_of(out) == []
    assert (code, errors) in ((0, ""), (0, NOT_OURS))


CONFIG = "from strawberry.schema.config import StrawberryConfig\nCONFIG = StrawberryConfig({})\n"


def test_snake_case_in_the_schema(said: Said) -> None:
    snake = SDL.replace("allRefunds", "all_refunds").replace("paidBackOn", "paid_back_on")
    config = {"app/config.py": CONFIG.format("auto_camel_case=False")}
    assert said({**TREE, **config, EXPORT: snake}) == set()
    lacking = f"field RefundType.paid_back_on is not in {EXPORT}"
    assert said({EXPORT: snake.replace("  paid_back_on: String!\n", "")}) == {lacking}


@pytest.mark.parametrize(
    ("files", "note"),
    [
        (
            {"app/config.py": CONFIG.format("name_converter=Own()")},
            "a name converter decides what the schema calls its fields",
        ),
        (
            {
                "app/own.py": "class Own(strawberry.Schema):\n"
                "    def get_fields(self, type_definition): ...\n"
            },
            "a get_fields of the project's own decides what the schema shows",
        ),
    ],
)
def test_what_only_the_project_knows(
    files: dict[str, str], note: str, project: Project, run: Run
) -> None:
    project.lay({**TREE, EXPORT: NO_FIELD, **files})
    code, _, errors = run(ID)
    assert (code, errors) == (0, f"{ID}: not evaluated: {note}\n")


@pytest.mark.parametrize(
    ("path", "content", "where"),
    [(EXPORT, "type Query {\n  a:\n}\n", ":3:1: "), (TYPES, "class (\n", ":1:7: ")],
)
def test_broken_files(path: str, content: str, where: str, project: Project, run: Run) -> None:
    project.lay({**TREE, path: content})
    code, out, _ = run(ID)
    assert code == 1
    assert out.startswith(f"{path}{where}")


OTHER = "type Query {\n  ping: String\n}\n"


def test_schema_of_another_program_in_the_place_of_ours(sample: Project, run: Run) -> None:
    sample.lay({EXPORT: OTHER})
    message = "has no query and no mutation of the code, and had some on the base"
    report = f"{EXPORT}:1:1: {ID}: the export {EXPORT} {message}\n{HELP}1 finding in 1 file\n"
    assert run(ID, "--base", "main") == (1, report, "")


def test_no_export_is_of_the_code(project: Project, run: Run) -> None:
    project.lay({CODE: ALL["enums"], EXPORT: OTHER})
    code, _, errors = run(ID)
    assert (code, errors) == (0, NOT_OURS)
