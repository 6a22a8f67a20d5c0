"""The layers of each resource that tests cover: repository, service, resolvers."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.engine.store import digest
from definition_of_done.project.api.collected import is_collected, takes_class
from definition_of_done.project.api.live_tests import LiveTests
from definition_of_done.project.api.plurals import Names, words
from definition_of_done.project.api.resources import tests_folder
from definition_of_done.project.layout import REPOSITORY, RESOLVER, SERVICE, is_in_tests, is_test
from definition_of_done.readers.nodes import Function
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
_LAYERS = frozenset(_WORDS)
# Modules and classes with these words are of no layer that is tested here.
_OTHERS = {"model", "models", "type", "types", "input", "inputs", "task", "tasks", "database"}
# What these hold executes no operation, whatever it is called.
_NO_OPERATIONS = _WORDS[REPOSITORY] | _WORDS[SERVICE] | {"model", "models", "task", "tasks"}
# A test that imports nothing else has what it makes itself.
_TOOLS = frozenset(
    "__future__ asyncio collections dataclasses datetime decimal enum mock pytest types typing"
    " unittest uuid".split()
)
# In a GraphQL document, a selection follows.
_DOCUMENT = regex(r"\s*(?:(?:query|mutation|subscription)\b[^{}]*)?\{\s*\w+\s*[({:}\w]")
_TOKEN = regex(r"\w+|\.\.\.|[{}():@]")
# In code, this word may be SQLAlchemy's.
_NO_RESOLVER = {"query"}
# A call of such a name executes an operation, or may do so.
_EXECUTES = set(
    "execute executes execution query mutate mutation post request subscribe graphql gql run send"
    " fetch call resolve ask".split()
)


class _Coverage(NamedTuple):
    """The layers that a file covers, the origins that it imports, its GraphQL documents.

    `asked` are the root fields of all that it executes, None where nobody can see them.
    """

    layers: frozenset[str]
    imported: frozenset[str]
    documents: tuple[str, ...]
    asked: frozenset[str] | None


_NOTHING = _Coverage(frozenset(), frozenset(), (), None)


class ResourceTests:
    """The test files of the project, each given to the resources that it tests.

    Its folder decides. Where no resource has a folder of tests, then its filename does, then its
    imports and its GraphQL documents. `operations` are the root fields of a resource.
    """

    def __init__(
        self, session: Session, names: Names, operations: Callable[[str], frozenset[str]]
    ) -> None:
        self._session = session
        self._names = names
        self._operations = operations
        self._resources = session.config["resources"]
        last = self._resources.rpartition("/")[2]
        self._package = re.compile(rf"(?:^|\.){re.escape(last)}\.(\w+)")

    def covered(self) -> dict[str, set[str]]:
        """Read which layers of each resource the tests cover.

        A file that can add nothing is not read.
        """
        covered: dict[str, set[str]] = {resource: set() for resource in self._names.all}
        paths = [
            path
            for path in self._session.tree.tracked
            if path.endswith(".py") and (is_test(path) or is_in_tests(self._session, path))
        ]
        above = f"{tests_folder(self._session)}/"
        has_folders = any(
            "/" in path[len(above) :] and self._names.of(path[len(above) :].partition("/")[0])
            for path in paths
            if path.startswith(above)
        )
        fixtures = self._fixtures(paths)
        files = [(path, *self._split(path)) for path in paths]
        for path, resources, name in sorted(files, key=lambda entry: not entry[1]):
            wanted = resources or self._names.all
            is_covered = all(covered[resource] >= _LAYERS for resource in wanted)
            if is_covered or not self._session.tree.exists(path):
                continue
            if has_folders and not self._in_folder(path):
                continue
            if not is_collected(self._session, path):
                continue
            coverage = self._coverage(path, name, fixtures)
            for resource in resources or self._imported(coverage):
                is_other = self._asks_others(resource, coverage)
                covered[resource] |= coverage.layers - ({RESOLVER} if is_other else set())
            for resource in () if resources else self._asked(coverage):
                covered[resource].add(RESOLVER)
        return covered

    def _coverage(self, path: str, name: str, fixtures: _Fixtures) -> _Coverage:
        data = self._session.tree.read(path)
        any_class = takes_class(self._session, data)
        return self._session.cache.recall(
            # A test has what the fixtures have that it asks for.
            f"coverage {name} {any_class} {fixtures.digest}",
            path,
            data,
            lambda path, data: _read_coverage(path, name, data, fixtures, any_class=any_class),
            _pack_coverage,
            _unpack_coverage,
        )

    def _fixtures(self, paths: list[str]) -> _Fixtures:
        """The fixtures of the conftest files; an empty one has none."""
        tree = self._session.tree
        names = [path for path in paths if path.rpartition("/")[2] == "conftest.py"]
        return _Fixtures({path: tree.read(path) for path in names if tree.exists(path)})

    def _in_folder(self, path: str) -> bool:
        """True for a test in a folder that is named as a resource."""
        folders = path.removeprefix(f"{self._resources}/").split("/")[:-1]
        return any(map(self._names.of, folders))

    def _split(self, path: str) -> tuple[set[str], str]:
        """The resources that a path names, and the rest of it, which may name a layer."""
        *folders, name = path.removeprefix(f"{self._resources}/").split("/")
        for at in range(len(folders) - 1, -1, -1):
            if resources := self._names.of(folders[at]):
                return resources, "/".join([*folders[at + 1 :], name])
        return self._names.of(name), name

    def _asks_others(self, resource: str, coverage: _Coverage) -> bool:
        """True where all operations that a file executes are those of other resources."""
        if not coverage.asked or any(resource in self._names.of(name) for name in coverage.asked):
            return False
        others = [self._operations(other) for other in self._names.all if other != resource]
        is_own = not coverage.asked.isdisjoint(self._operations(resource))
        return not is_own and coverage.asked <= frozenset().union(*others)

    def _imported(self, coverage: _Coverage) -> set[str]:
        """The resources that the file imports from."""
        packages = {
            found[1] for origin in coverage.imported if (found := self._package.search(origin))
        }
        return {resource for name in packages for resource in self._names.of(name)}

    def _asked(self, coverage: _Coverage) -> set[str]:
        """The resources that the file's GraphQL documents name."""
        names = {name for text in coverage.documents for name in re.findall(r"\w+", text)}
        return {resource for name in names for resource in self._names.of(name)}


