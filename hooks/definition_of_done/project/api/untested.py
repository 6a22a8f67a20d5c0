"""The resources whose services, repositories or resolvers the branch changes without a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.forms import Code, Forms, changed, functions_before, label
from definition_of_done.project.api.resource_tests import Target, covers, longer_names, read_tests
from definition_of_done.project.api.resources import new_test, resource_files
from definition_of_done.project.api.services import PublicCode, is_stub
from definition_of_done.project.api.unreached import Unreached, read_unreached
from definition_of_done.project.layout import (
    RESOLVER,
    SERVICE,
    TYPE,
    changed_code,
    is_layer,
    layer_of,
    resource_of,
)
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.python import read_module

# A method of a type that is decorated with nothing else is a helper, not a field.
_HELPERS = {"classmethod", "staticmethod", "abstractmethod", "overload", "override"}


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


def read_untested(session: Session) -> UntestedCode:
    """Read the code of the branch that lacks a test; raises as its parts do."""
    return UntestedCode(tuple(_read_resources(session)), tuple(read_unreached(session)))


def _read_resources(session: Session) -> list[Untested]:
    """Read which resources have new or changed functions, and no new or changed test.

    A function is new or changed where no file that the branch changes had one of its name and code.
    So it may move. It may also change in comments, docstrings, annotations, imports, layout and the
    names of variables, though not in what it logs.
    """
    letters = changed_code(session)
    functions = {
        path: list(_read_public(session, path))
        for path, letter in letters.items()
        if letter != "D" and is_layer(session, path) and session.tree.exists(path)
    }
    if not any(functions.values()):
        return []
    old = functions_before(session)
    codes = (function.code for found in functions.values() for function in found)
    new_codes = set(changed(codes, (code for _, code in old)))
    by_resource: dict[str, list[_Public]] = {}
    for path, found in functions.items():
        if new := [function for function in found if function.code in new_codes]:
            by_resource.setdefault(resource_of(session, path), []).extend(new)
    old_labels = {name for name, _ in old}
    tests = read_tests(session) if by_resource else []
    untested = []
    for resource, found in by_resource.items():
        target = _target(session, resource, found)
        if not any(covers(test, target) for test in tests):
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


def _target(session: Session, resource: str, functions: list[_Public]) -> Target:
    resources = session.cache.keep(
        "resources", lambda: {name for name, _ in resource_files(session)}
    )
    return Target(
        resource,
        f"{session.config['resources']}/{resource}",
        longer_names(resource, resources),
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
