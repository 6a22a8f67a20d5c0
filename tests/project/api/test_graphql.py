"""Declarations read from a file, against the schema that Strawberry makes of it."""

from __future__ import annotations

import sys
import textwrap
import types
import warnings

import pytest
from graphql import TypeDefinitionNode, TypeExtensionNode, parse
from hypothesis import given
from hypothesis import strategies as st
from strawberry.utils.str_converters import to_camel_case

from definition_of_done.project.api import sources as source_files
from definition_of_done.project.api.declarations import camel_case
from definition_of_done.project.api.graphql import read_graphql
from definition_of_done.project.api.sources import spelt_in

_KINDS = {
    "object_type": "type",
    "input_object_type": "input",
    "interface_type": "interface",
    "enum_type": "enum",
    "scalar_type": "scalar",
    "union_type": "union",
}
Shown = dict[tuple[str, str], set[str]]


def exported(source: str) -> str:
    """The SDL of the module's `schema`."""
    name = "shape_of_a_test"
    module = types.ModuleType(name)
    sys.modules[name] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)
            sdl: str = module.schema.as_str()
            return sdl
    finally:
        del sys.modules[name]


def printed(source: str) -> Shown:
    """The names in that SDL, by kind and name."""
    found: Shown = {}
    for node in parse(exported(source)).definitions:
        kind = _KINDS.get(node.kind.removesuffix("_definition").removesuffix("_extension"))
        if kind is not None:
            members = getattr(node, "fields", None) or getattr(node, "values", None) or ()
            assert isinstance(node, TypeDefinitionNode | TypeExtensionNode)
            name = node.name.value
            found[kind, name] = {member.name.value for member in members}
    return found


def seen(source: str) -> Shown:
    return {
        (declaration.kind, declaration.name): {field.name for field in declaration.fields}
        for declaration in read_graphql("app/shape.py", source.encode()).declarations
        # What an operation only inherits from is no type of the schema.
        if declaration.name and not (declaration.operation and declaration.is_base)
    }


