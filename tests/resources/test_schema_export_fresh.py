"""schema-export-fresh: exact findings, Strawberry itself as oracle, and what it leaves alone."""

import ast
import textwrap
from collections.abc import Iterator

import pytest
from graphql import parse
from tests.resources.test_graphql_facts import HEAD, SHAPES, UNSEEN, Shown, exported, printed

ID = "schema-export-fresh"
CODE = "app/graphql/shape.py"
EXPORT = "schema.graphql"
HELP = "    help: export the schema again (`task gql`, `task gql-admin`) and commit it\n"
ALL = {name: HEAD + textwrap.dedent(source) for name, source in (SHAPES | UNSEEN).items()}


@pytest.fixture
def said(project, run):  # type: ignore[no-untyped-def]
    """Lays files and gives what the rule says of each place."""

    def say(files: dict[str, str]) -> set[str]:
        project.lay(files)
        code, out, errors = run(ID)
        assert not errors
        lines = [line.partition(f" {ID}: ")[2] for line in out.splitlines() if ID in line]
        assert code == (1 if lines else 0), out
        return set(lines)

    return say


@pytest.mark.parametrize("shape", ALL)
def test_what_strawberry_exports_is_fresh(shape, said) -> None:  # type: ignore[no-untyped-def]
    assert said({CODE: ALL[shape], EXPORT: exported(ALL[shape])}) == set()


# What no annotation of a field surely names, and what cannot be read.
SILENT: dict[str, str] = {
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
        "interface Node, type Basket, type FruitConnection, type FruitEdge, type PageInfo"
    ),
    "pydantic": (
        "field Query.f, field UserIn.fullNameAlias, field UserIn.id, field "
        "UserType.fullNameAlias, field UserType.id"
    ),
    "functions and computed names": (
        "enum ComputedStatus, field A.a, field Cee.a, field Computed.a, field Query.computed, "
        "type A, type Cee, type Computed, value ComputedStatus.X"
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
        name = node.name.value  # type: ignore[attr-defined]
        # Of a schema that has none of its root fields any more it is not known to be exported.
        if name != "Query":
            yield f"{kind} {name}", sdl[: node.loc.start] + sdl[node.loc.end :]
        part = "value" if kind == "enum" else "field"
        members = getattr(node, "values" if kind == "enum" else "fields")
        for one in members:
            start, end = one.loc.start, one.loc.end
            if len(members) == 1:
                start, end = sdl.rindex("{", 0, start), sdl.index("}", end) + 1
            yield f"{part} {name}.{one.name.value}", sdl[:start] + sdl[end:]


@pytest.mark.parametrize("shape", ALL)
def test_each_thing_that_the_export_lacks(shape, said) -> None:  # type: ignore[no-untyped-def]
    silent = set()
    for thing, sdl in without_each(exported(ALL[shape])):
        found = said({CODE: ALL[shape], EXPORT: sdl})
        if not found:
            silent.add(thing)
        else:
            assert found == {f"{thing} is not in {EXPORT}"}
    assert ", ".join(sorted(silent)) == SILENT.get(shape, "")


def parts_without(one: Shown, other: Shown) -> set[str]:
    """The fields and values of a schema that another one lacks, though it has their types."""
    return {
        f"{'value' if kind == 'enum' else 'field'} {name}.{part}"
        for (kind, name), parts in one.items()
        for part in parts - other.get((kind, name), parts)
    }


def without_each_statement(source: str) -> Iterator[str]:
    """The source without one statement of one of its classes, each in turn."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            body = node.body
            for one in body:
                node.body = [each for each in body if each is not one] or [ast.Pass()]
                yield ast.unparse(tree)
            node.body = body


@pytest.mark.parametrize("shape", ALL)
def test_each_thing_that_the_code_lacks(shape, said) -> None:  # type: ignore[no-untyped-def]
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
        assert {one for one in found if one.endswith(EXPORT)} == {
            f"{one} is not in {EXPORT}" for one in parts_without(after, before)
        }
        gone = parts_without(before, after)
        lacking = {one.partition(" is not in class ")[0] for one in found} - {
            one for one in found if one.endswith(EXPORT)
        }
        assert lacking <= gone
        silent |= gone - lacking
    assert ", ".join(sorted(silent)) == SILENT_IN_CODE.get(shape, "")
