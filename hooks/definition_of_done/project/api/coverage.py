"""The layers of a resource that a test file covers: repository, service, resolvers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from definition_of_done.project.api.plurals import words
from definition_of_done.project.layout import REPOSITORY, RESOLVER, SERVICE
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import read_module

_WORDS = {
    REPOSITORY: {"repository", "repositories", "repo", "repos"},
    SERVICE: {"service", "services"},
    RESOLVER: {
        *("resolver", "resolvers", "query", "queries", "mutation", "mutations"),
        *("graphql", "gql", "schema"),
    },
}
LAYERS = frozenset(_WORDS)
# In a GraphQL document, a selection follows.
_DOCUMENT = re.compile(r"\s*(?:(?:query|mutation|subscription)\b[^{}]*)?\{\s*\w+\s*[({:}\w]")
# In code, this word may be SQLAlchemy's.
_NO_RESOLVER = {"query"}


class Coverage(NamedTuple):
    """The layers that a file covers, the origins that it imports, its GraphQL documents."""

    layers: frozenset[str]
    imported: frozenset[str]
    documents: tuple[str, ...]


def read_coverage(path: str, name: str, data: bytes) -> Coverage:
    """Read which layers a test file covers; `name` is the part of its path that may name a layer.

    A test of a service makes a repository for it. So the names that the file only uses count where
    `name` names no layer. Raises Unreadable where the file is not Python.
    """
    if b"test" not in data and b"Test" not in data:
        return Coverage(frozenset(), frozenset(), ())
    tree = read_module(path, data).tree
    defined = [_defined_name(node) for node in ast.walk(tree)]
    tests = [label for label in defined if label.lower().startswith("test")]
    if not tests:
        return Coverage(frozenset(), frozenset(), ())
    origins = Origins(path, tree)
    documents = tuple(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _DOCUMENT.match(node.value)
    )
    covered = _layers(name)
    shown = set[str]()
    if not covered:
        shown = _layers(*_identifiers(tree), without=_NO_RESOLVER)
        shown |= {RESOLVER} if documents or b"/graphql" in data else set()
    covered |= shown | _layers(*tests) | _layers(*_called_objects(tree), without=_NO_RESOLVER)
    return Coverage(frozenset(covered), frozenset(origins.imported), documents)


def pack_coverage(coverage: Coverage) -> list[list[str]]:
    """A coverage as JSON can hold it."""
    return [sorted(part) for part in coverage[:2]] + [list(coverage.documents)]


def unpack_coverage(_: str, __: bytes, kept: list[list[str]]) -> Coverage:
    """The coverage of `pack_coverage`."""
    layers, imported, documents = kept
    return Coverage(frozenset(layers), frozenset(imported), tuple(documents))


def _layers(*names: str, without: Iterable[str] = ()) -> set[str]:
    """The layers that the words of names stand for."""
    used = {word for name in names for word in words(name)}.difference(without)
    return {layer for layer, layer_words in _WORDS.items() if layer_words & used}


def _defined_name(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.alias(name=name):
                yield name
            case ast.ImportFrom(module=str(name)):
                # The folder above is that of all resources, and may be called graphql.
                yield name.rpartition(".")[2]


def _called_objects(tree: ast.AST) -> Iterator[str]:
    """Yield the names of the objects whose methods are called."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name))):
                yield name
