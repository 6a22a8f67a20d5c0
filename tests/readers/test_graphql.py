"""Changes of a schema and the level that each asks for, beside graphql-core's comparison."""

from __future__ import annotations

import pytest
from graphql import build_schema, find_breaking_changes
from hypothesis import given, settings
from hypothesis import strategies as st

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import MIB
from definition_of_done.readers.graphql import MAJOR, MINOR, PATCH, Change, compare, read_schema

OLD = '''\
"""What a client may ask for"""
type Query {
  vendors(first: Int = 10, order: Order!, limit: Int! = 5): [Vendor!]!
  vendor(id: ID!): Vendor
  search(filter: Filter, json: JSON = {a: 1}): [Found]
}

type Mutation {
  createVendor(input: VendorInput!): Vendor!
}

type Vendor implements Node {
  id: ID!
  title: String!
  note: String
  status: Status
  tags: [String]
}

type Credit implements Node {
  id: ID!
}

interface Node {
  id: ID!
}

union Found = Vendor | Credit

enum Status {
  OPEN
  CLOSED
}

enum Order {
  UP
  DOWN
}

input VendorInput {
  title: String!
  note: String = "none"
  rank: Int! = 1
}

input Filter {
  text: String
}

scalar JSON

scalar Loose

directive @shown(when: Boolean! = true) repeatable on FIELD | QUERY

directive @key(fields: String!) on OBJECT
'''