HEAD = """
from __future__ import annotations
import dataclasses, enum, functools, typing
from enum import Enum
from typing import Annotated, ClassVar, Generic, NewType, TypeVar
import strawberry
"""
SHAPES = {
    "plain fields": """
        @strawberry.type
        class Query:
            vendor_credits: int
            name2_of__it: str = "x"
            _hidden_not: int = 1
            not_a_field = 5
        schema = strawberry.Schema(query=Query)
    """,
    "resolvers": """
        def make() -> int: return 1
        @strawberry.field
        def loose_field() -> int: return 1
        later = strawberry.field(resolver=make, name="laterOn")
        @strawberry.type
        class Query:
            @strawberry.field
            def bare_one(self) -> int: return 1
            @strawberry.field(description="x")
            async def called_one(self) -> int: return 1
            @strawberry.field(name="renamed")
            def old_name(self) -> int: return 1
            by_resolver: int = strawberry.field(resolver=make)
            without_annotation = strawberry.field(resolver=make)
            positional = strawberry.field(make, name="byPosition")
            loose_one = loose_field
            later_one = later
            def helper(self) -> int: return 1
            @property
            def also_none(self) -> int: return 1
        @strawberry.type
        class Mutation:
            @strawberry.mutation
            def create_it(self) -> int: return 1
            change_it: int = strawberry.mutation(resolver=make)
        @strawberry.type
        class Subscription:
            @strawberry.subscription
            async def on_change(self) -> typing.AsyncGenerator[int, None]: yield 1
        schema = strawberry.Schema(Query, Mutation, Subscription)
    """,
    "aliases of imports": """
        import strawberry as sb
        from strawberry import type as gql_type, field as gql_field, input, enum
        import strawberry.federation
        from strawberry import federation as fed
        make_type = strawberry.type
        @sb.type(name="Renamed_One")
        class A: x: int
        @gql_type
        class B:
            @gql_field
            def some_thing(self) -> A: return A(x=1)
        @strawberry.federation.type(keys=["id"])
        class C: id: strawberry.ID
        @fed.type
        class D: d_d: int = fed.field(name="dee")
        @input
        class E: e_e: int
        @enum
        class F(Enum):
            ONE = 1
        @make_type
        class Query:
            b: B
            c: C
            d: D
            @gql_field
            def f(self, e: E, f: F) -> int: return 1
        schema = strawberry.Schema(query=Query)
    """,
    "hidden fields": """
        from strawberry import Private
        @strawberry.type
        class Query:
            a: int
            b: strawberry.Private[int] = 1
            c: Private[str] = ""
            d: "strawberry.Private[int]" = 1
            e: ClassVar[int] = 1
            f: Annotated[int, strawberry.argument(description="x")] = 1
            g: Annotated[int, strawberry.field(name="gee")] = 1
            h: int = dataclasses.field(default=1)
            i: dataclasses.InitVar[int] = 1
            j: typing.ClassVar = 1
        schema = strawberry.Schema(query=Query)
    """,
    "inheritance": """
        @strawberry.interface
        class HasName:
            full_name: str
        @dataclasses.dataclass
        class Plain:
            from_a_dataclass: int
        class Mixin:
            not_taken_over: int
            @strawberry.field
            def not_this_either(self) -> int: return 1
        @strawberry.type
        class Vendor(HasName, Plain, Mixin):
            own_one: int
            full_name: str
        @strawberry.type
        class Sub(Vendor):
            own_one: strawberry.Private[int]
            @strawberry.field(name="more")
            def more_of_it(self) -> int: return 1
        @strawberry.type
        class A:
            @strawberry.field
            def from_a(self) -> Vendor: ...
        @strawberry.type
        class Query(A):
            @strawberry.field
            def sub(self) -> Sub: ...
        schema = strawberry.Schema(query=Query)
    """,
    "enums": """
        @strawberry.enum
        class Plain(Enum):
            ONE = "one"
            TWO = strawberry.enum_value("two", name="SECOND")
            THREE = strawberry.enum_value("three", deprecation_reason="x")
            ALSO_ONE = "one"
            ALSO_TWO = TWO
            _ignore_ = ["x"]
            pass
            _3XL = "3xl"
            def method(self): return 1
            FOUR = "four"
        @strawberry.enum(name="Named", graphql_name_from="value")
        class ByValue(Enum):
            A = "first"
            B = "second"
        class Python_One(enum.Enum):
            X = enum.auto()
            Y = enum.auto()
        Made = strawberry.enum(Python_One)
        class Other(Enum):
            Z = 1
        Other2 = strawberry.enum(Other, name="MadeToo")
        @strawberry.type
        class Query:
            a: Plain
            b: ByValue
            c: Python_One
            d: Other
            e: "list[Undecorated] | None"
            hidden: strawberry.Private[NotUsed]
            @strawberry.field
            def f(self, g: AnArgument) -> int: return 1
            def not_a_field(self, g: NotUsed) -> int: return 1
        class Undecorated(str, Enum): U = 1
        class AnArgument(enum.IntEnum): V = 1
        class NotUsed(Enum): W = 1
        schema = strawberry.Schema(query=Query)
    """,
    "scalars and unions": """
        from strawberry.schema.config import StrawberryConfig
        Base64 = strawberry.scalar(NewType("Base64", bytes), serialize=str, parse_value=str)
        Json = strawberry.scalar(NewType("Whatever", object), name="Any_Json")
        @strawberry.scalar
        class Class_Scalar(str): pass
        Mapped = NewType("Mapped", bytes)
        @strawberry.type
        class A: a: int
        @strawberry.type(name="Bee")
        class B: b: int
        Result = Annotated[A | B, strawberry.union("Result_Of")]
        @strawberry.type
        class Query:
            x: Base64
            y: Json
            z: Class_Scalar
            m: Mapped
            @strawberry.field
            def r(self) -> Result: ...
            @strawberry.field
            def inline(self) -> Annotated[A | B, strawberry.union(name="Inline")]: ...
        schema = strawberry.Schema(
            query=Query,
            config=StrawberryConfig(scalar_map={Mapped: strawberry.scalar(name="MappedOne")}),
        )
    """,
    "names of classes": """
        @strawberry.type
        class Vendor_Type: a: int
        @strawberry.input
        class Some_Input: a_b: int
        @strawberry.type
        class lower_case: a: int
        class Inner:
            @strawberry.type
            class Nested: a: int
        Nested = Inner.Nested
        class Bare: a_b: int
        Made = strawberry.type(Bare, name="MadeType")
        class Bare2: a_c: int
        Made2 = strawberry.input(name="MadeInput")(Bare2)
        @strawberry.type
        class Query:
            v: Vendor_Type
            l: lower_case
            n: Nested
            m: Made
            @strawberry.field
            def f(self, i: Some_Input, j: Made2) -> int: ...
        schema = strawberry.Schema(query=Query)
    """,
    "lazy types": """
        @strawberry.type
        class Vendor:
            credits: list[Annotated["Credit", strawberry.lazy("shape_of_a_test")]]
        @strawberry.type
        class Credit:
            vendor: "Vendor"
        @strawberry.input
        class Change:
            may_be: strawberry.Maybe[int]
        @strawberry.type
        class Query:
            @strawberry.field
            def vendor(self, change: Change) -> Vendor: ...
        schema = strawberry.Schema(query=Query)
    """,
    "federation": """
        @strawberry.federation.interface
        class Node: node_id: int
        @strawberry.federation.input(name="In")
        class Input_: a: int
        @strawberry.federation.enum
        class E(Enum): A = 1
        @strawberry.federation.type(extend=True, keys=["id"])
        class Extended(Node):
            id: strawberry.ID = strawberry.federation.field(external=True)
        @strawberry.type
        class Query:
            e: E
            x: Extended
            @strawberry.federation.field
            def some_field(self, i: Input_) -> int: ...
        @strawberry.type
        class Mutation:
            @strawberry.federation.mutation(name="doIt")
            def done(self) -> int: ...
        schema = strawberry.Schema(query=Query, mutation=Mutation)
    """,
    "snake_case kept": """
        from strawberry.schema.config import StrawberryConfig
        @strawberry.type
        class Query:
            vendors: int
        schema = strawberry.Schema(Query, config=StrawberryConfig(auto_camel_case=True))
    """,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_names_are_those_of_the_printed_schema(shape: str) -> None:
    source = HEAD + textwrap.dedent(SHAPES[shape])
    assert seen(source) == printed(source)


UNSEEN = {
    "generic types": """
        T = TypeVar("T")
        @strawberry.type
        class Page(Generic[T]):
            items: list[T]
            next_page: int
        @strawberry.type
        class Vendor: a: int
        @strawberry.type
        class Vendors(Page[Vendor]):
            total_of_all: int
        @strawberry.type
        class Query:
            page: Page[Vendor]
            own: Vendors
        schema = strawberry.Schema(query=Query)
    """,
    "relay": """
        from strawberry import relay
        @strawberry.type
        class Fruit(relay.Node):
            id: relay.NodeID[int]
            full_name: str
        @strawberry.interface
        class Plant(relay.Node):
            @strawberry.field
            def height(self) -> int: return 1
        @strawberry.type
        class Tree(Plant):
            id: relay.NodeID[int]
        @strawberry.type
        class Basket(relay.ListConnection[Fruit]):
            total_count: int
        @strawberry.type
        class Query:
            node: relay.Node = relay.node()
            tree: Tree
            @relay.connection(relay.ListConnection[Fruit])
            def all_fruits(self) -> typing.Iterable[Fruit]: return []
            @relay.connection(Basket)
            def more_fruits(self) -> typing.Iterable[Fruit]: return []
        schema = strawberry.Schema(query=Query)
    """,
    "pydantic": """
        import pydantic
        class User(pydantic.BaseModel):
            id: int
            full_name: str = pydantic.Field(alias="fullNameAlias")
        @strawberry.experimental.pydantic.type(model=User)
        class UserType:
            id: strawberry.auto
            full_name: strawberry.auto
            @strawberry.field
            def own_one(self) -> int: return 1
        @strawberry.experimental.pydantic.input(model=User, all_fields=True, name="UserIn")
        class UserInput:
            pass
        @strawberry.type
        class Query:
            @strawberry.field
            def f(self, i: UserInput) -> UserType: ...
        schema = strawberry.Schema(query=Query)
    """,
    "functions and computed names": """
        NAME = "Computed"
        def make(name):
            @strawberry.type(name=name)
            class Made: a: int
            return Made
        A = make("A")
        @strawberry.type(name=NAME)
        class B: a: int
        @strawberry.type(**{"name": "Cee"})
        class C: a: int
        class Status(Enum): X = 1
        Other = strawberry.enum(Status, name=NAME + "Status")
        @strawberry.type
        class Query:
            a: A
            b: B
            c: C
            d: Status
            e_e: int = strawberry.field(name=NAME.lower())
        schema = strawberry.Schema(query=Query)
    """,
    "values that are computed": """
        FIRST = "first"
        @strawberry.enum(graphql_name_from="value")
        class ByValue(Enum):
            ONE = FIRST
            TWO = "second"
            THREE = str("third")
        @strawberry.enum
        class ByName(Enum):
            ONE = FIRST
            if FIRST:
                TWO = "second"
            THREE = strawberry.enum_value("third", name=FIRST)
            FOUR = "fourth"
        @strawberry.type
        class Query:
            a: ByValue
            b: ByName
        schema = strawberry.Schema(query=Query)
    """,
    "fields of the project's own making": """
        def own(resolver): return strawberry.field(resolver=resolver)
        def paged(resolver): return strawberry.field(resolver)
        class elsewhere: paged = paged
        def make() -> int: return 1
        @strawberry.type
        class Query:
            plain: int
            by_call = own(make)
            @elsewhere.paged
            def by_decorator(self) -> int: ...
            @functools.lru_cache(None)
            def none_by_its_library(self) -> int: ...
            if NAME_IS_SET := True:
                on_condition: int = 1
        schema = strawberry.Schema(query=Query)
    """,
    "merged types": """
        from strawberry.tools import create_type, merge_types
        @strawberry.type
        class A: a_a: int
        @strawberry.type
        class B: b_b: int
        @strawberry.field
        def c_c() -> int: ...
        Query = merge_types("Query", (A, B))
        Mutation = create_type("Mutation", [c_c])
        schema = strawberry.Schema(query=Query, mutation=Mutation)
    """,
}
# What the reader does not see, and what it says that it cannot.
UNREAD: dict[str, tuple[set[str], list[str]]] = {
    "generic types": ({"VendorPage"}, []),
    "relay": ({"FruitConnection", "FruitEdge", "Node", "PageInfo"}, []),
    "pydantic": (set(), ["id", "full_name", "UserType", "UserInput"]),
    "functions and computed names": (
        {"A", "Computed", "Cee", "ComputedStatus"},
        ["Made", "B", "C", "Other", "e_e"],
    ),
    "values that are computed": (set(), ["ONE", "THREE", "ByName", "THREE"]),
    "fields of the project's own making": (set(), ["by_call", "by_decorator", "Query"]),
    "merged types": (set(), ["Mutation"]),
}


@pytest.mark.parametrize("shape", UNSEEN)
def test_what_is_computed_is_unseen(shape: str) -> None:
    source = HEAD + textwrap.dedent(UNSEEN[shape])
    shown, found = printed(source), seen(source)
    hidden, names = UNREAD[shape]
    assert {name for _, name in shown.keys() - found.keys()} == hidden
    assert found.keys() <= shown.keys()
    assert all(fields <= shown[key] for key, fields in found.items())
    code = read_graphql("app/shape.py", source.encode())
    unseen = [
        *code.opaque,
        *(each for declaration in code.declarations for each in declaration.opaque),
    ]
    assert [part.name for part in unseen] == names


@pytest.mark.parametrize(
    ("path", "source", "operations"),
    [
        ("app/vendors/queries.py", "@S class VendorQueries: a: int", {"VendorQueries": "query"}),
        ("app/vendors/queries/one.py", "@S class VendorQuery: a: int", {"VendorQuery": "query"}),
        ("app/resolvers.py", "@S class VendorMutation: a: int", {"VendorMutation": "mutation"}),
        ("app/x.py", "@S class Subscription: a: int", {"Subscription": "subscription"}),
        ("app/vendors/types.py", "@S class SavedQuery: a: int", {"SavedQuery": None}),
        ("app/vendors/queries.py", "@S class Result: a: int", {"Result": None}),
        ("app/queries.py", "@strawberry.input class InQuery: a: int", {"InQuery": None}),
        (
            "app/schema.py",
            "@S class A: a: int; @S class B(A): b: int; strawberry.Schema(query=B)",
            {"A": "query", "B": "query"},
        ),
        (
            "app/x.py",
            "@S class A: a: int; @S class B: b: int; strawberry.Schema(A, B)",
            {"A": "query", "B": "mutation"},
        ),
        (
            "app/schema.py",
            "from app.own import OwnSchema; @S class A: a: int; OwnSchema(query=A)",
            {"A": "query"},
        ),
        (
            "app/schema.py",
            "from marshmallow import Schema; @S class A: a: int; Schema(query=A)",
            {"A": None},
        ),
        (
            "app/x.py",
            "@S class A: a: int; @S class Mutation(A): b: int",
            {"A": "mutation", "Mutation": "mutation"},
        ),
    ],
)
def test_operations(path: str, source: str, operations: dict[str, str | None]) -> None:
    lines = source.replace("@S", "@strawberry.type").replace(" class", "\nclass")
    code = read_graphql(path, f"import strawberry\n{lines.replace('; ', chr(10))}\n".encode())
    assert {
        declaration.label: declaration.operation for declaration in code.declarations
    } == operations


def test_a_class_in_an_enum_is_a_value_of_some_pythons() -> None:
    source = "import strawberry\n@strawberry.enum\nclass A(Enum):\n    class B: ...\n    C = 1\n"
    (declaration,) = read_graphql("app/x.py", source.encode()).declarations
    assert [field.name for field in declaration.fields] == ["C"]
    assert [each.name for each in declaration.opaque] == ["A"]


def test_bases_of_bases_elsewhere() -> None:
    source = (
        "import strawberry\nfrom app.base import Base, Other\nclass Mid(Base): ...\n"
        "@strawberry.type\nclass A(Mid, Other):\n    a: int\n"
    )
    (declaration,) = read_graphql("app/x.py", source.encode()).declarations
    assert declaration.elsewhere == ("app.base.Base", "app.base.Other")


@pytest.mark.parametrize(
    ("decorator", "body", "unread"),
    [
        ("m", "@strawberry.field\n    def b(self) -> int: ...", ["A"]),
        ("m.x(1)", "b = strawberry.field(resolver=c)", ["A"]),
        ("(lambda one: one)", "@strawberry.field\n    def b(self) -> int: ...", ["A"]),
        ("m", "b: int", []),
        ("m", "b = c()", []),
        ("dataclasses.dataclass", "@strawberry.field\n    def b(self) -> int: ...", []),
    ],
)
def test_what_a_decorator_of_the_projects_own_makes(
    decorator: str, body: str, unread: list[str]
) -> None:
    source = (
        "import dataclasses\nimport strawberry\nfrom app.own import make as m\n"
        f"@{decorator}\nclass A:\n    {body}\n"
    )
    code = read_graphql("app/x.py", source.encode())
    assert [part.name for part in code.opaque] == unread
    assert code.declarations == ()


@pytest.mark.parametrize(
    ("path", "source", "loose"),
    [
        ("app/mutations/pay.py", "@strawberry.mutation\ndef pay_back(): ...", ["mutation payBack"]),
        ("app/queries.py", "@strawberry.field(name='x')\ndef refunds(): ...", ["query x"]),
        ("app/pay.py", "@strawberry.mutation\ndef pay_back(): ...", []),
        ("app/mutations.py", "@strawberry.field\ndef pay(): ...", ["mutation pay"]),
        ("app/resolvers.py", "@strawberry.field\ndef pay(): ...", []),
        ("app/queries.py", "@strawberry.field\ndef a(): ...\nclass B:\n    b = a", []),
    ],
)
def test_loose_operations(path: str, source: str, loose: list[str]) -> None:
    code = read_graphql(path, f"import strawberry\n{source}\n".encode())
    assert [f"{field.kind} {field.name}" for field in code.loose] == loose


def test_what_a_schema_mounts() -> None:
    source = """
import strawberry
from app.graphql.vendors.queries import VendorQueries
from app.graphql.vendors import VendorMutations as Mutations
from .credits.queries import CreditQueries

@strawberry.type
class Query(VendorQueries, CreditQueries):
    pass

schema = strawberry.Schema(query=Query, mutation=Mutations)
"""
    mounts = read_graphql("app/graphql/schema.py", source.encode()).mounts
    assert mounts == (
        ("query", "Query", False, 0),
        ("query", "app.graphql.vendors.queries.VendorQueries", True, 0),
        ("query", "app.graphql.credits.queries.CreditQueries", True, 0),
        ("mutation", "app.graphql.vendors.VendorMutations", False, 0),
    )


def test_what_two_schemas_mount() -> None:
    source = """
import strawberry
from app.queries import Query

@strawberry.type
class AdminQuery(Query):
    pass

schema = strawberry.Schema(Query)
admin = strawberry.Schema(AdminQuery)
"""
    assert read_graphql("app/schema.py", source.encode()).mounts == (
        ("query", "app.queries.Query", False, 0),
        ("query", "AdminQuery", False, 1),
        ("query", "app.queries.Query", True, 1),
    )


@pytest.mark.parametrize(
    ("config", "camel"),
    [
        ("", True),
        ("auto_camel_case=False", False),
        ("auto_camel_case=setting", None),
        ("name_converter=Own()", None),
    ],
)
def test_how_a_schema_shows_names(config: str, camel: bool | None) -> None:
    source = (
        "import strawberry\nfrom strawberry.schema.config import StrawberryConfig\n"
        f"schema = strawberry.Schema(Query, config=StrawberryConfig({config}))\n"
    )
    assert read_graphql("app/schema.py", source.encode()).camel_case is camel


@given(st.text("ab1_", min_size=1))
def test_camel_case_is_strawberrys(name: str) -> None:
    assert camel_case(name) == to_camel_case(name)


def test_each_name_is_found_once() -> None:
    sources = [b"vendor_credits a", b"vendorCredits b", b"c"]
    assert sorted(spelt_in(sources, ["vendor_credits", "b", "d"])) == ["b", "vendor_credits"]


_NAMES = st.text("aB1_\u00e9", min_size=1, max_size=5)


@given(st.lists(st.text("aAb1_ .\u00e9", max_size=30), max_size=3), st.sets(_NAMES, max_size=6))
def test_many_names_are_found_as_one_by_one(texts: list[str], names: set[str]) -> None:
    sources = [text.encode() for text in texts]
    one_by_one = {name for name in names if [*spelt_in(sources, [name])]}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(source_files, "_FEW", 0)
        assert {*spelt_in(sources, names)} == one_by_one
        patched.setattr(source_files, "_MOST_PAIRS", 1)
        assert {*spelt_in(sources, names)} == one_by_one