def _read_coverage(
    path: str, name: str, data: bytes, fixtures: _Fixtures, *, any_class: bool
) -> _Coverage:
    """Read which layers a test file covers; `name` is the part of its path that may name a layer.

    A test of a service makes a repository for it. So the names that the file only uses count where
    `name` names no layer. A file without a test that runs and checks something covers nothing, nor
    does one that does not name the layer: by an import, a fixture, a base class or an address.
    """
    if b"test" not in data and b"Test" not in data:
        return _NOTHING
    module = read_module(path, data)
    live = LiveTests(module, any_class=any_class)
    if not live.found:
        return _NOTHING
    nodes = [*ast.walk(module.tree)]
    documents = tuple(_documents(nodes))
    about = _About(nodes, module.origins, live, fixtures)
    covered = _layers(name)
    shown = set[str]()
    if not covered:
        shown = _layers(*_identifiers(nodes), without=_NO_RESOLVER) | about.imported
        shown |= {RESOLVER} if documents or b"/graphql" in data else set()
    tests = [test.name for test in live.found]
    covered |= shown | _layers(*tests) | _layers(*_called_objects(nodes), without=_NO_RESOLVER)
    asked = None
    if not live.is_unseen:
        covered = {layer for layer in covered if about.names(layer)}
        asked = about.asked() if RESOLVER in covered and documents else None
    return _Coverage(frozenset(covered), frozenset(module.origins.imported), documents, asked)


def _pack_coverage(coverage: _Coverage) -> list[list[str] | None]:
    """A coverage as JSON can hold it."""
    return [None if part is None else sorted(part) for part in coverage]


def _unpack_coverage(_: str, __: bytes, kept: list[list[str] | None]) -> _Coverage:
    """The coverage of `_pack_coverage`."""
    layers, imported, documents = (part or () for part in kept[:3])
    asked = None if kept[3] is None else frozenset(kept[3])
    return _Coverage(frozenset(layers), frozenset(imported), tuple(documents), asked)


class _Fixture(NamedTuple):
    """The function of a fixture, and the origins of its file's names."""

    node: Function
    origins: Origins


