"""What a test file covers of a resource: its repository, its service, its resolvers."""

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
# In a document of GraphQL's, a selection follows; the word `query` may be SQLAlchemy's.
_DOCUMENT = re.compile(r"\s*(?:(?:query|mutation|subscription)\b[^{}]*)?\{\s*\w+\s*[({:}\w]")
_NO_RESOLVER = {"query"}


class Coverage(NamedTuple):
    """The layers that a file covers; `imported` are origins, `documents` GraphQL's texts in it."""

    layers: frozenset[str]
    imported: frozenset[str]
    documents: tuple[str, ...]


def read_coverage(path: str, name: str, data: bytes) -> Coverage:
    """What a test file covers; `name` is its path as far as it may name a layer.

    A service is tested on its repository: that a file makes one covers none, unless the file is
    named after no layer. Raises Unreadable where it is not Python.
    """
    if b"test" not in data and b"Test" not in data:
        return Coverage(frozenset(), frozenset(), ())
    tree = read_module(path, data).tree
    tests = [_defined(node) for node in ast.walk(tree)]
    named = [one for one in tests if one.lower().startswith("test")]
    if not named:
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
    covered |= shown | _layers(*named) | _layers(*_called(tree), without=_NO_RESOLVER)
    return Coverage(frozenset(covered), frozenset(origins.imported), documents)


def _layers(*names: str, without: Iterable[str] = ()) -> set[str]:
    """The layers that the words of names speak of."""
    said = {word for name in names for word in words(name)}.difference(without)
    return {layer for layer, known in _WORDS.items() if known & said}


def _defined(node: ast.AST) -> str:
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
                # The last folder above is that of all resources, and may be called graphql.
                yield name.rpartition(".")[2]


def _called(tree: ast.AST) -> Iterator[str]:
    """The objects whose methods are called."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name))):
                yield name
