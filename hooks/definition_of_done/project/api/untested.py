"""The resources whose services, repositories or resolvers the branch changes without a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.forms import Code, Forms, changed, functions_before, label
from definition_of_done.project.api.plurals import spell
from definition_of_done.project.api.resources import new_test, resource_files
from definition_of_done.project.api.services import PublicCode, is_stub
from definition_of_done.project.api.unreached import Unreached, read_unreached
from definition_of_done.project.layout import (
    RESOLVER,
    SERVICE,
    TYPE,
    changed_code,
    is_layer,
    is_migration,
    is_test,
    layer_of,
    resource_of,
)
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.python import read_module

# A method of a type that is decorated with nothing else is a helper, not a field.
_HELPERS = {"classmethod", "staticmethod", "abstractmethod", "overload", "override"}
_PROSE = (".md", ".rst", ".txt", ".adoc")


class Untested(NamedTuple):
    """A resource with functions that the branch adds or changes, and that no test came with.

    `names` are the functions, `spot` is the place of the first. `verb` tells what the branch does
    to them. `test` is the path of a test that the team could write.
    """

    spot: Spot
    resource: str
    verb: str
    names: tuple[str, ...]
    test: str


class UntestedCode(NamedTuple):
    """The resources without a new test, and the new code that no test reaches."""

    resources: tuple[Untested, ...]
    unreached: tuple[Unreached, ...]


class _Public(NamedTuple):
    """A public function with code.

    `owner` is its class, empty for a function of a module. `is_operation` says that it is a query,
    mutation or subscription, or helps one.
    """

    spot: Spot
    owner: str
    is_operation: bool
    code: Code

    @property
    def label(self) -> str:
        return label(self.owner, self.code.name)


class _Test(NamedTuple):
    """A file with new or changed tests.

    `text` is all of its text. `spoken` are the words of its path and of its new or changed code, as
    `spell` writes them. `imported` are the dotted names that it imports.
    """

    path: str
    text: str
    spoken: str
    imported: frozenset[str] = frozenset()


class _Target(NamedTuple):
    """A resource whose code changed, and the names by which a test may refer to that code.

    `classes` are the classes that changed, `names` the functions. `longer` are the resources whose
    names contain this one's.
    """

    name: str
    folder: str
    longer: tuple[str, ...]
    classes: frozenset[str]
    names: frozenset[str]


def read_untested(session: Session) -> UntestedCode:
    """Read the code of the branch that lacks a test; raises as its parts do."""
    return UntestedCode(tuple(_read_resources(session)), tuple(read_unreached(session)))


def _read_resources(session: Session) -> list[Untested]:
    """Read which resources have new or changed functions, and no new or changed test.

    A function is new or changed where no file that the branch changes had one of its name and code.
    So it may move. It may also change in comments, docstrings, annotations, imports, layout and the
    names of variables, though not in what it logs.
    """
    functions = [
        function
        for path, letter in changed_code(session).items()
        if letter != "D" and is_layer(session, path) and session.tree.exists(path)
        for function in _read_public(session, path)
    ]
    if not functions:
        return []
    old = functions_before(session)
    new_codes = set(changed((function.code for function in functions), (code for _, code in old)))
    by_resource: dict[str, list[_Public]] = {}
    for function in functions:
        if function.code in new_codes:
            by_resource.setdefault(resource_of(session, function.spot.path), []).append(function)
    old_labels = {name for name, _ in old}
    tests = _read_tests(session) if by_resource else []
    untested = []
    for resource, found in by_resource.items():
        target = _target(session, resource, found)
        if not any(_covers(test, target) for test in tests):
            untested.append(_untested(session, resource, found, old_labels))
    return untested


def _read_public(session: Session, path: str) -> Iterator[_Public]:
    """Yield the public functions with code of a service, repository or resolver."""
    module = read_module(path, session.tree.read(path))
    layer = layer_of(session, path)
    is_resolver = layer in (RESOLVER, TYPE)
    chosen = sorted(_choose(PublicCode(module), is_resolver), key=lambda entry: entry[1].lineno)
    forms = Forms(module)
    for owner, node in chosen:
        yield _Public(module.spot(node), owner, layer == RESOLVER, Code(forms, node))


def _choose(public: PublicCode, is_resolver: bool) -> Iterator[tuple[str, Function]]:
    """Yield the functions that need a test, each with the name of its class."""
    body = public.module.tree.body
    for node in public.functions(body):
        if not is_stub(node):
            yield "", node
    for owner in body:
        if not isinstance(owner, ast.ClassDef) or owner.name.startswith("_"):
            continue
        is_service = public.is_service(owner)
        for node in public.functions(owner.body):
            is_field = is_resolver and bool(public.decorators(node) - _HELPERS)
            if (is_service or is_field) and not is_stub(node):
                yield owner.name, node


def _target(session: Session, resource: str, functions: list[_Public]) -> _Target:
    resources = session.cache.keep(
        "resources", lambda: {name for name, _ in resource_files(session)}
    )
    return _Target(
        resource,
        f"{session.config['resources']}/{resource}",
        _longer_names(resource, resources),
        frozenset(function.owner for function in functions if function.owner),
        # Much else is named by one word, as `get` of a service or `title` of a type.
        frozenset(
            function.code.name
            for function in functions
            if function.is_operation or "_" in function.code.name
        ),
    )


def _untested(
    session: Session, resource: str, functions: list[_Public], old_labels: set[str]
) -> Untested:
    names = tuple(dict.fromkeys(function.label for function in functions))
    is_new = [name not in old_labels for name in names]
    verb = "adds" if all(is_new) else "adds and changes" if any(is_new) else "changes"
    first = functions[0].spot
    layer = layer_of(session, first.path) or SERVICE
    return Untested(first, resource, verb, names, new_test(session, resource, layer))


def _read_tests(session: Session) -> list[_Test]:
    """Read the files of the branch that have a test which the base does not have.

    A file of test data counts by its path alone. A test file that cannot be parsed always counts,
    because nobody can see what it tests.
    """
    letters = session.branch.changed_or_nothing()
    old = list(_old_tests(session, letters))
    found = []
    for path, letter in sorted(letters.items()):
        if letter == "D" or not session.tree.exists(path):
            continue
        if not path.endswith(".py"):
            if is_test(path) and not path.endswith(_PROSE):
                found.append(_Test(path, "", spell(path)))
        elif _may_test(session, path, data := session.tree.read(path)):
            try:
                module = read_module(path, data)
            except Unreadable:
                text = data.decode("utf-8", "replace")
                found.append(_Test(path, text, spell(f"{path} {text}")))
                continue
            if new := changed(Forms(module).statements(module.tree.body), old):
                spoken = spell(" ".join([path, *(statement.text for statement in new)]))
                imported = frozenset(module.origins.imported)
                found.append(_Test(path, module.text.text, spoken, imported))
    return found


def _old_tests(session: Session, letters: dict[str, str]) -> Iterator[Code]:
    """Yield the statements of the tests that the base has in the changed files."""
    for path, letter in letters.items():
        if letter != "A" and path.endswith(".py"):
            data = session.branch.read_before(path)
            if _may_test(session, path, data):
                # A file that was not Python on the base tested nothing.
                with suppress(Unreadable):
                    module = read_module(path, data)
                    yield from Forms(module).statements(module.tree.body)


def _may_test(session: Session, path: str, data: bytes) -> bool:
    """True for a Python file that holds tests, by its name or by the name of a function."""
    name = path.rpartition("/")[2]
    is_named = name.startswith("test_") or name.endswith("_test.py")
    is_named |= name in ("test.py", "tests.py")
    if not is_named and (b"def test" not in data or is_migration(session, path)):
        return False
    return layer_of(session, path) is None


def _covers(test: _Test, target: _Target) -> bool:
    """True where a file tests a resource.

    The file stands in the resource's folder, imports from it, or names a class of it. Or the path
    or the changed code mentions the resource, or a name that the branch changes there.
    """
    if test.path.startswith(target.folder + "/"):
        return True
    dotted = r"[./]".join(map(re.escape, target.folder.split("/")[-2:]))
    if any(re.search(rf"(?<!\w){dotted}(?!\w)", text) for text in (test.text, *test.imported)):
        return True
    if target.classes & set(re.findall(r"\w+", test.text)):
        return True
    spoken = test.spoken
    for longer in target.longer:
        spoken = re.sub(_pattern(longer), " ", spoken)
    return any(_mentions(spoken, name) for name in (target.name, *target.names))


def _longer_names(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The other names that contain a name, as `vendor_credits` contains `vendors`."""
    return tuple(
        sorted(longer for longer in others if longer != name and _mentions(spell(longer), name))
    )


def _mentions(spoken: str, name: str) -> bool:
    """True where a spelt text has a name, in singular or plural, but not as a foreign key."""
    return (
        bool(spell(name)) and re.search(_pattern(name) + r"(?!_id(?![^\W_]))", spoken) is not None
    )


@cache
def _pattern(name: str) -> str:
    """The expression that finds a name in a spelt text, written as one word or as several."""
    return rf"(?<![^\W_]){spell(name).replace('_', '[_ ]?')}(?![^\W_])"