class _Fixtures:
    """The fixtures of the conftest files, read where a test asks for them."""

    def __init__(self, read: dict[str, bytes]) -> None:
        self._data = read
        self._known: dict[str, dict[str, _Fixture]] = {}

    @cached_property
    def digest(self) -> str:
        """A name for what the conftest files hold, for caches."""
        return digest(repr(sorted(self._data.items()))).hex()

    def find(self, path: str, name: str) -> _Fixture | None:
        """The fixture that the tests of a file get, None where nobody can see it."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if found := self._in(f"{folder}/conftest.py".lstrip("/")).get(name):
                return found
        return None

    def _in(self, conftest: str) -> dict[str, _Fixture]:
        if conftest not in self._known:
            module = read_module(conftest, self._data.get(conftest, b""))
            self._known[conftest] = {
                node.name: _Fixture(node, module.origins)
                for node in module.tree.body
                if isinstance(node, Function)
            }
        return self._known[conftest]


class _About:
    """The things that a test file names: imports, identifiers, fixtures, addresses."""

    def __init__(
        self, nodes: list[ast.AST], origins: Origins, live: LiveTests, fixtures: _Fixtures
    ) -> None:
        self._nodes = nodes
        self._origins = origins
        self._live = live
        self._fixtures = fixtures

    def names(self, layer: str) -> bool:
        """True where the file names a layer, or where nobody can see that it does not."""
        if self._live.has_base or self._by_fixture(layer):
            return True
        if layer == RESOLVER:
            return any(map(self._executes, self._nodes))
        if all(name.partition(".")[0] in _TOOLS for name in self._origins.imported):
            return False
        return layer in _layers(*_identifiers(self._nodes)) | self.imported or any(
            map(self._is_of_no_other, self._origins.imported)
        )

    def asked(self) -> frozenset[str] | None:
        """The root fields of all that the file executes, None where nobody can see them."""
        if self._live.has_base or self._by_fixture(RESOLVER):
            return None
        texts: dict[str, str] = {}
        for node in self._nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    # Where two of one name differ, both are asked.
                    texts[name] = f"{texts[name]} {text}" if name in texts else text
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
                    texts |= {name: texts[other]} if other in texts else {}
        found: set[str] = set()
        for call in filter(self._executes, self._nodes):
            given = [*getattr(call, "args", ()), *getattr(call, "keywords", ())]
            inner = [node for argument in given for node in ast.walk(argument)]
            used = [node.id for node in inner if isinstance(node, ast.Name)]
            named = [texts[name] for name in used if name in texts]
            roots = [_root_fields(text) for text in (*_documents(inner), *named)]
            if not roots or None in roots:
                return None
            found.update(*filter(None, roots))
        return frozenset(found)

    def _is_of_no_other(self, origin: str) -> bool:
        """True for an import of the project's own in which no word names another layer."""
        if origin.partition(".")[0] in ("tests", "test"):
            return True
        used = {word for part in origin.split(".")[-3:] for word in words(part)}
        others = _OTHERS.union(*_WORDS.values())
        is_own = origin.count(".") > 2
        return is_own and not used & others

    @cached_property
    def imported(self) -> set[str]:
        """The layers whose packages the file and its fixtures import from, resolvers aside."""
        origins = [*self._origins.imported]
        for fixture in filter(None, self._asked_for.values()):
            names = [node for node in ast.walk(fixture.node) if isinstance(node, ast.Name)]
            origins += [fixture.origins.of(name) for name in names]
        return _layers(*(part for origin in origins for part in origin.split(".")[1:])) - {RESOLVER}

    @cached_property
    def _asked_for(self) -> dict[str, _Fixture | None]:
        """The fixtures that the tests ask for, and those that these do; None where unseen."""
        found: dict[str, _Fixture | None] = {}
        waiting = list(self._live.fixtures)
        while waiting:
            if (name := waiting.pop()) in found:
                continue
            node = self._live.functions.get(name)
            own = _Fixture(node, self._origins) if node else None
            found[name] = fixture = own or self._fixtures.find(self._live.path, name)
            if fixture:
                waiting += (argument.arg for argument in self._live.arguments(fixture.node))
        return found

    def _by_fixture(self, layer: str) -> bool:
        """True for a fixture that is seen nowhere, or whose code names the layer."""
        for name, fixture in self._asked_for.items():
            if fixture is None:
                return True
            nodes = [*ast.walk(fixture.node)]
            if layer == RESOLVER and any(map(self._executes, nodes)):
                return True
            if layer != RESOLVER and layer in _layers(name, *_identifiers(nodes)):
                return True
        return layer in self.imported

    def _executes(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        called = node.func
        resolvers = _WORDS[RESOLVER] - {"schema", "graphql", "gql"}
        if isinstance(called, ast.Attribute):
            name, above = called.attr, [*words(self._origins.last(called.value))]
        else:
            # A resolver may be a function of its module.
            *above, name = self._origins.of(called).split(".")
        if resolvers & set(above):
            return isinstance(called, ast.Attribute) or not name[:1].isupper()
        return bool(_EXECUTES & set(words(name))) and not _NO_OPERATIONS & set(above)


def _documents(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if _DOCUMENT.match(text):
                yield text


def _root_fields(text: str) -> set[str] | None:
    """The root fields of a document, None where it spreads fragments or is no document."""
    found: list[str] = []
    braces = inside = 0
    for token in _TOKEN.findall(text):
        if token in "{}":
            braces += 1 if token == "{" else -1
        elif token in "()":
            inside += 1 if token == "(" else -1
        elif braces == 1 and not inside:
            if token in ("...", "@"):
                return None
            # An alias goes before its field.
            found = found[:-1] if token == ":" else [*found, token]
    return set(found) or None


def _layers(*names: str, without: Iterable[str] = ()) -> set[str]:
    """The layers that the words of names stand for."""
    used = {word for name in names for word in words(name)}.difference(without)
    return {layer for layer, layer_words in _WORDS.items() if layer_words & used}


def _identifiers(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(name) | ast.alias(name):
                yield name
            case ast.ImportFrom(module=str(name)):
                # The folder above is that of all resources, and may be called graphql.
                yield name.rpartition(".")[2]


def _called_objects(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names of the objects whose methods are called."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name))):
                yield name