def changes(old: str, new: str) -> list[Change]:
    return compare(read_schema("a", old.encode()), read_schema("b", new.encode()))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # What is gone.
        (
            "  title: String!\n  note: String\n",
            "  note: String\n",
            [(MAJOR, "Vendor.title was removed")],
        ),
        ("  vendor(id: ID!): Vendor\n", "", [(MAJOR, "Query.vendor was removed")]),
        ("(id: ID!)", "", [(MAJOR, "Query.vendor(id:) was removed")]),
        ("  OPEN\n", "", [(MAJOR, "Status.OPEN was removed")]),
        ("Vendor | Credit", "Vendor", [(MAJOR, "member Credit of Found was removed")]),
        ("Credit implements Node", "Credit", [(MAJOR, "interface Node of Credit was removed")]),
        ('  note: String = "none"\n', "", [(MAJOR, "VendorInput.note was removed")]),
        ("scalar Loose\n", "", [(MAJOR, "Loose was removed")]),
        (
            "type Mutation {\n  createVendor(input: VendorInput!): Vendor!\n}\n",
            "",
            [(MAJOR, "Mutation was removed")],
        ),
        (
            "directive @shown(when: Boolean! = true) repeatable on FIELD | QUERY\n",
            "",
            [(MAJOR, "@shown was removed")],
        ),
        ("FIELD | QUERY", "FIELD", [(MAJOR, "QUERY of @shown was removed")]),
        (" repeatable", "", [(MAJOR, "repeatable of @shown was removed")]),
        ("(when: Boolean! = true)", "", [(MAJOR, "@shown(when:) was removed")]),
        # What is new.
        (
            "  note: String\n",
            "  note: String\n  email: String\n",
            [(PATCH, "Vendor.email was added")],
        ),
        (
            "  vendor(id",
            "  credits: [Credit!]!\n  vendor(id",
            [(MINOR, "Query.credits was added")],
        ),
        (
            "  createVendor(",
            "  deleteVendor(id: ID!): Boolean!\n  createVendor(",
            [(MINOR, "Mutation.deleteVendor was added")],
        ),
        ("scalar JSON", "scalar JSON\nscalar Date", [(MINOR, "Date was added")]),
        (
            "scalar JSON",
            "scalar JSON\ntype Subscription { seen: Vendor }",
            [(MINOR, "Subscription was added")],
        ),
        ("scalar JSON", "scalar JSON\ninput More { a: Int! }", [(MINOR, "More was added")]),
        (
            "vendor(id: ID!",
            "vendor(id: ID!, old: Boolean",
            [(PATCH, "Query.vendor(old:) was added")],
        ),
        (
            "vendor(id: ID!",
            "vendor(id: ID!, old: Boolean! = false",
            [(PATCH, "Query.vendor(old:) was added")],
        ),
        (
            "vendor(id: ID!",
            "vendor(id: ID!, old: Boolean!",
            [(MAJOR, "Query.vendor(old:) was added and is required")],
        ),
        ("  text: String\n", "  text: String\n  tag: String\n", [(PATCH, "Filter.tag was added")]),
        (
            "  text: String\n",
            '  text: String\n  tag: String! = "a"\n',
            [(PATCH, "Filter.tag was added")],
        ),
        (
            "  text: String\n",
            "  text: String\n  tag: String!\n",
            [(MAJOR, "Filter.tag was added and is required")],
        ),
        ("  OPEN\n", "  OPEN\n  HELD\n", [(MINOR, "Status.HELD was added")]),
        # No client is answered with a value that it only sends.
        ("  UP\n", "  UP\n  SIDE\n", [(PATCH, "Order.SIDE was added")]),
        (
            "union Found = Vendor",
            "union Found = Query | Vendor",
            [(MINOR, "member Query of Found was added")],
        ),
        (
            "type Query {",
            "type Query implements Node {",
            [(MINOR, "interface Node of Query was added")],
        ),
        ("scalar JSON", "scalar JSON\ndirective @x on FIELD", [(PATCH, "@x was added")]),
        ("on FIELD |", "on FIELD | MUTATION |", [(PATCH, "MUTATION of @shown was added")]),
        # What is another.
        (
            "  note: String\n",
            "  note: String!\n",
            [(PATCH, "Vendor.note changed from String to String!")],
        ),
        (
            "  title: String!\n  note: String\n",
            "  title: String\n  note: String\n",
            [(MAJOR, "Vendor.title changed from String! to String")],
        ),
        (
            "  title: String!\n  note: String =",
            "  title: String\n  note: String =",
            [(PATCH, "VendorInput.title changed from String! to String")],
        ),
        (
            "  text: String\n",
            "  text: String!\n",
            [(MAJOR, "Filter.text changed from String to String!")],
        ),
        (
            "vendor(id: ID!)",
            "vendor(id: ID)",
            [(PATCH, "Query.vendor(id:) changed from ID! to ID")],
        ),
        (
            "search(filter: Filter,",
            "search(filter: Filter!,",
            [(MAJOR, "Query.search(filter:) changed from Filter to Filter!")],
        ),
        (
            "tags: [String]",
            "tags: [String!]!",
            [(PATCH, "Vendor.tags changed from [String] to [String!]!")],
        ),
        (
            "tags: [String]",
            "tags: [[String]]",
            [(MAJOR, "Vendor.tags changed from [String] to [[String]]")],
        ),
        (
            "tags: [String]",
            "tags: String",
            [(MAJOR, "Vendor.tags changed from [String] to String")],
        ),
        ("id: ID!\n  title", "id: Int!\n  title", [(MAJOR, "Vendor.id changed from ID! to Int!")]),
        (
            "first: Int = 10",
            "first: Int = 20",
            [(MINOR, "the default of Query.vendors(first:) changed from 10 to 20")],
        ),
        ("first: Int = 10", "first: Int", [(MINOR, "Query.vendors(first:) lost its default 10")]),
        (
            "limit: Int! = 5",
            "limit: Int!",
            [(MAJOR, "Query.vendors(limit:) lost its default 5, and it is required")],
        ),
        (
            "rank: Int! = 1",
            "rank: Int!",
            [(MAJOR, "VendorInput.rank lost its default 1, and it is required")],
        ),
        (
            "filter: Filter,",
            'filter: Filter = {text: "a"},',
            [(PATCH, 'Query.search(filter:) got the default { text: "a" }')],
        ),
        (
            "{a: 1}",
            "{a: 2}",
            [(MINOR, "the default of Query.search(json:) changed from { a: 1 } to { a: 2 }")],
        ),
        ("interface Node {", "type Node {", [(MAJOR, "Node changed from interface to type")]),
        ("scalar JSON", "type JSON { a: Int }", [(MAJOR, "JSON changed from scalar to type")]),
        (
            "enum Order {\n  UP\n  DOWN\n}",
            "input Order {\n  up: Int!\n}",
            [(MAJOR, "Order changed from enum to input")],
        ),
        # What makes no difference.
        ('"""What a client may ask for"""\n', "", []),
        ("  note: String\n", '  "Seen by all"\n  note: String # for now\n', []),
        ("  note: String\n", '  note: String @deprecated(reason: "gone soon")\n', []),
        ("  id: ID!\n  title: String!\n", "  title: String!\n  id: ID!\n", []),
        ("scalar JSON", 'scalar JSON @specifiedBy(url: "https://example.com")', []),
        ("directive @key(fields: String!) on OBJECT\n", "", []),
        ("(fields: String!) on OBJECT", "(fields: String!, more: Int!) on OBJECT", []),
        ("type Query {", 'type Query @key(fields: "id") {', []),
        ("\n", "\r\n", []),
        ("scalar JSON", "scalar JSON\nschema { query: Query mutation: Mutation }", []),
        (
            "type Credit implements Node {\n  id: ID!\n}",
            "type Credit implements Node\nextend type Credit {\n  id: ID!\n}",
            [],
        ),
    ],
)
def test_change(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert old in OLD
    after = OLD.replace(old, new)
    found = [(change.level, change.what) for change in changes(OLD, after)]
    assert [(level, _unspaced(what)) for level, what in found] == [
        (level, _unspaced(what)) for level, what in expected
    ]
    if "{a: " not in new:
        assert _is_breaking(OLD, after) is any(level == MAJOR for level, _ in expected)


def test_a_field_of_a_root_by_another_name() -> None:
    old = "schema { query: Root }\ntype Root {\n  a: Int\n}\n"
    found = compare(
        read_schema("a", old.encode()), read_schema("a", f"{old[:-2]}  b: Int\n}}".encode())
    )
    assert [change.level for change in found] == [MINOR]


def _unspaced(what: str) -> str:
    """Releases of graphql-core print an object with and without blanks inside."""
    return what.replace("{ ", "{").replace(" }", "}")


def _is_breaking(old: str, new: str) -> bool:
    """Ask graphql-core whether the step from the old schema to the new one breaks a client.

    But for a default that is taken from a required argument, which it takes for no break, and a
    directive for the server alone, which it takes for one.
    """
    if any(
        "lost its default" in change.what and change.level == MAJOR for change in changes(old, new)
    ):
        return True
    try:
        sides = [
            build_schema(side.replace("{a: 1}", '"a"'), assume_valid=True) for side in (old, new)
        ]
    except TypeError:
        # graphql-core 3.2 builds no schema of these names at all.
        return True
    return any("key" not in change.description for change in find_breaking_changes(*sides))


_TYPES = st.sampled_from("Int Int! [Int] [Int!] [Int!]! [Int]! [[Int]] [[Int!]!]!".split())
_FIELDS = st.dictionaries(st.sampled_from("abcd"), _TYPES, min_size=1)
_INPUTS = st.dictionaries(
    st.sampled_from("abcd"), st.tuples(_TYPES, st.sampled_from(["", " = []"])), min_size=1
)


@st.composite
def _schemas(draw: st.DrawFn) -> str:
    fields = "\n".join(f"  {name}: {type}" for name, type in draw(_FIELDS).items())
    values = draw(_INPUTS)
    # An empty list is no value of Int, and graphql-core would take it for none.
    inputs = ", ".join(
        f"{name}: {type}{default if type.startswith('[') else ''}"
        for name, (type, default) in values.items()
    )
    enum = " ".join(sorted(draw(st.sets(st.sampled_from("ABC"), min_size=1))))
    kind = draw(st.sampled_from(["type", "interface"]))
    return (
        f"type Query {{\n{fields}\n  f({inputs}): T\n  e: E\n}}\n{kind} T {{\n{fields}\n}}\n"
        f"input I {{ {inputs} }}\nenum E {{ {enum} }}\n"
    )


@settings(deadline=None)
@given(_schemas(), _schemas())
def test_breaking_is_what_graphql_core_calls_breaking(old: str, new: str) -> None:
    found = changes(old, new)
    assert _is_breaking(old, new) is any(change.level == MAJOR for change in found)
    assert changes(old, old) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("type Query {\n  vendors(: Int\n}\n", 2, 11, "not GraphQL: Expected Name, found ':'"),
        ("type Query {\r\n  a: Int\r\n}\r\n%", 4, 1, "not GraphQL: Unexpected character: '%'"),
        ("", 1, 1, "not GraphQL: Unexpected <EOF>"),
        pytest.param(
            "#" * (4 * MIB + 1), 1, 1, "larger than 4 MiB, which is not parsed", id="large"
        ),
        ("\ufefftype Query { a: Int", 1, 20, "not GraphQL: Expected Name, found <EOF>"),
    ],
)
def test_unreadable(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_schema("schema.graphql", text.encode())
    error = raised.value
    assert (error.path, error.line, error.column) == ("schema.graphql", line, column)
    assert error.message == message


def test_nested_too_deeply() -> None:
    # graphql-core may have a limit of its own, or none but Python's.
    with pytest.raises(Unreadable):
        read_schema("schema.graphql", b"type Query { a: " + b"[" * 5000)
